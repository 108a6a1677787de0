"""Recurrences of rules: crontab fields in a time zone, and their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reminders.calendar.crontab import ScheduleError, crowded, wall_times

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Recurrence",
    "ScheduleError",
    "describe",
    "following",
    "next_times",
    "spaced",
    "times",
]

DAYS = (
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
)
"""In the order of crontab's numbers: 0 is Sunday."""

LEAST = timedelta(minutes=30)
"""The shortest time allowed between two messages of one reminder."""

_SIMPLE = re.compile(r"(?P<minute>\d+) (?P<hour>\d+) \* \* (?P<days>\*|[0-6]|1-5)")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A recurrence that was checked; it is stored as ``str`` and read with ``parse``.

    Raises:
        ScheduleError: the crontab fields or the time zone are not valid.
    """

    crontab: str
    timezone: str

    def __post_init__(self) -> None:
        _zone(self.timezone)
        if next(wall_times(self.crontab, datetime(2026, 1, 1)), None) is None:  # noqa: DTZ001
            raise ScheduleError(f"“{self.crontab}” never happens.")

    def __str__(self) -> str:
        return f"{self.crontab} {self.timezone}"

    @classmethod
    def parse(cls, stored: str) -> Recurrence:
        return _parsed(stored)

    @classmethod
    def weekdays(cls, at: time, timezone: str) -> Recurrence:
        return cls(f"{at.minute} {at.hour} * * 1-5", timezone)

    @classmethod
    def daily(cls, at: time, timezone: str) -> Recurrence:
        return cls(f"{at.minute} {at.hour} * * *", timezone)

    @classmethod
    def weekly(cls, day: int, at: time, timezone: str) -> Recurrence:
        """Return a weekly recurrence; ``day`` is 0 for Sunday, 1 for Monday."""
        return cls(f"{at.minute} {at.hour} * * {day % 7}", timezone)

    @property
    def kind(self) -> str:
        """Return ``weekdays``, ``daily``, ``weekly``, or ``cron`` for any other."""
        match = _SIMPLE.fullmatch(self.crontab)
        if match is None:
            return "cron"
        return {"*": "daily", "1-5": "weekdays"}.get(match["days"], "weekly")

    @property
    def at(self) -> time | None:
        """Return the time of day. None: its ``kind`` is ``cron``."""
        match = _SIMPLE.fullmatch(self.crontab)
        return time(int(match["hour"]), int(match["minute"])) if match else None

    @property
    def day(self) -> int | None:
        """Return the day of a weekly recurrence, 0 for Sunday; None for other kinds."""
        return int(self.crontab[-1]) if self.kind == "weekly" else None


@lru_cache(maxsize=4096)
def _parsed(stored: str) -> Recurrence:
    """Read a stored recurrence; cached, for thousands of people have the same."""
    crontab, _, timezone = stored.rpartition(" ")
    return Recurrence(crontab, timezone)


def spaced(when: Recurrence) -> Recurrence:
    """Return the recurrence as it is.

    Raises:
        ScheduleError: two of its times are less than ``LEAST`` apart.
    """
    if close := crowded(when.crontab, LEAST):
        one, other = (f"{at:%H:%M}" for at in close)
        raise ScheduleError(
            f"At most every {LEAST.seconds // 60} minutes: this is due at {one} and "
            f"again at {other}."
        )
    return when


def describe(when: Recurrence) -> str:
    """Return the recurrence in words: ``weekdays at 09:00 (Europe/Lisbon)``."""
    return f"{_words(when)} ({when.timezone})"


def following(stored: str, after: datetime) -> datetime:
    """Return the next time of a stored recurrence, in UTC."""
    return next(times(Recurrence.parse(stored), after))


def next_times(when: Recurrence, after: datetime, count: int) -> list[datetime]:
    return list(islice(times(when, after), count))


def times(when: Recurrence, after: datetime) -> Iterator[datetime]:
    """Yield the times at which it is due, in UTC, in order, all later than ``after``.

    When clocks go forward, a wall-clock time that is skipped is due later by as much.
    When they go back, a time that comes twice is due the first time.
    """
    zone = _zone(when.timezone)
    last = after.astimezone(UTC)
    ahead: list[datetime] = []
    for wall in wall_times(when.crontab, _start(last, zone)):
        while ahead and ahead[0].astimezone(zone).replace(tzinfo=None) <= wall:
            last = ahead.pop(0)
            yield last
        instant = wall.replace(tzinfo=zone).astimezone(UTC)
        if instant > last and instant not in ahead:
            ahead = sorted([*ahead, instant])
    yield from ahead


def _start(after: datetime, zone: ZoneInfo) -> datetime:
    """Return the earliest wall-clock time that can be due after ``after``."""
    offsets = [
        moment.astimezone(zone).utcoffset() or timedelta()
        for moment in (after, after - timedelta(days=1))
    ]
    start = after + min(offsets)
    return start.replace(tzinfo=None, second=0, microsecond=0)


def _words(when: Recurrence) -> str:
    at = when.at
    if at is None:
        return f"cron “{when.crontab}”"
    day = "" if when.day is None else DAYS[when.day]
    what = {"daily": "every day", "weekdays": "weekdays"}.get(when.kind, f"{day}s")
    return f"{what} at {at:%H:%M}"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ScheduleError(
            f"“{name}” is not a time zone. Use one like Europe/Lisbon."
        ) from error
