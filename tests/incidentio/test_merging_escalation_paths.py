"""What replaces an escalation path loses nothing on the way."""

from hypothesis import given
from hypothesis import strategies as st

from incidentio.merging.escalation_paths import (
    READ_ONLY,
    body,
    changed,
    remembered,
)
from tests.incidentio.samples import JSON

names = st.text("abcdefgh_", min_size=1, max_size=6)
unknown = st.dictionaries(names.map(lambda n: f"x_{n}"), JSON, max_size=2)
labelled = st.fixed_dictionaries({"label": st.text(max_size=5)})


@st.composite
def conditions(draw):
    value = draw(unknown) | draw(labelled) | {"literal": "a"}
    return {
        **draw(unknown),
        "subject": draw(labelled) | {"reference": "alert.priority"},
        "operation": draw(labelled) | {"value": "is"},
        "param_bindings": [{**draw(unknown), "value": value, "array_value": [value]}],
    }


def nodes():
    plain = st.builds(
        lambda more, id_, kind, inner: {**more, "id": id_, "type": kind, kind: inner},
        unknown,
        names,
        st.sampled_from(["level", "delay", "escalation_path", "x_new"]),
        unknown,
    )
    return st.recursive(
        plain,
        lambda inner: st.builds(
            lambda more, one, then, other: {
                **more,
                "id": "if",
                "type": "if_else",
                "if_else": {"conditions": one, "then_path": then, "else_path": other},
            },
            unknown,
            st.lists(conditions(), max_size=2),
            st.lists(inner, max_size=2),
            st.lists(inner, max_size=2),
        ),
        max_leaves=5,
    )


@st.composite
def values(draw):
    value = {**draw(unknown), **draw(labelled), "literal": "a"}
    return {**draw(unknown), "value": value, "array_value": [value]}


templates = st.fixed_dictionaries(
    {"kind": st.just("templated"), "template_id": names},
    optional={"param_bindings": st.dictionaries(names, values(), max_size=2)},
)
paths = st.builds(
    lambda more, tree, template: {
        **more,
        **template,
        "id": "P",
        "name": "A path",
        "path": tree,
    },
    unknown,
    st.lists(nodes(), max_size=3),
    st.just({"kind": "standalone"}) | templates,
)


def unlabelled(value):
    """As the API takes what it answers with."""
    if isinstance(value, list):
        return [unlabelled(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "param_bindings" in value:
        value = {
            **value,
            "subject": value["subject"]["reference"],
            "operation": value["operation"]["value"],
            "param_bindings": [unlabelled_value(v) for v in value["param_bindings"]],
        }
    return {name: unlabelled(inner) for name, inner in value.items()}


def unlabelled_value(one):
    value, *_ = one["array_value"]
    bare = {k: v for k, v in value.items() if k != "label"}
    return {**one, "value": bare, "array_value": [bare]}


@given(paths)
def test_all_but_labels_and_what_is_read_only_is_sent_as_it_was_read(raw):
    kept = {name: value for name, value in raw.items() if name not in READ_ONLY}
    kept["path"] = unlabelled(kept["path"])
    if "param_bindings" in kept:
        given = kept["param_bindings"].items()
        kept["param_bindings"] = {name: unlabelled_value(v) for name, v in given}
    assert body(raw) == kept


@given(paths)
def test_what_did_not_change_is_not_called_changed(raw):
    assert changed(remembered(body(raw)), body(raw)) == []
    assert changed(remembered(body(raw)), body({**raw, "name": "B"})) == ["name"]
