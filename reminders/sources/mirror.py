"""Mirrors of the outstanding items in incident.io, and of their incidents.

After a full reading only changes are read. Items that were closed lately come in the
same pages, and are kept for the weekly counts.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from incidentio import Action, FollowUp
from incidentio.cache.catalog import MODES
from incidentio.errors import NotFound
from reminders.sources.snapshot import (
    LONG_AGO,
    IncidentSummary,
    Item,
    urgent_first,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from incidentio import Incident, Incidentio
    from reminders.sources.snapshot import Owner

T = TypeVar("T", bound=Action | FollowUp)

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=5)
"""How much of the time before is read again: a change may appear late in the list."""

RECONCILE = timedelta(days=1)
"""How often everything is read again, not only changes."""

HISTORY_OF = timedelta(weeks=9)
"""How long closed items are kept for counting."""

DELETED = "deleted"
SETTLED = timedelta(days=3)
"""How long finished items are kept, for messages that showed them."""

SINGLY = 20
"""The most incidents that are read one by one; more are cheaper in pages of 250."""


@dataclass(slots=True)
class MirroredItems:
    """The items of one kind, by id."""

    items: dict[str, Item] = field(default_factory=dict)
    finished: dict[str, Item] = field(default_factory=dict)
    """Items that are no longer outstanding, for ``SETTLED`` after their last change."""
    closed: dict[str, Item] = field(default_factory=dict)
    """Items closed in the last nine weeks, without their titles."""
    _ordered: tuple[Mapping[str, IncidentSummary], list[Item]] | None = None

    def urgent_first(self, cases: Mapping[str, IncidentSummary]) -> list[Item]:
        """Return the outstanding items, sorted; sort only after a change."""
        if self._ordered is None or self._ordered[0] != cases:
            self._ordered = cases, urgent_first(self.items.values(), cases)
        return self._ordered[1]

    def drop(self, item_id: str) -> None:
        if self.items.pop(item_id, None):
            self._ordered = None
        self.finished.pop(item_id, None)
        self.closed.pop(item_id, None)

    def sort_again(self) -> None:
        """Forget the order of ``urgent_first``."""
        self._ordered = None

    def add(self, item: Item) -> None:
        """Add an item that is outstanding."""
        self.items[item.id] = item
        self._ordered = None


class Mirror(Generic[T]):
    """Mirrors the items of one kind."""

    def __init__(
        self, read: Callable[..., Iterator[T]], item_of: Callable[[T], Item]
    ) -> None:
        self._read = read
        self._item_of = item_of
        self._whole_at = self._read_at = LONG_AGO
        self.content = MirroredItems()

    @property
    def items(self) -> dict[str, Item]:
        return self.content.items

    @property
    def finished(self) -> dict[str, Item]:
        return self.content.finished

    @property
    def closed(self) -> dict[str, Item]:
        return self.content.closed

    def relink(self, linked: Callable[[Owner | None], Owner | None]) -> None:
        """Update the Slack ids of owners."""
        for items in (self.items, self.finished, self.closed):
            for id_, item in items.items():
                if (owner := linked(item.owner)) is not item.owner:
                    items[id_] = replace(item, owner=owner)
        self.content.sort_again()

    def is_stale(self, now: datetime) -> bool:
        """Return whether everything must be read again."""
        return now - self._whole_at >= RECONCILE

    def whole(self, now: datetime) -> MirroredItems:
        """Read everything and return it; ``take`` puts it in place."""
        fresh = MirroredItems()
        self._merge(fresh, self._read(), now)
        return fresh

    def take(self, whole: MirroredItems, at: datetime) -> None:
        """Replace the content by what ``whole`` returned; reading began at ``at``."""
        self.content, self._whole_at, self._read_at = whole, at, at

    def update(self, now: datetime) -> None:
        """Read what has changed, or everything if that is due."""
        if self.is_stale(now):
            self.take(self.whole(now), now)
        else:
            since = self._read_at - OVERLAP
            self._merge(self.content, self._read(updated_since=since), now)
            self._read_at = now

    def drop(self, item_id: str) -> None:
        self.content.drop(item_id)

    def _merge(self, content: MirroredItems, found: Iterable[T], now: datetime) -> None:
        for one in found:
            self._file(content, one, now)
        for item in list(content.finished.values()):
            if (item.updated_at or LONG_AGO) <= now - SETTLED:
                del content.finished[item.id]

    def _file(self, content: MirroredItems, one: T, now: datetime) -> None:
        item = self._item_of(one)
        if content.items.get(one.id) == item:
            return
        content.drop(one.id)
        if one.outstanding:
            content.add(item)
            return
        if (one.updated_at or LONG_AGO) > now - SETTLED:
            content.finished[one.id] = item
        closed_at = _closed_at(one)
        if closed_at and closed_at >= now - HISTORY_OF:
            content.closed[one.id] = replace(item, title="", closed_at=closed_at)


def _closed_at(item: Action | FollowUp) -> datetime | None:
    """Return when an item was closed; of one not to be done, its last change."""
    if item.status == DELETED:
        return None
    return item.completed_at or item.updated_at


class IncidentMirror:
    """Mirrors the incidents that items belong to."""

    def __init__(
        self, api: Incidentio, linked: Callable[[Owner | None], Owner | None]
    ) -> None:
        self._api = api
        self._linked = linked
        self._whole_at = self._read_at = LONG_AGO
        self._absent: set[str] = set()
        self.known: dict[str, IncidentSummary] = {}

    def update(self, needed: set[str], now: datetime) -> None:
        """Read the incidents with these ids, or what changed in known ones."""
        if now - self._whole_at >= RECONCILE:
            self.known, self._absent, self._whole_at = {}, set(), now
        if self.known:
            since = self._read_at - OVERLAP
            self._learn(
                self._api.incidents.list(updated_at=since, mode=MODES), set(self.known)
            )
        self._read_at = now
        missing = needed - self.known.keys() - self._absent
        if len(missing) > SINGLY:
            self._learn(self._api.incidents.list(mode=MODES), missing)
        else:
            self._learn(self._fetch(missing), missing)
        self._absent |= missing - self.known.keys()
        self.known = {key: self.known[key] for key in needed & self.known.keys()}

    def _learn(self, found: Iterable[Incident], wanted: set[str]) -> None:
        for incident in found:
            if incident.id in wanted:
                self.known[incident.id] = self._summary(IncidentSummary.of(incident))

    def relink(self) -> None:
        """Update the Slack ids of leads."""
        self.known = {id_: self._summary(case) for id_, case in self.known.items()}

    def _summary(self, case: IncidentSummary) -> IncidentSummary:
        return replace(case, lead=self._linked(case.lead))

    def _fetch(self, missing: Iterable[str]) -> Iterator[Incident]:
        for incident_id in sorted(missing):
            try:
                yield self._api.incidents.show(incident_id)
            except NotFound:
                log.info("incident %s of an item is gone", incident_id)
