"""Days, as people write them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core.arguments.dates import day, midnight
from incidentio.on_call.coverage import WEEKDAYS

MONDAY = date(2026, 3, 9)
days = st.dates(date(2100, 1, 1), date(2199, 12, 31))
zones = st.sampled_from(
    ["UTC", "Europe/Lisbon", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]
)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("today", date(2026, 3, 9)),
        ("Tomorrow", date(2026, 3, 10)),
        ("yesterday", date(2026, 3, 8)),
        ("mon", date(2026, 3, 9)),
        ("sunday", date(2026, 3, 15)),
        ("thurs", date(2026, 3, 12)),
        ("+3d", date(2026, 3, 12)),
        ("-2w", date(2026, 2, 23)),
        ("2026-4-1", date(2026, 4, 1)),
        ("2026-02-30", None),
        ("mo", None),
        ("+1000d", None),
        ("", None),
        ("٢٠٢٦-03-09", None),
    ],
)
def test_a_word_means_a_day(word, meant):
    assert day(word, MONDAY) == meant


@given(st.text(), days)
def test_any_text_is_a_day_or_none(word, today):
    assert day(word, today) is None or isinstance(day(word, today), date)


@given(days, days)
def test_a_day_written_out_is_read_back(written, today):
    assert day(written.isoformat(), today) == written


@given(st.sampled_from(WEEKDAYS), days, days)
def test_a_weekday_is_the_coming_one(name, today, since):
    found = day(name, today, since=since)
    assert WEEKDAYS[found.weekday()] == name
    assert since <= found < since + timedelta(days=7)


@given(st.integers(0, 999), days, days)
def test_a_number_of_days_counts_from_the_first_one(number, today, since):
    assert day(f"+{number}d", today, since=since) - since == timedelta(days=number)


@given(days, zones)
def test_a_day_begins_where_the_one_before_ends(on, zone):
    place = ZoneInfo(zone)
    begins = midnight(on, place).astimezone(UTC)
    before = midnight(on - timedelta(days=1), place).astimezone(UTC)
    assert timedelta(hours=22) <= begins - before <= timedelta(hours=26)
    assert isinstance(begins, datetime)
