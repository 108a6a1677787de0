"""Places in schedules, and who fills them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from incidentio import Schedule, ScheduleEntry
from incidentio.on_call.layers import covered, in_force, layers_at, takes_part, within

START = datetime(2026, 3, 9, 10, tzinfo=UTC)


def schedule(*rotations):
    return Schedule.model_validate(
        {"id": "S", "name": "S", "config": {"rotations": list(rotations)}}
    )


def rotation(id_, *layers, since=None):
    drawn = [{"id": layer, "name": layer.upper()} for layer in layers]
    return {"id": id_, "name": id_, "layers": drawn, "effective_from": since}


def test_the_only_place_needs_no_name():
    assert [s.name for s in layers_at(schedule(rotation("a", "x")), START)] == [""]


def test_places_are_named_by_what_tells_them_apart():
    two = schedule(rotation("a", "x", "y"), rotation("b", "z"))
    assert [s.name for s in layers_at(two, START)] == ["a · X", "a · Y", "b"]


def test_the_latest_version_that_has_begun_is_in_force():
    versions = schedule(
        rotation("a", "old"),
        rotation("a", "new", since="2026-03-01T00:00:00Z"),
        rotation("a", "coming", since="2026-04-01T00:00:00Z"),
        rotation("b", "later", since="2026-04-01T00:00:00Z"),
    )
    assert [r.layers[0].id for r in in_force(versions, START)] == ["new"]

    assert [s.layer_id for s in layers_at(versions, START + timedelta(days=40))] == [
        "coming",
        "later",
    ]


hours = st.integers(-50, 50)
spans = st.tuples(hours, st.integers(1, 30))
windows = st.tuples(hours, st.integers(1, 60))


def test_a_part_has_who_is_in_a_rotation_now_or_later_or_has_a_shift():
    def of(who, since=None):
        users = [{"id": who, "name": who}]
        return {**rotation("a", "x", since=since), "users": users}

    def shift(who):
        hours = {"start_at": START, "end_at": START + timedelta(hours=1)}
        return ScheduleEntry.model_validate({**hours, "user": {"id": who, "name": who}})

    found = schedule(
        of("before"),
        of("now", since="2026-03-01T00:00:00Z"),
        of("later", since="2026-04-01T00:00:00Z"),
    ).model_copy(
        update={"current_shifts": (shift("covers"),), "next_shifts": (shift("next"),)}
    )
    known = ("before", "now", "later", "covers", "next", "stranger")
    having = {who for who in known if takes_part(found, who, START)}
    assert having == {"now", "later", "covers", "next"}


def shift(span):
    start = START + timedelta(hours=span[0])
    return ScheduleEntry(start_at=start, end_at=start + timedelta(hours=span[1]))


@given(st.lists(spans), windows)
def test_what_lies_within_a_window_never_sticks_out(shifts, window):
    frame = shift(window)
    found = within(map(shift, shifts), frame.start_at, frame.end_at)
    assert all(frame.start_at <= s.start_at < s.end_at <= frame.end_at for s in found)
    assert found == sorted(found, key=lambda s: s.start_at)


@given(st.lists(spans), windows)
def test_a_window_is_covered_when_each_of_its_hours_is(shifts, window):
    frame = shift(window)
    drawn = [shift(span) for span in shifts]
    each = (frame.start_at + timedelta(hours=n) for n in range(window[1]))
    expected = all(any(s.start_at <= at < s.end_at for s in drawn) for at in each)
    assert covered(drawn, frame.start_at, frame.end_at) == expected
