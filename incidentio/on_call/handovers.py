"""The times at which rotations hand over: pure arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incidentio.schedules import Handover

STEPS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
}


def next_handover(
    start: datetime, handovers: Sequence[Handover], zone: tzinfo, now: datetime
) -> datetime | None:
    """Return the first handover after ``now``. None: its interval is not known.

    Handovers keep their local time of day, except hourly ones.
    """
    steps = [
        STEPS[h.interval_type] * h.interval
        for h in handovers
        if h.interval_type in STEPS and h.interval > 0
    ]
    if not steps or len(steps) < len(handovers):
        return None
    clock = UTC if {h.interval_type for h in handovers} == {"hourly"} else zone
    wall = start.astimezone(clock).replace(tzinfo=None)
    passed = now.astimezone(clock).replace(tzinfo=None) - wall
    whole = sum(steps, timedelta())
    wall += max(passed // whole - 1, 0) * whole
    for step in cycle(steps):
        at = wall.replace(tzinfo=clock).astimezone(UTC)
        if at > now:
            return at
        wall += step
    return None


def latest(kind: str, weekday: int, at: time, zone: tzinfo, now: datetime) -> datetime:
    """Return the last time up to ``now`` at which a rotation hands over.

    It does so at a time of day; where ``kind`` is ``weekly``, on one weekday only.
    """
    today = now.astimezone(zone).replace(tzinfo=None)
    wall = datetime.combine(today.date(), at)
    if kind == "weekly":
        wall += timedelta(days=weekday - wall.weekday())
    while (moment := wall.replace(tzinfo=zone).astimezone(UTC)) > now:
        wall -= STEPS["weekly" if kind == "weekly" else "daily"]
    return moment


def moved(start: datetime, kind: str, weekday: int, at: time, zone: tzinfo) -> datetime:
    """Return the start of a rotation, moved to another time in the same week.

    Only weekly handovers have a weekday. The order of people stays.
    """
    there = start.astimezone(zone).replace(tzinfo=None)
    wall = datetime.combine(there.date(), at)
    if kind == "weekly":
        wall += timedelta(days=weekday - wall.weekday())
    return wall.replace(tzinfo=zone).astimezone(UTC)
