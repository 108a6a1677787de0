"""When something is asked for, and when no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentio import Severity
from reminders.calendar.durations import span, written
from reminders.live.asking import (
    ASKS,
    SHORTEST,
    Asking,
    asks,
    current,
    due,
    worse,
)
from storage.update_choices import UpdateChoice

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LENGTHS = st.timedeltas(timedelta(minutes=1), timedelta(days=30))


def choice(due_at, at=MONDAY):
    return UpdateChoice("01INC", due_at, chosen_by="U0ANA", chosen_at=at)


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=60)).map(MONDAY.__add__)


@given(LENGTHS, st.lists(st.timedeltas(timedelta(0), timedelta(days=90)), min_size=1))
def test_each_is_asked_in_turn_and_never_long_after(every, passed):
    expected = due(MONDAY, every, None)
    found = [current(asks(expected), MONDAY + after, every) for after in sorted(passed)]
    numbers = [ask.number for ask in found if ask]
    assert numbers == sorted(numbers)
    assert set(numbers) <= set(range(ASKS))
    for ask, after in zip(found, sorted(passed), strict=True):
        assert ask is None or timedelta(0) <= MONDAY + after - ask.at <= every
        assert ask or after < every or after > 2 * every


@given(LENGTHS, MOMENTS, MOMENTS)
def test_what_was_chosen_holds_until_the_next_update(every, at, since):
    promise = choice(at + timedelta(hours=5), at)
    expected = due(since, every, promise)
    if since <= at:
        assert expected.at == promise.due_at
    if since > at + timedelta(minutes=1):
        assert expected.at == since + every
    assert expected.step == every


@given(MOMENTS)
def test_turned_off_is_off(since):
    promise = choice(None)
    assert due(since, timedelta(hours=1), promise) is None


def test_a_promise_needs_no_cadence():
    soon = choice(MONDAY + timedelta(minutes=1))
    assert due(MONDAY, None, soon) == (soon.due_at, SHORTEST)
    assert due(MONDAY + timedelta(hours=1), None, soon) is None
    assert due(MONDAY, None, None) is None


@pytest.mark.parametrize(
    ("word", "length"),
    [
        ("30m", timedelta(minutes=30)),
        ("4H", timedelta(hours=4)),
        ("1d", timedelta(days=1)),
        ("2w", timedelta(days=14)),
        ("0m", None),
        ("m", None),
        ("1000m", None),
        ("1.5h", None),
        ("\u0663m", None),
    ],
)
def test_a_length_of_time_is_read(word, length):
    assert span(word) == length
    if length:
        assert span(written(length)) == length


def severities(*ranks):
    return [Severity(id=f"S{rank}", name=f"Rank {rank}", rank=rank) for rank in ranks]


def test_the_three_most_severe_have_a_cadence():
    known = severities(5, 10, 20, 30)
    found = [
        Asking().interval("x", worse(severity.id, known)) for severity in known[::-1]
    ]
    assert found == [
        timedelta(minutes=30),
        timedelta(hours=1),
        timedelta(hours=4),
        None,
    ]


def test_a_severity_that_is_not_known_has_none():
    assert worse(None, severities(1)) is None
    assert worse("S9", severities(1)) is None
    assert Asking().interval(None, None) is None
