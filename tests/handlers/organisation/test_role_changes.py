"""Creating, editing and deleting incident roles."""

import copy

import pytest

from tests.handlers.asked import writes
from tests.handlers.organisation.roles_state import hold, role_of, store

NEW = {"name": "Scribe", "description": "Writes it all down."}


def names(world):
    return [row["name"] for row in store(world).roles]


def test_a_role_is_created_and_can_be_chosen_at_once(ana, world):
    ana.types("/io role create")
    ana.submits(**NEW, instructions="Times are UTC.\nAlways.", shortform="scribe")

    assert "*Scribe* was created as an incident role, by <@U0ANA>." in ana.last.text
    made = role_of(world, "Scribe")
    assert made["instructions"] == "Times are UTC.\nAlways."
    assert made["shortform"] == "scribe"
    ana.types("/io role scribe")
    assert "Times are UTC." in ana.last.words


def test_what_may_be_left_out_may(ana, world):
    ana.types("/io role create")
    ana.submits(**NEW)
    assert role_of(world, "Scribe")["instructions"] == ""


@pytest.mark.parametrize(
    ("typed", "field", "why"),
    [
        ({"name": "   "}, "name", "cannot be empty"),
        ({"description": "  "}, "description", "cannot be empty"),
        ({"name": "reporter"}, "name", "already exists"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(ana, world, typed, field, why):
    ana.types("/io role create")
    ana.submits(**{**NEW, **typed})
    assert why in ana.modal.errors[field]
    assert len(names(world)) == 3


def test_five_deliveries_create_one(ana, world):
    ana.types("/io role create")
    ana.submit_at_once(5, **NEW)
    assert names(world).count("Scribe") == 1


def test_what_was_typed_survives_a_failure(ana, world):
    world.incidentio.fail("POST", "/v2/incident_roles", status=503)
    ana.types("/io role create")
    ana.submits(**NEW, instructions="Long words")
    assert ana.modal.fields["instructions"].value == "Long words"
    assert names(world).count("Scribe") == 0


def test_only_what_was_changed_is_changed(ana, world):
    row = role_of(world)
    row |= {"colour": "teal", "playbook": {"steps": [1, {"deep": None}]}}
    before = copy.deepcopy(row)
    ana.types("/io role edit comms")
    assert ana.modal.fields["instructions"].value == before["instructions"]

    ana.submits(name="Comms & Press")

    after = role_of(world, "Comms & Press")
    changed = {k for k in before.keys() | after.keys() if before.get(k) != after.get(k)}
    assert changed == {"name", "updated_at"}
    assert ana.last.text == (
        "The role *Comms &amp; Press* was edited by <@U0ANA>.\n"
        "• Name: “Communications” → “Comms &amp; Press”"
    )


def test_several_changes_are_said_old_and_new(ana):
    ana.types("/io role edit comms")
    ana.submits(shortform="press", instructions=None)
    assert "*Communications* was edited by <@U0ANA>." in ana.last.text
    assert "• Short form: “comms” → “press”" in ana.last.text
    assert "• Instructions: “Update the status page" in ana.last.text
    assert "→ empty" in ana.last.text


def test_nothing_changed_sends_nothing(ana, world):
    ana.types("/io role edit comms")
    ana.submits()
    assert writes(world) == []
    assert ana.last.text == "No changes to save."


def test_what_somebody_else_changed_too_is_shown_before_it_is_replaced(ana, world):
    ana.types("/io role edit comms")
    role_of(world).update(description="By *Ben*", shortform="theirs")

    ana.submits(shortform="press")

    assert writes(world) == []
    said = "Somebody else changed *Short form* to “theirs” since this form was opened."
    assert f"{said} Save again to replace it." in ana.modal.words
    fields = {key.partition("#")[0]: f for key, f in ana.modal.fields.items()}
    assert fields["shortform"].value == "press"
    assert fields["description"].value == "By *Ben*"

    ana.submits()
    assert role_of(world)["shortform"] == "press"
    assert role_of(world)["description"] == "By *Ben*"
    assert "• Short form: “theirs” → “press”" in ana.last.text


def test_what_only_somebody_else_changed_is_kept_and_mentioned(ana, world):
    ana.types("/io role edit comms")
    role_of(world)["description"] = "By *Ben*"

    ana.submits(shortform="press")

    assert role_of(world)["shortform"] == "press"
    assert role_of(world)["description"] == "By *Ben*"
    said = "Somebody else changed *Description* since the form was opened"
    assert f"{said}. That change is kept." in ana.last.text


def test_editing_survives_a_failure(ana, world):
    world.incidentio.fail("PUT", "/v2/incident_roles/*", status=503)
    ana.types("/io role edit comms")
    ana.submits(instructions="Call the press")
    assert ana.modal.fields["instructions"].value == "Call the press"
    assert "whether the role was changed" in ana.modal.words


def test_deleting_names_what_goes_and_who_holds_it(ana, world):
    row = hold(world)
    ana.types("/io role comms")
    ana.presses("Delete")
    said = ana.modal.words
    assert "This deletes the role *Communications*." in said
    assert f"{row.name}: <@U0GUS>" in said
    assert "They lose the role." in said

    assert ana.submits(name="Comms").errors == {
        "name": "That is not its name. It is called “Communications”."
    }
    assert writes(world) == []
    ana.submits(name="  communications ")
    assert "The role *Communications* was deleted" in ana.last.text
    assert names(world) == ["Incident Lead", "Reporter"]
    ana.types("/io role comms")
    assert "No incident role matches “comms”" in ana.last.text


@pytest.mark.parametrize("name", ["lead", "Reporter"])
def test_a_role_that_incidentio_keeps_is_refused_in_its_words(ana, world, name):
    ana.types(f"/io role {name}")
    assert "Delete" not in ana.last.buttons
    ana.types(f"/io role delete {name}")
    ana.submits(name="Incident Lead" if name == "lead" else name)
    said = f"incident.io says “The {name.lower()} role cannot be deleted”"
    assert said in ana.modal.words
    assert len(names(world)) == 3


def test_a_role_renamed_meanwhile_is_asked_about_again(ana, world):
    ana.types("/io role delete comms")
    role_of(world)["name"] = "Press"
    ana.submits(name="Communications")
    assert writes(world) == []
    assert "Nothing was deleted: what is lost with it has changed" in ana.modal.words
    assert "This deletes the role *Press*." in ana.modal.words
    assert ana.submits(name="Communications").errors.keys() == {"name"}
    ana.submits(name="Press")
    assert names(world) == ["Incident Lead", "Reporter"]


def test_a_role_deleted_by_somebody_else_is_said_to_be(ana, world):
    ana.types("/io role delete comms")
    store(world).roles.remove(role_of(world)["id"])
    ana.submits(name="Communications")
    assert "was already deleted" in ana.modal.words


def test_what_was_written_is_in_the_journal(ana, bot):
    ana.types("/io role edit comms")
    ana.submits(shortform="press")
    entry = next(e for e in bot.services.audit.search() if e.operation == "role.edit")
    assert "role Communications" in str(entry)
    assert "press" in str(entry)


def test_a_role_is_created_once(ana, crash_after_work, restart, world):
    crash_after_work()
    ana.types("/io role create")
    ana.submits(name="Scribe", description="Writes it all down.")
    restart()

    made = [row for row in store(world).roles if row["name"] == "Scribe"]
    assert len(made) == 1
    assert "*Scribe* was created as an incident role" in ana.last.text


def test_a_role_is_edited_once(ana, crash_after_work, restart, world):
    crash_after_work()
    ana.types("/io role edit comms")
    ana.submits(shortform="press")
    restart()

    assert len(writes(world)) == 1
    assert role_of(world)["shortform"] == "press"
    assert "is already as the form says" in ana.last.text


def test_a_role_deleted_before_the_end_is_said_to_be_deleted(
    ana,
    crash_after_work,
    restart,
    world,
):
    crash_after_work()
    ana.types("/io role delete comms")
    ana.submits(name="Communications")
    restart()

    assert len(writes(world)) == 1
    assert "*Communications* is deleted." in ana.last.text
