"""Values that are read again only when they have become old, and by one thread."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")

NO_PAUSE = timedelta(0)
MOST = 5000
"""Keys that are remembered; with one more, all others are forgotten."""


@dataclass(frozen=True, slots=True)
class _Known(Generic[V]):
    value: V
    read_at: datetime
    """When reading it began."""
    expired: bool = False


@dataclass(frozen=True, slots=True)
class _Failure:
    error: BaseException
    until: datetime
    """It is not read again before."""


class Remembered(Generic[K, V]):
    """Values by key; threads may share them.

    A value serves for its ``lifetime``. Then the next caller reads it again; others
    get the old one meanwhile. If reading raises one of ``failures``, the old value
    serves for ``stale_for`` more (None: for any time), and it is read again after a
    ``pause`` at the earliest. Where no old value serves, all callers wait for the one
    that reads, and get its value or its exception.
    """

    def __init__(
        self,
        read: Callable[[K], V],
        *,
        lifetime: timedelta,
        now: Callable[[], datetime],
        failures: type[Exception] | tuple[type[Exception], ...],
        stale_for: timedelta | None = None,
        pause: Callable[[Exception], timedelta] = lambda _: NO_PAUSE,
    ) -> None:
        self._read = read
        self._lifetime = lifetime
        self._now = now
        self._failures = failures
        self._stale_for = stale_for
        self._pause = pause
        self._lock = Lock()
        self._known: dict[K, _Known[V]] = {}
        self._failed: dict[K, _Failure] = {}
        self._flights: dict[K, Future[V]] = {}

    def get(self, key: K) -> V:
        """Return the value; read it if none is known or it is old.

        Raises: what reading it raised, if there is no old value that serves.
        """
        with self._lock:
            known = self._known.get(key)
            if known and self._is_fresh(known):
                return known.value
            old = known if known and self._serves(known) else None
            flight = self._flights.get(key)
            if old and (flight or self._resting(key)):
                return old.value
            if failure := self._resting(key):
                raise failure.error
            mine = flight is None
            flight = self._flights.setdefault(key, Future())
        return self._fly(key, flight, old) if mine else flight.result()

    def peek(self, key: K, age: timedelta | None = None) -> V | None:
        """Return a value that is not older than ``age`` (None: its lifetime).

        Nothing is read. None: no such value is known.
        """
        with self._lock:
            known = self._known.get(key)
            if known is None or self._age(known) >= (age or self._lifetime):
                return None
            return known.value

    def put(self, key: K, value: V) -> None:
        """Remember a value that was read elsewhere, just now."""
        with self._lock:
            self._store(key, value, self._now())

    def expire(self, key: K) -> None:
        """Let the next caller read the value again, though its lifetime is not over."""
        with self._lock:
            if known := self._known.get(key):
                self._known[key] = _Known(known.value, known.read_at, expired=True)

    def forget(self, key: K) -> None:
        """Drop the value, and the one that is being read: it has just changed."""
        with self._lock:
            self._known.pop(key, None)
            self._failed.pop(key, None)
            self._flights.pop(key, None)

    def _fly(self, key: K, flight: Future[V], old: _Known[V] | None) -> V:
        began = self._now()
        try:
            value = self._read(key)
        except BaseException as error:
            self._fail(key, flight, error)
            flight.set_exception(error)
            if old is None or not isinstance(error, self._failures):
                raise
            return old.value
        with self._lock:
            if self._landed(key, flight):
                self._store(key, value, began)
        flight.set_result(value)
        return value

    def _landed(self, key: K, flight: Future[V]) -> bool:
        """End a flight; return False where its value was forgotten meanwhile."""
        if self._flights.get(key) is not flight:
            return False
        del self._flights[key]
        return True

    def _fail(self, key: K, flight: Future[V], error: BaseException) -> None:
        with self._lock:
            if self._landed(key, flight) and isinstance(error, self._failures):
                until = self._now() + self._pause(error)
                self._failed[key] = _Failure(error, until)

    def _store(self, key: K, value: V, read_at: datetime) -> None:
        if key not in self._known and len(self._known) >= MOST:
            self._known.clear()
        self._known[key] = _Known(value, read_at)
        self._failed.pop(key, None)

    def _is_fresh(self, known: _Known[V]) -> bool:
        return not known.expired and self._age(known) < self._lifetime

    def _serves(self, known: _Known[V]) -> bool:
        if self._stale_for is None:
            return True
        return self._age(known) < self._lifetime + self._stale_for

    def _age(self, known: _Known[V]) -> timedelta:
        return self._now() - known.read_at

    def _resting(self, key: K) -> _Failure | None:
        failure = self._failed.get(key)
        return failure if failure and self._now() < failure.until else None
