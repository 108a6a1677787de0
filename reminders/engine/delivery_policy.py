"""Whether a person may be told something now: what they chose, and where they are.

Asked before every message to somebody, whatever kind it is of. A kind may say that it
is ``urgent``: quiet hours and do-not-disturb do not hold it back; or that it is of
``working_days`` only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reminders.calendar.quiet import quiet
from reminders.calendar.working_days import WorkingDays
from reminders.engine.kinds import Later, Nothing
from reminders.people.away import AWAY
from reminders.people.directory import DISTURBED, RECIPIENTS
from reminders.people.preferences import DEFAULT, PREFERENCES, Preferences
from slack.people import is_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from reminders.engine.kinds import Kind, Sheet
    from reminders.sources.snapshot import Snapshot

PARTS = frozenset({PREFERENCES.name, RECIPIENTS.name, DISTURBED.name, AWAY.name})

Held = Later | Nothing


def parts(conversations: Iterable[str]) -> frozenset[str]:
    """Name what must be read to be polite to those who are told something."""
    return PARTS if any(map(is_person, conversations)) else frozenset()


def courtesy(sheet: Sheet, kind: Kind) -> Held | None:
    """Say why the person is told nothing, or is told later; None: go ahead.

    What a person asked for themselves comes at once.
    """
    if not is_person(sheet.slot.channel) or sheet.slot.requested_by:
        return None
    for ask in _asked(kind):
        if held := ask(sheet, kind):
            return held
    return None


def _asked(kind: Kind) -> Iterable[Callable[[Sheet, Kind], Held | None]]:
    yield _muted
    yield _away
    if getattr(kind, "working_days", False):
        yield _day_off
    if not getattr(kind, "urgent", False):
        yield _quiet
        yield _disturbed


def _muted(sheet: Sheet, _: Kind) -> Held | None:
    return Nothing("muted by the person") if _chosen(sheet).muted else None


def _away(sheet: Sheet, kind: Kind) -> Held | None:
    away = sheet.snapshot.get(AWAY).get(sheet.slot.channel)
    if away is None:
        return None
    why = f"the person {away.why}"
    return _held(sheet, kind, away.until, why) if away.until else Nothing(why)


def _day_off(sheet: Sheet, _: Kind) -> Held | None:
    chosen = _chosen(sheet)
    country = chosen.country or sheet.snapshot.get(RECIPIENTS).country
    today = sheet.now.astimezone(_zone(sheet)).date()
    if WorkingDays(country, chosen.days).is_working(today):
        return None
    return Nothing("not a working day of the person")


def _quiet(sheet: Sheet, kind: Kind) -> Held | None:
    hours = _chosen(sheet).quiet
    span = quiet(sheet.now, _zone(sheet), hours) if hours else None
    return _held(sheet, kind, span.ends if span else None, "quiet hours")


def _disturbed(sheet: Sheet, kind: Kind) -> Held | None:
    until = sheet.snapshot.get(DISTURBED).get(sheet.slot.channel)
    return _held(sheet, kind, until, "do not disturb in Slack")


def _held(sheet: Sheet, kind: Kind, until: datetime | None, why: str) -> Held | None:
    """Wait until then, where it will still make sense."""
    if until is None or until <= sheet.now:
        return None
    zone = _zone(sheet)
    there, here = until.astimezone(zone), sheet.now.astimezone(zone)
    day = "" if there.date() == here.date() else f"{there.day} {there:%B} "
    words = f"{why} until {day}{there:%H:%M}"
    if until - sheet.slot.slot_at > kind.grace:
        return Nothing(words)
    return Later(until, words)


def chosen(person: str, snapshot: Snapshot) -> Preferences:
    return snapshot.get(PREFERENCES).get(person, DEFAULT)


def zone_of(person: str, snapshot: Snapshot) -> ZoneInfo:
    usual = snapshot.get(RECIPIENTS).zone(person)
    return chosen(person, snapshot).tzinfo(usual)


def _chosen(sheet: Sheet) -> Preferences:
    return chosen(sheet.slot.channel, sheet.snapshot)


def _zone(sheet: Sheet) -> ZoneInfo:
    return zone_of(sheet.slot.channel, sheet.snapshot)
