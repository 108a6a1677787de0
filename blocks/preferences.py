"""The form in which people choose what the bot sends them, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from blocks.kit.fields import DAYS as FROM_MONDAY
from blocks.kit.fields import (
    ZONES,
    Choice,
    Choosable,
    Day,
    Field,
    Ticks,
    TimeOfDay,
    zone_choice,
)
from blocks.kit.form import Form, Note

__all__ = ["ZONES", "PreferencesDraft", "form"]

FORM = "prefs"
COUNTRIES = "country"
ON = "on"
LIVE = ("messages", "digest_at", "days", ZONES)
"""The fields that the note at the end of the form depends on."""

DIGEST, SHIFT_END, NUDGES = "digest", "shift_end", "nudges"
MESSAGES = (
    Choosable("A digest of my follow-ups", DIGEST),
    Choosable("A message when my shift has ended", SHIFT_END),
    Choosable("Reminders about incidents I lead (updates, summary)", NUDGES),
)
DAYS = tuple(Choosable(day.label, str(int(day.value) % 7)) for day in FROM_MONDAY)
"""Days with the numbers of crontab: 0 is Sunday."""

NOT_TOLD = "none"
BEFORE = (
    Choosable("Not at all", NOT_TOLD),
    Choosable("15 minutes before", "15"),
    Choosable("30 minutes before", "30"),
    Choosable("1 hour before", "60"),
    Choosable("2 hours before", "120"),
    Choosable("4 hours before", "240"),
    Choosable("12 hours before", "720"),
    Choosable("A day before", "1440"),
)
EVERYBODY_S = Choosable("As in the organisation", "-")
QUIET = Choosable("Keep messages that can wait until these hours are over", ON)
MUTED = Choosable("Send me nothing at all", ON)


@dataclass(frozen=True, slots=True)
class PreferencesDraft:
    """The contents of the form, at first and after a live field changed."""

    messages: Sequence[str]
    digest_at: time
    days: Sequence[str]
    timezone: str
    country: Choosable
    quiet: bool
    quiet_from: time
    quiet_to: time
    before: str
    paused_until: date | None
    muted: bool


def form(draft: PreferencesDraft, coming: str) -> Form:
    """Draw the form; ``coming`` says when the next digest is sent."""
    fields = [*_digest(draft), *_shifts(draft), *_quiet(draft)]
    return Form(
        id=FORM,
        title="Your preferences",
        fields=[*fields, Note(coming, name="coming")],
    )


def _digest(draft: PreferencesDraft) -> Iterable[Field]:
    yield Ticks(
        name="messages",
        label="What do you want to get?",
        options=MESSAGES,
        value=draft.messages,
        live=True,
    )
    yield TimeOfDay(
        name="digest_at", label="Time of the digest", value=draft.digest_at, live=True
    )
    yield Ticks(
        name="days",
        label="Your working days",
        options=DAYS,
        value=draft.days,
        optional=False,
        live=True,
    )
    yield zone_choice(draft.timezone, live=True)
    yield Choice(
        name=COUNTRIES,
        label="Holidays",
        options=[draft.country],
        value=draft.country.value,
        source=COUNTRIES,
        partial=True,
    )


def _shifts(draft: PreferencesDraft) -> Iterable[Field]:
    known = {option.value for option in BEFORE}
    other = [Choosable(f"{draft.before} minutes before", draft.before)]
    yield Choice(
        name="before",
        label="When do you want to hear about your shifts?",
        options=[*BEFORE, *([] if draft.before in known else other)],
        value=draft.before,
    )


def _quiet(draft: PreferencesDraft) -> Iterable[Field]:
    yield Ticks(
        name="quiet",
        label="Quiet hours",
        options=[QUIET],
        value=[ON] if draft.quiet else [],
    )
    yield TimeOfDay(name="quiet_from", label="Quiet from", value=draft.quiet_from)
    yield TimeOfDay(name="quiet_to", label="Quiet to", value=draft.quiet_to)
    yield Day(
        name="paused_until",
        label="Pause messages until",
        value=draft.paused_until,
        optional=True,
        hint="Your first day back.",
    )
    yield Ticks(
        name="muted",
        label="Mute",
        options=[MUTED],
        value=[ON] if draft.muted else [],
    )
