"""A list in memory that is fetched again when it is old."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, wait
from contextvars import copy_context
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from incidentio.cache.stale_reads import record_stale_read
from incidentio.errors import IncidentioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import timedelta

T = TypeVar("T")

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that callers wait for a fetch before they get the last list."""

BETWEEN_CHANGES = 1.0
"""Seconds between two fetches because of changes."""


class InFlight(Future[tuple[T, ...]]):
    """A fetch under way, and its result. Others wait for it until ``wait_until``.

    ``expected`` is the list that it must find, unless something changed unnoticed.
    """

    def __init__(self, began: datetime, expected: tuple[T, ...] | None) -> None:
        super().__init__()
        self.began = began
        self.expected = expected
        self.wait_until = time.monotonic() + PATIENCE


class CachedList(Generic[T]):
    """Serves a list from memory; at most one fetch of it is under way.

    After ``ttl`` the list is due to be renewed. After ``oldest``, or once it has
    expired, it is only served if it cannot be renewed within ``PATIENCE``. To serve it
    then, or after renewing has failed, is recorded as a stale read. ``on_news`` is
    called when a list that was only due turns out to have changed.
    """

    def __init__(
        self,
        name: str,
        fetch: Callable[[], Iterable[T]],
        *,
        now: Callable[[], datetime],
        ttl: timedelta,
        oldest: timedelta,
        on_news: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        self._on_news = on_news
        self._fetch = fetch
        self._now = now
        self._ttl = ttl
        self._oldest = oldest
        self._lock = threading.Lock()
        self._in_flight: InFlight[T] | None = None
        self._value: tuple[T, ...] | None = None
        self._expired = False
        self._as_of: datetime | None = None
        self._due: datetime | None = None
        self._failed: datetime | None = None
        self._error: IncidentioError | None = None
        self._changed = False
        self._began = float("-inf")

    @property
    def known(self) -> bool:
        """Whether there is a list, old or not, that has not expired."""
        return self._value is not None and not self._expired

    @property
    def failure(self) -> IncidentioError | None:
        """Why there is no list, if fetching it failed lately."""
        return self._error if self._value is None and self._failed_lately() else None

    def get(self) -> tuple[T, ...]:
        """Return the list; fetch it if there is none, or it is too old."""
        value = self._value
        if value is None:
            return self._fetch_now()
        if self._too_old():
            value = self._newer(value)
        if self._failed is not None:
            self._record_stale_read()
        return value

    def claim_renewal(self) -> bool:
        """Return True to one caller each time the list is due to be renewed."""
        with self._lock:
            now = self._now()
            if self._due is None or now < self._due:
                return False
            self._due = now + self._ttl
            return True

    def mark_changed(self) -> bool:
        """Note that the list is out of date; return False if that was known."""
        with self._lock:
            noted, self._changed = self._changed, True
            return not noted

    def expire(self) -> None:
        """Make the next caller fetch the list, which has changed.

        The last list is served only if that fails.
        """
        with self._lock:
            self._expired = True
            self._due = self._in_flight = self._failed = None

    def forget(self) -> None:
        """Drop the list, and one that is being fetched now: nobody gets either."""
        with self._lock:
            self._value = self._due = self._in_flight = None

    def renew(self) -> None:
        """Fetch the list anew; if that fails, the last one stays.

        Where a fetch is under way, wait for it; fetch again only if the list was marked
        as changed since it began.
        """
        under_way = self._in_flight
        if under_way is not None:
            wait([under_way])
        try:
            if under_way is None or self._changed:
                self._fetch_now()
        except IncidentioError as error:
            log.warning("The %s could not be renewed: %s", self.name, error)

    def pause(self) -> float:
        """Return the seconds to wait before a fetch for a change: many come at once."""
        return max(0.0, self._began + BETWEEN_CHANGES - time.monotonic())

    def reread(self) -> None:
        """Fetch the list now, after all changes made so far.

        Raises:
            IncidentioError: it cannot be fetched. Others still get the last list.
        """
        self.expire()
        self._fetch_now()

    def _newer(self, value: tuple[T, ...]) -> tuple[T, ...]:
        """Return a newer list, if it can be had before the patience ends.

        It is fetched in a thread of its own, which goes on when nobody waits any more.
        """
        in_flight, mine = self._begin()
        if mine:
            fetching = partial(copy_context().run, self._run, in_flight)
            threading.Thread(target=fetching, name=self.name, daemon=True).start()
        try:
            return in_flight.result(max(0.0, in_flight.wait_until - time.monotonic()))
        except TimeoutError:
            self._record_stale_read()
        except IncidentioError as error:
            log.warning("The %s are old and cannot be renewed: %s", self.name, error)
        return value

    def _record_stale_read(self) -> None:
        if self._as_of is not None:
            record_stale_read(self._as_of)

    def _too_old(self) -> bool:
        if self._failed_lately():
            return False
        as_of = self._as_of
        aged = as_of is not None and self._now() - as_of > self._oldest
        return self._expired or aged

    def _failed_lately(self) -> bool:
        failed = self._failed
        return failed is not None and self._now() - failed < self._ttl / 4

    def _fetch_now(self) -> tuple[T, ...]:
        """Fetch the list, or wait for the fetch under way; return its result."""
        in_flight, mine = self._begin()
        if mine:
            self._run(in_flight)
        return in_flight.result()

    def _begin(self) -> tuple[InFlight[T], bool]:
        """Return the fetch under way, and whether it is the caller's to run."""
        with self._lock:
            if self._in_flight is not None:
                return self._in_flight, False
            outdated = self._changed or self._expired
            expected = None if outdated else self._value
            self._in_flight = InFlight(self._now(), expected)
            self._changed, self._began = False, time.monotonic()
            return self._in_flight, True

    def _run(self, in_flight: InFlight[T]) -> None:
        try:
            value = tuple(self._fetch())
        except BaseException as error:  # noqa: BLE001 - who waits for it gets it
            self._error = error if isinstance(error, IncidentioError) else None
            self._store(in_flight, None)
            in_flight.set_exception(error)
        else:
            self._store(in_flight, value)
            in_flight.set_result(value)
            if in_flight.expected not in (None, value):
                self._on_news()

    def _store(self, in_flight: InFlight[T], value: tuple[T, ...] | None) -> None:
        with self._lock:
            if self._in_flight is not in_flight:
                return
            self._in_flight = None
            now = self._now()
            if value is None:
                self._failed = now
                self._due = now + self._ttl / 4 if self.known else None
            else:
                self._value, self._as_of = value, in_flight.began
                self._failed, self._expired = None, False
                self._due = now + self._ttl
