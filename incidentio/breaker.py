"""A circuit breaker: when nobody answers, stop asking for a while."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from incidentio.errors import (
    APIError,
    HeldBack,
    NotTried,
    ServerError,
    Unexpected,
    Unreachable,
    held_back,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

FAILURES = 5
WINDOW = 60.0
SHORTEST, LONGEST = 5.0, 30.0
PATIENCE = 3.0
"""Seconds after which a call that waits counts as silence, before it times out."""
GATEWAY = {502, 503, 504}

LOOK_AGAIN = 0.1
"""Seconds until a call that waits for room looks whether all is silent."""


class Breaker:
    """Opens after ``FAILURES`` calls in a row without an answer, within ``WINDOW``.

    Open, it refuses every call at once. After a pause it lets one through as a
    probe: an answer closes it, silence doubles the pause.

    It also refuses calls while ``FAILURES`` others have been waiting for long and none
    is answered. Until that is known ``most`` wait at once: were it every thread, there
    would be none left to say that incident.io does not answer.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        most: int = 20,
    ) -> None:
        self._now = now
        self._monotonic = monotonic
        self._most = most
        self._lock = threading.Condition(threading.Lock())
        self._failures: list[float] = []
        self._since: datetime | None = None
        self._pause = 0.0
        self._opens = 0.0
        self._probing = False
        self._waiting: dict[object, float] = {}
        self._heard = float("-inf")

    @contextmanager
    def waiting(self, until: float) -> Iterator[None]:
        """Note that a request is on its way, once there is room for it."""
        this = object()
        with self._lock:
            self._wait_for_room(until)
            self._waiting[this] = self._monotonic()
        try:
            yield
        finally:
            with self._lock:
                del self._waiting[this]
                self._lock.notify()

    def _wait_for_room(self, until: float) -> None:
        while len(self._waiting) >= self._most:
            if self._silence():
                raise self._refusal(1.0)
            left = until - self._monotonic()
            if left <= 0:
                raise held_back("Too many requests wait for incident.io's answer.")
            self._lock.wait(min(LOOK_AGAIN, left))

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Guard one call, and learn from how it ends."""
        probe = self._enter()
        try:
            yield
        except (HeldBack, NotTried):
            self._left(probe)
            raise
        except (APIError, Unexpected) as error:
            self._ended(probe, answered=not _gateway(error))
            raise
        except Unreachable:
            self._failed(probe)
            raise
        except BaseException:
            self._left(probe)
            raise
        self._answered()

    def _enter(self) -> bool:
        with self._lock:
            if not self._pause:
                if self._silence():
                    raise self._refusal(1.0)
                return False
            left = self._opens - self._monotonic()
            if self._probing or left > 0:
                raise self._refusal(max(left, 1.0))
            self._probing = True
            return True

    def _silence(self) -> bool:
        long_ago = self._monotonic() - PATIENCE
        waiting = sum(begun <= long_ago for begun in self._waiting.values())
        return waiting >= FAILURES and self._heard <= long_ago

    def _refusal(self, left: float) -> NotTried:
        since = f"{self._since:%H:%M:%S} UTC" if self._since else "a moment ago"
        message = f"incident.io has not answered since {since}"
        return NotTried(message, retry_after=timedelta(seconds=left))

    def _ended(self, probe: bool, *, answered: bool) -> None:
        if answered:
            self._answered()
        elif probe:
            self._failed(probe)

    def _answered(self) -> None:
        with self._lock:
            self._heard = self._monotonic()
            self._failures.clear()
            self._since = None
            self._pause = 0.0
            self._probing = False

    def _left(self, probe: bool) -> None:
        if probe:
            with self._lock:
                self._probing = False

    def _failed(self, probe: bool) -> None:
        with self._lock:
            if probe:
                self._probing = False
                self._open(min(self._pause * 2, LONGEST))
            elif not self._pause:
                self._count()

    def _count(self) -> None:
        now = self._monotonic()
        self._failures = [at for at in self._failures if now - at <= WINDOW]
        if not self._failures:
            self._since = self._now()
        self._failures.append(now)
        if len(self._failures) >= FAILURES:
            self._open(SHORTEST)

    def _open(self, pause: float) -> None:
        self._pause = pause
        self._opens = self._monotonic() + pause


def _gateway(error: APIError | Unexpected) -> bool:
    return isinstance(error, ServerError) and error.status in GATEWAY
