"""Gaps in which somebody should be on call and nobody is: pure arithmetic.

By its configuration a schedule covers all of the time, unless each rotation in force
has working hours: then only these, and the rest of the week is no gap. Working hours
that cannot be read count as all of the time: one gap too many is better than one too
few.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from incidentio.on_call.layers import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, tzinfo

    from incidentio.schedules import Rotation, Schedule, WorkingInterval

DAY = timedelta(days=1)
LEAST = timedelta(minutes=1)
"""The length of the shortest gap: what is shorter comes from rounding."""

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


class Span(NamedTuple):
    """A period of time."""

    start: datetime
    end: datetime


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order; join those that overlap or touch."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        elif span.start < span.end:
            found.append(span)
    return found


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Return the parts of the spans that no ``taken`` span covers."""
    left = union(spans)
    for gone in union(taken):
        left = [piece for span in left for piece in _cut(span, gone)]
    return left


def _cut(span: Span, gone: Span) -> Iterator[Span]:
    if gone.end <= span.start or gone.start >= span.end:
        yield span
        return
    if span.start < gone.start:
        yield Span(span.start, gone.start)
    if gone.end < span.end:
        yield Span(gone.end, span.end)


def gaps(
    schedule: Schedule, covered: Iterable[Span], start: datetime, end: datetime
) -> list[Span]:
    """Return when somebody should be on call and nobody is."""
    found = without(intended(schedule, start, end), covered)
    return [span for span in found if span.end - span.start >= LEAST]


def intended(schedule: Schedule, start: datetime, end: datetime) -> list[Span]:
    """Return when somebody should be on call, by the schedule's configuration."""
    since = (rotation.effective_from for rotation in schedule.rotations)
    edges = {start, end, *(at for at in since if at and start < at < end)}
    spans = [
        span
        for begin, finish in pairwise(sorted(edges))
        for span in _intended(in_force(schedule, begin), _zone(schedule), begin, finish)
    ]
    return union(spans)


def _intended(
    rotations: Iterable[Rotation], zone: tzinfo, start: datetime, end: datetime
) -> Iterator[Span]:
    try:
        hours = [_hours(rotation) for rotation in rotations]
    except ValueError:
        hours = []
    if not hours or not all(hours):
        yield Span(start, end)
        return
    day = start.astimezone(zone).date() - DAY
    while day <= end.astimezone(zone).date():
        for opens, closes in _on(day, hours, zone):
            yield Span(max(opens, start), min(closes, end))
        day += DAY


Hours = list[tuple[int, time, time]]


def _hours(rotation: Rotation) -> Hours:
    return [_interval(interval) for interval in rotation.working_intervals]


def _interval(interval: WorkingInterval) -> tuple[int, time, time]:
    """Return weekday, start and end.

    Raises:
        ValueError: one of them cannot be read.
    """
    weekday = WEEKDAYS.index(interval.weekday.casefold())
    return weekday, _time(interval.start_time), _time(interval.end_time)


def _time(words: str) -> time:
    return time.fromisoformat("00:00" if words == "24:00" else words)


def _on(
    day: date, hours: Iterable[Hours], zone: tzinfo
) -> Iterator[tuple[datetime, datetime]]:
    """Yield start and end of the hours that begin on a day, and may end on the next."""
    for weekday, opens, closes in (one for own in hours for one in own):
        if weekday == day.weekday():
            last = day + DAY if closes <= opens else day
            yield _utc(day, opens, zone), _utc(last, closes, zone)


def _utc(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _zone(schedule: Schedule) -> tzinfo:
    try:
        return ZoneInfo(schedule.timezone)
    except (KeyError, ValueError, OSError):
        return UTC
