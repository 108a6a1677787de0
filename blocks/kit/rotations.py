"""A schedule's rotations in words: handovers and working hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from blocks.kit import text
from incidentio import Handover, Rotation, Schedule
from incidentio.on_call.coverage import WEEKDAYS
from incidentio.schedules import WorkingInterval

UNITS = {"hourly": "hour", "daily": "day", "weekly": "week"}


def zone_of(name: str) -> ZoneInfo | None:
    """Return a time zone, or None where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def unread_zone(name: str) -> str:
    """Return in plain text that a time zone is not known, or that none is set."""
    if not name.strip():
        return "no time zone is set"
    return f"the time zone “{text.plain(name, 80)}” is not known to the bot"


def handovers(rotation: Rotation, schedule: Schedule) -> str:
    """Return ``weekly, Mondays 09:00``; several intervals apply one after another."""
    several = [_every(handover) for handover in rotation.handovers]
    often = f"{', then '.join(several)}, in turn" if len(several) > 1 else ""
    kinds = {handover.interval_type for handover in rotation.handovers}
    start = rotation.handover_start_at
    at = _at(start, kinds, zone_of(schedule.timezone)) if start else ""
    return ", ".join(filter(None, [often or "".join(several), at])) or "not said"


def _every(handover: Handover) -> str:
    kind, number = handover.interval_type, handover.interval
    unit = UNITS.get(kind)
    if unit is None or number == 1:
        return text.inline(kind if number == 1 else f"{kind} ({number})", 60)
    return f"every {number} {unit}s"


def _at(start: datetime, kinds: set[str], zone: ZoneInfo | None) -> str:
    there = start.astimezone(zone or UTC)
    clock = there.strftime("%H:%M") + ("" if zone else " UTC")
    if "weekly" in kinds:
        return f"{WEEKDAYS[there.weekday()].capitalize()}s {clock}"
    return f"at {there:%M} past" if kinds == {"hourly"} else f"at {clock}"


def hours(intervals: Sequence[WorkingInterval]) -> str:
    """Return ``Monday to Friday 09:00 to 17:00``; days of equal hours are joined."""
    by_day: dict[str, list[str]] = {}
    for interval in intervals:
        span = f"{interval.start_time} to {interval.end_time}"
        by_day.setdefault(interval.weekday.lower(), []).append(span)
    days = sorted(by_day, key=_place)
    parts = [
        f"{_days(list(group))} {' and '.join(spans)}"
        for spans, group in groupby(days, key=lambda day: by_day[day])
    ]
    return text.inline("; ".join(parts), 600) if parts else "always"


def _place(day: str) -> int:
    return WEEKDAYS.index(day) if day in WEEKDAYS else len(WEEKDAYS)


def _days(days: list[str]) -> str:
    """Return consecutive days as a range, others one by one."""
    places = [_place(day) for day in days]
    names = [day.capitalize() for day in days]
    in_a_row = places == list(range(places[0], places[0] + len(places)))
    if in_a_row and len(names) > 2:
        return f"{names[0]} to {names[-1]}"
    return text.listed(names)


def clock(written: str) -> time | None:
    """Return a time of day; ``24:00`` is midnight. None: it cannot be read."""
    try:
        return time.fromisoformat("00:00" if written == "24:00" else written)
    except ValueError:
        return None


def alike(intervals: Sequence[WorkingInterval]) -> bool:
    """Return whether each day comes once, and all have the same hours."""
    days = [interval.weekday for interval in intervals]
    spans = {(i.start_time, i.end_time) for i in intervals}
    clocks = [clock(written) for written in _times(intervals)]
    known = set(days) <= set(WEEKDAYS) and all(at is not None for at in clocks)
    return known and len(set(days)) == len(days) and len(spans) == 1


def _times(intervals: Iterable[WorkingInterval]) -> Iterable[str]:
    for interval in intervals:
        yield from (interval.start_time, interval.end_time)
