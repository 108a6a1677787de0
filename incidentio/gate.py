"""A turnstile: lets requests through no faster than the API allows."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from incidentio.errors import HeldBack, held_back

if TYPE_CHECKING:
    from collections.abc import Callable

RESERVED_FOR_PEOPLE = 0.3
SHORTEST_WAIT = 1e-6


class Gate:
    """A token bucket. Waiters hold a place in the future, so they go in turn.

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
        self._level = self._size
        self._filled = monotonic()
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()

    def take(self, until: float, *, background: bool = False) -> None:
        """Wait for a turn, or raise ``HeldBack`` if it would come after ``until``."""
        while wait := self._place(until, background=background):
            self._sleep(wait)
            if not background:
                return

    def _place(self, until: float, *, background: bool) -> float:
        """Seconds to wait: for the place taken, or until background may ask again."""
        floor = self._reserve if background else 0.0
        with self._lock:
            now = self._fill()
            wait = (floor + 1 - self._level) / self._rate
            wait = wait if wait > SHORTEST_WAIT else 0.0
            if wait and wait > until - now:
                raise _held_back(wait)
            if not (background and wait):
                self._level -= 1
            return wait

    def _fill(self) -> float:
        now = self._monotonic()
        gained = max(0.0, now - self._filled) * self._rate
        self._level = min(self._size, self._level + gained)
        self._filled = now
        return now


def _held_back(wait: float) -> HeldBack:
    said = f"This bot has used up its requests for now; more in {wait:.0f} s."
    return held_back(said, timedelta(seconds=wait))
