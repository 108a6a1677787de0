"""Lets acknowledgements go before work, for both need the interpreter's one lock.

Slack waits for an acknowledgement, and nobody notices work that ends a moment later. So
while a delivery is being acknowledged, a thread that works gives way: before it begins,
and after each answer of a service.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local

LOOK = 0.002
"""Seconds between two looks; only one of the threads that give way looks."""


class Precedence:
    """Counts the acknowledgements under way, and lets threads wait for their end."""

    def __init__(self) -> None:
        self.under_way = 0
        self._counting = Lock()
        self._looking = Lock()
        self._mine = local()

    @contextmanager
    def acknowledging(self) -> Iterator[None]:
        """Go before work."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let work go on while who goes before it waits: for work, or for a service."""
        self._count(-1)
        try:
            yield
        finally:
            self._count(1)

    def begin(self, patience: float) -> None:
        """Begin work, which gives way for so many seconds at most, all in all."""
        self._mine.left = patience
        self.give_way()

    def give_way(self) -> None:
        """Wait while acknowledgements are under way; only in threads that work."""
        left = getattr(self._mine, "left", 0.0)
        if self.under_way <= 0 or left <= 0:
            return
        began = time.monotonic()
        if self._looking.acquire(timeout=left):
            try:
                while self.under_way > 0 and time.monotonic() - began < left:
                    time.sleep(LOOK)
            finally:
                self._looking.release()
        self._mine.left = left - (time.monotonic() - began)

    def _count(self, more: int) -> None:
        with self._counting:
            self.under_way += more


PRECEDENCE = Precedence()
"""That of this process, which has one such lock."""
