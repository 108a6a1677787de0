"""JSON is told from a path before incident.io is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentio.merging.path_shape import faults

LEVEL = {"id": "a", "type": "level", "level": {"targets": []}}
KEYS = ["id", "type", "level", "if_else", "then_path", "else_path", "repeat"]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["level", "if_else"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def wrong(*path):
    return [at for at, _ in faults({"name": "A", "path": [*path]})]


def repeat(to):
    inner = {"to_node": to, "repeat_times": 2}
    return {"id": "r", "type": "repeat", "repeat": inner}


@given(anything)
def test_anything_at_all_is_judged(value):
    assert isinstance(faults(value), list)
    assert isinstance(faults({"name": "A", "path": [value]}), list)


def test_a_path_without_steps_takes_them_from_a_template():
    assert faults({"name": "A", "path": [], "kind": "templated"}) == []
    assert faults({"name": "A", "path": [], "kind": "standalone"})


def test_a_step_that_leads_to_another_path_says_to_which():
    assert wrong({"id": "a", "type": "escalation_path"}) == [
        ("path", 0, "escalation_path")
    ]


def test_a_path_is_fine_with_what_is_newer_too():
    branches = {"conditions": [], "then_path": [repeat("a")], "else_path": []}
    newer = {"id": "t", "type": "teleport", "teleport": None, "x": [1]}
    assert (
        wrong(LEVEL, newer, {"id": "i", "type": "if_else", "if_else": branches}) == []
    )


@pytest.mark.parametrize(
    ("steps", "at"),
    [
        ([], ("path",)),
        (["level"], ("path", 0)),
        ([{"type": "level"}], ("path", 0, "id")),
        ([LEVEL, LEVEL], ("path", 1, "id")),
        ([{"id": "a", "type": "delay"}], ("path", 0, "delay")),
        ([LEVEL, repeat("z")], ("path", 1, "repeat", "to_node")),
        (
            [{"id": "i", "type": "if_else", "if_else": {"then_path": []}}],
            ("path", 0, "if_else", "else_path"),
        ),
    ],
)
def test_what_cannot_be_is_found_where_it_is(steps, at):
    assert wrong(*steps) == [at]
