"""A lease as its holder knows it: by the database's clock, and by time that passed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SENDING = timedelta(seconds=30)
"""What must be left of a lease for a request to Slack: none takes longer."""

_COUNTS_SLEEP = getattr(time, "CLOCK_BOOTTIME", None) or getattr(
    time, "CLOCK_MONOTONIC", None
)
"""A clock that goes on while the machine sleeps: on macOS the monotonic one does."""


def elapsed() -> float:
    """Return seconds since some point in the past, those of a sleep included."""
    if _COUNTS_SLEEP is None:
        return time.monotonic()
    return time.clock_gettime(_COUNTS_SLEEP)


@dataclass(frozen=True, slots=True)
class Lease:
    """What one process holds; its own clock says how long that still lasts."""

    began: float
    """When it was asked for, on ``elapsed``."""
    length: timedelta
    elapsed: Callable[[], float]
    until: datetime
    """The end, by the database's clock. Whoever takes it over gets another."""

    def lasts(self) -> bool:
        """Return whether a request that leaves now ends within the lease.

        A process that was frozen since it asked for the lease may have lost it.
        """
        age = timedelta(seconds=self.elapsed() - self.began)
        return age <= self.length - SENDING
