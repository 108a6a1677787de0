"""Tracks whether a change was made, for whoever answers for what was done around it.

A handler that makes a change and then fails to read something has changed something.
One that was frozen meanwhile may not be the one to make it any more.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from incidentio.errors import Withheld

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _always() -> bool:
    return True


@dataclass(slots=True)
class WriteTracker:
    allowed: Callable[[], bool] = _always
    """Whether a change may still be asked for; it is asked right before."""
    wrote: bool = False
    """incident.io has accepted a POST, PUT or DELETE."""


_tracker: ContextVar[WriteTracker | None] = ContextVar("write_tracker", default=None)


@contextmanager
def tracking_writes(
    allowed: Callable[[], bool] = _always,
) -> Iterator[WriteTracker]:
    """Track the changes that this thread makes meanwhile, while they are allowed."""
    tracker = WriteTracker(allowed)
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


def require_allowed() -> None:
    """Raise ``Withheld`` where this thread may not ask for a change any more."""
    tracker = _tracker.get()
    if tracker is not None and not tracker.allowed():
        raise Withheld("not asked for: another process may have taken this over")
