import pytest

from tests.sandbox.incidentio.asking import field_of, pick


@pytest.fixture
def declare(call):
    def send(**fields):
        body = {"idempotency_key": "k1", "visibility": "public", "name": "Fire"}
        return call("POST", "/v2/incidents", body | fields)

    return send


@pytest.fixture
def edit(call):
    def send(reference, *, notify=False, **fields):
        body = {"incident": fields, "notify_incident_channel": notify}
        return call("POST", f"/v2/incidents/{reference}/actions/edit", body)

    return send


@pytest.fixture
def share(call, org):
    def send(number, key="u1", **fields):
        body = {"idempotency_key": key, "incident_id": org.incident(str(number)).id}
        return call("POST", "/v2/incident_updates", body | fields)

    return send


def problem(response, status=422):
    assert response.status_code == status, response.text
    found = response.json()["errors"][0]
    return found["source"]["field"], found["message"]


def numbers(response):
    assert response.status_code == 200, response.text
    return [int(row["reference"][4:]) for row in response.json()["incidents"]]


def test_a_new_incident_has_the_next_number_and_its_channel(declare):
    made = declare(name="Café & bar: <!here>").json()["incident"]
    assert made["reference"] == "INC-41"
    assert made["slack_channel_id"] == "C0INC41"
    assert made["slack_channel_name"] == "inc-41-caf-bar-here"
    assert made["incident_status"]["category"] == "live"
    assert made["severity"]["name"] == "Low"


def test_the_same_key_makes_no_second_incident(declare, org):
    first, second = declare(), declare(name="Other words")
    assert first.json()["incident"] == second.json()["incident"]
    assert len(org.incidents) == 41


def test_everything_that_was_sent_is_shown(declare, org):
    made = declare(
        summary="Smoke",
        visibility="private",
        mode="test",
        severity_id=pick(org.severities, "Critical"),
        incident_status_id=pick(org.statuses, "Triage"),
        incident_type_id=pick(org.types, "Security"),
        incident_role_assignments=[
            {
                "incident_role_id": pick(org.roles, "Incident Lead"),
                "assignee": {"slack_user_id": "U0ANA"},
            }
        ],
        incident_timestamp_values=[
            {
                "incident_timestamp_id": pick(org.timestamps, "Impact started at"),
                "value": "2026-03-02T09:00:00Z",
            }
        ],
    ).json()["incident"]
    assert (made["summary"], made["mode"], made["visibility"]) == (
        "Smoke",
        "test",
        "private",
    )
    assert made["incident_role_assignments"][0]["assignee"]["name"] == "Ana Ferreira"
    values = {
        entry["incident_timestamp"]["name"]: entry.get("value", {}).get("value")
        for entry in made["incident_timestamp_values"]
    }
    assert values["Impact started at"] == "2026-03-02T09:00:00.000Z"
    assert values["Reported at"] == made["created_at"]
    assert values["Accepted at"] is None


def test_values_of_each_kind_of_field_are_kept(declare, org):
    sent = [
        ("Affected service", [{"value_option_id": pick(org.options, "Search")}]),
        (
            "Regions",
            [
                {"value_option_id": pick(org.options, "Europe")},
                {"value_option_id": pick(org.options, "Asia Pacific")},
            ],
        ),
        ("Customer impact", [{"value_text": "No results"}]),
        ("Status page", [{"value_link": "https://status.example.com/1"}]),
        ("Customers affected", [{"value_numeric": "12.5"}]),
    ]
    entries = [
        {"custom_field_id": pick(org.custom_fields, name), "values": values}
        for name, values in sent
    ]
    made = declare(custom_field_entries=entries).json()["incident"]
    shown = [entry["values"] for entry in made["custom_field_entries"]]
    assert [len(values) for values in shown] == [1, 2, 1, 1, 1]
    assert shown[1][1]["value_option"]["value"] == "Asia Pacific"
    assert shown[4] == [{"value_numeric": "12.5"}]


