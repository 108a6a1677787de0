"""The clocks of the tests."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def elapsed(self) -> float:
        return self.at.timestamp()

    def advance(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


class Impatient:
    """Real time, but whoever sleeps wakes up at once, by so much later."""

    def __init__(self) -> None:
        self._slept = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self._slept

    def sleep(self, seconds: float) -> None:
        self._slept += seconds
