"""Editing what an incident says about itself."""

from datetime import UTC, datetime

import pytest

EDIT = "/v2/incidents/*/actions/edit"


def writes(world):
    return [r for r in world.incidentio.requests if r.method == "POST"]


def shown(world, number=39):
    return world.incidentio.incident(number)


def field_id(world, name):
    fields = world.incidentio.store.custom_fields
    return f"field:{next(f['id'] for f in fields if f['name'] == name)}"


def role_id(world, name):
    roles = world.incidentio.store.roles
    return f"role:{next(r['id'] for r in roles if r['name'] == name)}"


def time_id(world, name):
    stamps = world.incidentio.store.timestamps
    return f"time:{next(t['id'] for t in stamps if t['name'] == name)}"


def values_of(world, name, number=39):
    entries = shown(world, number)["custom_field_entries"]
    found = next(e for e in entries if e["custom_field"]["name"] == name)
    return [
        v["value_option"]["value"] if "value_option" in v else next(iter(v.values()))
        for v in found["values"]
    ]


def holder_of(world, name, number=39):
    assignments = shown(world, number)["incident_role_assignments"]
    found = next(a for a in assignments if a["role"]["name"] == name)
    return found.get("assignee", {}).get("name")


def at(world, name, number=39):
    values = shown(world, number)["incident_timestamp_values"]
    found = next(v for v in values if v["incident_timestamp"]["name"] == name)
    return found.get("value", {}).get("value")


def test_the_form_opens_with_what_is_the_case(ana, world):
    ana.types("/io incident edit INC-39")

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


def test_only_what_was_changed_is_sent_and_said_as_old_and_new(ana, world):
    ana.types("/io incident edit INC-39", channel="C0INC39")
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
    ana.submits()

    assert ana.modal is None
    assert writes(world) == []
    assert "was left as it is" in ana.last.text


def test_who_does_not_notify_edits_in_silence(ana, world):
    ana.types("/io incident edit INC-39", channel="C0INC39")
    ana.submits(name="Quiet", notify=[])

    (request,) = writes(world)
    assert request.json["notify_incident_channel"] is False
    (answer,) = ana.sees("C0INC39")
    assert answer.ephemeral_to == "U0ANA"


def test_custom_fields_of_all_kinds_are_changed(ana, world):
    ana.types("/io incident edit INC-39")
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
    assert "Status page: nothing → “https://status.acme.example/1”" in ana.last.text


def test_custom_fields_are_emptied(ana, world):
    ana.types("/io incident edit INC-39")
    names = ("Affected service", "Regions", "Customer impact", "Customers affected")
    ana.submits(**{field_id(world, name): None for name in names})

    assert [values_of(world, name) for name in names] == [[]] * 4
    assert "Affected service: “API” → nothing" in ana.last.text


def test_roles_are_handed_over_and_laid_down(ana, world):
    lead, comms = role_id(world, "Incident Lead"), role_id(world, "Communications")
    ana.types("/io incident edit INC-39")
    ana.submits(**{lead: "chi", comms: "dov"})
    assert holder_of(world, "Incident Lead") == "Chi Nguyen"
    assert holder_of(world, "Communications") == "Dov Levi"
    assert "Communications: nobody → <@U0DOV>" in ana.last.text

    ana.types("/io incident edit INC-39")
    ana.submits(**{comms: None})
    assert holder_of(world, "Communications") is None
    assert holder_of(world, "Incident Lead") == "Chi Nguyen"
    assert "Communications: <@U0DOV> → nobody" in ana.last.text


@pytest.mark.parametrize("handle", ["max", "lee"])
def test_a_person_without_an_active_account_cannot_have_a_role(ana, world, handle):
    lead = role_id(world, "Incident Lead")
    ana.types("/io incident edit INC-39")
    ana.submits(**{lead: handle, "name": "kept"})

    assert f"{handle} has no active account in incident.io" in ana.modal.errors[lead]
    assert ana.modal.fields["name"].value == "kept"
    assert writes(world) == []


