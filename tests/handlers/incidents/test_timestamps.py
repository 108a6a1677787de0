"""The moments that every incident may have."""

import pytest

from tests.handlers.incidents.incident_state import named


def test_timestamps_are_listed_in_their_order(ana):
    ana.types("/io timestamps", channel="general")

    said = ana.last.words
    assert ana.last.text.startswith("Timestamps: Reported at, Impact started at")
    assert said.index("*Reported at* · rank 1") < said.index("*Fixed at* · rank 5")
    assert "not set" not in said


def test_in_an_incidents_channel_its_values_stand_beside_them(ana):
    ana.types("/io timestamps", channel="C0INC39")

    lines = ana.last.words.splitlines()
    reported = next(line for line in lines if "*Reported at*" in line)
    assert "<!date^" in reported
    assert any("*Merged at*" in line and "not set" in line for line in lines)


@pytest.mark.parametrize("words", ["Fixed at", "fix", "show fixed"])
def test_a_timestamp_is_shown_with_its_rank_and_id(ana, world, words):
    ana.types(f"/io timestamp {words}", channel="general")

    said = ana.last.words
    assert "*Fixed at*\n*Rank:* 5" in said
    assert named(world.incidentio.store.timestamps, "Fixed at") in said


def test_in_an_incidents_channel_it_has_that_incidents_value(ana):
    ana.types("/io timestamp Reported at", channel="C0INC39")
    assert "|INC-39>:* <!date^" in ana.last.words
    assert ana.last.text.startswith("Timestamp Reported at, 2026-03-")

    ana.types("/io timestamp Merged at", channel="C0INC39")
    assert "|INC-39>:* not set" in ana.last.words
    ana.presses("Edit INC-39")
    assert ana.modal.title == "Edit INC-39"


def test_without_one_it_asks_which(ana):
    ana.types("/io timestamp", channel="general")
    ana.chooses("Choose", "Closed at")
    assert "*Closed at*" in ana.last.words


def test_one_that_was_deleted_meanwhile_is_said_to_be(ana, world):
    ana.types("/io timestamps", channel="general")
    table = world.incidentio.store.timestamps
    table.remove(named(table, "Fixed at"))
    ana.types("/io timestamp Fixed at", channel="general")
    assert "That timestamp was deleted." in ana.last.text
