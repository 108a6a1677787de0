"""Editing what an incident says about itself."""

from datetime import UTC, datetime

import pytest

from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import (
    field_id,
    holder_of,
    role_id,
    shown,
    time_id,
    time_of,
    values_of,
)


def test_the_form_opens_with_what_is_the_case(ana, world):
    ana.types("/io incident edit INC-39")
    ana.presses("More")

    fields = ana.modal.fields
    assert ana.modal.title == "Edit INC-39"
    assert fields["name"].value == "Elevated errors in the API"
    assert fields["summary"].value.startswith("About 3% of requests")
    assert fields[field_id(world, "Affected service")].value["text"]["text"] == "API"
    assert fields[field_id(world, "Customers affected")].value is not None
    assert fields[role_id(world, "Incident Lead")].type == "users_select"
    assert role_id(world, "Reporter") not in fields
    assert fields[time_id(world, "Reported at")].value is not None
    assert fields[time_id(world, "Fixed at")].value is None


@pytest.mark.settings(announce_changes=True)
def test_only_what_was_changed_is_sent_and_said_as_old_and_new(ana, world):
    ana.types("/io incident edit INC-39", channel="C0INC39")
    ana.presses("More")
    ana.submits(name="API answers 500")

    (request,) = writes(world)
    assert request.json == {
        "incident": {"name": "API answers 500"},
        "notify_incident_channel": True,
    }
    theirs, ours = ana.sees("C0INC39")
    assert theirs.text == "INC-39 was edited."
    assert ours.ephemeral_to is None
    assert "was edited by <@U0ANA>." in ours.text
    assert "Name: “Elevated errors in the API” → “API answers 500”" in ours.text


def test_nothing_changed_sends_nothing(ana, world):
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    ana.submits()

    assert ana.modal is None
    assert writes(world) == []
    assert ana.last.text == "No changes to save."


def test_a_name_of_only_spaces_sends_nothing(ana, world):
    ana.types("/io incident edit INC-39", channel="C0INC39")
    ana.presses("More")
    sent = ana.submits(name="    ", summary="New words")

    assert sent.answer["errors"] == {"name": "This cannot be empty."}
    assert writes(world) == []
    assert ana.sees("C0INC39") == []


def test_who_does_not_notify_edits_in_silence(ana, world):
    ana.types("/io incident edit INC-39", channel="C0INC39")
    ana.presses("More")
    ana.submits(name="Quiet", notify=[])

    (request,) = writes(world)
    assert request.json["notify_incident_channel"] is False
    (answer,) = ana.sees("C0INC39")
    assert answer.ephemeral_to == "U0ANA"


def test_custom_fields_of_all_kinds_are_changed(ana, world):
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    ana.submits(
        **{
            field_id(world, "Affected service"): "Checkout",
            field_id(world, "Regions"): ["Europe", "South America"],
            field_id(world, "Customer impact"): "Nobody can log in",
            field_id(world, "Status page"): "https://status.acme.example/1",
            field_id(world, "Customers affected"): "1234",
        }
    )

    assert ana.modal is None
    assert values_of(world, "Affected service") == ["Checkout"]
    assert values_of(world, "Regions") == ["Europe", "South America"]
    assert values_of(world, "Customer impact") == ["Nobody can log in"]
    assert values_of(world, "Status page") == ["https://status.acme.example/1"]
    assert values_of(world, "Customers affected") == ["1234"]
    assert "Affected service: “API” → “Checkout”" in ana.last.text
    assert "Status page: empty → <https://status.acme.example/1|" in ana.last.text


def test_custom_fields_are_emptied(ana, world):
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    names = ("Affected service", "Regions", "Customer impact", "Customers affected")
    ana.submits(**{field_id(world, name): None for name in names})

    assert [values_of(world, name) for name in names] == [[]] * 4
    assert "Affected service: “API” → empty" in ana.last.text


