"""Schedules as they are written: what is kept, and what is refused."""

from copy import deepcopy

import pytest


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
