"""Schedules as they are read, their overrides, and notification pauses."""

from datetime import timedelta

import pytest

from tests.sandbox.incidentio.asking import field_of


@pytest.fixture
def payments(org):
    return next(row for row in org.schedules if row["name"] == "Payments")


@pytest.fixture
def override(call, payments, clock):
    """``override(hours, until, by)``: hours from now on the Payments layer."""
    rotation = payments["config"]["rotations"][0]

    def send(start, end, slack_id="U0EVE", method="POST", path="", **fields):
        body = {
            "schedule_id": payments["id"],
            "rotation_id": rotation["id"],
            "layer_id": rotation["layers"][0]["id"],
            "start_at": (clock() + timedelta(hours=start)).isoformat(),
            "end_at": (clock() + timedelta(hours=end)).isoformat(),
            "user": {"slack_user_id": slack_id},
        } | fields
        return call(method, f"/v2/schedule_overrides{path}", body)

    return send


@pytest.fixture
def entries(call, payments, clock):
    def ask(hours, **query):
        answer = call(
            "GET",
            "/v2/schedule_entries",
            schedule_id=payments["id"],
            entry_window_start=clock().isoformat(),
            entry_window_end=(clock() + timedelta(hours=hours)).isoformat(),
            **query,
        )
        return answer.json()["schedule_entries"]

    return ask


def names(entries):
    return [entry["user"]["name"] for entry in entries]


def test_a_schedule_says_who_is_on_call_now_and_next(call, payments):
    shown = call("GET", f"/v2/schedules/{payments['id']}").json()["schedule"]
    assert names(shown["current_shifts"]) == ["Jo Smith"]
    assert names(shown["next_shifts"]) == ["Hana Sato"]


def test_outside_working_hours_there_is_only_a_next_shift(call, org, clock):
    desk = next(row for row in org.schedules if "office" in row["name"])
    clock.advance(hours=10)
    shown = call("GET", f"/v2/schedules/{desk['id']}").json()["schedule"]
    assert (len(shown["current_shifts"]), len(shown["next_shifts"])) == (0, 1)


def test_large_pages_leave_the_next_shifts_out(call):
    small = call("GET", "/v2/schedules", page_size=25).json()["schedules"]
    large = call("GET", "/v2/schedules", page_size=26).json()["schedules"]
    assert [len(row["next_shifts"]) > 0 for row in small] == [True] * 3
    assert [row["next_shifts"] for row in large] == [[]] * 3


def test_an_override_shows_in_entries_and_shifts(override, entries, call, payments):
    made = override(-1, 2).json()["override"]
    lists = entries(3)
    assert names(lists["final"]) == ["Eve Martin", "Jo Smith"]
    assert names(lists["scheduled"]) == ["Jo Smith"]
    assert [entry["entry_id"] for entry in lists["overrides"]] == [made["id"]]
    shown = call("GET", f"/v2/schedules/{payments['id']}").json()["schedule"]
    assert names(shown["current_shifts"]) == ["Eve Martin"]
    assert names(shown["next_shifts"]) == ["Jo Smith"]


def test_a_window_is_a_week_unless_said(call, payments):
    found = call("GET", "/v2/schedule_entries", schedule_id=payments["id"]).json()
    assert names(found["schedule_entries"]["scheduled"]) == ["Jo Smith", "Hana Sato"]


@pytest.mark.parametrize(
    "fields",
    [
        {"layer_id": "01NONE"},
        {"rotation_id": "01NONE"},
        {"schedule_id": "01NONE"},
        {"schedule_id": None},
        {"end_at": None},
        {"start_at": "tomorrow"},
        {"user": None},
    ],
)
def test_a_bad_field_of_an_override_is_named(override, fields):
    assert field_of(override(1, 2, **fields)) == next(iter(fields))


def test_the_person_must_have_an_account(override):
    assert field_of(override(1, 2, "U0MAX")) == "slack_user_id"
    assert field_of(override(1, 2, user={})) == "user"


def test_an_override_has_a_length(override):
    assert field_of(override(2, 2)) == "end_at"
    assert field_of(override(2, 1)) == "end_at"


def test_two_overrides_of_a_layer_do_not_overlap(override):
    override(1, 3)
    refused = override(2, 4)
    assert field_of(refused) == "start_at"
    assert "overlaps another override" in refused.json()["errors"][0]["message"]
    assert override(3, 4).status_code == 201


