"""A circuit breaker: while incident.io does not answer, it is not asked."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from incidentio.errors import (
    APIError,
    CircuitOpen,
    LocallyRateLimited,
    ServerError,
    Unexpected,
    Unreachable,
    locally_rate_limited,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

FAILURE_THRESHOLD = 5
FAILURE_WINDOW = 60.0
"""Seconds in which that many failures open the circuit."""
SHORTEST_PAUSE, LONGEST_PAUSE = 5.0, 30.0
SLOW_AFTER = 3.0
"""Seconds after which an unanswered request counts as silence, before it times out."""
RECHECK_INTERVAL = 0.1
"""Seconds between two looks, by a call that waits for others to be answered."""


class CircuitBreaker:
    """Opens after ``FAILURE_THRESHOLD`` calls in a row got no answer.

    While open, it refuses every call at once. After a pause it lets one through as a
    probe: an answer closes the circuit, no answer doubles the pause.

    It also refuses calls while as many others have waited for ``SLOW_AFTER`` seconds
    and none was answered. At most ``max_in_flight`` requests wait at a time: if every
    thread did, none would be left to tell people that incident.io does not answer.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        max_in_flight: int = 20,
    ) -> None:
        self._now = now
        self._monotonic = monotonic
        self._max_in_flight = max_in_flight
        self._lock = threading.Condition(threading.Lock())
        self._failures: list[float] = []
        self._silent_since: datetime | None = None
        self._pause = 0.0
        self._probe_at = 0.0
        self._probing = False
        self._in_flight: dict[object, float] = {}
        self._answered_at = float("-inf")

    @contextmanager
    def in_flight(self, until: float) -> Iterator[None]:
        """Count the request in this block as unanswered; wait if too many others are.

        Raises:
            LocallyRateLimited: too many still are at the time ``until``.
            CircuitOpen: none of the others is answered.
        """
        request = object()
        with self._lock:
            self._wait_for_room(until)
            self._in_flight[request] = self._monotonic()
        try:
            yield
        finally:
            with self._lock:
                del self._in_flight[request]
                self._lock.notify()

    def _wait_for_room(self, until: float) -> None:
        while len(self._in_flight) >= self._max_in_flight:
            if self._nobody_answers():
                raise self._circuit_open(1.0)
            left = until - self._monotonic()
            if left <= 0:
                raise locally_rate_limited(
                    "Too many requests wait for incident.io's answer."
                )
            self._lock.wait(min(RECHECK_INTERVAL, left))

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Guard the call in this block; its outcome opens or closes the circuit.

        Raises:
            CircuitOpen: the call must not be made.
        """
        probe = self._admit()
        try:
            yield
        except (LocallyRateLimited, CircuitOpen):
            self._abandoned(probe)
            raise
        except (APIError, Unexpected) as error:
            from_gateway = isinstance(error, ServerError) and error.from_gateway
            self._refused(probe, answered=not from_gateway)
            raise
        except Unreachable:
            self._failed(probe)
            raise
        except BaseException:
            self._abandoned(probe)
            raise
        self._answered()

    def _admit(self) -> bool:
        """Return whether this call is the probe; raise ``CircuitOpen`` to refuse it."""
        with self._lock:
            if not self._pause:
                if self._nobody_answers():
                    raise self._circuit_open(1.0)
                return False
            left = self._probe_at - self._monotonic()
            if self._probing or left > 0:
                raise self._circuit_open(max(left, 1.0))
            self._probing = True
            return True

    def _nobody_answers(self) -> bool:
        long_ago = self._monotonic() - SLOW_AFTER
        slow = sum(begun <= long_ago for begun in self._in_flight.values())
        return slow >= FAILURE_THRESHOLD and self._answered_at <= long_ago

    def _circuit_open(self, left: float) -> CircuitOpen:
        since = self._silent_since
        when = f"{since:%H:%M:%S} UTC" if since else "a moment ago"
        message = f"incident.io has not answered since {when}"
        return CircuitOpen(message, retry_after=timedelta(seconds=left))

    def _refused(self, probe: bool, *, answered: bool) -> None:
        if answered:
            self._answered()
        elif probe:
            self._failed(probe)

    def _answered(self) -> None:
        with self._lock:
            self._answered_at = self._monotonic()
            self._failures.clear()
            self._silent_since = None
            self._pause = 0.0
            self._probing = False

    def _abandoned(self, probe: bool) -> None:
        if probe:
            with self._lock:
                self._probing = False

    def _failed(self, probe: bool) -> None:
        with self._lock:
            if probe:
                self._probing = False
                self._open(min(self._pause * 2, LONGEST_PAUSE))
            elif not self._pause:
                self._count_failure()

    def _count_failure(self) -> None:
        now = self._monotonic()
        self._failures = [at for at in self._failures if now - at <= FAILURE_WINDOW]
        if not self._failures:
            self._silent_since = self._now()
        self._failures.append(now)
        if len(self._failures) >= FAILURE_THRESHOLD:
            self._open(SHORTEST_PAUSE)

    def _open(self, pause: float) -> None:
        self._pause = pause
        self._probe_at = self._monotonic() + pause
