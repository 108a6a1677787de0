"""Tracks whether a thread was served old data because it could not be read again.

The answer to the person then says how old it is.
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
    """The old data that one thread was served in one block."""

    oldest: datetime | None = None
    """When the oldest of it was read. None: everything was up to date."""


_tracker: ContextVar[StaleReads | None] = ContextVar("stale_reads", default=None)


@contextmanager
def tracking_stale_reads() -> Iterator[StaleReads]:
    """Track the old data that this thread is served in this block."""
    tracker = StaleReads()
    token = _tracker.set(tracker)
    try:
        yield tracker
    finally:
        _tracker.reset(token)


def record_stale_read(as_of: datetime) -> None:
    """Record that this thread was served old data, read at that time."""
    tracker = _tracker.get()
    if tracker is not None:
        tracker.oldest = min(tracker.oldest or as_of, as_of)