@pytest.mark.parametrize(
    ("name", "values", "field"),
    [
        ("Customers affected", [{"value_numeric": "many"}], "value_numeric"),
        ("Customers affected", [{"value_numeric": "NaN"}], "value_numeric"),
        ("Customers affected", [{"value_text": "12"}], "value_text"),
        ("Status page", [{"value_link": "status page"}], "value_link"),
        ("Customer impact", [{}], "value_text"),
        ("Customer impact", [{"value_text": "a"}, {"value_text": "b"}], "values"),
        ("Affected service", [{"value_option_id": "01NONE"}], "value_option_id"),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_refused(
    declare, org, name, values, field
):
    entry = {"custom_field_id": pick(org.custom_fields, name), "values": values}
    assert field_of(declare(custom_field_entries=[entry])) == field


def test_an_option_of_another_field_is_refused(declare, org):
    entry = {
        "custom_field_id": pick(org.custom_fields, "Affected service"),
        "values": [{"value_option_id": pick(org.options, "Europe")}],
    }
    field, said = problem(declare(custom_field_entries=[entry]))
    assert (field, "is not an option of Affected service" in said) == (
        "value_option_id",
        True,
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"visibility": None}, "visibility"),
        ({"visibility": "secret"}, "visibility"),
        ({"idempotency_key": None}, "idempotency_key"),
        ({"idempotency_key": " "}, "idempotency_key"),
        ({"name": "x" * 256}, "name"),
        ({"name": 7}, "name"),
        ({"mode": "drill"}, "mode"),
        ({"severity_id": "01NONE"}, "severity_id"),
        ({"incident_status_id": "01NONE"}, "incident_status_id"),
        ({"incident_type_id": "01NONE"}, "incident_type_id"),
        ({"custom_field_entries": {}}, "custom_field_entries"),
        ({"custom_field_entries": [1]}, "custom_field_entries"),
        ({"slack_channel_name_override": "No Spaces"}, "slack_channel_name_override"),
        (
            {"incident_role_assignments": [{"incident_role_id": "01NONE"}]},
            "incident_role_id",
        ),
    ],
)
def test_a_bad_field_is_named(declare, org, fields, field):
    assert field_of(declare(**fields)) == field
    assert len(org.incidents) == 40


def test_the_pointer_leads_to_the_fault(declare, org):
    entry = {"incident_role_id": pick(org.roles, "Incident Lead"), "assignee": {}}
    answer = declare(incident_role_assignments=[entry]).json()
    pointer = answer["errors"][0]["source"]["pointer"]
    assert pointer == "/incident_role_assignments/0/assignee"


def test_all_faults_are_named_at_once(call):
    answer = call("POST", "/v2/incidents", {}).json()
    assert [error["source"]["field"] for error in answer["errors"]] == [
        "idempotency_key",
        "visibility",
    ]


def test_a_body_that_is_not_an_object_is_a_bad_request(call):
    assert call("POST", "/v2/incidents", ["no"]).status_code == 400


def test_types_have_their_rules(declare, org):
    security = pick(org.types, "Security")
    assert field_of(declare(incident_type_id=security)) == "visibility"
    report = pick(org.types, "Customer report")
    fixing = pick(org.statuses, "Fixing")
    refused = declare(incident_type_id=report, incident_status_id=fixing)
    assert field_of(refused) == "incident_status_id"
    made = declare(incident_type_id=report).json()["incident"]
    assert made["incident_status"]["category"] == "triage"
    assert "severity" not in made


def test_nothing_is_born_closed_but_a_retrospective(declare, org):
    closed = pick(org.statuses, "Closed")
    assert field_of(declare(incident_status_id=closed)) == "incident_status_id"
    made = declare(
        incident_status_id=closed,
        mode="retrospective",
        retrospective_incident_options={"slack_channel_id": "C1"},
    ).json()["incident"]
    assert (made["slack_channel_id"], "slack_channel_name" in made) == ("C1", False)


def test_an_edit_changes_only_what_is_sent(edit, incidentio, org, clock):
    before = incidentio.incident(39)
    clock.advance(minutes=1)
    edited = edit(39, name="Renamed", call_url="https://meet.example.com/x")
    after = edited.json()["incident"]
    changed = {key for key in after if after[key] != before.get(key)}
    assert changed == {"name", "call_url", "updated_at", "last_activity_at"}


def test_severity_and_status_leave_an_update(edit, call, org):
    edit(39, severity_id=pick(org.severities, "Critical"))
    told = call("GET", "/v2/incident_updates", incident_id=org.numbers[39]).json()
    newest = told["incident_updates"][0]
    assert newest["new_severity"]["name"] == "Critical"
    assert newest["updater"]["api_key"]["name"] == "incidentio-bot"


