"""Counts, by week in a time zone, of the items opened and closed. Pure."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from blocks.reminders.summary import Week
from reminders.sources.snapshot import LONG_AGO

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from zoneinfo import ZoneInfo

    from reminders.sources.snapshot import Item

WEEKS = 8
"""The weeks shown: one less than closed items are kept, so that all are complete."""

SHOWN_FROM = 3
"""Thursday (Monday is 0): from this day on, the running week is shown too."""


def bounds(at: datetime, zone: ZoneInfo, number: int = WEEKS) -> list[datetime]:
    """Return where each week begins, in UTC, and where the last one ends.

    Weeks begin on Monday. The last one is the last complete week; from Thursday on it
    is the running week, which ends at ``at``.
    """
    today = at.astimezone(zone).date()
    running = today.weekday() >= SHOWN_FROM
    monday = today - timedelta(days=today.weekday())
    after = monday + timedelta(weeks=1) if running else monday
    mondays = [after - timedelta(weeks=back) for back in range(number, -1, -1)]
    begins = [
        datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC) for day in mondays
    ]
    return [*begins[:-1], at.astimezone(UTC) if running else begins[-1]]


def count(
    items: Iterable[Item], at: datetime, zone: ZoneInfo, number: int = WEEKS
) -> list[Week]:
    """Return how many items were opened and closed each week, and open at its end."""
    limits = bounds(at, zone, number)
    opened, closed = [0] * (number + 2), [0] * (number + 2)
    for item in items:
        since = item.since or LONG_AGO
        opened[bisect_right(limits, since)] += 1
        if item.closed_at:
            closed[bisect_right(limits, max(item.closed_at, since))] += 1
    return _weeks(limits, opened, closed, at, zone)


def _weeks(
    limits: Sequence[datetime],
    opened: Sequence[int],
    closed: Sequence[int],
    at: datetime,
    zone: ZoneInfo,
) -> list[Week]:
    """Return the weeks; the first counts in both lists are of the time before them."""
    still = opened[0] - closed[0]
    today = at.astimezone(zone).date()
    weeks = []
    for nth, begins in enumerate(limits[:-1], start=1):
        still += opened[nth] - closed[nth]
        monday = begins.astimezone(zone).date()
        running = monday + timedelta(weeks=1) > today
        weeks.append(Week(monday, opened[nth], closed[nth], still, running=running))
    return weeks
