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

    Before it is sent, and whenever it is drawn again, the kind checks whether the
    question is still open.
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
        if not belongs_to(incident, context.slot.channel):
            return view.answered(view.HANDED_ON)
        closed = self._closed(context, incident)
        if closed is None:
            return self.question(context, incident)
        words = f"{text.inline(closed)}.{self.outlook(context, incident)}"
        return view.answered(words, about(incident))

    def incident(self, context: RenderContext) -> Live | None:
        """Return the incident that the slot asks about. None: no longer in progress."""
        return context.snapshot.get(LIVE).get((context.slot.params or {})["incident"])

    def outlook(self, context: RenderContext, incident: Live) -> str:  # noqa: ARG002
        """Return the sentence that follows a closed question; empty for none."""
        return ""

    def _closed(self, context: RenderContext, incident: Live | None) -> str | None:
        """Return why the question is closed. None: it is still open."""
        if incident is None:
            return "it is no longer in progress"
        if answered := self.answered(context, incident):
            return answered
        if not belongs_to(incident, context.slot.channel):
            return "somebody else leads it now"
        return self.overtaken(context, incident)

    @abstractmethod
    def answered(self, context: RenderContext, incident: Live) -> str | None:
        """Return how it was answered, or why it is not wanted. None: neither."""

    @abstractmethod
    def overtaken(self, context: RenderContext, incident: Live) -> str | None:
        """Return why another question is to be asked by now. None: this one is."""

    @abstractmethod
    def question(self, context: RenderContext, incident: Live) -> Message:
        """Return the question with the buttons that answer it."""


def led_by(context: RenderContext, incident: Live) -> str:
    """Return a sentence that names the lead, if the channel is asked; else empty."""
    here = context.slot.channel == incident.channel
    if here and incident.lead and incident.lead.slack_id:
        return f" {people.person(incident.lead.user)} leads it."
    return ""


def stamp(moment: datetime) -> int:
    """Return a moment in seconds since 1970, for the keys and params of slots."""
    return int(moment.astimezone(UTC).timestamp())


def about(incident: Live) -> About:
    return About(incident.reference, incident.name, incident.url, incident.is_private)


def reachable(incident: Live, snapshot: Snapshot) -> str | None:
    """Return the lead's Slack id. None: no lead, or the lead is not to be asked."""
    lead = incident.lead_id
    if lead is None:
        return None
    chosen = snapshot.get(PREFERENCES).get(lead, DEFAULT)
    away = chosen.paused_until and snapshot.at.date() < chosen.paused_until
    return None if away or chosen.muted or not chosen.nudges else lead


def belongs_to(incident: Live, conversation: str) -> bool:
    """Return whether a conversation is the incident's channel or its lead."""
    return conversation in (incident.channel, incident.lead_id)
