"""Incident roles, custom fields and their options."""

import pytest

from tests.sandbox.incidentio.asking import ask, first, models

PATH = "/v2/incident_roles"
WORDS = {"description": "Writes.", "instructions": "In UTC.", "shortform": "scribe"}


def by_name(org, name):
    return next(row for row in org.roles if row["name"] == name)


def test_a_role_from_birth_to_deletion(sdk, org):
    draft = models.IncidentRolesCreatePayloadV2(name="Scribe", **WORDS)
    made = ask(sdk, "incident_roles_v2.create", expect=201, body=draft).incident_role
    assert (made.name, made.role_type) == ("Scribe", "custom")

    change = models.IncidentRolesUpdatePayloadV2(name="Clerk", **WORDS)
    after = ask(sdk, "incident_roles_v2.update", made.id, body=change).incident_role
    assert (after.id, after.name) == (made.id, "Clerk")

    row = org.incident("39")
    row.roles[made.id] = next(iter(org.users))["id"]
    ask(sdk, "incident_roles_v2.delete", made.id, expect=204)
    ask(sdk, "incident_roles_v2.show", made.id, expect=404)
    assert made.id not in row.roles


def test_replacing_keeps_what_is_sent_and_drops_what_is_not(call, org, stand_in):
    row = by_name(org, "Communications")
    path = f"{PATH}/{row['id']}"
    sent = {"name": "Press", **WORDS, "colour": {"hue": [1, None]}}
    put = call("PUT", path, json=sent).json()["incident_role"]
    assert put["colour"] == {"hue": [1, None]}
    assert put["created_at"] == row["created_at"]
    del sent["colour"]
    assert "colour" not in call("PUT", path, json=sent).json()["incident_role"]
    beyond_the_schema = stand_in[1].faults
    assert all("'colour' was unexpected" in fault for fault in beyond_the_schema)
    beyond_the_schema.clear()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"description": ""}, "description"),
        ({"instructions": None}, "instructions"),
        ({"name": " REPORTER "}, "name"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(call, wrong, field):
    answer = call("POST", PATH, json={"name": "Scribe", **WORDS, **wrong})
    (problem,) = answer.json()["errors"]
    assert answer.status_code == 422
    assert problem["source"] == {"field": field, "pointer": f"/{field}"}


@pytest.mark.parametrize("kind", ["lead", "reporter"])
def test_what_incidentio_needs_is_not_deleted(call, org, kind):
    row = next(row for row in org.roles if row["role_type"] == kind)
    answer = call("DELETE", f"{PATH}/{row['id']}")
    assert answer.status_code == 422
    assert f"The {kind} role cannot be deleted." in answer.text


def test_a_key_without_the_role_changes_nothing(call, incidentio):
    incidentio.key.roles.discard("manage_settings")
    answer = call("POST", PATH, json={"name": "Scribe", **WORDS})
    assert answer.status_code == 403


def test_a_field_from_birth_to_deletion(sdk):
    draft = models.CustomFieldsCreatePayloadV2(
        name="Data centre",
        description="Where",
        field_type=models.CustomFieldsCreatePayloadV2FieldType.SINGLE_SELECT,
    )
    made = ask(sdk, "custom_fields_v2.create", expect=201, body=draft).custom_field
    change = models.CustomFieldsUpdatePayloadV2(name="Place", description="")
    done = ask(sdk, "custom_fields_v2.update", made.id, body=change).custom_field
    assert (done.name, done.description) == ("Place", "")
    ask(sdk, "custom_fields_v2.delete", made.id, expect=204)
    ask(sdk, "custom_fields_v2.show", made.id, expect=404)


def test_an_option_from_birth_to_deletion(sdk, incidentio):
    field = first(incidentio.store.custom_fields)
    draft = models.CustomFieldOptionsCreatePayloadV1(
        custom_field_id=field["id"], value="Cache", sort_key=15
    )
    made = ask(
        sdk, "custom_field_options_v1.create", expect=201, body=draft
    ).custom_field_option
    change = models.CustomFieldOptionsUpdatePayloadV1(value="Caches", sort_key=25)
    done = ask(sdk, "custom_field_options_v1.update", made.id, body=change)
    assert done.custom_field_option.value == "Caches"
    ask(sdk, "custom_field_options_v1.delete", made.id, expect=204)
    ask(sdk, "custom_field_options_v1.show", made.id, expect=404)


def test_what_the_vendor_refuses_is_refused(sdk, incidentio):
    field = first(incidentio.store.custom_fields)
    again = models.CustomFieldsCreatePayloadV2(
        name=field["name"],
        description="",
        field_type=models.CustomFieldsCreatePayloadV2FieldType.TEXT,
    )
    refusal = ask(sdk, "custom_fields_v2.create", expect=422, body=again)
    assert refusal.errors[0].source.field == "name"


def test_how_a_user_is_paged_is_shown(org, call):
    jo = next(user["id"] for user in org.users if user["is_active"])
    methods = call("GET", f"/v2/users/{jo}/notification_methods").json()
    (method,) = methods["notification_methods"]
    assert (method["method_type"], method["is_usable"]) == ("slack", True)
    rules = call("GET", f"/v2/users/{jo}/notification_rules").json()
    (rule,) = rules["notification_rules"]
    assert (rule["rule_type"], rule["method_type"]) == ("high_urgency", "slack")
    org.unused_methods.add(method["id"])
    rules = call("GET", f"/v2/users/{jo}/notification_rules").json()
    assert rules == {"notification_rules": []}
    assert call("GET", "/v2/users/nobody/notification_rules").status_code == 404
