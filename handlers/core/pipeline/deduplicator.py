"""Remembers recent deliveries, so that a repeated lookup is answered once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

KEPT = timedelta(minutes=10)
"""Slack repeats an event after a minute and after five."""
MOST = 20_000


class Deduplicator:
    """Remembers keys for ten minutes, 20,000 at most."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._keys: OrderedDict[str, datetime] = OrderedDict()
        self._lock = Lock()

    def is_new(self, key: str) -> bool:
        """Remember ``key``; return False if it was known already."""
        now = self._now()
        with self._lock:
            while self._keys and (
                len(self._keys) >= MOST or now - next(iter(self._keys.values())) > KEPT
            ):
                self._keys.popitem(last=False)
            if key in self._keys:
                return False
            self._keys[key] = now
            return True
