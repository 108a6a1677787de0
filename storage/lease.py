"""Leases as their holders know them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SENDING = timedelta(seconds=30)
"""The part of a lease that must be left for a request to Slack, which ends sooner."""

_COUNTS_SLEEP = getattr(time, "CLOCK_BOOTTIME", None) or getattr(
    time, "CLOCK_MONOTONIC", None
)
"""A clock that goes on while the machine sleeps; on macOS this is the monotonic one."""


def elapsed() -> float:
    """Return the seconds since a point in the past, with those the machine slept."""
    if _COUNTS_SLEEP is None:
        return time.monotonic()
    return time.clock_gettime(_COUNTS_SLEEP)


@dataclass(frozen=True, slots=True)
class Lease:
    """The time for which one process holds something, measured by its own clock."""

    began: float
    """When the process asked for it, by ``elapsed``."""
    length: timedelta
    elapsed: Callable[[], float]
    until: datetime
    """Its end, by the database's clock. The next lease has another."""

    def lasts(self) -> bool:
        """Return whether a request that leaves now ends within the lease.

        A process that was frozen since it asked for the lease may have lost it.
        """
        age = timedelta(seconds=self.elapsed() - self.began)
        return age <= self.length - SENDING
