"""Weeks as they are where the channel is, and what was opened and closed in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.digests.weeks import WEEKS, bounds, count
from reminders.sources.snapshot import FOLLOW_UPS, Item

LISBON, NEW_YORK, CAIRO, APIA = map(
    ZoneInfo, ("Europe/Lisbon", "America/New_York", "Africa/Cairo", "Pacific/Apia")
)
moments = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001
    datetime(2026, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
zones = st.sampled_from([LISBON, NEW_YORK, CAIRO, APIA, ZoneInfo("UTC")])


def item(since, closed_at=None, number=0):
    return Item(
        FOLLOW_UPS,
        str(number),
        "INC",
        "Do",
        since,
        owner=None,
        priority=None,
        closed_at=closed_at,
    )


def test_on_a_monday_the_week_that_is_over_is_told_of():
    limits = bounds(datetime(2026, 3, 9, 9, 30, tzinfo=UTC), LISBON, 2)
    assert [f"{at:%a %d %b %H:%M}" for at in limits] == [
        "Mon 23 Feb 00:00",
        "Mon 02 Mar 00:00",
        "Mon 09 Mar 00:00",
    ]


@pytest.mark.parametrize(("day", "monday"), [(11, 2), (12, 9), (15, 9), (16, 9)])
def test_from_thursday_on_it_is_the_week_that_runs(day, monday):
    at = datetime(2026, 3, day, 12, tzinfo=UTC)
    weeks = count([], at, LISBON)
    assert weeks[-1].begins == date(2026, 3, monday)
    assert weeks[-1].running is (day in {12, 15})


def test_weeks_begin_where_the_channel_is():
    """In New York it is still Sunday."""
    at = datetime(2026, 3, 9, 2, tzinfo=UTC)
    assert count([], at, NEW_YORK)[-1].begins == date(2026, 3, 2)
    assert count([], at, NEW_YORK)[-1].running
    assert not count([], at, LISBON)[-1].running


def test_a_week_in_which_the_clock_changes_is_an_hour_shorter():
    limits = bounds(datetime(2026, 3, 30, 9, tzinfo=UTC), LISBON, 2)
    hours = [(later - one) / timedelta(hours=1) for one, later in pairwise(limits)]
    assert hours == [168, 167]


def test_what_was_opened_and_closed_is_counted_where_it_was():
    at = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    long_ago = monday - timedelta(weeks=30)
    items = [
        item(None),
        item(long_ago),
        item(long_ago, monday - timedelta(seconds=1)),
        item(long_ago, monday),
        item(monday, monday + timedelta(days=1)),
        item(monday + timedelta(days=6, hours=23)),
        item(monday + timedelta(days=7)),
    ]
    before, week = count(items, at, ZoneInfo("UTC"), 2)
    assert (before.opened, before.closed, before.open) == (0, 1, 3)
    assert (week.opened, week.closed, week.open) == (2, 2, 3)


lives = st.lists(
    st.tuples(
        st.none() | moments,
        st.none() | st.integers(-100_000, 10**7).map(lambda s: timedelta(seconds=s)),
    ),
    max_size=30,
)


def lived(since, span):
    closed = None if span is None else (since or datetime(2025, 1, 1, tzinfo=UTC))
    return item(since, closed and closed + span)


@given(moments, zones)
def test_weeks_follow_each_other_without_a_gap(at, zone):
    limits = bounds(at, zone)
    assert len(limits) == WEEKS + 1
    assert limits == sorted(set(limits)) or limits[-1] == limits[-2]
    assert limits[-1] <= at
    for begins in limits[:-1]:
        assert begins.astimezone(zone).weekday() == 0
    lengths = [later - one for one, later in pairwise(limits[:-1])]
    for length in lengths:
        assert abs(length - timedelta(weeks=1)) <= timedelta(hours=1)


@given(lives, moments, zones)
def test_what_is_opened_less_what_is_closed_is_the_change_of_what_is_open(
    lives, at, zone
):
    weeks = count([lived(*life) for life in lives], at, zone)
    for before, week in pairwise(weeks):
        assert week.opened - week.closed == week.open - before.open


@given(lives, moments, zones)
def test_open_at_the_end_is_what_was_opened_before_and_not_closed(lives, at, zone):
    items = [lived(*life) for life in lives]
    ends = bounds(at, zone)[1:]
    for week, end in zip(count(items, at, zone), ends, strict=True):
        alive = [
            i
            for i in items
            if (i.since is None or i.since < end)
            and not (i.closed_at and max(i.closed_at, i.since or i.closed_at) < end)
        ]
        assert week.open == len(alive)
