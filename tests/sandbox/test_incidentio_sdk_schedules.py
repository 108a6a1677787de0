"""Schedules, written by the vendor's own client."""

import pytest
from incident_io import models

from tests.sandbox.test_incidentio_sdk import ask, first


@pytest.fixture
def org(incidentio):
    return incidentio.store


@pytest.fixture
def draft(clock):
    rotation = {
        "name": "Nights",
        "handover_start_at": clock().isoformat(),
        "handovers": [{"interval": 1, "interval_type": "weekly"}],
        "layers": [{"name": "Layer 1"}],
        "users": [{"email": "ana@acme.example"}, {"slack_user_id": "U0BEN"}],
    }
    config = {"rotations": [rotation]}
    return {"name": "Nights", "timezone": "Europe/Rome", "config": config}


def test_a_schedule_from_birth_to_deletion(sdk, org, draft):
    body = models.SchedulesCreatePayloadV2.from_dict({"schedule": draft})
    made = ask(sdk, "schedules_v2.create", expect=201, body=body).schedule
    (rotation,) = made.config.rotations
    assert [user.name for user in rotation.users] == ["Ana Ferreira", "Ben Okafor"]
    assert made.current_shifts[0].user.name == "Ana Ferreira"

    change = {**draft, "name": "Late nights", "annotations": {"by": "hand"}}
    body = models.SchedulesUpdatePayloadV2.from_dict({"schedule": change})
    after = ask(sdk, "schedules_v2.update", made.id, body=body).schedule
    assert (after.name, after.created_at) == ("Late nights", made.created_at)
    assert after.annotations.additional_properties == {"by": "hand"}

    ask(sdk, "schedules_v2.destroy", made.id, expect=202)
    ask(sdk, "schedules_v2.show", made.id, expect=404)


def test_a_preview_says_who_would_be_on_call_and_changes_nothing(sdk, org, draft):
    schedule = first(org.schedules)
    before = dict(schedule)
    body = models.SchedulesPreviewScheduleEntriesPayloadV2.from_dict(
        {"schedule": draft, "entry_window_end": "2026-03-16T00:00:00Z"}
    )
    path = "schedules_v2.preview_schedule_entries"
    found = ask(sdk, path, schedule["id"], body=body).schedule_entries
    names = [entry.user.name for entry in found.final]
    assert names == ["Ana Ferreira", "Ben Okafor"]
    assert org.schedules.get(schedule["id"]) == before