def test_resolving_sets_timestamps_and_durations(share, incidentio, org, clock):
    documenting = pick(org.statuses, "Documenting")
    share(39, to_incident_status_id=documenting)
    incident = incidentio.incident(39)
    values = {
        entry["incident_timestamp"]["name"]: entry.get("value")
        for entry in incident["incident_timestamp_values"]
    }
    assert values["Resolved at"] == {"value": "2026-03-02T10:30:00.000Z"}
    durations = {
        entry["duration_metric"]["name"]: entry
        for entry in incident["duration_metrics"]
    }
    reported = org.incident("39").created_at
    lasted = durations["Time to resolve"]["value_seconds"]
    assert lasted == (clock() - reported).total_seconds()
    assert durations["Time to fix"]["status"] == "timestamps_missing"


def test_roles_are_given_and_taken_away(edit, org):
    lead = {"incident_role_id": pick(org.roles, "Incident Lead")}
    given = edit(
        40,
        incident_role_assignments=[lead | {"assignee": {"email": "ben@acme.example"}}],
    )
    assert given.json()["incident"]["incident_role_assignments"][0]["assignee"]["id"]
    taken = edit(40, incident_role_assignments=[lead])
    assert "assignee" not in taken.json()["incident"]["incident_role_assignments"][0]


@pytest.mark.parametrize("fields", [{"name": "  "}, {"name": "x" * 256}])
def test_an_edit_with_a_fault_changes_nothing(edit, incidentio, org, fields):
    before = incidentio.incident(39)
    critical = pick(org.severities, "Critical")
    assert field_of(edit(39, severity_id=critical, **fields)) == "name"
    assert incidentio.incident(39) == before


def test_an_edit_must_say_whether_to_notify(call):
    refused = call("POST", "/v2/incidents/39/actions/edit", {"incident": {}})
    assert field_of(refused) == "notify_incident_channel"


def test_the_reporter_stays_who_it_was(edit, org):
    reporter = {"incident_role_id": pick(org.roles, "Reporter")}
    refused = edit(39, incident_role_assignments=[reporter])
    assert field_of(refused) == "incident_role_id"


@pytest.mark.parametrize(
    ("number", "status"),
    [(1, "Fixing"), (20, "Closed"), (39, "Triage"), (39, "Merged")],
)
def test_the_lifecycle_is_kept(edit, share, org, number, status):
    wanted = pick(org.statuses, status)
    assert field_of(edit(number, incident_status_id=wanted)) == "incident_status_id"
    refused = share(number, to_incident_status_id=wanted)
    assert field_of(refused) == "to_incident_status_id"


def test_only_a_shared_update_accepts_an_incident_in_triage(edit, share, org):
    fixing = pick(org.statuses, "Fixing")
    assert field_of(edit(40, incident_status_id=fixing)) == "incident_status_id"
    assert share(40, to_incident_status_id=fixing).status_code == 201


def test_skipping_what_is_to_be_learnt_needs_a_role(edit, incidentio, org):
    closed = pick(org.statuses, "Closed")
    incidentio.key.roles.discard("post_incident_flow_opt_out")
    assert edit(39, incident_status_id=closed).status_code == 403
    assert edit(24, incident_status_id=closed).status_code == 200


def test_an_update_is_written_once_per_key(share, org):
    first, again = share(39, message="Looking"), share(39, message="Looking")
    assert first.json() == again.json()
    assert again.status_code == 201


def test_a_key_is_for_one_incident_only(share):
    share(39, message="Looking")
    assert problem(share(40, message="Looking"), 409)[0] == "idempotency_key"


def test_an_empty_update_and_an_unknown_incident_are_refused(share, call):
    assert field_of(share(39)) == "message"
    body = {"idempotency_key": "x", "incident_id": "01NONE", "message": "Hi"}
    assert field_of(call("POST", "/v2/incident_updates", body)) == "incident_id"


def test_a_severity_deleted_meanwhile_is_refused_and_still_shown(edit, incidentio, org):
    major = pick(org.severities, "Major")
    org.severities.remove(major)
    assert field_of(edit(40, severity_id=major)) == "severity_id"
    assert incidentio.incident(39)["severity"]["name"] == "Major"


def test_others_are_told_of_new_incidents_and_announcements(
    incidentio, declare, edit, share, org
):
    born, said = [], []
    incidentio.on_incident_created(lambda incident: born.append(incident["reference"]))
    incidentio.on_announcement(lambda _, text: said.append(text))
    declare()
    declare()
    edit(41, severity_id=pick(org.severities, "Major"))
    edit(41, notify=True, severity_id=pick(org.severities, "Minor"))
    share(41, message="Still looking")
    assert born == ["INC-41"]
    assert said == ["Severity: Major → Minor", "Still looking"]


