"""Incident roles: the list, the card, and who may change them."""

import pytest

from sandbox.company import PEOPLE
from tests.handlers.asked import writes
from tests.handlers.core.test_many import many
from tests.handlers.organisation.roles_state import hold, role_of

PRIVATE = 36


def test_roles_are_listed_each_with_what_it_is_for(ana):
    ana.types("/io roles")

    said = ana.last.words
    assert "*Incident Lead* · leads the incident · `lead`" in said
    assert "Tells customers and colleagues." in said
    assert ana.last.text.startswith("Incident roles: Incident Lead, Reporter")
    assert "Create role" in ana.last.buttons


def test_the_list_turns_after_25(ana, world):
    many(world.incidentio.store.roles, 30)
    ana.types("/io roles")
    seen = ana.last.words
    ana.presses("Next")
    seen += ana.last.words
    assert all(f"Many {n:03}" in seen for n in range(30))


@pytest.mark.parametrize("words", ["Communications", "comm", "comms", "show COMMS"])
def test_a_card_is_found_by_name_its_beginning_or_short_form(ana, world, words):
    hold(world)
    ana.types(f"/io role {words}")

    said = ana.last.words
    assert "Communications" in said
    assert "Update the status page every 30 minutes." in said
    assert "*Short form:* `comms`" in said
    assert "Elevated errors in the API: <@U0GUS>" in said
    assert role_of(world)["id"] in said


def test_instructions_are_shown_whole_however_long(ana, world):
    lines = [f"Step {n}: do <this> & that." for n in range(600)]
    role_of(world)["instructions"] = "\n".join(lines)
    ana.types("/io role comms")
    said = ana.last.words
    assert all(f"Step {n}: do &lt;this&gt; &amp; that." in said for n in (0, 300, 599))


def test_a_role_in_a_private_incident_is_not_there_for_outsiders(person, world):
    row = hold(world, number=PRIVATE)
    outside = next(
        p
        for p in PEOPLE
        if p.active and p.incidentio_id and p.incidentio_id not in row.members
    )
    who = person(outside.handle)
    who.types("/io role comms")
    assert "Leaked API token" not in who.last.words
    assert "INC-36" not in who.last.words
    assert row.name not in who.last.words


def test_without_a_role_it_asks_which(ana):
    ana.types("/io role show")
    assert "Which incident role?" in ana.last.text
    ana.chooses("Choose", "Reporter")
    assert "Kind:* reporter, who declared it" in ana.last.words


def test_a_role_that_was_deleted_meanwhile_is_said_to_be(ana, world):
    ana.types("/io roles")
    world.incidentio.store.roles.remove(role_of(world)["id"])
    ana.types("/io role comms")
    assert "That role was deleted." in ana.last.text


@pytest.mark.parametrize(
    "line", ["role create", "role edit comms", "role delete comms"]
)
@pytest.mark.parametrize("handle", ["kim", "chi"])
def test_only_administrators_change_roles(person, world, line, handle):
    who = person(handle)
    who.types(f"/io {line}")
    assert who.modal is None
    assert "the Administrator role in incident.io" in who.last.text
    assert writes(world) == []


def test_a_key_without_the_role_is_said_to_be(ana, world):
    world.incidentio.key.roles.discard("manage_settings")
    ana.types("/io role delete comms")
    ana.submits(name="Communications")
    assert "The bot's API key may not do this" in ana.modal.words
    assert role_of(world)
