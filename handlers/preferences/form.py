"""Converts preferences between their form and what is stored."""

from __future__ import annotations

from datetime import date, time
from typing import TypeVar, cast

from pydantic import ValidationError

from blocks import preferences as view
from blocks.kit.fields import Choosable, Value, several_in, text_in
from handlers.core.problems import FieldErrors
from reminders.calendar import countries
from reminders.people.preferences import DEFAULT, Preferences

QUIET_FROM, QUIET_TO = time(20), time(8)
"""The times that the form suggests to a person without quiet hours."""

T = TypeVar("T")


def drafted(chosen: Preferences, usual: str, today: date) -> view.PreferencesDraft:
    """Return the draft of stored preferences; ``usual`` is their zone in Slack."""
    ticked = {
        view.DIGEST: chosen.digest,
        view.SHIFT_END: chosen.shift_end,
        view.NUDGES: chosen.nudges,
    }
    start, end = chosen.quiet or (QUIET_FROM, QUIET_TO)
    before, until = chosen.shift_before, chosen.paused_until
    return view.PreferencesDraft(
        messages=[name for name, ticks in ticked.items() if ticks],
        digest_at=chosen.digest_at,
        days=[str(day) for day in chosen.days],
        timezone=chosen.zone(usual),
        country=_country(chosen.country),
        quiet=chosen.quiet is not None,
        quiet_from=start,
        quiet_to=end,
        before=view.NOT_TOLD if before is None else str(before),
        paused_until=until if until and until > today else None,
        muted=chosen.muted,
    )


def filled(values: dict[str, Value]) -> view.PreferencesDraft:
    """Return the draft of the form as it is filled in now."""
    country = text_in(values, view.COUNTRIES)
    return view.PreferencesDraft(
        messages=several_in(values, "messages"),
        digest_at=_of(values, "digest_at", DEFAULT.digest_at),
        days=several_in(values, "days"),
        timezone=text_in(values, view.ZONES) or "UTC",
        country=_country(None if country == view.EVERYBODY_S.value else country),
        quiet=bool(values.get("quiet")),
        quiet_from=_of(values, "quiet_from", QUIET_FROM),
        quiet_to=_of(values, "quiet_to", QUIET_TO),
        before=text_in(values, "before") or view.NOT_TOLD,
        paused_until=cast("date | None", values.get("paused_until")),
        muted=bool(values.get("muted")),
    )


def entered(
    draft: view.PreferencesDraft, before: Preferences, usual: str, today: date
) -> Preferences:
    """Return the preferences to store.

    Raises:
        FieldErrors: something that was entered is wrong.
    """
    _check(draft, today)
    country = draft.country.value
    chosen = {
        "digest": view.DIGEST in draft.messages,
        "digest_at": draft.digest_at,
        "days": tuple(map(int, draft.days)),
        "timezone": _zone(draft, before, usual),
        "country": None if country == view.EVERYBODY_S.value else country,
        "muted": draft.muted,
        "paused_until": draft.paused_until,
        "quiet_from": draft.quiet_from if draft.quiet else None,
        "quiet_to": draft.quiet_to if draft.quiet else None,
        "shift_before": None if draft.before == view.NOT_TOLD else int(draft.before),
        "shift_end": view.SHIFT_END in draft.messages,
        "nudges": view.NUDGES in draft.messages,
    }
    try:
        return Preferences.model_validate({**before.model_dump(), **chosen})
    except ValidationError as error:
        raise FieldErrors(
            {str(e["loc"][0]): _why(e["msg"]) for e in error.errors()}
        ) from error


def _check(draft: view.PreferencesDraft, today: date) -> None:
    errors = {}
    if not draft.days:
        errors["days"] = "Choose at least one."
    if draft.quiet and draft.quiet_from == draft.quiet_to:
        errors["quiet_to"] = "The end is the same as the start. Choose another time."
    if draft.paused_until and draft.paused_until <= today:
        errors["paused_until"] = "Choose a day after today, or none."
    if errors:
        raise FieldErrors(errors)


def _zone(draft: view.PreferencesDraft, before: Preferences, usual: str) -> str | None:
    """Return the chosen zone; None, to follow Slack, if the form showed Slack's."""
    same = draft.timezone == usual and before.timezone in (None, usual)
    return None if same else draft.timezone


def _country(code: str | None) -> Choosable:
    return Choosable(countries.name(code), code) if code else view.EVERYBODY_S


def _why(message: str) -> str:
    return message.removeprefix("Value error, ")


def _of(values: dict[str, Value], name: str, usual: time) -> time:
    found = values.get(name)
    return found if isinstance(found, time) else usual
