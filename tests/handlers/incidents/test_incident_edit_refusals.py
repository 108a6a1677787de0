"""Editing an incident when others do, or when something is in the way."""

import pytest

from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import (
    field_id,
    holder_of,
    keep_out,
    role_id,
    shown,
)

EDIT = "/v2/incidents/*/actions/edit"


def test_what_somebody_else_changed_meanwhile_is_shown_before_it_is_replaced(
    ana, world
):
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    row = world.incidentio.store.incident("39")
    row.name = "Errors & <timeouts>"
    row.summary = "Seen by somebody else"

    ana.submits(name="My name")

    assert writes(world) == []
    said = "Somebody else changed *Name* to “Errors &amp; &lt;timeouts&gt;” since"
    assert said in ana.modal.words
    assert ana.modal.fields["name"].value == "My name"
    assert "Seen by somebody else" in ana.modal.words

    ana.submits()
    assert shown(world)["name"] == "My name"
    assert shown(world)["summary"] == "Seen by somebody else"
    assert "Name: “Errors &amp; &lt;timeouts&gt;” → “My name”" in ana.last.text


def test_changes_of_other_fields_meanwhile_are_kept(ana, world):
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    world.incidentio.store.incident("39").summary = "Written by somebody else"

    ana.submits(name="My name")

    assert shown(world)["name"] == "My name"
    assert shown(world)["summary"] == "Written by somebody else"
    said = "Somebody else changed *Summary* since the form was opened"
    assert f"{said}. That change is kept." in ana.last.text


def test_the_same_change_made_by_both_is_not_made_twice(ana, world):
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    world.incidentio.store.incident("39").name = "Agreed"
    ana.submits(name="Agreed")
    assert writes(world) == []
    assert "is already as the form says" in ana.last.text


def test_an_option_deleted_since_the_form_opened_is_said_beside_the_field(
    ana, bot, world
):
    service = field_id(world, "Affected service")
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    options = world.incidentio.store.options
    options.remove(next(o["id"] for o in options if o["value"] == "Checkout"))

    ana.submits(**{service: "Checkout", "name": "kept"})
    assert "is not an option" in ana.modal.errors[service]

    bot.services.catalog.expire("custom_fields")
    ana.submits()
    assert ana.modal.errors[service] == "That option was deleted. Choose another."
    assert ana.modal.fields["name"].value == "kept"


def test_a_role_deleted_since_the_form_opened_is_said_beside_the_field(ana, bot, world):
    comms = role_id(world, "Communications")
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    world.incidentio.store.roles.remove(comms.removeprefix("role:"))
    bot.services.catalog.expire("roles")

    ana.submits(**{comms: "chi"})
    assert "deleted since the form was opened" in ana.modal.errors[comms]


def test_a_field_out_of_a_catalog_is_left_alone_and_said_so(ana, bot, world):
    fields = world.incidentio.store.custom_fields
    team = next(f for f in fields if f["name"] == "Affected service")
    team["catalog_type_id"] = "01HCATALOG"
    bot.services.catalog.expire("custom_fields")

    ana.types("/io incident edit INC-39")
    ana.presses("More")

    assert field_id(world, "Affected service") not in ana.modal.fields
    assert "kept as they are: Affected service" in ana.modal.words


def test_a_link_that_slack_would_refuse_does_not_keep_the_form_from_opening(ana, world):
    world.incidentio.store.incident("39").call_url = "tel:+49123"
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    assert "kept as they are: Call" in ana.modal.words


def test_a_person_whom_slack_does_not_know_keeps_the_role(ana, bot, world):
    lead = role_id(world, "Incident Lead")
    user = next(
        u for u in world.incidentio.store.users if u["slack_user_id"] == "U0CHI"
    )
    del user["slack_user_id"]
    row = world.incidentio.store.incident("39")
    row.roles[lead.removeprefix("role:")] = user["id"]

    ana.types("/io incident edit INC-39")
    ana.presses("More")
    assert lead not in ana.modal.fields
    ana.submits(name="New")
    assert holder_of(world, "Incident Lead") == "Chi Nguyen"


def test_an_organisation_with_very_many_fields_still_gets_a_form(ana, bot, world):
    fields = world.incidentio.store.custom_fields
    like = next(f for f in fields if f["name"] == "Customer impact")
    for n in range(120):
        fields.add(
            f"01HMANY{n:019}", {**like, "id": f"01HMANY{n:019}", "name": f"F{n}"}
        )
    bot.services.catalog.expire("custom_fields")

    ana.types("/io incident edit INC-39")
    ana.presses("More")

    assert ana.modal.title == "Edit INC-39"
    assert len(ana.modal.private_metadata) <= 3000
    assert "kept as they are" in ana.modal.words
    ana.submits(name="New")
    assert shown(world)["name"] == "New"


def test_five_submissions_at_once_are_one_edit(ana, bot, world):
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    ana.submit_at_once(5, name="Once")
    assert bot.wait_idle()
    assert len(writes(world)) == 1


@pytest.mark.parametrize(
    "name", ["<!channel> & co", "🔥" * 60, "עברית\u200bשקט", "*_~`"]
)
def test_odd_names_are_kept_as_they_are_and_page_nobody(ana, world, name):
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    ana.submits(name=name)

    assert shown(world)["name"] == name
    assert "<!channel>" not in ana.last.text


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 403}, "may not do this"),
        ({"status": 500}, "not known whether"),
        ({"status": 200, "body": "<html>"}, "cannot use"),
        ({"drop": True}, "not known whether"),
    ],
)
def test_a_failing_incidentio_keeps_what_was_typed(ana, world, fault, words):
    world.incidentio.fail("POST", EDIT, **fault)
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    ana.submits(name="Do not lose me")

    assert words in ana.modal.words
    assert ana.modal.fields["name"].value == "Do not lose me"


def test_a_refusal_about_nothing_in_the_form_is_said_above_it(ana, world):
    problem = {
        "code": "x",
        "message": "Locked by policy.",
        "source": {"field": "policy", "pointer": "incident/policy"},
    }
    body = {"type": "validation_error", "status": 422, "errors": [problem]}
    world.incidentio.fail("POST", EDIT, status=422, body=body)
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    ana.submits(name="New")

    assert "“Locked by policy”" in ana.modal.words
    assert ana.modal.fields["name"].value == "New"


def test_an_outsider_cannot_edit_a_private_incident(person, world):
    keep_out(world, "01HUSER00000000000000CHI00")

    outsider = person("chi")
    outsider.types("/io incident edit INC-36")
    assert outsider.modal is None
    assert "There is no incident INC-36" in outsider.last.text


def test_two_overtakings_in_a_row_are_both_shown(ana, world):
    row = world.incidentio.store.incident("39")
    ana.types("/io incident edit INC-39")
    ana.presses("More")
    row.name = "Second"
    ana.submits(name="Mine")
    row.name = "Third"
    ana.submits()
    assert "Somebody else changed *Name* to “Third” since" in ana.modal.words

    ana.submits()
    assert shown(world)["name"] == "Mine"
