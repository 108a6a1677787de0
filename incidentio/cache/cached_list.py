"""One cached list: served at once when known, renewed behind when old."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, wait
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from incidentio.errors import IncidentioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import timedelta

T = TypeVar("T")

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that another's fetch may take before what was known before has to do."""

BETWEEN_CHANGES = 1.0


class Flight(Future[tuple[T, ...]]):
    """A fetch under way."""

    def __init__(self, began: datetime) -> None:
        super().__init__()
        self.began = began
        self.long_at = time.monotonic() + PATIENCE


class Cached(Generic[T]):
    """At most one fetch is under way; whoever finds nothing known waits for it.

    After ``ttl`` a value is to be renewed, and after ``oldest`` it is only served if it
    cannot be renewed.
    """

    def __init__(
        self,
        name: str,
        fetch: Callable[[], Iterable[T]],
        *,
        now: Callable[[], datetime],
        ttl: timedelta,
        oldest: timedelta,
    ) -> None:
        self.name = name
        self._fetch = fetch
        self._now = now
        self._ttl = ttl
        self._oldest = oldest
        self._lock = threading.Lock()
        self._flight: Flight[T] | None = None
        self._value: tuple[T, ...] | None = None
        self._forgotten: tuple[T, ...] | None = None
        self._as_of: datetime | None = None
        self._due: datetime | None = None
        self._failed: datetime | None = None
        self._changed = False
        self._began = float("-inf")

    @property
    def known(self) -> bool:
        return self._value is not None

    def get(self) -> tuple[T, ...]:
        """Return what is known; fetch it when nothing is, or that is too old."""
        value = self._value
        if value is None:
            return self.fetch()
        return self._newer(value) if self._too_old() else value

    def claim_renewal(self) -> bool:
        """Answer True to one caller each time the value has become old."""
        with self._lock:
            now = self._now()
            if self._due is None or now < self._due:
                return False
            self._due = now + self._ttl
            return True

    def change(self) -> bool:
        """Note that the value is no longer right. False: that was noted already."""
        with self._lock:
            noted, self._changed = self._changed, True
            return not noted

    def forget(self) -> None:
        """Drop the value, and the one that is on its way."""
        with self._lock:
            if self._value is not None:
                self._forgotten = self._value
            self._value = self._due = self._flight = None

    def renew(self) -> None:
        """Fetch anew; when that fails, what was known stays.

        A fetch under way may have read too early what has changed since.
        """
        under_way = self._flight
        if under_way is not None:
            wait([under_way])
        try:
            if under_way is None or self._changed:
                self._join(None)
        except IncidentioError as error:
            log.warning("The %s could not be renewed: %s", self.name, error)

    def pause(self) -> float:
        """Seconds until it may be fetched for a change: changes come in bursts."""
        return max(0.0, self._began + BETWEEN_CHANGES - time.monotonic())

    def fetch(self) -> tuple[T, ...]:
        """Fetch, or wait for the fetch under way and share how it ends.

        If that takes long, others get what was known: one waits, not everybody.
        """
        return self._join(self._forgotten if self._value is None else self._value)

    def _newer(self, value: tuple[T, ...]) -> tuple[T, ...]:
        try:
            return self.fetch()
        except IncidentioError as error:
            log.warning("The %s are old and cannot be renewed: %s", self.name, error)
            return value

    def _too_old(self) -> bool:
        now, as_of, failed = self._now(), self._as_of, self._failed
        if failed is not None and now - failed < self._ttl / 4:
            return False
        return as_of is not None and now - as_of > self._oldest

    def _join(self, older: tuple[T, ...] | None) -> tuple[T, ...]:
        with self._lock:
            flight, mine = self._flight, self._flight is None
            if flight is None:
                flight = self._flight = Flight(self._now())
                self._changed, self._began = False, time.monotonic()
        if mine:
            self._fly(flight)
        if mine or older is None:
            return flight.result()
        try:
            return flight.result(max(0.0, flight.long_at - time.monotonic()))
        except TimeoutError:
            return older

    def _fly(self, flight: Flight[T]) -> None:
        try:
            value = tuple(self._fetch())
        except BaseException as error:
            self._land(flight, None)
            flight.set_exception(error)
            if not isinstance(error, IncidentioError):
                raise
        else:
            self._land(flight, value)
            flight.set_result(value)

    def _land(self, flight: Flight[T], value: tuple[T, ...] | None) -> None:
        with self._lock:
            if self._flight is not flight:
                return
            self._flight = None
            now = self._now()
            if value is None:
                self._failed = now
                self._due = now + self._ttl / 4 if self.known else None
            else:
                self._value, self._as_of = value, flight.began
                self._forgotten = self._failed = None
                self._due = now + self._ttl
