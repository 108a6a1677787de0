"""Reads incident.io once for all who need what is outstanding.

A mirror is kept and brought up to date by what changed since; a day after it was read
whole it is read whole again, for what vanished without a trace.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from slack_sdk.errors import SlackClientError

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
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from incidentio import Action, FollowUp, Incidentio
    from reminders.sources.audience import Audience
    from reminders.sources.snapshot import DataSource, Item, Reader

T = TypeVar("T")

log = logging.getLogger(__name__)

AT_ONCE = timedelta(0)
MOMENTS_AGO = timedelta(seconds=20)
"""How old an answer may be that a person waits for, if they changed nothing since."""

REMEMBERED = timedelta(hours=1)
"""What was deleted: whoever reads everything meanwhile may still have found it."""


@dataclass(frozen=True, slots=True)
class _Published:
    number: int
    changes: tuple[int, int]
    """How much had been changed when it was begun."""
    snapshot: Snapshot


class Snapshots:
    """Makes snapshots; the threads of a process share one.

    One thread reads at a time; those who come meanwhile share what the next one reads.
    """

    def __init__(
        self,
        api: Incidentio,
        now: Callable[[], datetime],
        readers: Mapping[str, Reader[Any]] = MappingProxyType({}),
        links: Callable[[], Links] = Links,
    ) -> None:
        """``links`` returns whom incident.io does not link to Slack, but an address."""
        self._links = links
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
        self._forgotten = 0

    def read(
        self,
        wanted: Iterable[str],
        audience: Audience,
        conversations: frozenset[str] = frozenset(),
        *,
        within: timedelta = AT_ONCE,
    ) -> Snapshot:
        """Return a snapshot of now, or one that is not older than ``within``.

        It holds what the audience may read; what is read for ``NOBODY`` is shown to no
        one as it is. ``wanted`` are kinds of items and names of data sources. What
        fails is in ``failures``, not raised.
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
        with self._building:
            published = self._published.get(wanted)
            if published is not None and published.number > begun:
                return published.snapshot
            return self._build(wanted, conversations)

    def source(self, source: DataSource[T]) -> T:
        """Read one data source by itself, without waiting for whoever reads items."""
        read: Reader[T] = self._readers[source.name]
        return read(Reading(self._now()))

    def refresh(self) -> None:
        """Read everything if that was not done for a day: nobody shall wait for it."""
        for kind in KINDS:
            began = self._now()
            mirror = self._mirrors[kind]
            with _noting({}, kind):
                if mirror.wants_reading(began):
                    whole = mirror.whole(began)
                    with self._building:
                        mirror.take(whole, began)

    def forget(self, kind: str, item_id: str) -> None:
        """Drop an item that was found deleted: the lists do not show that."""
        with self._lock:
            now = self._now()
            self._gone = {
                k: at for k, at in self._gone.items() if at > now - REMEMBERED
            }
            self._gone[kind, item_id] = now
            self._forgotten += 1

    def touch(self) -> None:
        """Note that something changed that the bot itself stores."""
        with self._lock:
            self._forgotten += 1

    def _serves(self, published: _Published, within: timedelta) -> bool:
        snapshot = published.snapshot
        recent = within and self._now() - snapshot.at <= within
        unchanged = published.changes == self._changes()
        return bool(recent and unchanged and not snapshot.failures)

    def _changes(self) -> tuple[int, int]:
        return self._api.changes, self._forgotten

    def _build(self, wanted: frozenset[str], conversations: frozenset[str]) -> Snapshot:
        self._begun += 1
        changes, now = self._changes(), self._now()
        failures: dict[str, str] = {}
        kinds = sorted(wanted.intersection(KINDS))
        self._historic |= HISTORY.name in wanted
        self._relink()
        for kind in kinds:
            with _noting(failures, kind):
                self._mirrors[kind].update(now)
        self._drop_gone()
        if kinds:
            with _noting(failures, *kinds):
                self._cases.update(self._needed(), now)
        cases = dict(self._cases.known)
        items = {
            kind: self._mirrors[kind].content.urgent_first(cases) for kind in kinds
        }
        read: dict[str, Any] = {}
        if HISTORY.name in wanted:
            read[HISTORY.name] = self._history(kinds)
        for name in sorted(wanted.intersection(self._readers)):
            with _noting(failures, name):
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
        """Give their Slack ids to those who are known by their address since."""
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
        """Name the incidents to know; once history was asked for, also those of it."""
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
def _noting(failures: dict[str, str], *kinds: str) -> Iterator[None]:
    try:
        yield
    except IncidentioError as error:
        log.warning("incident.io could not be read for reminders: %s", error)
        failures.update(dict.fromkeys(kinds, f"incident.io: {error}"))
    except SlackClientError as error:
        log.warning("Slack could not be read for reminders: %s", error)
        failures.update(dict.fromkeys(kinds, f"Slack: {error}"))
