"""One cached list: served at once when known, renewed behind when old."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Generic, TypeVar

from incidentio.errors import IncidentioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, timedelta

T = TypeVar("T")

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that a fetch may take before others get what was forgotten."""


class Cached(Generic[T]):
    """At most one fetch is under way; whoever finds nothing known waits for it."""

    def __init__(
        self,
        name: str,
        fetch: Callable[[], Iterable[T]],
        *,
        now: Callable[[], datetime],
        ttl: timedelta,
    ) -> None:
        self.name = name
        self._fetch = fetch
        self._now = now
        self._ttl = ttl
        self._lock = threading.Lock()
        self._flight: Future[tuple[T, ...]] | None = None
        self._value: tuple[T, ...] | None = None
        self._forgotten: tuple[T, ...] | None = None
        self._begun = 0.0
        self._due: datetime | None = None

    @property
    def known(self) -> bool:
        return self._value is not None

    def get(self) -> tuple[T, ...]:
        """Return what is known, however old; fetch it when nothing is."""
        value = self._value
        return self.fetch() if value is None else value

    def claim_renewal(self) -> bool:
        """Answer True to one caller each time the value has become old."""
        with self._lock:
            now = self._now()
            if self._due is None or now < self._due:
                return False
            self._due = now + self._ttl
            return True

    def forget(self) -> None:
        """Drop the value, and the one that is on its way."""
        with self._lock:
            self._forgotten = self._value or self._forgotten
            self._value = self._due = self._flight = None

    def renew(self) -> None:
        """Fetch anew; when that fails, what was known stays."""
        try:
            self.fetch()
        except IncidentioError as error:
            log.warning("The %s could not be renewed: %s", self.name, error)

    def fetch(self) -> tuple[T, ...]:
        """Fetch, or wait for the fetch under way and share how it ends.

        If that takes long, others get what was forgotten: one waits, not everybody.
        """
        with self._lock:
            flight, mine = self._flight, self._flight is None
            if flight is None:
                flight = self._flight = Future()
                self._begun = time.monotonic()
        if mine:
            self._fly(flight)
        older = None if mine else self._forgotten
        try:
            return flight.result(None if older is None else self._patience())
        except TimeoutError:
            if older is None:
                raise
            return older

    def _patience(self) -> float:
        return max(0.0, self._begun + PATIENCE - time.monotonic())

    def _fly(self, flight: Future[tuple[T, ...]]) -> None:
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

    def _land(self, flight: Future[tuple[T, ...]], value: tuple[T, ...] | None) -> None:
        with self._lock:
            if self._flight is not flight:
                return
            self._flight = None
            if value is not None:
                self._value = value
                self._forgotten = None
            if self._value is not None:
                self._due = self._now() + (
                    self._ttl if value is not None else self._ttl / 4
                )
