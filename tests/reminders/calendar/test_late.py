"""After downtime: the latest slot once if it still makes sense, never a burst."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reminders.engine.misfire import RECORDED, plan

GRACE = timedelta(hours=6)
FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAILY = "0 9 * * * UTC"
MINUTELY = "* * * * * UTC"


def test_on_time_it_is_sent_and_nothing_is_skipped():
    decided = plan(DAILY, FIRST, FIRST + timedelta(seconds=3), GRACE)
    assert decided.send == FIRST
    assert decided.skipped == []
    assert decided.next_slot_at == FIRST + timedelta(days=1)


def test_hours_late_it_is_still_sent():
    assert plan(DAILY, FIRST, FIRST + timedelta(hours=5), GRACE).send == FIRST


def test_too_late_it_is_skipped_with_the_reason():
    decided = plan(DAILY, FIRST, FIRST + timedelta(hours=7), GRACE)
    assert decided.send is None
    ((at, why),) = decided.skipped
    assert at == FIRST
    assert "too late" in why


def test_of_several_missed_only_the_latest_is_sent():
    decided = plan(DAILY, FIRST, FIRST + timedelta(days=3, hours=1), GRACE)
    assert decided.send == FIRST + timedelta(days=3)
    assert [at.day for at, _ in decided.skipped] == [2, 3, 4]
    assert all("a later one was due" in why for _, why in decided.skipped)
    assert decided.next_slot_at == FIRST + timedelta(days=4)


def test_a_year_of_missed_minutes_leaves_few_records_and_one_message():
    now = FIRST + timedelta(days=365, seconds=30)
    decided = plan(MINUTELY, FIRST, now, GRACE)
    assert decided.send == now - timedelta(seconds=30)
    assert len(decided.skipped) <= RECORDED + 1
    assert decided.next_slot_at == now + timedelta(seconds=30)


def test_a_schedule_that_cannot_be_read_any_more_says_why():
    decided = plan("0 9 * * * Mars/Olympus", FIRST, FIRST, GRACE)
    assert "Mars/Olympus" in decided.broken
    assert decided.send is None


@given(
    stored=st.sampled_from([DAILY, "*/15 * * * * Europe/Lisbon", "0 9 * * 1 UTC"]),
    late=st.timedeltas(timedelta(), timedelta(days=40)),
)
def test_whatever_happened_there_is_one_message_at_most_and_the_next_is_ahead(
    stored, late
):
    now = FIRST + late
    decided = plan(stored, FIRST, now, GRACE)
    assert decided.next_slot_at > now
    assert decided.send is None or now - decided.send <= GRACE
    times = [at for at, _ in decided.skipped] + [decided.send]
    assert len(times) == len(set(times))
