"""Computes shifts from a schedule's rotations; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sandbox.incidentio.state.times import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Rotation = dict[str, Any]

STEPS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
}
WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


@dataclass(frozen=True, slots=True)
class Shift:
    rotation_id: str
    layer_id: str
    user_id: str
    start: datetime
    end: datetime
    override_id: str | None = None

    @property
    def layer_key(self) -> tuple[str, str]:
        return self.rotation_id, self.layer_id

    def overlaps(self, start: datetime, end: datetime) -> bool:
        return self.start < end and self.end > start


def scheduled(
    rotations: list[Rotation], zone: tzinfo, start: datetime, end: datetime
) -> list[Shift]:
    """Return the shifts of the rotations that overlap a window, at full length."""
    shifts = []
    for rotation, since, until in _versions(rotations):
        low, high = _clip(start, end, since, until)
        for shift in _shifts(rotation, zone, low, high):
            begin, finish = _clip(shift.start, shift.end, since, until)
            shifts.append(replace(shift, start=begin, end=finish))
    return _sorted(s for s in shifts if s.overlaps(start, end))


def merged(plan: list[Shift], overrides: list[Shift]) -> list[Shift]:
    """Return the shifts with overrides replacing those of the same layer."""
    left = plan
    for override in overrides:
        left = [piece for shift in left for piece in _without(shift, override)]
    return _sorted([*left, *overrides])


def _sorted(shifts: Iterable[Shift]) -> list[Shift]:
    return sorted(shifts, key=lambda shift: (shift.start, shift.layer_key))


def _without(shift: Shift, override: Shift) -> Iterator[Shift]:
    if shift.layer_key != override.layer_key or not override.overlaps(
        shift.start, shift.end
    ):
        yield shift
        return
    if shift.start < override.start:
        yield replace(shift, end=override.start)
    if shift.end > override.end:
        yield replace(shift, start=override.end)


def _versions(
    rotations: list[Rotation],
) -> Iterator[tuple[Rotation, datetime | None, datetime | None]]:
    """Yield each version of each rotation, with the times it applies from and until."""
    by_id: dict[str, list[Rotation]] = {}
    for rotation in rotations:
        by_id.setdefault(rotation["id"], []).append(rotation)
    for versions in by_id.values():
        versions.sort(key=lambda version: str(version.get("effective_from", "")))
        starts = [parse_time(version.get("effective_from", "")) for version in versions]
        for version, (since, until) in zip(
            versions, pairwise([*starts, None]), strict=True
        ):
            yield version, since, until


def _clip(
    start: datetime, end: datetime, since: datetime | None, until: datetime | None
) -> tuple[datetime, datetime]:
    low = start if since is None else max(start, since)
    high = end if until is None else min(end, until)
    return low, high


def _shifts(
    rotation: Rotation, zone: tzinfo, low: datetime, high: datetime
) -> Iterator[Shift]:
    users = rotation["users"]
    for number, start, end in (
        _handover_periods(rotation, zone, low, high) if users else ()
    ):
        for begin, finish in _working_parts(rotation, zone, start, end):
            for place, layer in enumerate(rotation["layers"]):
                user = users[(number + place) % len(users)]
                yield Shift(rotation["id"], layer["id"], user["id"], begin, finish)


def _handover_periods(
    rotation: Rotation, zone: tzinfo, low: datetime, high: datetime
) -> Iterator[tuple[int, datetime, datetime]]:
    """Yield number, start and end of each period between handovers.

    Handovers keep their local time of day, except hourly ones.
    """
    kinds = [handover["interval_type"] for handover in rotation["handovers"]]
    steps = [
        STEPS[kind] * handover["interval"]
        for kind, handover in zip(kinds, rotation["handovers"], strict=True)
    ]
    clock = UTC if set(kinds) == {"hourly"} else zone
    anchor = parse_time(rotation["handover_start_at"])
    assert anchor is not None
    wall = anchor.astimezone(clock).replace(tzinfo=None)
    cycle = sum(steps, timedelta())
    passed = low.astimezone(clock).replace(tzinfo=None) - wall
    cycles = max(passed // cycle - 1, 0)
    number, wall = cycles * len(steps), wall + cycles * cycle
    while (start := _utc(wall, clock)) < high:
        wall += steps[number % len(steps)]
        end = _utc(wall, clock)
        if end > low:
            yield number, start, end
        number += 1


def _working_parts(
    rotation: Rotation, zone: tzinfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the parts of a period that lie in working hours, if there are any."""
    if not rotation["working_intervals"]:
        yield start, end
        return
    day = start.astimezone(zone).date() - timedelta(days=1)
    while day <= end.astimezone(zone).date():
        for opens, closes in _hours(rotation, zone, day):
            begin, finish = max(opens, start), min(closes, end)
            if begin < finish:
                yield begin, finish
        day += timedelta(days=1)


def _hours(
    rotation: Rotation, zone: tzinfo, day: date
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working hours that start on a day; they may end on the next."""
    for interval in rotation["working_intervals"]:
        if interval["weekday"] == WEEKDAYS[day.weekday()]:
            opens = datetime.combine(day, _time(interval["start_time"]))
            closes = datetime.combine(day, _time(interval["end_time"]))
            if closes <= opens:
                closes += timedelta(days=1)
            yield _utc(opens, zone), _utc(closes, zone)


def _time(text: str) -> time:
    return time.fromisoformat("00:00" if text == "24:00" else text)


@lru_cache(10_000)
def _utc(wall: datetime, zone: tzinfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)
