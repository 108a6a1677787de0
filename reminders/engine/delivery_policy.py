"""Decides whether a person gets a message now, by what they chose and where they are.

It is asked before every message to a person. See ``Kind.urgent`` and
``Kind.working_days``.
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

    from reminders.engine.kinds import Kind, RenderContext
    from reminders.sources.snapshot import Snapshot

SOURCES = frozenset({PREFERENCES.name, RECIPIENTS.name, DISTURBED.name, AWAY.name})

NotNow = Later | Nothing


def sources(channels: Iterable[str]) -> frozenset[str]:
    """Return the names of the sources that ``decide`` needs for these conversations."""
    return SOURCES if any(map(is_person, channels)) else frozenset()


def decide(context: RenderContext, kind: Kind) -> NotNow | None:
    """Return why a message is not sent to a person now. None: it may be sent.

    What a person asked for themselves is sent at once.
    """
    if not is_person(context.slot.channel) or context.slot.requested_by:
        return None
    for ask in _asked(kind):
        if held := ask(context, kind):
            return held
    return None


def _asked(kind: Kind) -> Iterable[Callable[[RenderContext, Kind], NotNow | None]]:
    yield _muted
    yield _away
    if kind.working_days:
        yield _day_off
    if not kind.urgent:
        yield _quiet
        yield _disturbed


def _muted(context: RenderContext, _: Kind) -> NotNow | None:
    return Nothing("they turned all messages off") if _chosen(context).muted else None


def _away(context: RenderContext, kind: Kind) -> NotNow | None:
    away = context.snapshot.get(AWAY).get(context.slot.channel)
    if away is None:
        return None
    why = f"the person {away.why}"
    return _held(context, kind, away.until, why) if away.until else Nothing(why)


def _day_off(context: RenderContext, _: Kind) -> NotNow | None:
    chosen = _chosen(context)
    country = chosen.country or context.snapshot.get(RECIPIENTS).country
    today = context.now.astimezone(_zone(context)).date()
    if WorkingDays(country, chosen.days).is_working(today):
        return None
    return Nothing("not one of their working days")


def _quiet(context: RenderContext, kind: Kind) -> NotNow | None:
    hours = _chosen(context).quiet
    span = quiet(context.now, _zone(context), hours) if hours else None
    return _held(context, kind, span.ends if span else None, "quiet hours")


def _disturbed(context: RenderContext, kind: Kind) -> NotNow | None:
    until = context.snapshot.get(DISTURBED).get(context.slot.channel)
    return _held(context, kind, until, "do not disturb in Slack")


def _held(
    context: RenderContext, kind: Kind, until: datetime | None, why: str
) -> NotNow | None:
    """Return to wait ``until`` then, or to drop a message that is too late then."""
    if until is None or until <= context.now:
        return None
    zone = _zone(context)
    there, here = until.astimezone(zone), context.now.astimezone(zone)
    day = "" if there.date() == here.date() else f"{there.day} {there:%B} "
    words = f"{why} until {day}{there:%H:%M}"
    if until - context.slot.slot_at > kind.grace:
        return Nothing(words)
    return Later(until, words)


def chosen(person: str, snapshot: Snapshot) -> Preferences:
    """Return a person's preferences, by their Slack id."""
    return snapshot.get(PREFERENCES).get(person, DEFAULT)


def zone_of(person: str, snapshot: Snapshot) -> ZoneInfo:
    """Return the time zone that a person chose, or else has in Slack."""
    usual = snapshot.get(RECIPIENTS).zone(person)
    return chosen(person, snapshot).tzinfo(usual)


def _chosen(context: RenderContext) -> Preferences:
    return chosen(context.slot.channel, context.snapshot)


def _zone(context: RenderContext) -> ZoneInfo:
    return zone_of(context.slot.channel, context.snapshot)