def test_what_happens_is_in_the_activity_log_the_oldest_first(org, call):
    incident = org.incident("39")
    role = next(r["id"] for r in org.roles if r["name"] == "Communications")
    jo = next(u["id"] for u in org.users if u["name"].startswith("Jo"))
    edited = {
        "name": "Fire",
        "summary": "It burns",
        "incident_role_assignments": [
            {"incident_role_id": role, "assignee": {"id": jo}}
        ],
    }
    body = {"notify_incident_channel": False, "incident": edited}
    call("POST", "/v2/incidents/39/actions/edit", body)
    update = {"idempotency_key": "u", "incident_id": incident.id, "message": "Look"}
    call("POST", "/v2/incident_updates", update)
    made = {"incident_id": incident.id, "description": "Look"}
    id_ = call("POST", "/v3/actions", made).json()["action"]["id"]
    done = {"description": "Look", "status": "completed", "assignee_id": jo}
    call("PUT", f"/v3/actions/{id_}", done)

    path = "/v2/incident_activity_log_entries"
    first = call("GET", path, incident_id=incident.id, page_size=3).json()
    after = first["pagination_meta"]["after"]
    rest = call("GET", path, incident_id=incident.id, after=after, page_size=250)
    key = "incident_activity_log_entries"
    entries = [*first[key], *rest.json()[key]]
    assert [e["occurred_at"] for e in entries] == sorted(
        e["occurred_at"] for e in entries
    )
    assert {e["type"] for e in entries[-6:]} == {
        "incident_rename",
        "summary_update",
        "role_update",
        "incident_update",
        "action_created",
        "action_updated",
    }
    changed = next(e for e in entries if e["type"] == "action_updated")
    assert changed["content"]["action_updated"]["new_status"] == "completed"


def test_the_activity_log_needs_an_incident_that_the_key_may_see(incidentio, call):
    path = "/v2/incident_activity_log_entries"
    assert call("GET", path).status_code == 422
    incidentio.key.roles.discard("global_access")
    assert call("GET", path, incident_id="36").status_code == 404


def test_the_timeline_shows_updates_and_what_was_added_in_order(incidentio, call):
    incident = incidentio.store.incident("39")
    path = "/v2/incident_timeline_items"
    made = {
        "incident_id": incident.id,
        "idempotency_key": "once",
        "title": "Rolled back",
        "description": "The deploy of 10:12",
        "timestamp": "2026-03-02T10:15:00Z",
    }
    first = call("POST", path, made)
    again = call("POST", path, made)
    assert (first.status_code, again.json()) == (201, first.json())
    item = first.json()["incident_timeline_item"]

    found = call("GET", path, incident_id=incident.id, page_size=1).json()
    after = found["pagination_meta"]["after"]
    rest = call("GET", path, incident_id=incident.id, after=after).json()
    key = "incident_timeline_items"
    items = [*found[key], *rest[key]]
    assert item in items
    assert len(items) > 1, "the updates are there as well"
    times = [one["timestamp"] for one in items]
    assert times == sorted(times)

    changed = call("PATCH", f"{path}/{item['id']}", {"title": "Rolled it back"})
    assert changed.json()["incident_timeline_item"]["title"] == "Rolled it back"
    emptied = call("PATCH", f"{path}/{item['id']}", {"description": ""}).json()
    assert "description" not in emptied["incident_timeline_item"]


def test_the_timeline_refuses_what_incidentio_refuses(incidentio, call):
    one, other = (incidentio.store.incident(number).id for number in ("39", "38"))
    path = "/v2/incident_timeline_items"
    made = {"idempotency_key": "k", "title": "x", "timestamp": "2026-03-02T10:15:00Z"}
    assert call("POST", path, made).status_code == 422
    id_ = call("POST", path, made | {"incident_id": one}).json()
    id_ = id_["incident_timeline_item"]["id"]
    assert call("POST", path, made | {"incident_id": other}).status_code == 409
    assert call("PATCH", f"{path}/{id_}", {"title": " "}).status_code == 422
    assert call("PATCH", f"{path}/01HNOTHERE", {"title": "x"}).status_code == 404
    incidentio.key.roles.discard("incident_editor")
    assert call("PATCH", f"{path}/{id_}", {"title": "y"}).status_code == 403
