"""Where there is more of something than a message or a menu holds."""

import pytest

PLACES = {"severities": "severities", "statuses": "statuses", "types": "types"}


def many(table, number):
    """Copies of the first row, each with an id and a name of its own."""
    first = next(iter(table))
    for n in range(number):
        id_ = f"01MANY{n:020}"
        table.add(id_, {**first, "id": id_, "name": f"Many {n:03}"})


@pytest.mark.parametrize("noun", PLACES)
def test_a_list_is_turned_after_25(ana, world, noun):
    many(getattr(world.incidentio.store, PLACES[noun]), 60)
    ana.types(f"/io {noun}")
    seen = ana.last.words
    for _ in range(2):
        assert ana.last.words.count("Many") <= 25
        ana.presses("Next")
        seen += ana.last.words

    assert all(f"Many {n:03}" in seen for n in range(60))
    assert "Next" not in ana.last.buttons


def test_a_picker_of_more_than_100_searches_as_somebody_types(ana, world):
    many(world.incidentio.store.schedules, 130)

    ana.types("/io schedule entries")

    (menu,) = [e for b in ana.last.blocks for e in b.get("elements", [])]
    assert menu["type"] == "external_select"
    assert len(ana.suggests("schedule", "many 12")) == 10
