"""Changing workflows, as people do it."""

import copy

import pytest

from tests.handlers.workflows.workflow_state import (
    CRITICAL,
    REMIND,
    TERRAFORM,
    puts,
    row,
    state,
)
from tests.incidentio.workflow_samples import Maker

UNKNOWN = {"tomorrow": {"a": [1, {"b": None}]}}


def with_unknowns(shown):
    """Put properties that nobody knows wherever the API has a place for them."""
    shown |= copy.deepcopy(UNKNOWN)
    binding = shown["steps"][0]["param_bindings"][0]
    group = shown["condition_groups"][0]
    branches = shown["expressions"][1]["operations"][0]["branches"]
    places = [
        shown["steps"][0],
        binding,
        binding["value"],
        group,
        group["conditions"][0],
        shown["expressions"][0],
        shown["expressions"][0]["operations"][0]["navigate"],
        branches,
        branches["branches"][0],
        branches["branches"][0]["condition_groups"][0]["conditions"][0],
        shown["expressions"][1]["else_branch"],
    ]
    for place in places:
        place.update(copy.deepcopy(UNKNOWN))


def test_an_edit_of_the_name_changes_nothing_else(ana, world):
    with_unknowns(row(world))
    before = state(world)

    ana.types(f"/io workflow edit {CRITICAL}")
    assert ana.modal.fields["name"].value == CRITICAL
    ana.submits(name="Page *everybody*")

    after = state(world, "Page *everybody*")
    assert after == {**before, "name": "Page *everybody*"}
    assert row(world, "Page *everybody*")["version"] == 8
    said = f"Name: “{CRITICAL}” → “Page ∗everybody∗”"
    assert "*Page ∗everybody∗* was edited by <@U0ANA>" in ana.last.text
    assert said in ana.last.text


@pytest.mark.parametrize("seed", [1, 22, 333, 4444])
def test_nor_in_workflows_of_any_shape(ana, world, seed):
    there = row(world)
    id_, meta = there["id"], there["management_meta"]
    for other in list(world.incidentio.store.workflows):
        if other is not there:
            world.incidentio.store.workflows.remove(other["id"])
    made = {**Maker(seed).workflow(), "name": "Made", "id": id_}
    there.clear()
    there |= {**made, "management_meta": meta}
    before = state(world, "Made")

    ana.types("/io workflow edit Made")
    ana.submits(name="Other")

    assert state(world, "Other") == {**before, "name": "Other"}


def test_everything_that_the_form_shows_can_be_changed(ana, world):
    ana.types(f"/io workflow edit {REMIND}")
    ana.submits(
        state="Active",
        folder="Comms",
        shortform="remind-me",
        runs_on_incidents="New incidents, and those active when it was set up",
        runs_on_incident_modes=["Standard"],
        for_seconds="90",
        conditions_apply_over_delay=[],
        continue_on_step_error=["Run the next steps all the same"],
        private_incident_scope="All",
    )

    after = row(world, REMIND)
    assert after["state"] == "active"
    assert after["folder"] == "Comms"
    assert after["shortform"] == "remind-me"
    assert after["runs_on_incidents"] == "newly_created_and_active"
    assert after["runs_on_incident_modes"] == ["standard"]
    assert after["delay"] == {"for_seconds": 90, "conditions_apply_over_delay": False}
    assert after["continue_on_step_error"] is True
    assert after["private_incident_scope"] == "all"
    assert after["include_private_incidents"] is True
    assert "• State: “Disabled” → “Active”" in ana.last.text
    assert "• Delay in seconds: “1800” → “90”" in ana.last.text
    off = "• After the delay: “The conditions must still hold” → empty"
    assert off in ana.last.text


def test_what_is_emptied_is_cleared(ana, world):
    row(world, REMIND)["delay"] |= UNKNOWN
    ana.types(f"/io workflow edit {REMIND}")
    ana.submits(folder="", for_seconds="")

    after = row(world, REMIND)
    assert "folder" not in after
    assert "delay" not in after
    assert "Folder: “Communication” → empty" in ana.last.text


def test_what_else_a_delay_holds_stays(ana, world):
    row(world, REMIND)["delay"] |= UNKNOWN
    ana.types(f"/io workflow edit {REMIND}")
    ana.submits(for_seconds="60")
    assert row(world, REMIND)["delay"] == {
        "for_seconds": 60,
        "conditions_apply_over_delay": True,
        **UNKNOWN,
    }


def test_a_form_left_as_it_was_writes_nothing(ana, world):
    ana.types(f"/io workflow edit {CRITICAL}")
    ana.submits()
    assert ana.last.text == "No changes to save."
    assert puts(world) == []


def test_the_form_shows_what_it_does_not_change(ana):
    ana.types(f"/io workflow edit {CRITICAL}")
    words = ana.modal.words
    assert "*Conditions*" in words
    assert "1. *Escalate* for each of" in words
    assert "*Urgency*: if" in words
    assert "stay as they are" in words


def test_terraform_keeps_its_workflow_and_the_form_warns(ana, world):
    before = state(world, TERRAFORM)
    ana.types(f"/io workflow edit {TERRAFORM}")
    assert "is managed by <https://github.com/acme" in ana.modal.words
    assert "will be overwritten from there" in ana.modal.words

    ana.submits(name="Invite them")

    assert state(world, "Invite them") == {**before, "name": "Invite them"}
    assert "which will overwrite this" in ana.last.text


def test_a_workflow_is_disabled_and_enabled_by_words_and_by_button(ana, world):
    before = state(world)
    ana.types(f"/io workflow {CRITICAL}")
    card = ana.last
    ana.presses("Disable")

    assert state(world) == {**before, "state": "disabled"}
    assert "State: “Active” → “Disabled”" in card.words
    assert "Enable" in card.words or ":white_circle: Disabled" in card.words
    ana.types(f"/io workflow enable {CRITICAL}")
    assert row(world)["state"] == "active"
    ana.types(f"/io workflow enable {CRITICAL}")
    assert "is active already. Nothing was changed." in ana.last.text
    assert len(puts(world)) == 2


def test_steps_are_not_upgraded_on_the_way(ana, world):
    ana.types(f"/io workflow disable {CRITICAL}")
    assert len(row(world)["steps"][1]["param_bindings"]) == 2


def test_a_deleted_workflow_is_gone(ana, world):
    ana.types(f"/io workflow delete {CRITICAL}")
    words = ana.modal.words
    assert f"This deletes the workflow *{CRITICAL}*." in words
    assert ":large_green_circle: Active. Trigger: " in words
    assert "1. *Escalate*" in words
    sent = ana.submits(name="Page")
    assert "not its name" in sent.answer["errors"]["name"]

    ana.submits(name=f" {CRITICAL.lower()} ")

    assert f"*{CRITICAL}* was deleted, by <@U0ANA>." in ana.last.text
    names = [r["name"] for r in world.incidentio.store.workflows]
    assert CRITICAL not in names
    ana.types("/io workflows")
    assert CRITICAL not in ana.last.words
