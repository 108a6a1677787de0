"""Decides which due times of a recurrence are sent and which skipped. Pure."""

from __future__ import annotations

from itertools import islice, takewhile
from typing import TYPE_CHECKING

from reminders.calendar.crontab import ScheduleError
from reminders.calendar.schedule import Recurrence, times
from storage.plans import Plan

if TYPE_CHECKING:
    from datetime import datetime, timedelta

RECORDED = 20
"""The most missed slots that are recorded one by one; there may be more."""


def plan(stored: str, first: datetime, now: datetime, grace: timedelta) -> Plan:
    """Return a plan that sends the latest due time, if not too late, and skips others.

    ``first`` is the time that was planned; ``now`` must not be before it. A recurrence
    that cannot be read gives a plan that is ``broken``.
    """
    try:
        when = Recurrence.parse(stored)
    except ScheduleError as error:
        return Plan(first, broken=str(error))
    missed = [first, *_until(now, when, first, RECORDED)]
    newest = missed[-1]
    if len(missed) > RECORDED:
        newest = max([newest, *_until(now, when, now - grace)])
    send = newest if now - newest <= grace else None
    skipped = [(at, _why(at, newest)) for at in missed if at != send]
    following = next(times(when, max(now, newest)))
    return Plan(following, send, skipped)


def _until(
    now: datetime, when: Recurrence, after: datetime, most: int | None = None
) -> list[datetime]:
    return list(islice(takewhile(lambda at: at <= now, times(when, after)), most))


def _why(at: datetime, newest: datetime) -> str:
    if at == newest:
        return "the bot was not running, and now it is too late"
    return "the bot was not running, and a later one was due"
