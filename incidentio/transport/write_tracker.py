"""Tracks whether a thread made a change, and refuses changes it may no longer make.

A handler that fails after a change must not say that nothing was changed. A handler
that was frozen may have been replaced by another process.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _always() -> bool:
    return True


@dataclass(slots=True)
class WriteTracker:
    """The changes of one thread in one block."""

    allowed: Callable[[], bool] = _always
    """Returns whether a change may still be made; called right before each."""
    wrote: bool = False
    """Whether incident.io has accepted a POST, PUT or DELETE."""


_tracker: ContextVar[WriteTracker | None] = ContextVar("write_tracker", default=None)


@contextmanager
def tracking_writes(
    allowed: Callable[[], bool] = _always,
) -> Iterator[WriteTracker]:
    """Track the changes in this block; they raise ``Withheld`` unless ``allowed``."""
    tracker = WriteTracker(allowed)
    token = _tracker.set(tracker)
    try:
        yield tracker
    finally:
        _tracker.reset(token)


def record_write() -> None:
    """Record that this thread has made a change."""
    tracker = _tracker.get()
    if tracker is not None:
        tracker.wrote = True


def may_write() -> bool:
    """Return whether this thread may still make changes."""
    tracker = _tracker.get()
    return tracker is None or tracker.allowed()