def test_times_are_set_and_corrected(ana, world):
    fixed = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
    ana.types("/io incident edit INC-39")
    ana.submits(**{time_id(world, "Fixed at"): fixed})

    assert at(world, "Fixed at").startswith("2026-03-09T09:30:00")
    assert "Fixed at: nothing → <!date^" in ana.last.text


def test_a_time_that_incidentio_does_not_clear_is_said_not_to_be_applied(ana, world):
    ana.types("/io incident edit INC-39")
    ana.submits(**{time_id(world, "Reported at"): None, "name": "New name"})

    assert "Name: “Elevated errors in the API” → “New name”" in ana.last.text
    assert "Reported at was not applied: it is still <!date^" in ana.last.text


def test_when_nothing_is_applied_nothing_is_announced(ana, world):
    ana.types("/io incident edit INC-39", channel="C0INC39")
    ana.submits(**{time_id(world, "Reported at"): None}, notify=[])

    assert "was not changed" in ana.modal.words
    assert [m.text for m in ana.sees("C0INC39")] == []


def test_what_somebody_else_changed_meanwhile_is_shown_before_it_is_replaced(
    ana, world
):
    ana.types("/io incident edit INC-39")
    row = world.incidentio.store.incident("39")
    row.name = "Errors & <timeouts>"
    row.summary = "Seen by somebody else"

    ana.submits(name="My name")

    assert writes(world) == []
    assert "Somebody changed *Name* meanwhile" in ana.modal.words
    assert "“Errors &amp; &lt;timeouts&gt;” now" in ana.modal.words
    assert ana.modal.fields["name"].value == "My name"
    assert "Seen by somebody else" in ana.modal.words

    ana.submits()
    assert shown(world)["name"] == "My name"
    assert shown(world)["summary"] == "Seen by somebody else"
    assert "Name: “Errors &amp; &lt;timeouts&gt;” → “My name”" in ana.last.text


def test_changes_of_other_fields_meanwhile_are_kept(ana, world):
    ana.types("/io incident edit INC-39")
    world.incidentio.store.incident("39").summary = "Written by somebody else"

    ana.submits(name="My name")

    assert shown(world)["name"] == "My name"
    assert shown(world)["summary"] == "Written by somebody else"


def test_the_same_change_made_by_both_is_not_made_twice(ana, world):
    ana.types("/io incident edit INC-39")
    world.incidentio.store.incident("39").name = "Agreed"
    ana.submits(name="Agreed")
    assert writes(world) == []
    assert "was left as it is" in ana.last.text


def test_an_option_deleted_since_the_form_opened_is_said_beside_the_field(
    ana, bot, world
):
    service = field_id(world, "Affected service")
    ana.types("/io incident edit INC-39")
    options = world.incidentio.store.options
    options.remove(next(o["id"] for o in options if o["value"] == "Checkout"))

    ana.submits(**{service: "Checkout", "name": "kept"})
    assert "is not an option" in ana.modal.errors[service]

    bot.services.catalog.forget("custom_fields")
    ana.submits()
    assert ana.modal.errors[service] == "That option was deleted. Choose another."
    assert ana.modal.fields["name"].value == "kept"


def test_a_role_deleted_since_the_form_opened_is_said_beside_the_field(ana, bot, world):
    comms = role_id(world, "Communications")
    ana.types("/io incident edit INC-39")
    world.incidentio.store.roles.remove(comms.removeprefix("role:"))
    bot.services.catalog.forget("roles")

    ana.submits(**{comms: "chi"})
    assert "deleted in incident.io meanwhile" in ana.modal.errors[comms]


def test_a_long_summary_is_left_to_incidentio_and_said_so(ana, world):
    world.incidentio.store.incident("39").summary = "x" * 3001
    ana.types("/io incident edit INC-39")

    assert "summary" not in ana.modal.fields
    assert "left as they are: Summary" in ana.modal.words
    ana.submits(name="New")
    assert len(shown(world)["summary"]) == 3001


