"""Whatever a schedule holds, replacing it loses only what was meant to go."""

from copy import deepcopy
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from incidentio.escalation_paths import schedule_ids
from incidentio.merging import schedule_parts as parts
from incidentio.merging import schedules as merging
from incidentio.merging.schedule_config import faults
from tests.incidentio.samples import JSON

NOW = datetime(2026, 3, 9, 10, tzinfo=UTC)
STRANGE = st.dictionaries(st.sampled_from(["colour", "shade", "depth"]), JSON)
MOMENTS = st.sampled_from(
    [None, "2025-01-01T00:00:00Z", "2026-03-09T10:00:00Z", "2027-01-01T00:00:00.5Z"]
)
USERS = st.lists(
    st.builds(lambda id_, more: {"id": id_, "name": "N", **more}, st.text(), STRANGE),
    max_size=3,
)
ROTATION = st.builds(
    lambda known, more: {**more, **known},
    st.fixed_dictionaries(
        {"id": st.sampled_from(["A", "B", "C"]), "name": st.text(max_size=5)},
        optional={
            "users": USERS,
            "effective_from": MOMENTS,
            "layers": JSON,
            "handovers": JSON,
            "working_interval": JSON,
            "working_intervals": JSON,
        },
    ),
    STRANGE,
)
SCHEDULE = st.builds(
    lambda rotations, config, more: {
        "id": "S",
        "name": "Primary",
        "permalink": "https://x",
        "current_shifts": [],
        "annotations": {"a": "b"},
        "config": {**config, "rotations": rotations},
        **more,
    },
    st.lists(ROTATION, max_size=5),
    STRANGE,
    STRANGE,
)
CHANGES = st.fixed_dictionaries(
    {}, optional={"name": st.just("Z"), "users": st.just([{"id": "U"}])}
)


def sent(raw):
    """The same by other means: all but what is read only, people as references."""
    kept = {k: v for k, v in raw.items() if k not in merging.READ_ONLY}
    rotations = [
        {**r, "users": [{"id": u["id"]} for u in r["users"]]} if "users" in r else r
        for r in raw["config"]["rotations"]
    ]
    return {**kept, "config": {**raw["config"], "rotations": rotations}}


@given(SCHEDULE)
def test_what_is_not_changed_is_sent_as_it_was_read(raw):
    before = deepcopy(raw)
    assert merging.body(raw) == sent(raw)
    assert raw == before


@given(SCHEDULE, CHANGES, st.data())
def test_a_change_touches_one_version_and_of_it_only_what_is_named(raw, changes, data):
    body = merging.body(raw)
    versions = merging.in_force(body, NOW)
    if not versions:
        return
    chosen = versions[data.draw(st.sampled_from(sorted(versions)))]
    position = next(i for i, r in enumerate(merging.rotations(body)) if r is chosen)
    merging.edit(chosen, changes)

    expected = sent(raw)
    expected["config"]["rotations"][position].update(changes)
    assert body == expected


@given(SCHEDULE, CHANGES, st.data())
def test_a_change_from_later_on_adds_one_version_and_touches_none(raw, changes, data):
    body = merging.body(raw)
    versions = merging.in_force(body, NOW)
    if not versions:
        return
    chosen = versions[data.draw(st.sampled_from(sorted(versions)))]
    at = "2026-03-16T09:00:00Z"
    assert merging.schedule_change(body, chosen, changes, at)
    added = next(r for r in merging.rotations(body) if r.get("effective_from") == at)
    assert added == {**chosen, **changes, "effective_from": at}

    again = deepcopy(body)
    known = merging.in_force(again, NOW)[chosen["id"]]
    assert merging.schedule_change(again, known, changes, at)
    assert again == body

    merging.rotations(body)
    body["config"]["rotations"].remove(added)
    assert body == sent(raw)


@given(SCHEDULE)
def test_removing_a_rotation_takes_all_its_versions_and_no_other(raw):
    body = merging.body(raw)
    merging.remove(body, "A")
    expected = sent(raw)
    kept = [r for r in expected["config"]["rotations"] if r["id"] != "A"]
    expected["config"]["rotations"] = kept
    assert body == expected


@given(SCHEDULE, SCHEDULE)
def test_parts_tell_apart_what_differs(one, other):
    one, other = merging.body(one), merging.body(other)
    assert parts.changed(parts.remembered(one), one) == []
    assert parts.differing(one, one) == []
    if parts.parts(one) != parts.parts(other):
        assert parts.changed(parts.remembered(one), other) != []
        assert parts.differing(one, other)


def test_changed_hours_take_their_old_name_with_them():
    version = {"id": "A", "working_interval": [1], "working_intervals": [1]}
    merging.edit(version, {"working_intervals": [2]})
    assert version == {"id": "A", "working_intervals": [2]}


def test_a_version_that_begins_at_the_same_time_is_not_doubled():
    rotation = {"id": "A", "name": "N", "users": []}
    later = {**rotation, "name": "O", "effective_from": "2026-03-16T09:00:00.000Z"}
    body = {"config": {"rotations": [rotation, later]}}
    taken = merging.schedule_change(body, rotation, {}, "2026-03-16T09:00:00Z")
    assert not taken
    assert len(body["config"]["rotations"]) == 2


@given(JSON)
def test_any_config_is_judged_without_failing(config):
    faults(config, {})
    faults({"rotations": [config]}, config)


def test_a_schedule_is_found_wherever_a_path_names_it():
    level = {"level": {"targets": [{"type": "schedule", "id": "S"}]}}
    people = {"level": {"targets": [{"type": "user", "id": "U"}]}}
    branch = {"if_else": {"then_path": [people], "else_path": [level]}}
    assert schedule_ids({"id": "P", "type": "x", "path": [branch]}) == {"S"}
