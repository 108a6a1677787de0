"""Quiet hours, over midnight and over changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.calendar.quiet import quiet

pytestmark = pytest.mark.kinds("channel")

LISBON = ZoneInfo("Europe/Lisbon")
ZONES = st.sampled_from(
    ["UTC", "Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
).map(ZoneInfo)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))
MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001
    datetime(2028, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def quiet_until(moment, zone, hours):
    span = quiet(moment, zone, hours)
    return span.ends if span else None


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hours", "until"),
    [
        (at(2, 23), (time(22), time(7)), at(3, 7)),
        (at(3, 6, 59), (time(22), time(7)), at(3, 7)),
        (at(3, 7), (time(22), time(7)), None),
        (at(2, 21, 59), (time(22), time(7)), None),
        (at(2, 13), (time(12), time(14)), at(2, 14)),
        (at(2, 11), (time(12), time(14)), None),
        (at(28, 23), (time(22), time(7)), at(29, 6)),
        (at(29, 0, 30), (time(0), time(1, 30)), at(29, 1, 30)),
    ],
)
def test_when_it_is_quiet_and_until_when(now, hours, until):
    assert quiet_until(now, LISBON, hours) == until


@given(MOMENTS, ZONES, TIMES, TIMES)
def test_quiet_hours_end_within_a_day_and_hold_until_they_do(now, zone, start, end):
    if start == end:
        return
    until = quiet_until(now, zone, (start, end))
    if until is None:
        return
    assert now < until <= now + timedelta(hours=25)
    last = until - timedelta(microseconds=1)
    assert quiet_until(last, zone, (start, end)) in {until, _next(until, zone, end)}


def _next(until, zone, end):
    """Where almost the whole day is quiet, one night may reach into the next."""
    day = until.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, end, zone).astimezone(UTC)


@given(MOMENTS, ZONES, TIMES, TIMES)
def test_what_the_clock_on_the_wall_says_is_what_holds(now, zone, start, end):
    """On all but the days on which the clock is changed."""
    local = now.astimezone(zone)
    days = [local + timedelta(days=number) for number in (-2, -1, 1, 2)]
    if start == end or {day.utcoffset() for day in days} != {local.utcoffset()}:
        return
    wall = local.time()
    inside = start <= wall < end if start < end else wall >= start or wall < end
    assert (quiet_until(now, zone, (start, end)) is not None) is inside
