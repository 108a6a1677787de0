"""Tracks whether something old was served because it could not be read again.

Whoever answers a person then says how old it is.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


@dataclass(slots=True)
class StaleReads:
    oldest: datetime | None = None
    """When the oldest of what was served was read. None: all of it is up to date."""


_tracker: ContextVar[StaleReads | None] = ContextVar("stale_reads", default=None)


@contextmanager
def tracking_stale_reads() -> Iterator[StaleReads]:
    """Track what old values this thread is served meanwhile."""
    tracker = StaleReads()
    token = _tracker.set(tracker)
    try:
        yield tracker
    finally:
        _tracker.reset(token)


def record_stale_read(as_of: datetime) -> None:
    """Note that this thread was served something that was read then."""
    tracker = _tracker.get()
    if tracker is not None:
        tracker.oldest = min(tracker.oldest or as_of, as_of)
