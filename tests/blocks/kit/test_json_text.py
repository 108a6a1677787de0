"""JSON in the inputs of a form."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.kit import json_text

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=25,
)


def paths(value, path=()):
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from paths(inner, (*path, place))


@given(VALUES, st.integers(170, 400))
def test_what_was_cut_up_is_put_together_again(value, size):
    cut = json_text.pieces(json_text.to_text(value), size)
    assert all(len(piece) <= size for piece in cut)
    kept = [piece.strip() for piece in cut]
    assert json_text.parse(json_text.join(kept)) == value


@given(VALUES)
def test_every_value_is_found_where_it_stands(value):
    written = json_text.to_text(value)
    for path, inner in paths(value):
        found, _ = json.JSONDecoder().raw_decode(
            written, json_text.locate(written, path)
        )
        assert found == inner


@given(VALUES, st.data())
def test_a_place_is_found_in_its_piece(value, data):
    written = json_text.to_text(value)
    cut = json_text.pieces(written, 170)
    offset = data.draw(st.integers(0, len(written) - 1))
    spot = json_text.position(cut, offset)
    line = cut[spot.piece].split("\n")[spot.line - 1]
    rest = (line + "\n")[spot.column - 1 :]
    assert written[offset:].startswith(rest.rstrip("\n"))


def test_a_line_longer_than_a_piece_cannot_be_cut():
    assert json_text.pieces(json_text.to_text({"a": "x" * 300}), 200) is None


@pytest.mark.parametrize(
    ("text", "said", "offset"),
    [
        ('{"a": 1,}', "double quotes", 8),
        ('{"a": NaN}', "NaN is not JSON", 6),
        ("", "Expecting value", 0),
        ("[" * 100_000, "nested too deeply", 0),
    ],
)
def test_what_is_no_json_is_said_with_its_place(text, said, offset):
    with pytest.raises(json_text.NotJson) as raised:
        json_text.parse(text)
    assert said in str(raised.value)
    assert raised.value.offset == offset


def test_a_path_is_spelled_as_people_do():
    assert json_text.path_text(("rotations", 0, "name")) == "rotations[0].name"
    assert json_text.path_text(()) == "the whole"
