"""Finds what an earlier attempt may have made: most writes take no idempotency key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from handlers.core.context import Context

JUST_NOW = timedelta(minutes=30)


class Dated(Protocol):
    @property
    def created_at(self) -> datetime | None: ...


T = TypeVar("T")
D = TypeVar("D", bound=Dated)


def made_before(
    ctx: Context, listed: Callable[[], Iterable[T]], same: Callable[[T], bool]
) -> T | None:
    """Return what an earlier attempt made, of what is ``listed``; None at the first."""
    if ctx.attempt == 1:
        return None
    return next((one for one in listed() if same(one)), None)


def made_lately(
    ctx: Context, listed: Callable[[], Iterable[D]], same: Callable[[D], bool]
) -> D | None:
    """Find it as ``made_before`` does, if it was created in the last 30 minutes."""
    since = ctx.now - JUST_NOW

    def lately(one: D) -> bool:
        return one.created_at is not None and one.created_at >= since and same(one)

    return made_before(ctx, listed, lately)
