"""The base class of notices about the beginning and the end of shifts.

All shifts of one person that begin or end at one moment share one message. Each shift
has a key that is sent only once. A shift that is no longer in the rota when the
message is sent is left out.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import NAMESPACE_OID, uuid5

from reminders.engine.kinds import Answer, Kind, Later, Nothing, Notice, RenderContext
from reminders.on_call.rota import AGAIN, POLL_INTERVAL, ROTA, UNREAD
from reminders.sources.snapshot import DataSource
from storage.sent_once_keys import SentOnceKeys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from blocks.kit.messages import Message
    from incidentio.on_call.rota import Rota
    from incidentio.on_call.shift_events import ShiftEvent
    from reminders.sources.snapshot import Reader, Reading
    from storage.database import Database
    from storage.rule import Rule

REMEMBERED = timedelta(days=2)
CHANGED = "the schedule has changed since"
UNWANTED = "they turned this message off"

SAID: DataSource[Mapping[str, frozenset[str]]] = DataSource("shifts_said", {})
"""The keys of the shifts that each slot is about, by the id of the slot."""


def said(database: Database) -> Reader[Mapping[str, frozenset[str]]]:
    keys = SentOnceKeys(database)

    def read(reading: Reading) -> Mapping[str, frozenset[str]]:
        return keys.by_slot("shift/", reading.at - REMEMBERED)

    return read


class ShiftNotices(Kind):
    poll_interval = POLL_INTERVAL
    singleton = True
    read: ClassVar[Sequence[DataSource[Any]]]

    def sources(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return {ROTA.name, SAID.name, *(source.name for source in self.read)}

    def compose(self, context: RenderContext) -> Answer:
        params = context.slot.params
        if not params:
            return Nothing("there is nothing to run")
        if context.snapshot.get(ROTA).failed.intersection(params["schedules"]):
            return Later(context.now + AGAIN, UNREAD)
        at = datetime.fromtimestamp(params["at"], UTC)
        obsolete = self.obsolete(context, at)
        return Nothing(obsolete) if obsolete else self._compose(context, at)

    def _compose(self, context: RenderContext, at: datetime) -> Answer:
        keys = context.snapshot.get(SAID).get(context.slot.id, frozenset())
        found = [
            event
            for rota in context.snapshot.get(ROTA)
            for event in self.events(rota, at, context.now)
            if event.key in keys
        ]
        return self.message(context, found) if found else Nothing(CHANGED)

    @abstractmethod
    def obsolete(self, context: RenderContext, at: datetime) -> str | None:
        """Return why no message is sent about that moment. None: one is sent."""

    @abstractmethod
    def events(self, rota: Rota, at: datetime, now: datetime) -> Iterable[ShiftEvent]:
        """Return the events of a rota, at least all those at the moment ``at``."""

    @abstractmethod
    def message(self, context: RenderContext, found: Sequence[ShiftEvent]) -> Message:
        """Return the message about these events."""


def together(found: Iterable[ShiftEvent]) -> Iterable[Sequence[ShiftEvent]]:
    """Group events into messages: those of one person at one moment."""
    groups: dict[tuple[str, datetime], list[ShiftEvent]] = defaultdict(list)
    for event in found:
        groups[event.person, event.at].append(event)
    return groups.values()


def notice(found: Sequence[ShiftEvent], at: datetime) -> Notice:
    """Return the notice about a group of events of one person, due ``at``."""
    keys = sorted(event.key for event in found)
    return Notice(
        key=f"shift/{uuid5(NAMESPACE_OID, ' '.join(keys)).hex}",
        channel=found[0].person,
        at=at,
        params={
            "at": int(found[0].at.timestamp()),
            "schedules": sorted({event.rota.id for event in found}),
        },
        once_keys=keys,
    )
