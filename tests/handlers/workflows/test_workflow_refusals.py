"""What is not written to workflows, and what people are told then."""

import pytest

from tests.handlers.workflows.workflow_state import CRITICAL, REMIND, puts, row, state


@pytest.mark.parametrize("verb", ["edit", "delete", "enable", "disable"])
def test_who_may_only_look_changes_nothing(person, world, verb):
    kim = person("kim")
    kim.types(f"/io workflow {verb} {CRITICAL}")
    assert kim.modal is None
    assert puts(world) == []
    assert "the Administrator role in incident.io" in kim.last.text


def test_somebody_who_lost_the_right_meanwhile_changes_nothing(ben, bot, world):
    ben.types(f"/io workflow edit {CRITICAL}")
    user = world.incidentio.store.user(field="slack_user_id", value="U0BEN")
    viewer = world.incidentio.store.user(field="slack_user_id", value="U0KIM")
    user |= {"role": "viewer", "base_role": viewer["base_role"]}
    bot.services.catalog.expire("users")
    ben.submits(name="Mine")
    assert puts(world) == []


def test_what_only_somebody_else_changed_is_kept_and_mentioned(ana, world):
    ana.types(f"/io workflow edit {CRITICAL}")
    theirs = row(world)
    theirs["steps"] = theirs["steps"][:1]
    theirs["state"] = "disabled"

    ana.submits(name="Page us", folder="Night")

    after = row(world, "Page us")
    assert (after["state"], after["folder"]) == ("disabled", "Night")
    assert len(after["steps"]) == 1
    said = "Somebody else changed *State* and *Steps* since the form was opened"
    assert f"{said}. That change is kept." in ana.last.text


def test_the_same_field_changed_by_two_is_replaced_only_knowingly(ana, world):
    ana.types(f"/io workflow edit {CRITICAL}")
    row(world)["folder"] = "Theirs"
    row(world)["steps"] = row(world)["steps"][:1]
    ana.submits(folder="Mine", name="Page us")
    said = "Somebody else changed *Folder* to “Theirs” since this form was opened."
    assert f"{said} Save again to replace it." in ana.modal.words
    typed = {key.partition("#")[0]: f.value for key, f in ana.modal.fields.items()}
    assert (typed["name"], typed["folder"]) == ("Page us", "Mine")
    assert puts(world) == []

    ana.submits()

    assert row(world, "Page us")["folder"] == "Mine"
    assert len(row(world, "Page us")["steps"]) == 1
    assert "Folder: “Theirs” → “Mine”" in ana.last.text


def test_labels_that_read_differently_are_no_change(ana, world):
    ana.types(f"/io workflow edit {CRITICAL}")
    row(world)["steps"][0]["label"] = "Escalate to people"
    ana.submits(folder="Night")
    assert row(world)["folder"] == "Night"


def test_a_property_that_nobody_knows_is_watched_too(ana, world):
    ana.types(f"/io workflow edit {CRITICAL}")
    row(world)["auto_run_mode"] = "confirm_before_running"
    ana.submits(folder="Night")
    assert row(world)["auto_run_mode"] == "confirm_before_running"
    assert "Somebody else changed *Auto run mode* since" in ana.last.text


def test_what_is_typed_survives_when_incidentio_is_down(ana, world):
    ana.types(f"/io workflow edit {CRITICAL}")
    world.incidentio.fail("PUT", "/v2/workflows/*", status=503)
    ana.submits(name="Page us")
    assert ana.modal.fields["name"].value == "Page us"
    assert "workflow was" in ana.modal.words
    world.incidentio.clear_faults()

    ana.submits()

    assert row(world, "Page us")


def test_what_incidentio_refuses_appears_beside_its_field(ana):
    ana.types(f"/io workflow edit {REMIND}")
    sent = ana.submits(shortform="handover")
    assert "Another workflow" in sent.answer["errors"]["shortform"]
    sent = ana.submits(shortform="Not This")
    assert "small letters" in sent.answer["errors"]["shortform"]


def test_five_submissions_at_once_write_once(ana, world):
    ana.types(f"/io workflow edit {CRITICAL}")
    ana.submit_at_once(5, name="Page us")
    assert len(puts(world)) == 1


def test_an_edit_whose_answer_was_lost_is_not_taken_for_somebody_elses(ana, world):
    ana.types(f"/io workflow edit {CRITICAL}")
    world.incidentio.fail("PUT", "/v2/workflows/*", drop="after", times=1)
    ana.submits(name="Page us")
    assert row(world, "Page us")
    if ana.modal:
        ana.submits()
    assert "was edited by <@U0ANA>" in ana.last.text


def test_an_edit_made_before_a_crash_is_not_made_again(
    ana, world, crash_after_work, restart
):
    ana.types(f"/io workflow edit {CRITICAL}")
    crash_after_work()
    ana.submits(name="Page us")
    restart()

    assert len(puts(world)) == 1
    assert "is already as the form says" in ana.last.text


def test_what_the_answer_does_not_tell_is_not_overwritten(ana, world):
    operation = {
        "operation_type": "concatenate",
        "returns": {"type": "Text", "array": True},
    }
    row(world)["expressions"][0]["operations"].append(operation)
    before = state(world)
    for verb in ("edit", "disable"):
        ana.types(f"/io workflow {verb} {CRITICAL}")
        assert "would be lost" in ana.last.text
    assert state(world) == before


def test_what_incidentio_changes_besides_is_said(ana, world):
    row(world)["condition_groups"] = []
    workflow = row(world)
    ana.types(f"/io workflow edit {CRITICAL}")
    meddled = {k: v for k, v in workflow.items() if k != "management_meta"}
    meddled |= {"name": "Page us", "steps": []}
    body = {"workflow": meddled, "management_meta": workflow["management_meta"]}
    world.incidentio.fail("PUT", "/v2/workflows/*", status=200, body=body, times=1)
    ana.submits(name="Page us")
    assert "incident.io changed *Steps* as well" in ana.last.text


def test_a_name_or_a_delay_that_cannot_be_is_said_beside_it(ana, world):
    ana.types(f"/io workflow edit {CRITICAL}")
    sent = ana.submits(name="  ")
    assert sent.answer["errors"]["name"]
    assert puts(world) == []


def test_a_workflow_changed_since_the_question_is_not_deleted(ana, world):
    ana.types(f"/io workflow delete {CRITICAL}")
    row(world)["steps"] = []
    ana.submits(name=CRITICAL)
    assert "Nothing was deleted: what is lost with it has changed" in ana.modal.words
    assert "No steps." in ana.modal.words
    ana.submits(name=CRITICAL)
    assert "was deleted" in ana.last.text


def test_a_deleted_workflow_cannot_be_edited_or_deleted_again(ana, world):
    ana.types(f"/io workflow edit {CRITICAL}")
    world.incidentio.store.workflows.remove(row(world)["id"])
    ana.submits(name="Page us")
    assert "That workflow was deleted." in ana.modal.words
