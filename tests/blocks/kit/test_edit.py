"""What an edit comes to, whatever was shown, typed, and set by somebody else."""

from datetime import UTC, datetime, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.kit.edit import Edit, fingerprints, redrawn
from blocks.kit.fields import (
    Choice,
    Choices,
    Choosable,
    Field,
    Moment,
    Number,
    PeoplePicker,
    Text,
    Ticks,
    TimeOfDay,
)
from blocks.kit.form import Note

OPTIONS = [Choosable(f"Option {n}", f"o{n}") for n in range(4)]
texts = st.text(max_size=8) | st.text("a \n", max_size=4)
several = st.lists(st.sampled_from([o.value for o in OPTIONS]), unique=True).map(tuple)
KINDS = {
    "text": (Text(name="text", label="T"), st.none() | texts),
    "number": (Number(name="number", label="N"), st.integers(0, 99).map(str)),
    "choice": (
        Choice(name="choice", label="C", options=OPTIONS),
        st.none() | st.sampled_from([o.value for o in OPTIONS]),
    ),
    "a field with a long name": (
        Choices(name="a field with a long name", label="C", options=OPTIONS),
        several,
    ),
    "ticks": (Ticks(name="ticks", label="T", options=OPTIONS), several),
    "people": (
        PeoplePicker(name="people", label="P"),
        st.lists(st.sampled_from(["U1", "U2", "U3"]), unique=True).map(tuple),
    ),
    "time": (
        TimeOfDay(name="time", label="T"),
        st.none() | st.integers(0, 23).map(time),
    ),
    "moment": (
        Moment(name="moment", label="M"),
        st.none() | st.integers(1, 9).map(lambda n: datetime(2026, 3, n, tzinfo=UTC)),
    ),
}
filled = st.fixed_dictionaries({name: kind[1] for name, kind in KINDS.items()})


def fields(values) -> list[Field]:
    return [KINDS[name][0].with_value(value) for name, value in values.items()]


def values_of(drawn):
    return {field.name: field.current_value for field in drawn}


def differ(*two):
    """Name the fields of two that look different."""
    said = [{f.name: f.normalized(f.current_value) for f in fields(v)} for v in two]
    return {name for name in said[0] if said[0][name] != said[1][name]}


def edit(was, typed, now):
    return Edit.of(fingerprints(fields(was)), values_of(fields(typed)), fields(now))


@given(filled, filled, filled)
def test_what_nobody_touched_is_never_written(was, typed, now):
    assert set(edit(was, typed, now).due) <= differ(was, typed)


@given(filled, filled, filled)
def test_what_somebody_typed_is_never_overlooked(was, typed, now):
    found = edit(was, typed, now)
    assert set(found.changed) == differ(was, typed)
    assert set(found.due) == differ(was, typed) & differ(typed, now)


@pytest.mark.parametrize("typed", ["a\nb", "a  b"])
def test_not_even_spaces_that_somebody_typed_are_overlooked(typed):
    drawn = [Text(name="text", label="T", value="a b")]
    assert Edit.of(fingerprints(drawn), {"text": typed}, drawn).due == {"text": typed}


@given(filled, filled)
def test_what_only_others_changed_is_kept_and_named(was, now):
    found = edit(was, was, now)
    assert not found.due
    assert not found.overtaken
    assert set(found.kept) == differ(was, now)


@given(filled, filled, filled)
def test_what_both_changed_to_something_else_is_overtaken(was, typed, now):
    both = differ(was, typed) & differ(was, now) & differ(typed, now)
    assert set(edit(was, typed, now).overtaken) == both


@given(filled, filled, filled)
def test_once_the_conflict_was_shown_it_is_written(was, typed, now):
    first = edit(was, typed, now)
    drawn = [one for one in redrawn(fields(now), first) if isinstance(one, Field)]

    second = Edit.of(fingerprints(fields(now)), values_of(drawn), fields(now))

    assert not second.overtaken
    assert second.due == first.due


@given(filled, filled)
def test_an_edit_that_was_done_is_not_done_again(was, typed):
    again = edit(was, typed, typed)
    assert not again.due
    assert not again.overtaken


@given(filled, filled, filled)
def test_each_conflict_is_said_above_its_field_once(was, typed, now):
    found = edit(was, typed, now)
    drawn = list(redrawn(fields(now), found))
    named = [
        after.name
        for note, after in pairwise(drawn)
        if isinstance(note, Note) and isinstance(after, Field)
    ]
    assert named == list(found.overtaken)
    assert len(drawn) == len(fields(now)) + len(named)


def test_what_the_form_can_show_no_more_is_lost_only_where_it_was_changed():
    was = fingerprints([Text(name="a", label="A", value="1")])
    assert Edit.of(was, {"a": "1"}, []).lost == []
    assert Edit.of(was, {"a": "2"}, []).lost == ["a"]


def test_values_are_described_in_words():
    drawn = fields(
        {
            "text": "a & *b*",
            "number": None,
            "choice": "o1",
            "ticks": ("o0", "o2"),
            "people": ("U1", "U2"),
            "time": time(9),
        }
    )
    assert [field.value_text() for field in drawn] == [
        "“a &amp; ∗b∗”",
        "empty",
        "“Option 1”",
        "“Option 0” and “Option 2”",
        "<@U1> and <@U2>",
        "09:00",
    ]


def test_what_a_form_of_an_earlier_version_had_cut_is_shown_before_it_is_written():
    """Texts were cut to 3,000 characters then."""
    whole = "long " * 800
    cut = f"{whole[:2999]}…"
    was = {"text": KINDS["text"][0].with_value(cut).fingerprint(cut)}
    now = [Text(name="text", label="T", value=whole)]
    assert Edit.of(was, {"text": cut}, now).due == {}
    assert Edit.of(was, {"text": f"{cut}!"}, now).overtaken == ["text"]
