"""Remembers values by key. One thread reads an old value again for all."""

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
"""The most keys: one more, and all others are forgotten."""


@dataclass(frozen=True, slots=True)
class _Known(Generic[V]):
    value: V
    read_at: datetime
    """When reading it began."""
    expired: bool = False


@dataclass(frozen=True, slots=True)
class _Failure:
    error: BaseException
    retry_at: datetime
    """When the value may be read again, at the earliest."""


class Remembered(Generic[K, V]):
    """Remembers values by key; threads may share it.

    A value is fresh for its ``lifetime``. Then the next caller reads it again; others
    get the old value meanwhile. If reading raises one of ``failures``, callers get the
    old value for up to ``stale_for`` more (None: without end), and it is read again
    after a ``pause`` at the earliest. Where there is no old value, or it is too old,
    all callers wait for the one that reads, and get its value or its exception.
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
        self._readings: dict[K, Future[V]] = {}

    def get(self, key: K) -> V:
        """Return the value; read it if none is known or it is old.

        Raises:
            Exception: what reading raised, where no old value may be returned.
        """
        with self._lock:
            known = self._known.get(key)
            if known and self._is_fresh(known):
                return known.value
            old = known if known and self._serves(known) else None
            reading = self._readings.get(key)
            failure = self._recent_failure(key)
            if old and (reading or failure):
                return old.value
            if failure:
                raise failure.error
            mine = reading is None
            reading = self._readings.setdefault(key, Future())
        return self._read_now(key, reading, old) if mine else reading.result()

    def peek(self, key: K, age: timedelta | None = None) -> V | None:
        """Return the value if it is younger than ``age`` (None: its lifetime).

        Nothing is read. None: there is no such value.
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
        """Make the next caller read the value again, however fresh it is."""
        with self._lock:
            if known := self._known.get(key):
                self._known[key] = _Known(known.value, known.read_at, expired=True)

    def forget(self, key: K) -> None:
        """Drop the value, and one that is being read now: both may be out of date."""
        with self._lock:
            self._known.pop(key, None)
            self._failed.pop(key, None)
            self._readings.pop(key, None)

    def clear(self) -> None:
        """Drop all values, and those that are being read now."""
        with self._lock:
            self._known.clear()
            self._failed.clear()
            self._readings.clear()

    def _read_now(self, key: K, reading: Future[V], old: _Known[V] | None) -> V:
        began = self._now()
        try:
            value = self._read(key)
        except BaseException as error:
            self._fail(key, reading, error)
            reading.set_exception(error)
            if old is None or not isinstance(error, self._failures):
                raise
            return old.value
        with self._lock:
            if self._end_reading(key, reading):
                self._store(key, value, began)
        reading.set_result(value)
        return value

    def _end_reading(self, key: K, reading: Future[V]) -> bool:
        """End a reading; return False if its value was forgotten meanwhile."""
        if self._readings.get(key) is not reading:
            return False
        del self._readings[key]
        return True

    def _fail(self, key: K, reading: Future[V], error: BaseException) -> None:
        with self._lock:
            if self._end_reading(key, reading) and isinstance(error, self._failures):
                retry_at = self._now() + self._pause(error)
                self._failed[key] = _Failure(error, retry_at)

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

    def _recent_failure(self, key: K) -> _Failure | None:
        failure = self._failed.get(key)
        return failure if failure and self._now() < failure.retry_at else None