def test_a_field_out_of_a_catalog_is_left_alone_and_said_so(ana, bot, world):
    fields = world.incidentio.store.custom_fields
    team = next(f for f in fields if f["name"] == "Affected service")
    team["catalog_type_id"] = "01HCATALOG"
    bot.services.catalog.forget("custom_fields")

    ana.types("/io incident edit INC-39")

    assert field_id(world, "Affected service") not in ana.modal.fields
    assert "left as they are: Affected service" in ana.modal.words


def test_a_link_that_slack_would_refuse_does_not_keep_the_form_from_opening(ana, world):
    world.incidentio.store.incident("39").call_url = "tel:+49123"
    ana.types("/io incident edit INC-39")
    assert "left as they are: Call" in ana.modal.words


def test_a_person_whom_slack_does_not_know_keeps_the_role(ana, bot, world):
    lead = role_id(world, "Incident Lead")
    user = next(
        u for u in world.incidentio.store.users if u["slack_user_id"] == "U0CHI"
    )
    del user["slack_user_id"]
    row = world.incidentio.store.incident("39")
    row.roles[lead.removeprefix("role:")] = user["id"]

    ana.types("/io incident edit INC-39")
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
    bot.services.catalog.forget("custom_fields")

    ana.types("/io incident edit INC-39")

    assert ana.modal.title == "Edit INC-39"
    assert len(ana.modal.private_metadata) <= 3000
    assert "left as they are" in ana.modal.words
    ana.submits(name="New")
    assert shown(world)["name"] == "New"


def test_five_submissions_at_once_are_one_edit(ana, bot, world):
    ana.types("/io incident edit INC-39")
    ana.submit_at_once(5, name="Once")
    assert bot.wait_idle()
    assert len(writes(world)) == 1


@pytest.mark.parametrize(
    "name", ["<!channel> & co", "🔥" * 60, "עברית\u200bשקט", "*_~`"]
)
def test_odd_names_are_kept_as_they_are_and_page_nobody(ana, world, name):
    ana.types("/io incident edit INC-39")
    ana.submits(name=name)

    assert shown(world)["name"] == name
    assert "<!channel>" not in ana.last.text


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 403}, "may not do this"),
        ({"status": 500}, "not known whether it went through"),
        ({"status": 200, "body": "<html>"}, "cannot use"),
        ({"drop": True}, "not known whether it went through"),
    ],
)
def test_a_failing_incidentio_keeps_what_was_typed(ana, world, fault, words):
    world.incidentio.fail("POST", EDIT, **fault)
    ana.types("/io incident edit INC-39")
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
    ana.submits(name="New")

    assert "“Locked by policy”" in ana.modal.words
    assert ana.modal.fields["name"].value == "New"


def test_an_outsider_cannot_edit_a_private_incident(person, world):
    row = world.incidentio.store.incident("36")
    chi = "01HUSER00000000000000CHI00"
    row.members.pop(chi, None)
    row.roles = {role: user for role, user in row.roles.items() if user != chi}

    outsider = person("chi")
    outsider.types("/io incident edit INC-36")
    assert outsider.modal is None
    assert "There is no incident INC-36" in outsider.last.text


def test_somebody_without_an_account_can_edit(person, world):
    max_ = person("max")
    max_.types("/io incident edit INC-39", channel="C0INC39")
    max_.submits(name="By a contractor")
    assert shown(world)["name"] == "By a contractor"
    assert "was edited by <@U0MAX>." in max_.last.text


def test_an_incident_without_a_channel_offers_nobody_to_notify(ana, world):
    world.incidentio.store.incident("11").channel_id = None
    ana.types("/io incident edit INC-11")
    assert "notify" not in ana.modal.fields
    ana.submits(name="Archive")
    (request,) = writes(world)
    assert request.json["notify_incident_channel"] is False


def test_two_overtakings_in_a_row_are_both_shown(ana, world):
    row = world.incidentio.store.incident("39")
    ana.types("/io incident edit INC-39")
    row.name = "Second"
    ana.submits(name="Mine")
    row.name = "Third"
    ana.submits()
    assert "“Third” now" in ana.modal.words

    ana.submits()
    assert shown(world)["name"] == "Mine"
