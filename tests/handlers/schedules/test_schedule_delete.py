"""Deleting a schedule, as people do it."""

import pytest

from tests.handlers.schedules.schedule_state import schedule_of


def names(world):
    return [row["name"] for row in world.incidentio.store.schedules]


def test_the_form_says_what_goes_who_is_on_call_and_what_depends_on_it(ana):
    ana.types("/io schedule delete Payments")
    words = ana.modal.words
    assert "This deletes the schedule *<" in words
    assert "Its rotations On call go with it, every shift and every override." in words
    assert "On call now: <@U0HANA>." in words
    assert "The escalation path uses it: *Payments*." in words
    assert "Type “Payments” to delete it." in words


def test_what_is_lost_is_an_alert_where_slack_has_them(ana, world):
    ana.types("/io schedule delete Payments")
    alerts = [b for b in ana.modal.blocks if b["type"] == "alert"]
    assert {alert["level"] for alert in alerts} == {"warning"}
    assert "⚠️" not in str(alerts)
    ana.closes()

    world.slack.workspace.unsupported_blocks.add("alert")
    ana.types("/io schedule delete Payments")
    assert not [b for b in ana.modal.blocks if b["type"] == "alert"]
    assert "⚠️ The escalation path uses it: *Payments*." in ana.modal.words
    ana.submits(name="Payments")
    assert "was deleted" in ana.last.words


def test_targets_deep_in_a_path_are_found(ana):
    ana.types("/io schedule delete Support")
    assert "use it: *Platform* and *Support*." in ana.modal.words


def test_it_is_deleted_once_its_name_is_typed(ana, world):
    ana.types("/io schedule delete Payments")
    ana.submits(name="payment")
    assert "It is called “Payments”." in ana.modal.errors["name"]
    assert "Payments" in names(world)

    ana.submits(name=" payments ")
    assert "Payments" not in names(world)
    assert "was deleted, by <@U0ANA>." in ana.last.text
    assert "The escalation path uses it: *Payments*." in ana.last.text
    ana.types("/io oncall Payments")
    assert "No schedule matches “Payments”" in ana.last.text


def test_what_depends_on_it_since_is_shown_first(ana, world):
    ana.types("/io schedule delete Payments")
    paths = world.incidentio.store.escalation_paths
    paths.remove(next(p["id"] for p in paths if p["name"] == "Payments"))
    ana.submits(name="Payments")
    assert "Nothing was deleted: what is lost with it has changed" in ana.modal.words
    assert "No escalation path uses it." in ana.modal.words
    assert "Payments" in names(world)
    ana.submits(name="Payments")
    assert "Payments" not in names(world)


def test_paths_that_cannot_be_read_are_said(ana, world):
    world.incidentio.fail("GET", "/v2/escalation_paths", status=403)
    ana.types("/io schedule delete Payments")
    assert "could not be read" in ana.modal.words
    ana.submits(name="Payments")
    assert "Payments" not in names(world)


def test_what_incidentio_refuses_is_said(ana, world):
    ana.types("/io schedule delete Payments")
    problem = {"code": "in_use", "message": "It has active replicas."}
    body = {"type": "conflict", "status": 409, "request_id": "r", "errors": [problem]}
    world.incidentio.fail("DELETE", "/v2/schedules/*", status=409, body=body)
    ana.submits(name="Payments")
    assert "incident.io says “It has active replicas”" in ana.modal.words
    assert "Payments" in ana.modal.words


@pytest.mark.parametrize("attempted", [True, False])
def test_one_that_is_gone_already_is_said_to_be(ana, world, attempted):
    ana.types("/io schedule delete Payments")
    if attempted:
        world.incidentio.fail("DELETE", "/v2/schedules/*", drop="before")
        ana.submits(name="Payments")
        assert "It is not known whether the schedule was deleted" in ana.modal.words
        world.incidentio.clear_faults()
    world.incidentio.store.schedules.remove(schedule_of(world, "Payments")["id"])
    ana.submits(name="Payments")
    if attempted:
        assert ana.last.text == "The schedule *Payments* is deleted."
    else:
        assert "That schedule was already deleted." in ana.modal.words


def test_responders_delete_no_schedules(person, world):
    jo = person("jo")
    jo.types("/io schedule delete Payments")
    assert "the Administrator role in incident.io" in jo.last.text
