"""Five crontab fields as they are commonly understood, read by APScheduler.

APScheduler counts weekdays from Monday and wants both day fields to match; crontab
counts from Sunday and, where both are given, takes either. Times here are wall-clock
times without a zone: see ``reminders.calendar.schedule`` for what they mean somewhere.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from apscheduler.triggers.cron import CronTrigger

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 200
_HORIZON = timedelta(days=9 * 366)
"""29 February can be eight years away; a time further away than this never comes."""

_RANGES = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
)
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?")


class ScheduleError(ValueError):
    """A text is not a schedule; the message says why."""


def wall_times(expression: str, start: datetime) -> Iterator[datetime]:
    """Yield the naive times that match, from ``start`` on (inclusive), in order."""
    triggers = _triggers(expression)
    moment = start.replace(tzinfo=UTC)
    for trigger in triggers:
        trigger.end_date = moment + _HORIZON
    while True:
        following = [t.get_next_fire_time(None, moment) for t in triggers]
        found = min((time for time in following if time is not None), default=None)
        if found is None:
            return
        yield found.replace(tzinfo=None)
        moment = found + timedelta(minutes=1)


def crowded(expression: str, least: timedelta) -> tuple[datetime, datetime] | None:
    """Return two wall-clock times less than ``least`` apart; None if there are none.

    Every day on which it is due has the same times of day. So one day is checked, and
    then the last time of a day against the first time of the day after it.
    """
    start = datetime(2026, 1, 1)  # noqa: DTZ001
    first = next(wall_times(expression, start), None)
    if first is None:
        return None
    times = wall_times(expression, first)
    day = list(takewhile(lambda time: time.date() == first.date(), times))
    close = next((pair for pair in pairwise(day) if pair[1] - pair[0] < least), None)
    if close or first + timedelta(days=1) - day[-1] >= least:
        return close
    return _over_midnight(expression, day[-1], start + _HORIZON)


def _over_midnight(
    expression: str, last: datetime, until: datetime
) -> tuple[datetime, datetime] | None:
    """Return the last time of a day and the first of the next day, if both are due."""
    while last < until:
        midnight = datetime.combine(last, time()) + timedelta(days=1)
        following = next(wall_times(expression, midnight), None)
        if following is None:
            return None
        if following.date() == midnight.date():
            return last, following
        last = datetime.combine(following, last.time())
    return None


def _triggers(expression: str) -> list[CronTrigger]:
    """Make new triggers on each call, for the caller sets their ``end_date``."""
    return [_trigger(simple) for simple in _simple(expression)]


@lru_cache(maxsize=1024)
def _simple(expression: str) -> tuple[str, ...]:
    """Check an expression, and return it as one or two that APScheduler reads alike."""
    if len(expression) > LONGEST:
        raise ScheduleError(f"A cron expression has at most {LONGEST} characters.")
    fields = expression.lower().split()
    if len(fields) != 5:
        raise ScheduleError(
            "A cron expression has five fields: minute, hour, day of the month, month"
            f" and weekday. This one has {len(fields)}."
        )
    minute, hour, day, month, weekday = fields
    weekdays = _weekdays(weekday)
    if day.startswith("*") or weekday.startswith("*"):
        pairs = [(day, weekdays)]
    else:
        pairs = [(day, "*"), ("*", weekdays)]
    for place in range(len(_RANGES)):
        _check(place, fields[place])
    return tuple(f"{minute} {hour} {d} {month} {w}" for d, w in pairs)


def _check(place: int, field: str) -> None:
    """Try one field alone, so that the error can name it in words of our own."""
    name, least, most = _RANGES[place]
    alone = ["*"] * 5
    alone[place] = field
    try:
        _trigger(" ".join(alone))
    except (ValueError, OverflowError) as error:
        raise ScheduleError(
            f"The {name} “{field}” is not understood. It is a number from {least} to "
            f"{most}, several as 1,5 or 1-5, * for every one, or */2 for every second."
        ) from error


def _trigger(expression: str) -> CronTrigger:
    return CronTrigger.from_crontab(expression, timezone=UTC)


def _weekdays(field: str) -> str:
    if field == "*":
        return field
    numbers = {number for part in field.split(",") for number in _numbers(part)}
    return ",".join(_DAYS[number] for number in sorted(numbers))


def _numbers(part: str) -> set[int]:
    match = _PART.fullmatch(part)
    if match is None:
        raise ScheduleError(f"The weekday “{part}” is not understood.")
    first, last, step = match["first"], match["last"], int(match["step"] or 1)
    start = 0 if first == "*" else _number(first)
    if last is not None:
        end = _number(last) or 7
    else:
        end = 6 if first == "*" or match["step"] else start
    if not step or end < start or (first == "*" and last):
        raise ScheduleError(f"The weekdays “{part}” are not understood.")
    return {number % 7 for number in range(start, end + 1, step)}


def _number(day: str) -> int:
    """0 is Sunday, and so is 7."""
    if day in _DAYS:
        return _DAYS.index(day)
    if not re.fullmatch("[0-7]", day):
        raise ScheduleError(
            f"“{day}” is not a weekday. Use 0 (Sunday) to 6, or sun to sat."
        )
    return int(day)
