"""Posts the card of each incident in its channel, once.

``incident_follower`` pins it, and edits it from then on.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING

from blocks.incidents import card as view
from reminders.engine.kinds import Answer, Kind, Message, Nothing, Notice, RenderContext
from reminders.sources.snapshot import DataSource, IncidentSummary
from storage.incident_cards import INCIDENT, RULE, SHOWN, key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from incidentio import Incident, Incidentio
    from reminders.sources.audience import Audience
    from reminders.sources.snapshot import Reader, Reading, Snapshot
    from storage.rule import Rule

IN_PROGRESS = ("triage", "live", "paused")
MODES = ("standard", "test")
"""No tutorials, and no incidents that were declared after their end."""


def _seen(
    incidents: Mapping[str, Incident], audience: Audience
) -> Mapping[str, Incident]:
    return {
        id_: incident
        for id_, incident in incidents.items()
        if audience.may_read(IncidentSummary.of(incident))
    }


IN_CHANNELS: DataSource[Mapping[str, Incident]] = DataSource("in_channels", {}, _seen)
"""The incidents in progress that have a channel, by id."""


def in_channels(api: Incidentio) -> Reader[Mapping[str, Incident]]:
    def read(_: Reading) -> Mapping[str, Incident]:
        listed = api.incidents.list(status_category=IN_PROGRESS, mode=MODES)
        return {i.id: i for i in listed if i.slack_channel_id}

    return read


class CardsInChannels(Kind):
    name = RULE
    grace = timedelta(days=1)
    poll_interval = timedelta(seconds=20)
    singleton = True

    def sources(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return {IN_CHANNELS.name}

    def notices(
        self,
        snapshot: Snapshot,
        rule: Rule,  # noqa: ARG002
        now: datetime,
    ) -> Iterator[Notice]:
        for id_, incident in snapshot.get(IN_CHANNELS).items():
            once, channel = key(id_), incident.slack_channel_id or ""
            yield Notice(once, channel, now, {INCIDENT: id_}, once_keys=(once,))

    def compose(self, context: RenderContext) -> Answer:
        incidents = context.snapshot.get(IN_CHANNELS)
        incident = incidents.get((context.slot.params or {})[INCIDENT])
        if incident is None:
            return Nothing("it is no longer in progress")
        if incident.slack_channel_id != context.slot.channel:
            return Nothing("it has another channel now")
        return draw(incident)


def draw(incident: Incident) -> Message:
    """Draw the card as it stands in the channel, with its fingerprint."""
    drawn = Message(view.in_short(incident), view.pinned(incident))
    return drawn._replace(shown={SHOWN: _fingerprint(drawn)})


def fingerprint(drawn: Message) -> str:
    """Return the fingerprint of a card that ``draw`` drew."""
    return str((drawn.shown or {})[SHOWN])


def _fingerprint(drawn: Message) -> str:
    shown = [drawn.text, drawn.draw()]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()
