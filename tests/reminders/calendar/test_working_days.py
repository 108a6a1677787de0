"""Working days are counted as people of the country count them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.calendar.working_days import UnknownCountry, WorkingDays

LISBON, APIA = ZoneInfo("Europe/Lisbon"), ZoneInfo("Pacific/Apia")
COUNTRIES = ("", "PT", "DE-BY", "US", "IL", "JP", "BR-SP")
ZONES = ("UTC", "Europe/Lisbon", "America/St_Johns", "Australia/Lord_Howe")

working = st.builds(
    WorkingDays,
    st.sampled_from(COUNTRIES),
    st.lists(st.integers(0, 6), max_size=7).map(tuple),
)
zones = st.sampled_from(ZONES).map(ZoneInfo)
dates = st.dates(date(1990, 1, 1), date(2090, 1, 1))
moments = st.builds(
    lambda day, time: datetime.combine(day, time, UTC), dates, st.times()
)
near = st.dates(date(2026, 1, 1), date(2028, 1, 1))
numbers = st.integers(-60, 60)


def at(zone, year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=zone)


def test_a_weekend_is_not_counted():
    friday = at(LISBON, 2026, 11, 27, 16, 30)
    assert WorkingDays().add(friday, 1, LISBON) == at(LISBON, 2026, 11, 30, 16, 30)


def test_what_begins_on_a_weekend_is_counted_from_monday():
    saturday = at(LISBON, 2026, 11, 28, 8, 0)
    assert WorkingDays().add(saturday, 1, LISBON) == at(LISBON, 2026, 11, 30, 8, 0)


def test_a_holiday_is_not_counted():
    """The 1st and the 8th of December are holidays in Portugal."""
    monday = at(LISBON, 2026, 11, 30, 9, 0)
    later = WorkingDays("PT").add(monday, 6, LISBON)
    assert later == at(LISBON, 2026, 12, 10, 9, 0)


def test_a_part_of_a_country_has_holidays_of_its_own():
    epiphany = date(2027, 1, 6)
    assert not WorkingDays("DE-BY").is_working(epiphany)
    assert WorkingDays("DE-BE").is_working(epiphany)


def test_the_working_week_is_the_countrys_unless_days_are_given():
    sunday, friday = date(2026, 11, 29), date(2026, 11, 27)
    assert WorkingDays("IL").is_working(sunday)
    assert not WorkingDays("IL").is_working(friday)
    assert WorkingDays("IL", (5,)).is_working(friday)


def test_the_time_of_day_stays_when_the_clock_changes():
    before = at(LISBON, 2026, 10, 23, 9, 30)
    after = WorkingDays().add(before, 1, LISBON)
    assert after.astimezone(LISBON).strftime("%d %H:%M") == "26 09:30"
    assert after - before == timedelta(days=3, hours=1)


def test_a_time_that_is_left_out_is_later_by_as_much():
    every_day = WorkingDays("", tuple(range(7)))
    left_out = every_day.add(at(LISBON, 2026, 3, 28, 1, 30), 1, LISBON)
    assert left_out.astimezone(LISBON).strftime("%d %H:%M") == "29 02:30"


def test_a_time_that_comes_twice_is_the_first():
    every_day = WorkingDays("", tuple(range(7)))
    twice = every_day.add(at(LISBON, 2026, 10, 24, 1, 30), 1, LISBON)
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("country", ["XX", "Portugal", "DE-QQ", "PT-", "-", "DE-BY-X"])
def test_a_country_nobody_knows_is_refused_at_once(country):
    with pytest.raises(UnknownCountry, match="has no holidays known"):
        WorkingDays(country)


def test_parts_are_named_where_one_is_wrong():
    with pytest.raises(UnknownCountry, match="the parts of DE are BB, BE,"):
        WorkingDays("DE-QQ")


def test_it_may_be_written_small():
    assert WorkingDays(" de_by ") == WorkingDays("DE-BY")


@given(working, moments, zones)
def test_no_days_later_is_the_same_moment(days, moment, zone):
    assert days.add(moment, 0, zone) == moment


@given(working, moments, numbers.filter(bool), zones)
def test_it_ends_on_a_working_day_at_the_same_time(days, moment, number, zone):
    end, wall = days.add(moment, number, zone), moment.astimezone(zone)
    there = end.astimezone(zone)
    assert days.is_working(there.date())
    moved = there.replace(tzinfo=None) - wall.replace(tzinfo=None)
    assert moved % timedelta(days=1) <= timedelta(hours=1)
    assert (end > moment) == (number > 0)


@given(working, dates, st.integers(0, 60))
def test_between_counts_what_add_adds(days, start, number):
    moment = datetime(start.year, start.month, start.day, 12, tzinfo=UTC)
    end = days.add(moment, number, ZoneInfo("UTC"))
    assert days.between(start, end) == number
    assert days.between(end, start) == -number


@given(working, near, near, near)
def test_between_adds_up(days, one, two, three):
    whole = days.between(one, two) + days.between(two, three)
    assert whole == days.between(one, three)


def test_years_ahead_have_holidays_too():
    assert not WorkingDays("PT").is_working(date(2087, 12, 25))


def test_a_day_that_a_zone_skipped_is_no_trouble():
    """Samoa had no 30 December 2011: a Friday."""
    thursday = at(APIA, 2011, 12, 29, 12, 0)
    assert WorkingDays().add(thursday, 2, APIA) == at(APIA, 2012, 1, 2, 12, 0)