def test_widening_takes_over_the_neighbour(override, call, payments):
    first = override(1, 2).json()["override"]
    second = override(2, 5, "U0BEN").json()["override"]
    wider = override(1, 3, method="PUT", path=f"/{first['id']}")
    assert wider.status_code == 200
    assert call("GET", f"/v2/schedule_overrides/{second['id']}").status_code == 404
    listed = call("GET", "/v2/schedule_overrides", schedule_id=payments["id"]).json()
    today = [row for row in listed["overrides"] if row["start_at"] < "2026-03-03"]
    spans = {(row["user"]["name"], row["start_at"][11:16]) for row in today}
    assert spans == {("Eve Martin", "11:30"), ("Ben Okafor", "13:30")}


def test_an_override_is_not_handed_to_somebody_else(override):
    made = override(1, 2).json()["override"]
    refused = override(1, 2, "U0BEN", method="PUT", path=f"/{made['id']}")
    assert field_of(refused) == "user"


def test_overrides_are_listed_by_layer(override, call, payments):
    override(1, 2)
    query = {"schedule_id": payments["id"]}
    both = call("GET", "/v2/schedule_overrides", **query).json()["overrides"]
    none = call("GET", "/v2/schedule_overrides", layer_id="01NONE", **query).json()
    assert (len(both), none["overrides"]) == (2, [])


def test_a_page_of_entries_names_the_next(call, payments, clock):
    query = {
        "schedule_id": payments["id"],
        "entry_window_start": clock().isoformat(),
        "entry_window_end": (clock() + timedelta(weeks=60)).isoformat(),
    }
    first = call("GET", "/v2/schedule_entries", **query).json()
    meta = first["pagination_meta"]
    by_token = call(
        "GET", "/v2/schedule_entries", **query | {"entry_window_start": meta["after"]}
    )
    path = meta["after_url"].partition("/v2")[2]
    assert call("GET", f"/v2{path}").json() == by_token.json()
    assert "pagination_meta" not in by_token.json()


@pytest.mark.parametrize(
    "window", [("2026-03-02", "2026-03-02"), ("2026-03-03", "2026-03-02"), ("x", "y")]
)
def test_a_window_has_a_length(call, payments, window):
    start, end = window
    refused = call(
        "GET",
        "/v2/schedule_entries",
        schedule_id=payments["id"],
        entry_window_start=start,
        entry_window_end=end,
    )
    assert field_of(refused).startswith("entry_window")


def test_an_unknown_schedule_is_not_found(call):
    for path in ("/v2/schedule_entries", "/v2/schedule_overrides"):
        assert call("GET", path, schedule_id="01NONE").status_code == 404
        assert field_of(call("GET", path)) == "schedule_id"


PAUSES = "/v2/on_call_notification_pauses"


@pytest.fixture
def paused(incidentio, clock):
    store = incidentio.store
    users = [user["id"] for user in store.users][:3]
    return [
        store.pause_notifications(user, clock() + timedelta(hours=number + 1))
        for number, user in enumerate(users)
    ]


def paused_ids(answer):
    return [pause["id"] for pause in answer.json()["on_call_notification_pauses"]]


def test_those_that_are_not_over_are_listed_in_pages(call, paused, clock):
    clock.advance(hours=1)
    first = call("GET", PAUSES, page_size="1")
    after = first.json()["pagination_meta"]["after"]
    second = call("GET", PAUSES, page_size="1", after=after)
    ids = [pause["id"] for pause in paused]
    assert paused_ids(first) + paused_ids(second) == ids[1:]


def test_others_by_their_period(call, paused, clock):
    start = clock()
    clock.advance(days=1)
    assert paused_ids(call("GET", PAUSES)) == []
    period = {"from": start.isoformat(), "to": (start + timedelta(hours=9)).isoformat()}
    assert len(paused_ids(call("GET", PAUSES, **period))) == 3
    assert call("GET", PAUSES, **{"from": "soon"}).status_code == 422


def test_pauses_take_a_role(call, incidentio):
    incidentio.key.roles -= {"on_call_viewer", "on_call_editor"}
    assert call("GET", PAUSES).status_code == 403
