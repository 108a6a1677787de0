"""How long a service asks to be left alone, in each form it may say it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from http_base.retry_after import LONGEST_WAIT, parse_wait, wait_in

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=9)


@pytest.mark.parametrize("name", ["Retry-After", "retry-after", "RETRY-AFTER"])
def test_the_header_is_found_in_any_case(name):
    assert wait_in({"Date": "x", name: "7"}, NOW) == timedelta(seconds=7)


def test_without_the_header_there_is_no_wait():
    assert wait_in({"Date": format_datetime(LATER)}, NOW) is None


@pytest.mark.parametrize(
    "named",
    [
        "9",
        "9.0",
        format_datetime(LATER),
        "Mon, 02 Mar 2026 09:00:09 UTC",
        "2026-03-02T09:00:09.000Z",
        "2026-03-02T10:00:09+01:00",
        "2026-03-02T09:00:09",
    ],
)
def test_seconds_and_dates_are_read(named):
    assert parse_wait(named, NOW) == timedelta(seconds=9)


@pytest.mark.parametrize("named", [None, "", "soon", "-5", "1e3", "Thu, 99 Foo", "²"])
def test_what_is_neither_is_no_wait(named):
    assert parse_wait(named, NOW) is None


@pytest.mark.parametrize("named", ["0", "2001-01-01T00:00:00Z"])
def test_what_is_past_is_no_time(named):
    assert parse_wait(named, NOW) == timedelta()


@pytest.mark.parametrize("named", ["9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_no_wait_is_longer_than_a_day(named):
    assert parse_wait(named, NOW) == LONGEST_WAIT


@given(st.text())
def test_nothing_that_a_service_writes_breaks_it(named):
    wait = wait_in({"Retry-After": named}, NOW)
    assert wait is None or timedelta() <= wait <= LONGEST_WAIT
