"""Neither the weekday's number nor summer time may surprise anybody."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.calendar.schedule import (
    Recurrence,
    ScheduleError,
    describe,
    following,
    next_times,
    spaced,
    times,
)

LISBON = "Europe/Lisbon"
NEW_YORK = "America/New_York"
ZONES = [
    "UTC",
    LISBON,
    NEW_YORK,
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Santiago",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Pacific/Chatham",
]
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def local(when, after, count):
    zone = ZoneInfo(when.timezone)
    return [
        moment.astimezone(zone).strftime("%a %d %H:%M")
        for moment in next_times(when, after, count)
    ]


def test_weekdays_at_a_time():
    when = Recurrence.weekdays(time(9, 0), LISBON)
    assert local(when, MONDAY + timedelta(days=3), 3) == [
        "Thu 05 09:00",
        "Fri 06 09:00",
        "Mon 09 09:00",
    ]


def test_a_time_is_later_than_the_one_asked_from():
    when = Recurrence.daily(time(8, 0), "UTC")
    assert next_times(when, MONDAY, 1) == [MONDAY + timedelta(days=1)]
    assert following(str(when), MONDAY - timedelta(seconds=1)) == MONDAY


@pytest.mark.parametrize(
    ("weekday", "days"),
    [
        ("0", "Sun"),
        ("7", "Sun"),
        ("1", "Mon"),
        ("6", "Sat"),
        ("mon", "Mon"),
        ("SUN", "Sun"),
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("5-7", "Fri Sat Sun"),
        ("sat-sun", "Sat Sun"),
        ("0,6", "Sat Sun"),
        ("*/2", "Tue Thu Sat Sun"),
        ("1-5/2", "Mon Wed Fri"),
        ("1/2", "Mon Wed Fri"),
    ],
)
def test_weekdays_are_numbered_as_in_a_crontab(weekday, days):
    when = Recurrence(f"0 9 * * {weekday}", "UTC")
    week = [m for m in next_times(when, MONDAY, 7) if m < MONDAY + timedelta(days=7)]
    assert " ".join(f"{moment:%a}" for moment in week) == days


def test_either_day_field_is_enough_when_both_are_given():
    when = Recurrence("0 9 13 * 5", "UTC")
    assert local(when, MONDAY, 4) == [
        "Fri 06 09:00",
        "Fri 13 09:00",
        "Fri 20 09:00",
        "Fri 27 09:00",
    ]
    assert "Mon 13 09:00" in local(when, MONDAY, 10)


def test_a_day_that_comes_every_eight_years_is_found():
    leap = following("0 0 29 2 * UTC", datetime(2096, 3, 1, tzinfo=UTC))
    assert leap == datetime(2104, 2, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("crontab", "complaint"),
    [
        ("", "five fields"),
        ("@daily", "five fields"),
        ("0 9 * *", "This one has 4"),
        ("61 9 * * *", "61"),
        ("0 9 * * 8", "“8” is not a weekday"),
        ("0 9 * * 5-2", "“5-2” are not understood"),
        ("0 9 * * 1-5/0", "not understood"),
        ("0 9 * * ,", "not understood"),
        ("x 9 * * *", "The minute “x”"),
        ("*/0 9 * * *", "The minute “.*” is not understood"),
        ("0 9 31 2 *", "never happens"),
        ("0 9 * * " + "1," * 5000 + "1", "at most 200"),
    ],
)
def test_what_is_no_crontab_is_refused_in_words(crontab, complaint):
    with pytest.raises(ScheduleError, match=complaint):
        Recurrence(crontab, "UTC")


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc", "Europe", "x\0"])
def test_what_is_no_time_zone_is_refused(zone):
    with pytest.raises(ScheduleError, match="not a time zone"):
        Recurrence("0 9 * * *", zone)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (Recurrence.weekdays(time(9, 0), LISBON), "weekdays at 09:00 (Europe/Lisbon)"),
        (Recurrence.daily(time(16, 5), "UTC"), "every day at 16:05 (UTC)"),
        (Recurrence.weekly(1, time(9, 0), "UTC"), "Mondays at 09:00 (UTC)"),
        (Recurrence("*/30 9 * * 1-5", "UTC"), "cron “*/30 9 * * 1-5” (UTC)"),
    ],
)
def test_a_schedule_is_described_and_stored(when, words):
    assert describe(when) == words
    assert Recurrence.parse(str(when)) == when


def test_the_parts_of_a_simple_schedule_can_be_edited():
    when = Recurrence.weekly(7, time(9, 5), LISBON)
    assert (when.kind, when.day, when.at) == ("weekly", 0, time(9, 5))
    odd = Recurrence("5 9 1 * *", LISBON)
    assert (odd.kind, odd.day, odd.at) == ("cron", None, None)


def test_a_time_left_out_in_spring_comes_once_and_later():
    when = Recurrence.daily(time(2, 30), NEW_YORK)
    assert local(when, datetime(2026, 3, 7, 12, tzinfo=UTC), 2) == [
        "Sun 08 03:30",
        "Mon 09 02:30",
    ]


def test_a_time_that_comes_twice_in_autumn_is_due_the_first_time():
    when = Recurrence.daily(time(1, 30), NEW_YORK)
    found = next_times(when, datetime(2026, 10, 31, 12, tzinfo=UTC), 2)
    assert found[0] == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert found[1] == datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


def test_asked_between_the_two_it_is_not_due_again():
    when = Recurrence.daily(time(1, 30), NEW_YORK)
    between = datetime(2026, 11, 1, 5, 45, tzinfo=UTC)
    assert following(str(when), between) == datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


def test_two_times_moved_to_the_same_instant_are_one():
    when = Recurrence("30 2,3 * * *", NEW_YORK)
    assert local(when, datetime(2026, 3, 8, 5, tzinfo=UTC), 2) == [
        "Sun 08 03:30",
        "Mon 09 02:30",
    ]


moments = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001
    datetime(2037, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(
    after=moments,
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
)
def test_every_day_has_exactly_one_daily_slot(after, zone, hour, minute):
    when = Recurrence.daily(time(hour, minute), zone)
    found = next_times(when, after, 20)
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in found]
    assert all(
        later - earlier == timedelta(days=1) for earlier, later in pairwise(days)
    )


def _transitions():
    """Around every change of clocks in these zones, for two years."""
    for name in ZONES:
        zone = ZoneInfo(name)
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        while moment.year < 2028:
            following_hour = moment + timedelta(hours=1)
            if (
                moment.astimezone(zone).utcoffset()
                != following_hour.astimezone(zone).utcoffset()
            ):
                yield name, following_hour
            moment = following_hour


TRANSITIONS = st.deferred(lambda: st.sampled_from([*_transitions()]))


@given(
    change=TRANSITIONS,
    crontab=st.sampled_from(
        ["*/15 * * * *", "30 * * * *", "0 */2 * * *", "30 1-3 * * *", "45 23,0,1 * * *"]
    ),
    before=st.integers(0, 300),
    asked=st.integers(0, 20),
)
def test_times_rise_and_do_not_depend_on_when_one_asks(change, crontab, before, asked):
    zone, moment = change
    when = Recurrence(crontab, zone)
    found = next_times(when, moment - timedelta(minutes=before), 40)
    assert found == sorted(set(found))
    rest = next_times(when, found[asked], 40 - asked - 1)
    assert rest == found[asked + 1 :]


@given(change=TRANSITIONS, minute=st.integers(0, 24 * 60 - 1))
def test_no_wall_clock_time_is_skipped_or_doubled_when_clocks_change(change, minute):
    zone, moment = change
    when = Recurrence.daily(time(minute // 60, minute % 60), zone)
    end = moment + timedelta(days=4)
    found = list(takewhile(lambda m: m < end, times(when, moment - timedelta(days=4))))
    assert len(found) in {7, 8, 9}
    assert all(
        timedelta(hours=20) < later - earlier < timedelta(hours=28)
        for earlier, later in pairwise(found)
    )


def _field(highest):
    one = st.integers(0, highest).map(str)
    return st.one_of(
        st.just("*"),
        st.integers(1, highest).map(lambda step: f"*/{step}"),
        st.lists(one, min_size=1, max_size=3, unique=True).map(",".join),
    )


@settings(max_examples=3 * settings.default.max_examples)
@given(
    minute=_field(59),
    hour=_field(23),
    day=st.sampled_from(["*", "1", "1,15", "28,1", "*/2", "31,1"]),
    weekday=st.sampled_from(["*", "1", "0,6", "1-5"]),
)
def test_a_schedule_is_taken_if_half_an_hour_is_always_between(
    minute, hour, day, weekday
):
    when = Recurrence(f"{minute} {hour} {day} * {weekday}", "UTC")
    try:
        spaced(when)
    except ScheduleError:
        close = True
    else:
        close = False
    found = next_times(when, MONDAY, 200)
    gaps = [later - earlier for earlier, later in pairwise(found)]
    if min(gaps) < timedelta(minutes=30):
        assert close
    elif found[-1] - MONDAY > timedelta(days=800):
        assert not close


@pytest.mark.parametrize(
    ("crontab", "taken"),
    [
        ("*/30 * * * *", True),
        ("*/29 * * * *", False),
        ("0,45 0,23 * * 1", True),
        ("0,45 0,23 * * 1,2", False),
        ("0,45 0,23 28,1 * *", False),
        ("0,45 0,23 29 2 *", True),
    ],
)
def test_from_one_day_to_the_next_the_days_matter(crontab, taken):
    when = Recurrence(crontab, "UTC")
    if taken:
        assert spaced(when) is when
    else:
        with pytest.raises(ScheduleError, match="At most every 30 minutes"):
            spaced(when)
