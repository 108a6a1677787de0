"""Tracks whether a change was made, for whoever answers for what was done around it.

A handler that makes a change and then fails to read something has changed something.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class WriteTracker:
    wrote: bool = False
    """incident.io has accepted a POST, PUT or DELETE."""


_tracker: ContextVar[WriteTracker | None] = ContextVar("write_tracker", default=None)


@contextmanager
def tracking_writes() -> Iterator[WriteTracker]:
    """Track the changes that this thread makes meanwhile."""
    tracker = WriteTracker()
    token = _tracker.set(tracker)
    try:
        yield tracker
    finally:
        _tracker.reset(token)


def record_write() -> None:
    """Note that this thread has made a change."""
    tracker = _tracker.get()
    if tracker is not None:
        tracker.wrote = True
