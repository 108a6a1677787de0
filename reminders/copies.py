"""A copy of what is outstanding in incident.io, brought up to date by what changed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from incidentio.catalog import MODES
from incidentio.errors import NotFound
from incidentio.models import Action, FollowUp
from reminders.snapshot import LONG_AGO, Case, Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from incidentio.client import Incidentio
    from incidentio.models import Incident

T = TypeVar("T", bound=Action | FollowUp)

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=5)
"""Rows may turn up with an ``updated_at`` that was read past already."""

RECONCILE = timedelta(days=1)
SINGLY = 20
"""Incidents fetched one by one; more of them are cheaper in pages of 250."""


class Copy(Generic[T]):
    """The outstanding items of one kind, by id."""

    def __init__(
        self, read: Callable[..., Iterator[T]], compact: Callable[[T], Item]
    ) -> None:
        self._read = read
        self._compact = compact
        self._whole_at = self._read_at = LONG_AGO
        self.items: dict[str, Item] = {}

    def wants_reading(self, now: datetime) -> bool:
        """Whether it must be read whole."""
        return now - self._whole_at >= RECONCILE

    def whole(self) -> dict[str, Item]:
        """Read everything; nothing is kept of it before ``take``."""
        fresh: dict[str, Item] = {}
        self._merge(fresh, self._read())
        return fresh

    def take(self, whole: dict[str, Item], at: datetime) -> None:
        """Keep what was read whole, beginning at that time."""
        self.items, self._whole_at, self._read_at = whole, at, at

    def update(self, now: datetime) -> None:
        if self.wants_reading(now):
            self.take(self.whole(), now)
        else:
            self._merge(self.items, self._read(updated_since=self._read_at - OVERLAP))
            self._read_at = now

    def _merge(self, items: dict[str, Item], found: Iterable[T]) -> None:
        for one in found:
            if one.outstanding:
                items[one.id] = self._compact(one)
            else:
                items.pop(one.id, None)


class Cases:
    """The incidents that outstanding items belong to."""

    def __init__(self, api: Incidentio) -> None:
        self._api = api
        self._whole_at = self._read_at = LONG_AGO
        self._absent: set[str] = set()
        self.known: dict[str, Case] = {}

    def update(self, needed: set[str], now: datetime) -> None:
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
                self.known[incident.id] = Case.of(incident)

    def _fetch(self, missing: Iterable[str]) -> Iterator[Incident]:
        for incident_id in sorted(missing):
            try:
                yield self._api.incidents.show(incident_id)
            except NotFound:
                log.info("incident %s of an outstanding item is gone", incident_id)
