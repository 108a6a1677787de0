"""One declaration says how a thing is named, asked for and searched."""

from dataclasses import dataclass
from typing import Any

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


def known(*rooms) -> Any:
    """The context, where the candidates are all that it holds."""
    return rooms


def candidates(context: Any) -> Any:
    return context


ROOMS = Catalogued[Room](
    "room",
    candidates,
    source="room",
    keys=lambda room: [room.phone] if room.phone else [],
)
LONELY = Catalogued[Room]("room", candidates, single=True)


@pytest.mark.parametrize("line", ["kitchen", "R1", "12", "to kit", "kitchen now"])
def test_a_thing_is_named_by_its_name_its_id_or_its_keys(line):
    words = line.split()
    assert ROOMS.resolve(known(KITCHEN, ATTIC), words, True) == KITCHEN
    assert words == (["now"] if line.endswith("now") else [])


def test_what_is_not_named_is_asked_for_only_where_it_is_needed():
    assert ROOMS.resolve(known(KITCHEN, ATTIC), [], False) is None
    with pytest.raises(Ambiguous, match="Which room") as asked:
        ROOMS.resolve(known(KITCHEN, ATTIC), [], True)
    assert [o.label for o in asked.value.options] == ["Kitchen", "Attic"]
    assert asked.value.source == "room"  # the menu is searched only where it is long


def test_words_that_name_nothing_are_asked_about():
    with pytest.raises(Ambiguous, match=f"No room matches “{text.BLANK}”"):
        ROOMS.resolve(known(KITCHEN), ["cellar"], True)
    with pytest.raises(Refusal, match=r"incident\.io has no room to choose from yet"):
        ROOMS.resolve(known(), ["cellar"], True)


def test_the_only_one_need_not_be_named():
    assert LONELY.resolve(known(ATTIC), [], False) == ATTIC
    assert LONELY.resolve(known(ATTIC, KITCHEN), [], False) is None


def test_more_than_a_menu_holds_are_searched():
    many = [Room(str(n), f"Room {n:03}") for n in range(150)]
    with pytest.raises(Ambiguous) as asked:
        ROOMS.resolve(known(*many), [], True)
    assert (asked.value.source, len(asked.value.options)) == ("room", 150)
    assert [o.value for o in ROOMS.suggest(known(*many), "room 149")] == ["149"]
    assert len(ROOMS.suggest(known(*many), " ")) == 100


def test_one_is_found_by_its_id():
    assert ROOMS.find(known(KITCHEN, ATTIC), "R2") == ATTIC
    assert ROOMS.find(known(KITCHEN, ATTIC), None) is None
    assert by_name([KITCHEN, ATTIC]) == [ATTIC, KITCHEN]
