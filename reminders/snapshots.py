"""Read incident.io once for all reminders that are due.

A copy of what is outstanding is kept and brought up to date by what changed since; a
day after it was read whole it is read whole again, for what vanished without a trace.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from incidentio.errors import IncidentioError, NotFound
from incidentio.models import Action, FollowUp
from reminders.snapshot import (
    ACTIONS,
    FOLLOW_UPS,
    LONG_AGO,
    Case,
    Compact,
    Item,
    Snapshot,
    urgent_first,
)

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


class Snapshots:
    """The one reader; the threads of a process may share it."""

    def __init__(self, api: Incidentio, now: Callable[[], datetime]) -> None:
        compact = Compact()
        self._now = now
        self._lock = Lock()
        self._incidents = _Incidents(api)
        self._copies: dict[str, _Copy[FollowUp] | _Copy[Action]] = {
            FOLLOW_UPS: _Copy(api.follow_ups.list, compact.follow_up),
            ACTIONS: _Copy(api.actions.list, compact.action),
        }

    def read(self, kinds: Iterable[str]) -> Snapshot:
        """Bring these kinds up to date. What fails is in ``failures``, not raised."""
        with self._lock:
            now = self._now()
            wanted = sorted(set(kinds) & self._copies.keys())
            failures: dict[str, str] = {}
            for kind in wanted:
                with _noting(failures, kind):
                    self._copies[kind].update(now)
            with _noting(failures, *wanted):
                self._incidents.update(self._needed(), now)
            cases = dict(self._incidents.known)
            items = {
                kind: urgent_first(self._copies[kind].items.values(), cases)
                for kind in wanted
            }
            return Snapshot(now, items, cases, failures)

    def forget(self, kind: str, item_id: str) -> None:
        """Drop what somebody found gone: deleting leaves no trace to read."""
        with self._lock:
            self._copies[kind].items.pop(item_id, None)

    def _needed(self) -> set[str]:
        return {
            item.incident_id
            for copy in self._copies.values()
            for item in copy.items.values()
        }


@contextmanager
def _noting(failures: dict[str, str], *kinds: str) -> Iterator[None]:
    try:
        yield
    except IncidentioError as error:
        log.warning("incident.io could not be read for reminders: %s", error)
        failures.update(dict.fromkeys(kinds, f"incident.io: {error}"))


class _Copy(Generic[T]):
    """The outstanding items of one kind, by id."""

    def __init__(
        self, read: Callable[..., Iterator[T]], compact: Callable[[T], Item]
    ) -> None:
        self._read = read
        self._compact = compact
        self._whole_at = self._read_at = LONG_AGO
        self.items: dict[str, Item] = {}

    def update(self, now: datetime) -> None:
        if now - self._whole_at >= RECONCILE:
            fresh: dict[str, Item] = {}
            self._merge(fresh, self._read())
            self.items, self._whole_at = fresh, now
        else:
            self._merge(self.items, self._read(updated_since=self._read_at - OVERLAP))
        self._read_at = now

    def _merge(self, items: dict[str, Item], found: Iterable[T]) -> None:
        for one in found:
            if one.outstanding:
                items[one.id] = self._compact(one)
            else:
                items.pop(one.id, None)


class _Incidents:
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
            self._learn(self._api.incidents.list(updated_at=since), set(self.known))
        self._read_at = now
        missing = needed - self.known.keys() - self._absent
        if len(missing) > SINGLY:
            self._learn(self._api.incidents.list(), missing)
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
