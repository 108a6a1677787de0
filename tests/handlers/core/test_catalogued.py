"""One declaration says how a thing is named, asked for and searched."""

from dataclasses import dataclass

import pytest

from blocks.kit import text
from handlers.core.arguments.catalogued import Catalogued, by_name
from handlers.core.problems import Ambiguous, Refusal


@dataclass(frozen=True)
class Room:
    id: str
    name: str
    phone: str = ""


KITCHEN, ATTIC = Room("R1", "Kitchen", "12"), Room("R2", "Attic")
ROOMS = Catalogued(
    "room",
    lambda known: known,
    source="room",
    keys=lambda room: [room.phone] if room.phone else [],
)
LONELY = Catalogued("room", lambda known: known, single=True)


@pytest.mark.parametrize("line", ["kitchen", "R1", "12", "to kit", "kitchen now"])
def test_a_thing_is_named_by_its_name_its_id_or_its_keys(line):
    words = line.split()
    assert ROOMS.resolve([KITCHEN, ATTIC], words, True) == KITCHEN
    assert words == (["now"] if line.endswith("now") else [])


def test_what_is_not_named_is_asked_for_only_where_it_is_needed():
    assert ROOMS.resolve([KITCHEN, ATTIC], [], False) is None
    with pytest.raises(Ambiguous, match="Which room") as asked:
        ROOMS.resolve([KITCHEN, ATTIC], [], True)
    assert [o.label for o in asked.value.options] == ["Kitchen", "Attic"]
    assert asked.value.source is None


def test_words_that_name_nothing_are_asked_about():
    with pytest.raises(Ambiguous, match=f"There is no room “{text.BLANK}”"):
        ROOMS.resolve([KITCHEN], ["cellar"], True)
    with pytest.raises(Refusal, match=r"incident\.io has no room to choose from yet"):
        ROOMS.resolve([], ["cellar"], True)


def test_the_only_one_need_not_be_named():
    assert LONELY.resolve([ATTIC], [], False) == ATTIC
    assert LONELY.resolve([ATTIC, KITCHEN], [], False) is None


def test_more_than_a_menu_holds_are_searched():
    many = [Room(str(n), f"Room {n:03}") for n in range(150)]
    with pytest.raises(Ambiguous) as asked:
        ROOMS.resolve(many, [], True)
    assert (asked.value.source, len(asked.value.options)) == ("room", 100)
    assert [o.value for o in ROOMS.suggest(many, "room 149")] == ["149"]
    assert len(ROOMS.suggest(many, " ")) == 100


def test_one_is_found_by_its_id():
    assert ROOMS.find([KITCHEN, ATTIC], "R2") == ATTIC
    assert ROOMS.find([KITCHEN, ATTIC], None) is None
    assert by_name([KITCHEN, ATTIC]) == [ATTIC, KITCHEN]
