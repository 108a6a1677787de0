"""A question about an incident in progress, to its lead or in its channel."""

from __future__ import annotations

from abc import abstractmethod
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from blocks.incidents import asks as view
from blocks.incidents.asks import About
from blocks.kit import people, text
from reminders.engine.kinds import Answer, Kind, Later, Nothing, RenderContext
from reminders.live.incidents import LIVE, Live
from reminders.people.preferences import DEFAULT, PREFERENCES

if TYPE_CHECKING:
    from blocks.kit.messages import Message
    from reminders.sources.snapshot import Snapshot

SOON = timedelta(seconds=30)


class LiveQuestion(Kind):
    """Each question is entered once, under the time at which it was due.

    When it is sent, and whenever it is drawn again, it is looked at whether it is
    still open.
    """

    poll_interval = timedelta(minutes=1)
    singleton = True

    def compose(self, context: RenderContext) -> Answer:
        incident = self.incident(context)
        if incident is not None and not incident.read:
            return Later(context.now + SOON, "its updates could not be read")
        closed = self._closed(context, incident)
        if closed or incident is None:
            return Nothing(closed)
        return self.question(context, incident)

    def redraw(self, context: RenderContext) -> Message:
        incident = self.incident(context)
        if incident is None:
            return view.answered(view.GONE)
        if not reads(incident, context.slot.channel):
            return view.answered(view.HANDED_ON)
        closed = self._closed(context, incident)
        if closed is None:
            return self.question(context, incident)
        words = f"{text.inline(closed)}.{self.outlook(context, incident)}"
        return view.answered(words, about(incident))

    def incident(self, context: RenderContext) -> Live | None:
        """Return the incident that a slot asks about. None: it is over."""
        return context.snapshot.get(LIVE).get((context.slot.params or {})["incident"])

    def outlook(self, context: RenderContext, incident: Live) -> str:  # noqa: ARG002
        """Return what is said below a question that is not open any more."""
        return ""

    def _closed(self, context: RenderContext, incident: Live | None) -> str | None:
        """Return why it is not asked any more, if so."""
        if incident is None:
            return "it is no longer in progress"
        if answered := self.answered(context, incident):
            return answered
        if not reads(incident, context.slot.channel):
            return "somebody else leads it now"
        return self.overtaken(context, incident)

    @abstractmethod
    def answered(self, context: RenderContext, incident: Live) -> str | None:
        """Return how a question was answered, or why nobody wants it, if so."""

    @abstractmethod
    def overtaken(self, context: RenderContext, incident: Live) -> str | None:
        """Return why the question of this slot is not the one to ask now, if so."""

    @abstractmethod
    def question(self, context: RenderContext, incident: Live) -> Message:
        """Return the question with the buttons that answer it."""


def led_by(context: RenderContext, incident: Live) -> str:
    """Name the lead, where the channel is asked."""
    here = context.slot.channel == incident.channel
    if here and incident.lead and incident.lead.slack_id:
        return f" {people.person(incident.lead.user)} leads it."
    return ""


def stamp(moment: datetime) -> int:
    """Return a moment as it stands in the keys and the params of slots."""
    return int(moment.astimezone(UTC).timestamp())


def about(incident: Live) -> About:
    return About(incident.reference, incident.name, incident.url, incident.is_private)


def reachable(incident: Live, snapshot: Snapshot) -> str | None:
    """Return the lead's Slack id, if the lead wants to be asked."""
    lead = incident.lead_id
    if lead is None:
        return None
    chosen = snapshot.get(PREFERENCES).get(lead, DEFAULT)
    away = chosen.paused_until and snapshot.at.date() < chosen.paused_until
    return None if away or chosen.muted or not chosen.nudges else lead


def reads(incident: Live, conversation: str) -> bool:
    """Return whether a conversation is its own channel or its lead."""
    return conversation in (incident.channel, incident.lead_id)
