"""Quiet hours: from one time of day to another, in somebody's zone. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


class QuietSpan(NamedTuple):
    begins: datetime
    ends: datetime


def quiet(
    moment: datetime, zone: ZoneInfo, hours: tuple[time, time]
) -> QuietSpan | None:
    """Give the quiet hours that a moment is in, in UTC; None: it is in none.

    A time of day that comes twice is the first; one that is left out is as much later
    as the clock was put forward.
    """
    start, end = hours
    today = moment.astimezone(zone).date()
    for day in (today - DAY, today):
        last = day + DAY if end < start else day
        begins = datetime.combine(day, start, zone).astimezone(UTC)
        ends = datetime.combine(last, end, zone).astimezone(UTC)
        if begins <= moment < ends:
            return QuietSpan(begins, ends)
    return None
