"""Posts the card of each incident in its channel, once.

``incident_follower`` pins it, and edits it from then on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from blocks.incidents import card as view
from reminders.engine.kinds import Answer, Kind, Message, Nothing, Notice, RenderContext
from reminders.sources.snapshot import DataSource, IncidentSummary
from storage.incident_cards import INCIDENT, RULE, SHOWN, IncidentCards, key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from incidentio import Incident, Incidentio
    from reminders.sources.audience import Audience
    from reminders.sources.snapshot import Reader, Reading, Snapshot
    from storage.rule import Rule

IN_PROGRESS = ("triage", "live", "paused")
MODES = ("standard", "test")
"""No tutorials, and no incidents that were declared after their end."""


@dataclass(frozen=True, slots=True)
class InProgress:
    """The incidents in progress that have a channel, by id."""

    incidents: Mapping[str, Incident] = field(default_factory=dict)
    posted: Collection[str] = frozenset()
    """The ids of those that had a card before."""


def _seen(found: InProgress, audience: Audience) -> InProgress:
    seen = {
        id_: incident
        for id_, incident in found.incidents.items()
        if audience.may_read(IncidentSummary.of(incident))
    }
    return replace(found, incidents=seen)


IN_CHANNELS: DataSource[InProgress] = DataSource("in_channels", InProgress(), _seen)


def in_channels(api: Incidentio, stored: IncidentCards) -> Reader[InProgress]:
    def read(_: Reading) -> InProgress:
        listed = api.incidents.list(status_category=IN_PROGRESS, mode=MODES)
        found = {i.id: i for i in listed if i.slack_channel_id}
        return InProgress(found, stored.posted(found))

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
        found = snapshot.get(IN_CHANNELS)
        for id_, incident in found.incidents.items():
            channel = incident.slack_channel_id
            if channel and id_ not in found.posted:
                once = key(id_)
                yield Notice(once, channel, now, {INCIDENT: id_}, once_keys=(once,))

    def compose(self, context: RenderContext) -> Answer:
        incidents = context.snapshot.get(IN_CHANNELS).incidents
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
    shown = [drawn.text, [block.to_dict() for block in drawn.blocks]]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()
