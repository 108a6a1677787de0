"""Reads incident.io once for all who need the outstanding items.

A mirror is updated by reading what changed. Once a day everything is read again, to
notice items that were deleted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from slack_sdk.errors import SlackClientError

from incidentio.cache.cached_list import PATIENCE
from incidentio.cache.stale_reads import record_stale_read
from incidentio.errors import IncidentioError
from reminders.sources.audience import NOBODY
from reminders.sources.item_factory import ItemFactory, Links
from reminders.sources.mirror import IncidentMirror, Mirror
from reminders.sources.snapshot import (
    ACTIONS,
    FOLLOW_UPS,
    HISTORY,
    KINDS,
    Reading,
    Snapshot,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from incidentio import Action, FollowUp, Incidentio
    from reminders.sources.audience import Audience
    from reminders.sources.snapshot import DataSource, Item, Reader

T = TypeVar("T")

log = logging.getLogger(__name__)

NEW = timedelta(0)
"""For somebody who needs what is true now."""
MOMENTS_AGO = timedelta(seconds=20)
"""How old a snapshot may be for a waiting person, if nothing changed since."""

REMEMBERED = timedelta(hours=1)
"""How long a deletion is remembered: a reading under way may still find the item."""


OnOutdated = Callable[..., None]
"""Is given the kind and the id of an item, or nothing."""


@dataclass(frozen=True, slots=True)
class _Published:
    number: int
    changes: tuple[int, int]
    """The number of changes before the reading began; see ``Snapshots._changes``."""
    snapshot: Snapshot


class Snapshots:
    """Makes snapshots; all threads of a process share one object.

    One thread reads at a time; threads that wait meanwhile share the next reading. A
    waiting person gets the last snapshot if that takes longer than ``PATIENCE``, which
    is recorded as a stale read.
    """

    def __init__(
        self,
        api: Incidentio,
        now: Callable[[], datetime],
        readers: Mapping[str, Reader[Any]] = MappingProxyType({}),
        links: Callable[[], Links] = Links,
        on_outdated: OnOutdated = lambda *_: None,
    ) -> None:
        """``links`` returns the accounts that are matched to Slack only by address.

        ``on_outdated`` is given what ``outdate`` takes, where this process noticed it.
        """
        self._links = links
        self._on_outdated = on_outdated
        self._factory = factory = ItemFactory()
        self._readers = readers
        self._api = api
        self._now = now
        self._cases = IncidentMirror(api, factory.linked)
        self._historic = False
        self._mirrors: dict[str, Mirror[FollowUp] | Mirror[Action]] = {
            FOLLOW_UPS: Mirror(api.follow_ups.list, factory.follow_up),
            ACTIONS: Mirror(api.actions.list, factory.action),
        }
        self._building = Lock()
        self._lock = Lock()
        self._published: dict[frozenset[str], _Published] = {}
        self._begun = 0
        self._gone: dict[tuple[str, str], datetime] = {}
        self._own_changes = 0

    def read(
        self,
        wanted: Iterable[str],
        audience: Audience,
        conversations: frozenset[str] = frozenset(),
        *,
        within: timedelta = NEW,
    ) -> Snapshot:
        """Return a new snapshot, or one that is not older than ``within``.

        It holds what the audience may read; a snapshot for ``NOBODY`` holds everything
        and must not be shown. ``wanted`` are kinds of items and names of data sources.
        Errors are not raised but put into ``failures``.
        """
        whole = self._whole(frozenset(wanted), conversations, within)
        return whole if audience is NOBODY else whole.seen_by(audience)

    def _whole(
        self, wanted: frozenset[str], conversations: frozenset[str], within: timedelta
    ) -> Snapshot:
        begun = self._begun
        published = self._published.get(wanted)
        if published is not None and self._serves(published, within):
            return published.snapshot
        if not within or published is None:
            self._building.acquire()
        elif not self._building.acquire(timeout=PATIENCE):
            record_stale_read(published.snapshot.at)
            return published.snapshot
        try:
            published = self._published.get(wanted)
            if published is not None and published.number > begun:
                return published.snapshot
            return self._build(wanted, conversations)
        finally:
            self._building.release()

    def source(self, source: DataSource[T]) -> T:
        """Read one data source, without waiting for a thread that reads items.

        Raises:
            IncidentioError, SlackClientError: it could not be read.
        """
        read: Reader[T] = self._readers[source.name]
        return read(Reading(self._now()))

    def refresh(self) -> None:
        """Read everything again where that is due, so that no snapshot has to wait."""
        for kind in KINDS:
            began = self._now()
            mirror = self._mirrors[kind]
            with _recording({}, kind):
                if mirror.is_stale(began):
                    whole = mirror.whole(began)
                    with self._building:
                        mirror.take(whole, began)

    def forget(self, kind: str, item_id: str) -> None:
        """Drop an item that turned out to be deleted: lists do not show deletions."""
        self.outdate(kind, item_id)
        self._on_outdated(kind, item_id)

    def touch(self) -> None:
        """Outdate earlier snapshots: something that the bot stores has changed."""
        self.outdate()
        self._on_outdated()

    def outdate(self, kind: str = "", item_id: str = "") -> None:
        """Outdate earlier snapshots, and drop an item if one is named."""
        with self._lock:
            now = self._now()
            self._gone = {
                k: at for k, at in self._gone.items() if at > now - REMEMBERED
            }
            if kind in self._mirrors:
                self._gone[kind, item_id] = now
            self._own_changes += 1

    def _serves(self, published: _Published, within: timedelta) -> bool:
        snapshot = published.snapshot
        recent = within and self._now() - snapshot.at <= within
        unchanged = published.changes == self._changes()
        return bool(recent and unchanged and not snapshot.failures)

    def _changes(self) -> tuple[int, int]:
        return self._api.changes, self._own_changes

    def _build(self, wanted: frozenset[str], conversations: frozenset[str]) -> Snapshot:
        self._begun += 1
        changes, now = self._changes(), self._now()
        failures: dict[str, str] = {}
        kinds = sorted(wanted.intersection(KINDS))
        self._historic |= HISTORY.name in wanted
        self._relink()
        for kind in kinds:
            with _recording(failures, kind):
                self._mirrors[kind].update(now)
        self._drop_gone()
        if kinds:
            with _recording(failures, *kinds):
                self._cases.update(self._needed(), now)
        cases = dict(self._cases.known)
        items = {
            kind: self._mirrors[kind].content.urgent_first(cases) for kind in kinds
        }
        read: dict[str, Any] = {}
        if HISTORY.name in wanted:
            read[HISTORY.name] = self._history(kinds)
        for name in sorted(wanted.intersection(self._readers)):
            with _recording(failures, name):
                read[name] = self._readers[name](Reading(now, conversations))
        finished = {
            item.key: item
            for kind in kinds
            for item in self._mirrors[kind].finished.values()
        }
        snapshot = Snapshot(now, items, cases, failures, read, conversations, finished)
        serving = {
            asked: one
            for asked, one in self._published.items()
            if now - one.snapshot.at <= MOMENTS_AGO
        }
        one = _Published(self._begun, changes, snapshot)
        self._published = {**serving, wanted: one}
        return snapshot

    def _relink(self) -> None:
        """Update Slack ids in the mirrors when the matches by address have changed."""
        links = self._links()
        if links != self._factory.links:
            self._factory.links = links
            for mirror in self._mirrors.values():
                mirror.relink(self._factory.linked)
            self._cases.relink()

    def _drop_gone(self) -> None:
        with self._lock:
            gone = list(self._gone)
        for kind, item_id in gone:
            self._mirrors[kind].drop(item_id)

    def _needed(self) -> set[str]:
        """Return the ids of the items' incidents; with history if it was ever read."""
        return {
            item.incident_id
            for mirror in self._mirrors.values()
            for rows in (
                mirror.items,
                mirror.finished,
                mirror.closed if self._historic else {},
            )
            for item in rows.values()
        }

    def _history(self, kinds: Iterable[str]) -> Mapping[str, Sequence[Item]]:
        return {kind: list(self._mirrors[kind].closed.values()) for kind in kinds}


@contextmanager
def _recording(failures: dict[str, str], *kinds: str) -> Iterator[None]:
    """Put an error into ``failures`` under these kinds or names of sources."""
    try:
        yield
    except IncidentioError as error:
        log.warning("incident.io could not be read for reminders: %s", error)
        failures.update(dict.fromkeys(kinds, f"incident.io: {error}"))
    except SlackClientError as error:
        log.warning("Slack could not be read for reminders: %s", error)
        failures.update(dict.fromkeys(kinds, f"Slack: {error}"))