def test_roles_are_handed_over_and_laid_down(ana, world):
    lead, comms = role_id(world, "Incident Lead"), role_id(world, "Communications")
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    ana.submits(**{lead: "chi", comms: "dov"})
    assert holder_of(world, "Incident Lead") == "Chi Nguyen"
    assert holder_of(world, "Communications") == "Dov Levi"
    assert "Communications: nobody → <@U0DOV>" in ana.last.text

    ana.types("/io incident edit INC-39")
    ana.presses("More")
    ana.submits(**{comms: None})
    assert holder_of(world, "Communications") is None
    assert holder_of(world, "Incident Lead") == "Chi Nguyen"
    assert "Communications: <@U0DOV> → nobody" in ana.last.text


@pytest.mark.parametrize("handle", ["max", "lee"])
def test_a_person_without_an_active_account_cannot_have_a_role(ana, world, handle):
    lead = role_id(world, "Incident Lead")
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    ana.submits(**{lead: handle, "name": "kept"})

    why = {"max": "has no account", "lee": "account in incident.io is deactivated"}
    assert why[handle] in ana.modal.errors[lead]
    assert ana.modal.fields["name"].value == "kept"
    assert writes(world) == []


def test_times_are_set_and_corrected(ana, world):
    fixed = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    ana.submits(**{time_id(world, "Fixed at"): fixed})

    assert time_of(world, "Fixed at").startswith("2026-03-09T09:30:00")
    assert "Fixed at: empty → <!date^" in ana.last.text


def test_a_time_that_incidentio_does_not_clear_is_said_not_to_be_applied(ana, world):
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    ana.submits(**{time_id(world, "Reported at"): None, "name": "New name"})

    assert "Name: “Elevated errors in the API” → “New name”" in ana.last.text
    assert (
        "Reported at was not applied by incident.io: it is still <!date^"
        in ana.last.text
    )


def test_when_nothing_is_applied_nothing_is_announced(ana, world):
    ana.types("/io incident edit INC-39", channel="C0INC39")
    ana.presses("More")
    ana.submits(**{time_id(world, "Reported at"): None}, notify=[])

    assert "was not changed" in ana.modal.words
    assert [m.text for m in ana.sees("C0INC39")] == []


@pytest.mark.settings(role_levels={"none": "respond"})
def test_somebody_without_an_account_can_edit(person, world):
    max_ = person("max")
    max_.types("/io incident edit INC-39", channel="C0INC39")
    max_.presses("More")
    max_.submits(name="By a contractor")
    assert shown(world)["name"] == "By a contractor"
    assert "was edited by <@U0MAX>." in max_.last.text


def test_an_incident_without_a_channel_offers_nobody_to_notify(ana, world):
    world.incidentio.store.incident("11").channel_id = None
    ana.types("/io incident edit INC-11")
    ana.presses("More")
    assert "notify" not in ana.modal.fields
    ana.submits(name="Archive")
    (request,) = writes(world)
    assert request.json["notify_incident_channel"] is False


def test_what_people_change_most_comes_first(ana, world):
    ana.types("/io incident edit 39")
    labels = [field.label for field in ana.modal.fields.values()]
    assert labels == ["Name", "Summary", "Incident Lead", "Notify"]

    ana.fills(name="Better words")
    world.incidentio.store.incident("39").summary = "Somebody else wrote this"
    ana.presses("More")
    assert ana.modal.fields["name"].value == "Better words"
    ana.submits(notify=[])
    assert shown(world)["name"] == "Better words"
    assert shown(world)["summary"] == "Somebody else wrote this"


def test_a_change_by_others_is_noticed_after_more_too(ana, world):
    ana.types("/io incident edit 39")
    ana.fills(name="My words")
    world.incidentio.store.incident("39").name = "Their words"
    ana.presses("More")
    ana.submits()
    assert "Their words" in ana.modal.words
    assert shown(world)["name"] == "Their words"
