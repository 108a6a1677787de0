"""Five crontab fields as they are commonly understood, read by APScheduler.

APScheduler counts weekdays from Monday and wants both day fields to match; crontab
counts from Sunday and, where both are given, takes either. Times here are wall-clock
times without a zone: see ``reminders.schedule`` for what they mean somewhere.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from apscheduler.triggers.cron import CronTrigger

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 200
_HORIZON = timedelta(days=9 * 366)
"""29 February can be eight years away; what is further off never comes."""

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?")


class ScheduleError(ValueError):
    """What somebody entered cannot be a schedule; the message says why."""


def wall_times(expression: str, start: datetime) -> Iterator[datetime]:
    """Naive times that match, from ``start`` on (inclusive), in order."""
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


def _triggers(expression: str) -> list[CronTrigger]:
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
    try:
        return [
            CronTrigger.from_crontab(f"{minute} {hour} {d} {month} {w}", timezone=UTC)
            for d, w in pairs
        ]
    except (ValueError, OverflowError) as error:
        raise ScheduleError(f"This is no cron expression: {error}.") from error


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
            f"“{day}” is no weekday: they are 0 (Sunday) to 6, or sun to sat."
        )
    return int(day)
