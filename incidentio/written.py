"""Whether a change was made, for whoever answers for what was done around it.

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
class Written:
    made: bool = False
    """incident.io has said yes to a POST, PUT or DELETE."""


_written: ContextVar[Written | None] = ContextVar("written", default=None)


@contextmanager
def noting() -> Iterator[Written]:
    """Note the changes that this thread makes meanwhile."""
    written = Written()
    token = _written.set(written)
    try:
        yield written
    finally:
        _written.reset(token)


def note() -> None:
    written = _written.get()
    if written is not None:
        written.made = True
