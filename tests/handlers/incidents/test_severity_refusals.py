"""Changing how bad an incident is, when it cannot be done as asked."""

import pytest

from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import keep_out, severity_id, severity_of

UPDATES = "/v2/incident_updates"


def test_an_unknown_level_is_asked_back_with_the_list(ana, world):
    ana.types("/io severity INC-39 catastrophic")
    assert "No severity matches “catastrophic”" in ana.last.text

    ana.chooses("pick", "Critical")
    assert severity_of(world, 39) == "Critical"


@pytest.mark.usefixtures("warm")
def test_a_level_deleted_meanwhile_is_said_with_the_list(ana, world):
    world.incidentio.store.severities.remove(severity_id(world, "Critical"))

    ana.types("/io severity INC-39 critical")

    assert "“Critical” was deleted. Which severity?" in ana.last.text
    ana.chooses("pick", "Minor")
    assert severity_of(world, 39) == "Minor"


def test_a_level_deleted_since_the_form_opened_is_said_beside_the_field(ana, world):
    ana.types("/io severity INC-39")
    world.incidentio.store.severities.remove(severity_id(world, "Critical"))

    ana.submits(severity="Critical", message="kept")

    assert ana.modal.errors == {
        "severity": "That severity was deleted. Choose another."
    }
    assert ana.modal.fields["message"].value == "kept"
    ana.submits(severity="Minor")
    assert severity_of(world, 39) == "Minor"


def test_an_unknown_incident_is_named(ana, world):
    ana.types("/io severity INC-999 major")
    assert "There is no incident INC-999" in ana.last.text


def test_a_private_incident_does_not_exist_for_an_outsider(ana, person, world):
    keep_out(world, "01HUSER00000000000000CHI00")
    outsider = person("chi")
    outsider.types("/io severity INC-36 low")

    assert "There is no incident INC-36" in outsider.last.text
    assert severity_of(world, 36) == "Critical"


def test_five_submissions_at_once_are_one_update(ana, bot, world):
    ana.types("/io severity INC-39")
    ana.submit_at_once(5, severity="Critical")
    bot.wait_idle()

    assert len(writes(world)) == 1
    assert severity_of(world, 39) == "Critical"


def test_what_incidentio_did_not_apply_is_said(ana, world):
    shown = world.incidentio.incident(39)
    answer = {
        "incident_update": {
            "id": "01HUPDATE",
            "incident_id": shown["id"],
            "new_incident_status": shown["incident_status"],
            "new_severity": shown["severity"],
            "updater": {},
            "created_at": "2026-03-09T10:00:00Z",
        }
    }
    world.incidentio.fail("POST", UPDATES, status=201, body=answer)

    ana.types("/io severity INC-39 critical")

    assert "was not changed" in ana.last.text
    assert "The severity was not applied" in ana.last.text
    assert "it is still *Major*" in ana.last.text


@pytest.mark.settings(announce_changes=True)
def test_what_was_not_known_to_go_through_is_asked_for_anew_when_changed(ana, world):
    world.incidentio.fail("POST", UPDATES, drop="after")
    ana.types("/io severity INC-39")
    ana.submits(severity="Critical", message="First words")
    assert "not known whether" in ana.modal.words

    world.incidentio.clear_faults()
    ana.submits(message="Second words")

    assert len({r.json["idempotency_key"] for r in writes(world)}) == 2
    assert ana.sees("C0INC39")[-2].text == "Second words"
    assert severity_of(world, 39) == "Critical"


def test_what_was_not_known_to_go_through_is_not_done_twice(ana, world):
    world.incidentio.fail("POST", UPDATES, drop="after")
    ana.types("/io severity INC-39")
    ana.submits(severity="Critical", message="Once")
    world.incidentio.clear_faults()
    ana.submits()

    assert len({r.json["idempotency_key"] for r in writes(world)}) == 1
    told = [m.text for m in ana.sees("C0INC39")]
    assert len([t for t in told if "Once" in t]) == 1


@pytest.mark.settings(announce_changes=True)
def test_a_channel_that_the_bot_cannot_write_in_is_named(ana, world):
    world.slack.fail("chat.postMessage", error="not_in_channel")
    ana.types("/io severity INC-39 critical", channel="incidents")

    assert "is now *Critical*" in ana.last.text
    assert "<#C0INC39> was not told" in ana.last.text


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 401}, "does not accept the bot's API key"),
        ({"status": 403}, "may not do this"),
        ({"status": 500}, "not known whether"),
        ({"status": 200, "body": "<html>maintenance</html>"}, "cannot use"),
        ({"drop": True}, "not known whether"),
    ],
)
def test_a_failing_incidentio_is_explained_with_a_reference(ana, world, fault, words):
    world.incidentio.fail("POST", UPDATES, **fault)

    ana.types("/io severity INC-39 critical")

    assert words in ana.last.text
    assert "(ref `" in ana.last.text


def test_a_refusal_beside_the_level_keeps_what_was_typed(ana, world):
    problem = {
        "code": "x",
        "message": "Severities are frozen.",
        "source": {"field": "to_severity_id", "pointer": "to_severity_id"},
    }
    body = {"type": "validation_error", "status": 422, "errors": [problem]}
    world.incidentio.fail("POST", UPDATES, status=422, body=body)

    ana.types("/io severity INC-39")
    ana.submits(severity="Critical", message="kept")

    assert ana.modal.errors == {"severity": "Severities are frozen."}
    assert ana.modal.fields["message"].value == "kept"


def test_a_repeated_delivery_changes_it_once(ana, world):
    sent = ana.types("/io severity INC-39 critical")
    world.slack.interactions.deliver(sent.again())
    assert len(writes(world)) == 1
