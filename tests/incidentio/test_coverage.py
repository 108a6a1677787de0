"""Shifts joined, and times in which nobody is on call: at every moment as expected."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from incidentio import Entries, Schedule, ScheduleEntry, User
from incidentio.on_call import rota
from incidentio.on_call.coverage import Span, gaps, intended, union, without
from incidentio.on_call.shifts import joined, takeovers

START = datetime(2026, 3, 27, tzinfo=UTC)
"""Two days before the clocks go forward in Lisbon."""
HOURS = 96
END = START + timedelta(hours=HOURS)


def hour(number):
    return START + timedelta(hours=number)


def entry(start, end, who, layer="L"):
    return ScheduleEntry(
        start_at=hour(start),
        end_at=hour(end),
        user=User(id=who, name=who) if who else None,
        rotation_id="R",
        layer_id=layer,
    )


def schedule(*rotations, zone="Europe/Lisbon"):
    config = {"rotations": [{"id": str(n), **r} for n, r in enumerate(rotations)]}
    return Schedule.model_validate(
        {"id": "S", "name": "S", "timezone": zone, "config": config}
    )


def hours(opens, closes, *days):
    return {
        "name": "R",
        "working_intervals": [
            {"weekday": day, "start_time": opens, "end_time": closes} for day in days
        ],
    }


edges = st.integers(-5, HOURS + 5)
spans = st.tuples(edges, edges).map(lambda e: Span(hour(e[0]), hour(e[1])))
people = st.sampled_from(["A", "B", None])
entries = st.tuples(edges, st.integers(1, 30), people, st.sampled_from("LM")).map(
    lambda e: entry(e[0], e[0] + e[1], e[2], e[3])
)


def holds(found, moment):
    return any(start <= moment < end for start, end in found)


@given(st.lists(spans, max_size=6), st.lists(spans, max_size=6))
def test_what_is_not_taken_is_left(whole, taken):
    left = without(whole, taken)
    for number in range(-6, HOURS + 6):
        moment = hour(number) + timedelta(minutes=30)
        assert holds(left, moment) == (
            holds(whole, moment) and not holds(taken, moment)
        )
    assert left == union(left)


@given(st.lists(entries, max_size=8))
def test_a_shift_is_one_person_in_one_layer_without_a_break(found):
    shifts = joined(found, END)
    for layer in ("L", "M"):
        for who in ("A", "B"):
            own = [s for s in shifts if (s.layer[1], s.user.id) == (layer, who)]
            mine = [e for e in found if e.layer_id == layer]
            theirs = [
                (e.start_at, e.end_at) for e in mine if e.user and e.user.id == who
            ]
            for number in range(-6, HOURS + 40):
                moment = hour(number) + timedelta(minutes=30)
                assert any(s.holds(moment) for s in own) == holds(theirs, moment)
            ends = [(s.start, s.end) for s in own]
            assert all(a[1] < b[0] for a, b in pairwise(ends))
    assert all(s.goes_on == (s.end >= END) for s in shifts)


@given(st.lists(entries, max_size=8))
def test_a_gap_is_when_nobody_is_on_call_in_any_layer(found):
    shifts = joined(found, END)
    open_ = gaps(schedule(), [Span(s.start, s.end) for s in shifts], START, END)
    for number in range(HOURS):
        moment = hour(number) + timedelta(minutes=30)
        somebody = any(s.holds(moment) for s in shifts)
        assert holds(open_, moment) != somebody


def test_working_hours_keep_their_local_time_over_the_change_of_clocks():
    found = intended(
        schedule(hours("09:00", "17:00", "saturday", "monday")), START, END
    )
    lisbon = ZoneInfo("Europe/Lisbon")
    assert [s.start.astimezone(lisbon).hour for s in found] == [9, 9]
    assert [s.start.hour for s in found] == [9, 8]


def test_the_night_of_the_change_is_an_hour_shorter():
    (night,) = intended(schedule(hours("20:00", "08:00", "saturday")), START, END)
    assert night.end - night.start == timedelta(hours=11)


def test_whole_days_join():
    days = hours("00:00", "24:00", "friday", "saturday", "sunday")
    assert len(intended(schedule(days), START, END)) == 1


def test_a_rotation_without_hours_means_always():
    day = hours("09:00", "17:00", "friday")
    assert intended(schedule(day, {"name": "All"}), START, END) == [Span(START, END)]
    assert intended(schedule(), START, END) == [Span(START, END)]


def test_hours_that_cannot_be_understood_mean_always():
    for bad in (hours("09:00", "late", "friday"), hours("09:00", "17:00", "someday")):
        assert intended(schedule(bad), START, END) == [Span(START, END)]


def test_hours_change_with_the_version_of_a_rotation():
    now = {**hours("09:00", "17:00", "friday", "monday"), "id": "R"}
    later = {"name": "R", "id": "R", "effective_from": "2026-03-29T00:00:00Z"}
    found = intended(schedule(now, later), START, END)
    assert [s.start for s in found] == [hour(9), hour(48)]


def test_a_zone_that_is_not_known_is_utc():
    found = intended(schedule(hours("09:00", "10:00", "friday"), zone="X"), START, END)
    assert found == [Span(hour(9), hour(10))]


def test_an_override_that_changes_nobody_is_no_takeover():
    final = (entry(0, 10, "A"), entry(10, 20, "B"))
    planned = (entry(0, 20, "A"),)
    same = Entries(final=planned, overrides=(entry(5, 8, "A"),), scheduled=planned)
    assert takeovers(same) == []
    real = Entries(final=final, overrides=(entry(10, 20, "B"),), scheduled=planned)
    (takeover,) = takeovers(real)
    assert (takeover.user.id, takeover.before.id, takeover.start) == (
        "B",
        "A",
        hour(10),
    )


@given(st.lists(st.sampled_from("ABC"), min_size=1, max_size=12))
def test_a_change_is_when_another_comes_than_had_the_layer(turns):
    found = Entries(
        final=tuple(
            entry(n * 5, n * 5 + 3 + 2 * (n % 2), who) for n, who in enumerate(turns)
        )
    )
    made = rota.of(schedule(), found, START - timedelta(days=1), START, END)
    before = [None, *turns]
    expected = {hour(n * 5) for n, who in enumerate(turns) if who != before[n]}
    assert made.changes == expected
