"""How long a call waits for a rate limit that is used up.

Somebody who looks something up is better told at once that there is a limit: what is
known from before can be shown instead, and others do not wait behind them.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_longest: ContextVar[float] = ContextVar("longest_wait_for_a_limit", default=inf)


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Let each call in this block wait at most so long for a rate limit."""
    token = _longest.set(seconds)
    try:
        yield
    finally:
        _longest.reset(token)


def patience(usual: float) -> float:
    """Return the seconds that a call may wait for a rate limit."""
    return min(usual, _longest.get())
