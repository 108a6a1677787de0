"""Models read what the API sends today, and survive what it sends tomorrow."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from incidentio import Actor, CustomFieldValue, FollowUp, Incident, Schedule
from tests.incidentio.samples import JSON

INCIDENT = {
    "id": "I",
    "reference": "INC-12",
    "name": "Broken",
    "visibility": "public",
    "incident_status": {"id": "T", "name": "Fixing", "category": "live"},
    "severity": {"id": "S", "name": "Major", "rank": 2},
    "incident_role_assignments": [
        {"role": {"id": "R", "name": "Scribe", "role_type": "custom"}},
        {
            "role": {"id": "L", "name": "Lead", "role_type": "lead"},
            "assignee": {"id": "U", "name": "Ana"},
        },
    ],
    "created_at": "2026-03-02T09:00:00Z",
}
OPTIONAL = sorted(
    name for name, field in Incident.model_fields.items() if not field.is_required()
)


def test_new_properties_and_enum_values_are_kept():
    incident = Incident.model_validate(
        {**INCIDENT, "mood": {"level": 3}, "visibility": "hidden", "mode": "rehearsal"}
    )
    assert incident.model_extra == {"mood": {"level": 3}}
    assert incident.mode == "rehearsal"
    assert incident.is_private


@given(st.sampled_from(OPTIONAL), JSON)
def test_an_optional_property_of_any_shape_never_fails_the_whole(name, value):
    incident = Incident.model_validate({**INCIDENT, name: value})
    assert incident.number == 12


def test_what_could_not_be_read_reads_as_absent_and_is_kept():
    incident = Incident.model_validate({**INCIDENT, "severity": "dire"})
    assert incident.severity is None
    assert incident.unread == {"severity": "dire"}
    assert Incident.model_validate({**INCIDENT, "summary": None}).unread == {}


@pytest.mark.parametrize("name", ["id", "reference", "visibility", "incident_status"])
def test_what_nobody_can_do_without_is_required(name):
    broken = {key: value for key, value in INCIDENT.items() if key != name}
    with pytest.raises(ValidationError):
        Incident.model_validate(broken)


def test_moments_always_know_their_zone():
    incident = Incident.model_validate({**INCIDENT, "created_at": "2026-03-02T09:00"})
    assert incident.created_at.utcoffset().total_seconds() == 0


def test_the_lead_is_who_has_the_lead_role():
    assert Incident.model_validate(INCIDENT).lead.name == "Ana"
    assert (
        Incident.model_validate({**INCIDENT, "incident_role_assignments": []}).lead
        is None
    )


@pytest.mark.parametrize(
    ("reference", "number"), [("INC-9", 9), ("9", 9), ("INC", None)]
)
def test_the_number_is_the_end_of_the_reference(reference, number):
    assert (
        Incident.model_validate({**INCIDENT, "reference": reference}).number == number
    )


def test_models_cannot_be_changed():
    incident: Any = Incident.model_validate(INCIDENT)
    with pytest.raises(ValidationError):
        incident.name = "Mended"


def test_a_schedule_keeps_the_json_it_came_from():
    sent = {
        "id": "D",
        "name": "Primary",
        "annotations": {"a/b": "c"},
        "config": {"rotations": [{"id": "R", "name": "A", "future": [1, {"x": None}]}]},
    }
    before = copy.deepcopy(sent)
    schedule = Schedule.model_validate(sent)
    assert schedule.raw == before
    assert schedule.rotations[0].name == "A"


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({"user": {"id": "U", "name": "Ana"}}, "Ana"),
        ({"api_key": {"id": "K", "name": "Bot"}}, "Bot"),
        ({"workflow": {"id": "W", "name": "Nudge"}}, "Nudge"),
        ({"alert": {"id": "A", "title": "Disk full"}}, "Disk full"),
        ({"robot": {}}, ""),
    ],
)
def test_an_actor_has_a_name_whatever_it_is(sent, name):
    assert Actor.model_validate(sent).name == name


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ({"value_text": "a"}, "a"),
        ({"value_link": "https://a"}, "https://a"),
        ({"value_numeric": "4"}, "4"),
        ({"value_option": {"id": "O", "value": "EU"}}, "EU"),
        ({"value_catalog_entry": {"id": "C", "name": "Payments"}}, "Payments"),
        ({"value_hologram": 3}, ""),
    ],
)
def test_a_custom_fields_value_reads_as_text(sent, text):
    assert CustomFieldValue.model_validate(sent).text == text


def test_only_an_outstanding_follow_up_is_outstanding():
    base = {"id": "F", "incident_id": "I", "title": "Fix"}
    assert FollowUp.model_validate({**base, "status": "outstanding"}).outstanding
    assert not FollowUp.model_validate({**base, "status": "parked"}).outstanding
