"""Asks for the next update of an incident: its lead first, then its channel."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from blocks.incidents import asks as view
from blocks.kit import text
from reminders.engine.kinds import Message, Notice, RenderContext
from reminders.live import asking
from reminders.live.incidents import LIVE, Live
from reminders.live.question import LiveQuestion, about, led_by, reachable, stamp
from reminders.live.stored import UPDATE_CHOICES
from reminders.people.preferences import PREFERENCES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from reminders.live.asking import Asking, Due
    from reminders.sources.snapshot import Snapshot
    from storage.rule import Rule

CADENCE = "cadence"
LATER = "30m"


def due(asked: Asking, incident: Live, snapshot: Snapshot) -> Due | None:
    """Return when the next update of an incident is due. None: nobody asks for it."""
    if incident.category != "live":
        return None
    every = asked.interval(incident.severity, incident.worse)
    choice = snapshot.get(UPDATE_CHOICES).get(incident.id)
    return asking.due(incident.since, every, choice)


class UpdateCadence(LiveQuestion):
    name = CADENCE
    grace = timedelta(hours=1)

    def __init__(self, asked: Asking) -> None:
        self._asked = asked

    def sources(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return {LIVE.name, UPDATE_CHOICES.name, PREFERENCES.name}

    def notices(
        self,
        snapshot: Snapshot,
        rule: Rule,  # noqa: ARG002
        now: datetime,
    ) -> Iterator[Notice]:
        for incident in snapshot.get(LIVE).values():
            expected = due(self._asked, incident, snapshot)
            if expected is not None and incident.read:
                yield from self._asks(incident, expected, snapshot, now)

    def _asks(
        self, incident: Live, expected: Due, snapshot: Snapshot, now: datetime
    ) -> Iterator[Notice]:
        """Yield a notice for the lead, and one for the channel.

        The channel is asked later, after the lead's grace; without a lead, at once.
        """
        ask = asking.current(asking.asks(expected), now, expected.step)
        if ask is None:
            return
        key = f"{CADENCE}/{incident.id}/{stamp(expected.at)}/{ask.number}"
        params = {
            "incident": incident.id,
            "due": stamp(expected.at),
            "number": ask.number,
            "update": incident.last.id if incident.last else None,
        }
        lead, channel_at = reachable(incident, snapshot), now
        if lead:
            yield Notice(f"{key}/lead", lead, now, params)
            channel_at = now + min(self._asked.grace, expected.step / 2)
        if incident.channel:
            yield Notice(f"{key}/channel", incident.channel, channel_at, params)

    def incident(self, context: RenderContext) -> Live | None:
        found = super().incident(context)
        return found if found and found.category == "live" else None

    def answered(self, context: RenderContext, incident: Live) -> str | None:
        last, params = incident.last, context.slot.params or {}
        if last is None or last.id == params["update"]:
            return None
        return f"updated {text.ago(last.at, context.now)} by {last.by or 'somebody'}"

    def outlook(self, context: RenderContext, incident: Live) -> str:
        following = due(self._asked, incident, context.snapshot)
        if following is None or following.at <= context.now:
            return ""
        return f" The next update is due {text.when(following.at)}."

    def overtaken(self, context: RenderContext, incident: Live) -> str | None:
        params = context.slot.params or {}
        expected = due(self._asked, incident, context.snapshot)
        if expected is None:
            return "updates are not asked for here"
        if stamp(expected.at) != params["due"]:
            return "the next update is due at a different time"
        ask = asking.current(asking.asks(expected), context.now, expected.step)
        if ask is None or ask.number != params["number"]:
            return "it was too long ago"
        return None

    def question(self, context: RenderContext, incident: Live) -> Message:
        reference = incident.reference
        update = incident.last.id if incident.last else ""
        question = view.Question(
            _words(incident, context),
            [
                ("Post update", f"update {reference}"),
                ("No change", f"cadence nochange {reference} {update}".strip()),
                ("Ask in 30 min", f"cadence later {reference} {LATER}"),
            ],
            off=f"cadence off {reference}",
        )
        return view.ask(about(incident), question, context.slot.id)


def _words(incident: Live, context: RenderContext) -> str:
    ago = text.ago(incident.since, context.now)
    what = "the last update was" if incident.last else "it was declared"
    words = f": {what} {ago}. Post an update, or press *No change*."
    return f"{words}{led_by(context, incident)}"
