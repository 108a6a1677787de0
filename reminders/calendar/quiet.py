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
    """Return the quiet hours around a moment, in UTC. None: it is not in quiet hours.

    When clocks go back, the first of two equal times of day counts. When they go
    forward, a time of day that is skipped is later by as much.
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
