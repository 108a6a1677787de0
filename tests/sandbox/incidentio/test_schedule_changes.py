"""Schedules that are written: what is kept, and what is refused."""

from copy import deepcopy

import pytest

from tests.sandbox.incidentio.asking import ask, first, models


@pytest.fixture
def support(incidentio):
    rows = incidentio.store.schedules
    return next(row for row in rows if row["name"].startswith("Support"))


@pytest.fixture
def replace(call, support):
    """Send Support back with one thing changed; give the answer."""

    def send(change, method="PUT", path=None):
        row = deepcopy(support)
        change(row, row["config"]["rotations"])
        return call(method, path or f"/v2/schedules/{row['id']}", {"schedule": row})

    return send


def pointers(answer):
    assert answer.status_code == 422, answer.text
    return [error["source"]["pointer"] for error in answer.json()["errors"]]


def test_what_is_sent_replaces_everything(replace, incidentio, support):
    def reduced(row, rotations):
        del row["annotations"], row["holidays_public_config"], rotations[1]

    assert replace(reduced).status_code == 200
    row = incidentio.store.schedules.get(support["id"])
    assert (row["annotations"], "holidays_public_config" in row) == ({}, False)
    assert len(row["config"]["rotations"]) == 1


def test_properties_of_tomorrow_are_kept(call, incidentio, support):
    row = deepcopy(support)
    row["colour"] = {"of": "tomorrow"}
    row["config"]["rotations"][0]["shade"] = ["red"]
    row["config"]["rotations"][0]["layers"][0]["depth"] = 3
    row["config"]["version"] = 7
    incidentio.store.schedules.get(support["id"]).update(row)
    before = deepcopy(incidentio.store.schedules.get(support["id"]))
    with incidentio.wsgi.test_client() as client:
        answer = client.put(
            f"/v2/schedules/{row['id']}",
            json={"schedule": row},
            headers={"Authorization": "Bearer sandbox"},
        )
    assert answer.status_code == 200
    after = incidentio.store.schedules.get(support["id"])
    assert {**after, "updated_at": ""} == {**before, "updated_at": ""}


FAULTS = {
    "/schedule/name": lambda row, _: row.update(name=" "),
    "/schedule/timezone": lambda row, _: row.update(timezone="Mars/Olympus"),
    "/schedule/team_ids": lambda row, _: row.update(team_ids=["T"]),
    "/schedule/config": lambda row, _: row.update(config=[]),
    "/schedule/config/rotations/0/name": lambda _, r: r[0].update(name=""),
    "/schedule/config/rotations/0/users/1/id": lambda _, r: r[0]["users"][1].update(
        id="01NOBODY"
    ),
    "/schedule/config/rotations/0/users/0/id": lambda _, r: r[0].update(users=[{}]),
    "/schedule/config/rotations/1/handovers/0/interval": lambda _, r: r[1].update(
        handovers=[{"interval": 0, "interval_type": "daily"}]
    ),
    "/schedule/config/rotations/0/handovers": lambda _, r: r[0].update(handovers=[]),
    "/schedule/config/rotations/0/layers": lambda _, r: r[0].update(layers=[]),
    "/schedule/config/rotations/0/working_intervals/0/end_time": lambda _, r: r[0][
        "working_intervals"
    ][0].update(end_time="5 pm"),
    "/schedule/config/rotations/1/effective_from": lambda _, r: r[1].pop(
        "effective_from"
    ),
    "/schedule/holidays_public_config": lambda row, _: row.update(
        holidays_public_config={"country_codes": ["France"]}
    ),
}


@pytest.mark.parametrize("pointer", FAULTS)
def test_a_fault_is_named_by_its_place(replace, pointer):
    assert pointers(replace(FAULTS[pointer])) == [pointer]


def test_a_preview_is_held_to_the_same_rules(replace, support):
    path = f"/v2/schedules/{support['id']}/actions/preview_entries"
    wrong = FAULTS["/schedule/name"]
    assert pointers(replace(wrong, "POST", path)) == ["/schedule/name"]


def test_it_takes_the_role_of_its_own(incidentio, call, support):
    incidentio.key.roles.discard("schedules_editor")
    one = f"/v2/schedules/{support['id']}"
    for method, path in (
        ("POST", "/v2/schedules"),
        ("PUT", one),
        ("POST", f"{one}/actions/preview_entries"),
        ("DELETE", one),
    ):
        assert call(method, path, {}).status_code == 403


def test_what_does_not_exist_cannot_be_changed(call, replace):
    assert call("DELETE", "/v2/schedules/01NONE").status_code == 404
    assert replace(lambda *_: None, path="/v2/schedules/01NONE").status_code == 404


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
    changed = models.SchedulesUpdatePayloadV2.from_dict({"schedule": change})
    after = ask(sdk, "schedules_v2.update", made.id, body=changed).schedule
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
