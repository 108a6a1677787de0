"""What a key may do, in whose name, and how often."""

from datetime import UTC, datetime

import pytest
import requests


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic sandbox", "sandbox"])
def test_a_wrong_key_gets_nowhere(incidentio_url, header):
    answer = requests.get(
        f"{incidentio_url}/v2/incidents",
        headers={"Authorization": header},
        timeout=30,
    )
    assert answer.status_code == 401
    assert answer.json()["type"] == "authentication_error"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("viewer", "GET", "/v2/incidents"),
        ("incident_creator", "POST", "/v2/incidents"),
        ("incident_editor", "POST", "/v2/incidents/1/actions/edit"),
        ("incident_editor", "POST", "/v2/incident_updates"),
        ("incident_editor", "POST", "/v3/actions"),
        ("incident_editor", "DELETE", "/v3/follow_ups/01NONE"),
        ("incident_memberships_editor", "POST", "/v1/incident_memberships"),
    ],
)
def test_without_its_role_an_operation_is_forbidden(
    incidentio, call, role, method, path
):
    incidentio.key.roles.discard(role)
    answer = call(method, path, {})
    assert answer.status_code == 403
    assert role in answer.json()["errors"][0]["message"]


def test_schedules_have_roles_of_their_own(incidentio, call):
    incidentio.key.roles = {"viewer", "schedules_reader"}
    assert call("GET", "/v2/schedules").status_code == 200
    assert call("POST", "/v2/schedule_overrides", {}).status_code == 403
    incidentio.key.roles = {"schedule_overrides_editor"}
    assert call("POST", "/v2/schedule_overrides", {}).status_code == 422
    incidentio.key.roles = {"viewer"}
    assert call("GET", "/v2/schedules").status_code == 403


def test_identity_reports_the_roles(incidentio, call):
    incidentio.key.roles = {"viewer"}
    assert call("GET", "/v1/identity").json()["identity"]["roles"] == ["viewer"]


def test_private_incidents_are_only_for_a_key_that_may_see_them(incidentio, call):
    org = incidentio.store
    secret = next(row for row in org.incidents if row.visibility == "private")
    paths = {
        "/v2/incidents": "incidents",
        "/v2/incident_updates": "incident_updates",
        "/v3/follow_ups": "follow_ups",
        "/v3/actions": "actions",
    }

    def seen():
        return [secret.id in call("GET", path, page_size=250).text for path in paths]

    assert seen() == [True] * 4
    incidentio.key.roles.discard("global_access")
    assert seen() == [False] * 4
    assert call("GET", f"/v2/incidents/{secret.number}").status_code == 404
    hidden = call("GET", "/v2/incident_participants", incident_id=secret.id)
    assert hidden.status_code == 404


def test_memberships_are_for_private_incidents(incidentio, call):
    user = next(iter(incidentio.store.users))["id"]
    body = {"incident_id": incidentio.store.numbers[39], "user_id": user}
    refused = call("POST", "/v1/incident_memberships", body)
    assert refused.json()["errors"][0]["source"]["field"] == "incident_id"


def test_unknown_paths_and_methods_are_refused_in_the_same_shape(call):
    assert call("GET", "/v2/nothing").json()["type"] == "not_found"
    assert call("DELETE", "/v2/incidents").json()["type"] == "method_not_allowed"


def test_past_the_limit_it_says_when_to_come_back(incidentio, call, clock):
    incidentio.limit.per_minute = 3
    answers = [call("GET", "/v1/severities") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    limit = answers[3].json()["rate_limit"]
    assert limit["limit"] == 3
    assert limit["retry_after"] == "Mon, 02 Mar 2026 10:30:02 UTC"
    assert "Retry-After" not in answers[3].headers
    clock.advance(seconds=20)
    assert call("GET", "/v1/severities").status_code == 200


def test_the_newer_form_of_the_limit_has_a_header_too(incidentio, call):
    incidentio.limit.per_minute = 0
    incidentio.limit.dates = "rfc3339"
    incidentio.limit.header = True
    answer = call("GET", "/v1/severities")
    assert answer.headers["Retry-After"] == "2"
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    back = datetime.fromisoformat(answer.json()["rate_limit"]["retry_after"])
    assert back == datetime(2026, 3, 2, 10, 30, 2, tzinfo=UTC)


def limits(answer):
    names = ("Limit", "Remaining", "Used", "Reset")
    return [int(answer.headers[f"X-RateLimit-{name}"]) for name in names]


def test_every_answer_says_how_much_of_the_limit_is_left(incidentio, call, clock):
    start = int(clock().timestamp())
    assert limits(call("GET", "/v1/severities")) == [1200, 1199, 1, start + 1]
    incidentio.limit.use(599)
    assert limits(call("GET", "/v2/nothing")) == [1200, 599, 601, start + 31]
    clock.advance(seconds=10)
    assert limits(call("GET", "/v1/severities")) == [1200, 798, 402, start + 31]


def test_paging_has_a_lower_limit_of_its_own(call, clock):
    start = int(clock().timestamp())
    refused = call("POST", "/v2/escalations", {})
    assert limits(refused) == [60, 59, 1, start + 1]
    assert limits(call("GET", "/v2/escalations")) == [1200, 1199, 1, start + 1]


def test_who_has_no_key_learns_nothing_of_its_limit(incidentio_url):
    answer = requests.get(f"{incidentio_url}/v1/severities", timeout=30)
    assert answer.status_code == 401
    assert "X-RateLimit-Limit" not in answer.headers


ANA = "01HUSER00000000000000ANA00"
BODY = {"idempotency_key": "one", "name": "Fire", "visibility": "public"}


@pytest.fixture
def acts(incidentio):
    incidentio.key.roles.add("act_on_behalf_of_users")


def declared(call, user):
    headers = {"X-Incident-User": user} if user else None
    return call("POST", "/v2/incidents", BODY, headers=headers)


def test_what_is_made_for_a_person_is_theirs(acts, call):
    creator = declared(call, ANA).json()["incident"]["creator"]

    assert creator["user"]["id"] == ANA
    assert "api_key" not in creator


def test_without_the_header_it_is_the_keys(acts, call):
    creator = declared(call, None).json()["incident"]["creator"]

    assert creator["api_key"]["name"] == "incidentio-bot"


def test_without_the_role_nothing_is_made(incidentio, call):
    before = len(list(incidentio.store.incidents))
    refused = declared(call, ANA)

    assert refused.status_code == 403
    assert refused.json()["errors"][0]["code"] == "missing_api_key_role"
    assert "act_on_behalf_of_users" in refused.json()["errors"][0]["message"]
    assert len(list(incidentio.store.incidents)) == before


@pytest.mark.parametrize("user", ["01NOBODY", ""])
def test_for_nobody_nothing_is_made(acts, call, user):
    refused = call("POST", "/v2/incidents", BODY, headers={"X-Incident-User": user})

    assert refused.status_code == 422
