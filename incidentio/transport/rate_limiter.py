"""Lets requests out no faster than the API allows."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from incidentio.errors import LocallyRateLimited, locally_rate_limited

if TYPE_CHECKING:
    from collections.abc import Callable

RESERVED_FOR_PEOPLE = 0.3
SHORTEST_WAIT = 1e-6


class RateLimiter:
    """A token bucket. Waiters reserve a future token, so they are served in turn.

    A full bucket is a twelfth of a minute's requests: with what flows in during
    that minute the total stays below the API's own limit.
    """

    def __init__(
        self,
        per_minute: int,
        *,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._rate = per_minute / 60
        self._size = max(1.0, float(per_minute // 12))
        self._reserve = min(self._size * RESERVED_FOR_PEOPLE, self._size - 1)
        self._tokens = self._size
        self._filled_at = monotonic()
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()

    def acquire(self, until: float, *, background: bool = False) -> None:
        """Wait for a token; raise ``LocallyRateLimited`` if it came after ``until``."""
        while wait := self._reserve_token(until, background=background):
            self._sleep(wait)
            if not background:
                return

    def _reserve_token(self, until: float, *, background: bool) -> float:
        """Return the seconds until the token, or until background may ask again."""
        floor = self._reserve if background else 0.0
        with self._lock:
            now = self._fill()
            wait = (floor + 1 - self._tokens) / self._rate
            wait = wait if wait > SHORTEST_WAIT else 0.0
            if wait and wait > until - now:
                raise _used_up(wait)
            if not (background and wait):
                self._tokens -= 1
            return wait

    def _fill(self) -> float:
        now = self._monotonic()
        gained = max(0.0, now - self._filled_at) * self._rate
        self._tokens = min(self._size, self._tokens + gained)
        self._filled_at = now
        return now


def _used_up(wait: float) -> LocallyRateLimited:
    said = f"This bot has used up its requests for now; more in {wait:.0f} s."
    return locally_rate_limited(said, timedelta(seconds=wait))
