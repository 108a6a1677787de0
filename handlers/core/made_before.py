"""Finds what an earlier attempt may have made: most writes take no idempotency key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from handlers.core.context import Context

SKEW = timedelta(minutes=5)
"""How far incident.io's clock and ours may be apart."""


class Dated(Protocol):
    @property
    def created_at(self) -> datetime | None: ...


T = TypeVar("T")
D = TypeVar("D", bound=Dated)


def made_before(
    ctx: Context, listed: Callable[[], Iterable[T]], same: Callable[[T], bool]
) -> T | None:
    """Return what an earlier attempt made, of what is ``listed``.

    It is read only if there was an attempt that may have made something.
    """
    if not ctx.in_doubt:
        return None
    return next((one for one in listed() if same(one)), None)


def made_lately(
    ctx: Context, listed: Callable[[], Iterable[D]], same: Callable[[D], bool]
) -> D | None:
    """Find it as ``made_before`` does, if it was created since that attempt began."""
    since = begun(ctx)

    def lately(one: D) -> bool:
        return one.created_at is not None and one.created_at >= since and same(one)

    return made_before(ctx, listed, lately)


def begun(ctx: Context) -> datetime:
    """Return when the first attempt can have begun, by incident.io's clock."""
    return (ctx.in_doubt_since or ctx.now) - SKEW
