"""The form for a reminder, and the list of those there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block

from blocks.kit import messages, text
from blocks.kit.fields import Choice, Choosable, Field, Text, Ticks, TimeOfDay
from blocks.kit.form import Form, Note
from blocks.reminders import filters as reminder_filters

NEW = "reminder.new"
EDIT = "reminder.edit"
ZONES = "timezone"

KINDS = (
    Choosable("Outstanding follow-ups", "follow_ups"),
    Choosable("Outstanding actions", "actions"),
)
RHYTHMS = (
    Choosable("On weekdays", "weekdays"),
    Choosable("Every day", "daily"),
    Choosable("Once a week", "weekly"),
    Choosable("By a cron expression", "cron"),
)
TIMES: Mapping[str, set[str]] = {
    "weekdays": {"at"},
    "daily": {"at"},
    "weekly": {"day", "at"},
    "cron": {"cron"},
}
"""The fields that say when, by rhythm."""
DAYS = tuple(
    Choosable(name, str(number))
    for number, name in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        start=1,
    )
)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form shows at first, or goes on with after a change in it."""

    name: str | None = None
    kinds: Sequence[str] = ("follow_ups",)
    scope: str = ALL
    severities: Sequence[str] = ()
    types: Sequence[str] = ()
    priorities: Sequence[str] = ()
    teams: Sequence[str] = ()
    labels: Sequence[str] = ()
    owners: Sequence[str] = ()
    unowned: bool = False
    age: str | None = None
    overdue: bool = False
    rhythm: str = "weekdays"
    at: time = time(9, 30)
    day: str = "1"
    cron: str | None = None
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen: (label, value) pairs of this organisation."""

    incident: Choosable | None
    severities: Sequence[Choosable]
    types: Sequence[Choosable]
    priorities: Sequence[Choosable]
    teams: Sequence[Choosable]
    notices: Sequence[str] = ()
    """What is to be read before anything else, in mrkdwn."""


def form(
    form_id: str,
    draft: Draft,
    offer: Offer,
    *,
    coming: str,
    memory: Mapping[str, Any] | None = None,
) -> Form:
    """Draw the form. ``coming`` says when it is due next, or what is wrong with it."""
    new = form_id == NEW
    return Form(
        id=form_id,
        title="Remind this channel" if new else "Edit the reminder",
        submit="Set" if new else "Save",
        fields=[
            *(Note(notice) for notice in offer.notices),
            *_what(draft, offer),
            *_when(draft),
            Note(coming, name="coming"),
        ],
        memory=memory or {},
    )


def _what(draft: Draft, offer: Offer) -> Iterable[Field | Note]:
    yield Ticks(
        name="kinds",
        label="Of what?",
        options=KINDS,
        values=draft.kinds,
        optional=False,
    )
    everywhere = Choosable("All incidents", ALL)
    scopes = [offer.incident, everywhere] if offer.incident else [everywhere]
    yield Choice(
        name="scope", label="Of which incidents?", options=scopes, value=draft.scope
    )
    yield from reminder_filters.fields(draft, offer)


def _when(draft: Draft) -> Iterable[Field | Note]:
    shown = TIMES[draft.rhythm]
    yield Choice(
        name="rhythm", label="When?", options=RHYTHMS, value=draft.rhythm, live=True
    )
    if "cron" in shown:
        yield Text(
            name="cron",
            label="Cron expression",
            value=draft.cron,
            placeholder="30 9 * * 1,4",
            hint="Minute, hour, day, month, weekday. Enter shows when it is due.",
            max_length=100,
            live=True,
        )
    if "day" in shown:
        yield Choice(name="day", label="Day", options=DAYS, value=draft.day, live=True)
    if "at" in shown:
        yield TimeOfDay(name="at", label="Time", value=draft.at, live=True)
    yield Choice(
        name="timezone",
        label="Time zone",
        options=[Choosable(draft.timezone, draft.timezone)],
        value=draft.timezone,
        source=ZONES,
        live=True,
    )
    yield Text(
        name="name",
        label="Name",
        value=draft.name,
        max_length=80,
        optional=True,
        placeholder="Stands above the message",
    )


def coming(described: str, moments: Sequence[datetime]) -> str:
    """Say when it is due: ``Weekdays at 09:30 …: next …``."""
    shown = text.listed([text.when(moment) for moment in moments])
    words = text.escape(described)
    return f"{words[:1].upper()}{words[1:]}. Next: {shown}."


@dataclass(frozen=True, slots=True)
class Shown:
    """One reminder in the list, its words escaped."""

    id: str
    title: str
    about: str
    active: bool
    notes: Sequence[str] = field(default_factory=tuple)


def listing(reminders: Sequence[Shown], origin: str) -> list[Block]:
    blocks: list[Block] = []
    for number, reminder in enumerate(reminders, start=1):
        lines = [f"*{reminder.title}*", reminder.about, *reminder.notes]
        blocks.append(messages.section("\n".join(lines)))
        blocks.append(_steps(reminder, f"{origin}#{number}"))
    if not reminders:
        blocks.append(messages.section("No reminder is set here."))
    blocks.append(
        messages.buttons([("New reminder", "remind"), ("History", "reminder history")])
    )
    return blocks


def _steps(reminder: Shown, block_id: str) -> ActionsBlock:
    id_ = reminder.id
    turn = ("Pause", "pause") if reminder.active else ("Resume", "resume")
    sure = f"“{reminder.title}” will be gone for everyone in this channel."
    return ActionsBlock(
        block_id=block_id,
        elements=[
            messages.button(turn[0], f"reminder {turn[1]} {id_}", nth=1),
            messages.button("Run now", f"reminder run {id_}", nth=2),
            messages.button("Edit", f"reminder edit {id_}", nth=3),
            messages.button(
                "Delete", f"reminder delete {id_}", nth=4, style="danger", sure=sure
            ),
        ],
    )


def spoken(draft_kinds: Sequence[str]) -> str:
    """Name the kinds in words."""
    names = {"follow_ups": "follow-ups", "actions": "actions"}
    return text.listed([names.get(kind, kind) for kind in draft_kinds])
