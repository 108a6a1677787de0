"""Asks for what an incident lacks: a lead, a summary, or any activity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from blocks.incidents import asks as view
from blocks.kit import text
from reminders.engine.kinds import Message, Notice, RenderContext
from reminders.items.targets import TargetSettings
from reminders.live import asking
from reminders.live.asking import INACTIVE, NO_LEAD, NO_SUMMARY, Asking, stored
from reminders.live.incidents import LIVE, Live
from reminders.live.question import LiveQuestion, about, led_by, reachable, stamp
from reminders.live.stored import NUDGED
from reminders.people.preferences import PREFERENCES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from reminders.sources.snapshot import Snapshot
    from storage.rule import Rule

NUDGE = "nudge"
DAY = timedelta(days=1)
IDLE_DAYS = 2
"""After this number of working days without a change somebody is asked."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """When one kind of nudge is sent: first ``after`` the creation of the incident."""

    after: timedelta
    again: tuple[timedelta, ...]
    """When it is sent, each as the time since the first; so it begins with zero."""
    lead: bool
    """Whether the lead is asked the first time; else it is the channel."""


NUDGES = {
    NO_LEAD: Nudge(timedelta(minutes=10), (timedelta(0), timedelta(hours=1)), False),
    NO_SUMMARY: Nudge(timedelta(minutes=30), (timedelta(0),), True),
    INACTIVE: Nudge(
        timedelta(0), (timedelta(0), *(DAY + n * 7 * DAY for n in range(4))), True
    ),
}
"""A nudge that nobody answers is repeated, ever less often, and then given up."""


def missing(what: str, incident: Live) -> bool:
    """Return whether an incident lacks what the nudge ``what`` asks for."""
    if what == INACTIVE:
        return True
    if incident.category != "live":
        return False
    return incident.lead is None if what == NO_LEAD else not incident.has_summary


class Nudges(LiveQuestion):
    name = NUDGE
    grace = timedelta(hours=12)

    def __init__(self, asked: Asking, target_settings: TargetSettings) -> None:
        self._target_settings = target_settings
        self._enabled = [what for what in NUDGES if what in asked.nudges]

    def sources(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return {LIVE.name, NUDGED.name, PREFERENCES.name}

    def notices(
        self,
        snapshot: Snapshot,
        rule: Rule,  # noqa: ARG002
        now: datetime,
    ) -> Iterator[Notice]:
        for incident in snapshot.get(LIVE).values():
            for what in self._enabled:
                if incident.read and self._asks(what, incident):
                    yield from self._notice(what, incident, snapshot, now)

    def _asks(self, what: str, incident: Live) -> bool:
        """Return whether to ask; the question for a lead includes the summary."""
        asked_with = what == NO_SUMMARY and NO_LEAD in self._enabled
        if asked_with and missing(NO_LEAD, incident):
            return False
        return missing(what, incident)

    def answered(self, context: RenderContext, incident: Live) -> str | None:
        what = _what(context)
        if what not in self._enabled:
            return "it is turned off in the settings"
        return None if missing(what, incident) else "it is no longer missing"

    def overtaken(self, context: RenderContext, incident: Live) -> str | None:
        what = _what(context)
        until = _put_off(what, incident, context.snapshot)
        if until and until > context.now:
            for_now = until - context.now < FOREVER
            return "snoozed" if for_now else "turned off here"
        base = self._due(what, incident, until)
        if stamp(base) != (context.slot.params or {})["due"]:
            return "it was changed meanwhile"
        return None

    def question(self, context: RenderContext, incident: Live) -> Message:
        what, reference = _what(context), incident.reference
        question = view.Question(
            _words(what, incident, context),
            _answers(what, incident),
            snooze=f"nudge snooze {what} {reference}",
            off=f"nudge off {what} {reference}",
        )
        return view.ask(about(incident), question, context.slot.id)

    def _notice(
        self, what: str, incident: Live, snapshot: Snapshot, now: datetime
    ) -> Iterator[Notice]:
        base = self._due(what, incident, _put_off(what, incident, snapshot))
        again = NUDGES[what].again
        ask = asking.current([base + later for later in again], now, DAY)
        if ask is None:
            return
        lead = reachable(incident, snapshot) if NUDGES[what].lead else None
        to = lead if lead and ask.number == 0 else incident.channel
        if to:
            key = f"{NUDGE}/{what}/{incident.id}/{stamp(base)}/{ask.number}"
            params = {"incident": incident.id, "what": what, "due": stamp(base)}
            yield Notice(key, to, now, params)

    def _due(self, what: str, incident: Live, until: datetime | None) -> datetime:
        """Return when to ask first; ``until`` is the end of a snooze, if any."""
        if what == INACTIVE:
            working, zone = self._target_settings.working, self._target_settings.zone
            first = working.add(incident.active_at, IDLE_DAYS, zone)
        else:
            first = incident.created_at + NUDGES[what].after
        return max(first, until) if until else first


FOREVER = timedelta(days=300)
OFF = timedelta(days=400)
"""The length of the snooze that turns a nudge off: no incident lasts longer."""


def _put_off(what: str, incident: Live, snapshot: Snapshot) -> datetime | None:
    return snapshot.get(NUDGED).get((stored(what), incident.id))


def _words(what: str, incident: Live, context: RenderContext) -> str:
    age = text.duration(context.now - incident.created_at)
    if what == NO_LEAD:
        lacks = "no lead" if incident.has_summary else "no lead and no summary"
        return f" has {lacks}, {age} after it was declared."
    idle = text.duration(context.now - incident.active_at)
    words = {
        NO_SUMMARY: f" has no summary, {age} after it was declared.",
        INACTIVE: f" has not changed for {idle}. Is it still going on?",
    }[what]
    return f"{words}{led_by(context, incident)}"


def _answers(what: str, incident: Live) -> list[tuple[str, str]]:
    reference = incident.reference
    summary = ("Write summary", f"incident summary {reference}")
    if what == NO_LEAD:
        lead = ("Assign lead", f"incident lead {reference}")
        return [lead] if incident.has_summary else [lead, summary]
    if what == NO_SUMMARY:
        return [summary]
    return [("Post update", f"update {reference}"), ("Close…", f"status {reference}")]


def _what(context: RenderContext) -> str:
    return str((context.slot.params or {})["what"])
