"""Finds what an earlier attempt may have made.

Most writes of incident.io take no idempotency key, so a second attempt looks first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from handlers.core.context import Context

SKEW = timedelta(minutes=5)
"""The most that incident.io's clock and ours may differ."""


class Dated(Protocol):
    @property
    def created_at(self) -> datetime | None: ...


T = TypeVar("T")
D = TypeVar("D", bound=Dated)


def made_before(
    ctx: Context, listed: Callable[[], Iterable[T]], same: Callable[[T], bool]
) -> T | None:
    """Return the first of ``listed()`` that is the ``same`` as what is to be made.

    ``listed`` is called only if an earlier attempt may have made something.
    """
    if not ctx.in_doubt:
        return None
    return next((one for one in listed() if same(one)), None)


def made_lately(
    ctx: Context, listed: Callable[[], Iterable[D]], same: Callable[[D], bool]
) -> D | None:
    """Return what ``made_before`` finds, if created since the first attempt began."""
    since = begun(ctx)

    def lately(one: D) -> bool:
        return one.created_at is not None and one.created_at >= since and same(one)

    return made_before(ctx, listed, lately)


def begun(ctx: Context) -> datetime:
    """Return the earliest time, by incident.io's clock, that the attempt began at."""
    return (ctx.in_doubt_since or ctx.now) - SKEW
