"""None"""

from cProfile import Profile
from datetime import timedelta

import pytest

from sandbox.incidentio import IncidentioSandbox
from tests.sandbox.incidentio.asking import ask, field_of


@pytest.fixture
def follow_up(org):
    """One that is outstanding, owned, labelled, ranked and described."""
    return next(
        row
        for row in org.follow_ups
        if row.status == "outstanding"
        and row.assignee_id
        and row.labels
        and row.priority_id
        and row.description
        and row.category_id
    )


def every(call, path, name, **query):
    rows, after = [], None
    while after is not False:
        page = call("GET", path, after=after, **query).json()
        rows += page[name]
        after = page["pagination_meta"].get("after", False)
    return rows


def test_follow_ups_come_oldest_first_in_pages(call, org):
    rows = every(call, "/v3/follow_ups", "follow_ups", page_size=50)
    ids = [row["id"] for row in rows]
    standard = [r for r in org.follow_ups if org.incident(r.incident_id).mode != "test"]
    assert ids == sorted(ids) == [row.id for row in standard]


def test_the_last_full_page_promises_no_other(call):
    rows = every(call, "/v3/follow_ups", "follow_ups", page_size=250)
    page = call("GET", "/v3/follow_ups", page_size=len(rows)).json()
    assert "after" not in page["pagination_meta"]


def test_they_are_found_by_incident_and_mode(call, org):
    drill = org.numbers[28]
    assert not every(call, "/v3/follow_ups", "follow_ups", incident_id=drill)
    tests = every(call, "/v3/follow_ups", "follow_ups", incident_mode="test")
    assert {row["incident_id"] for row in tests} == {drill}
    one = every(call, "/v3/actions", "actions", incident_id=org.numbers[39])
    assert len(one) == 4


def test_what_changed_since_is_found(call, org, follow_up, clock):
    clock.advance(hours=1)
    body = {"title": follow_up.title, "status": "completed"}
    call("PUT", f"/v3/follow_ups/{follow_up.id}", body)
    since = {"updated_at[gte]": clock().isoformat()}
    changed = every(call, "/v3/follow_ups", "follow_ups", **since)
    assert [row["id"] for row in changed] == [follow_up.id]


def test_done_says_when_and_reopening_forgets_it(call, follow_up, clock):
    path, body = f"/v3/follow_ups/{follow_up.id}", {"title": "T", "status": "completed"}
    done = call("PUT", path, body).json()["follow_up"]
    assert done["completed_at"] == "2026-03-02T10:30:00.000Z"
    clock.advance(hours=1)
    again = call("PUT", path, body).json()["follow_up"]
    assert again["completed_at"] == done["completed_at"]
    back = call("PUT", path, body | {"status": "outstanding"}).json()["follow_up"]
    assert "completed_at" not in back


def test_a_follow_up_is_replaced_but_for_its_people_and_category(call, follow_up):
    assignee, category = follow_up.assignee_id, follow_up.category_id
    body = {"title": "New", "status": "outstanding"}
    shown = call("PUT", f"/v3/follow_ups/{follow_up.id}", body).json()["follow_up"]
    assert shown["assignee"]["id"] == assignee
    assert follow_up.category_id == category
    assert (shown["labels"], "priority" in shown, "description" in shown) == (
        [],
        False,
        False,
    )


def test_null_takes_it_off_its_owner(call, follow_up):
    body = {"title": "New", "status": "outstanding", "assignee_id": None}
    shown = call("PUT", f"/v3/follow_ups/{follow_up.id}", body).json()["follow_up"]
    assert "assignee" not in shown


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"status": "deleted"}, "status"),
        ({"status": "done"}, "status"),
        ({"status": None}, "status"),
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"labels": [1]}, "labels"),
        ({"assignee_id": "01NONE"}, "assignee_id"),
        ({"assignee_team_id": "01NONE"}, "assignee_team_id"),
        ({"follow_up_priority_option_id": "01NONE"}, "follow_up_priority_option_id"),
    ],
)
def test_a_bad_field_of_a_follow_up_is_named(call, follow_up, fields, field):
    body = {"title": "New", "status": "completed"} | fields
    before = follow_up.title
    assert field_of(call("PUT", f"/v3/follow_ups/{follow_up.id}", body)) == field
    assert (follow_up.title, follow_up.status) == (before, "outstanding")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v3/actions", {"description": "x", "incident_id": "01NONE"}, "incident_id"),
        ("/v3/actions", {"description": "x"}, "incident_id"),
        ("/v3/follow_ups", {"title": "x"}, "incident_id"),
    ],
)
def test_an_item_belongs_to_an_incident(call, path, body, field):
    assert field_of(call("POST", path, body)) == field


def test_what_is_deleted_is_gone(call, org):
    action = next(iter(org.actions))
    path = f"/v3/actions/{action.id}"
    assert call("DELETE", path).status_code == 204
    for method in ("GET", "DELETE"):
        assert call(method, path).status_code == 404
    body = {"description": "x", "status": "completed"}
    assert call("PUT", path, body).status_code == 404


def test_paging_goes_on_after_a_row_that_was_deleted_meanwhile(call, org):
    page = call("GET", "/v3/actions", page_size=5).json()
    after = page["pagination_meta"]["after"]
    call("DELETE", f"/v3/actions/{after}")
    following = call("GET", "/v3/actions", page_size=1, after=after).json()
    assert following["actions"][0]["id"] > after


def test_a_page_deep_among_many_costs_no_more_than_the_first(clock):
    many = IncidentioSandbox(now=clock, follow_ups=20_000)
    client = many.wsgi.test_client()
    deep = list(many.store.follow_ups)[15_000].id

    def calls(query):
        """Count what Python calls while it is answered."""
        profile = Profile()
        path, key = f"/v3/follow_ups?page_size=250{query}", "Bearer sandbox"
        answer = profile.runcall(client.get, path, headers={"Authorization": key})
        assert len(answer.get_json()["follow_ups"]) == 250
        return sum(entry.callcount for entry in profile.getstats())

    calls("")
    first = calls("")
    assert calls(f"&after={deep}") < 1.5 * first


def test_a_due_date_is_found_with_its_follow_up(sdk, org, clock):
    due = clock() + timedelta(days=3)
    row = next(iter(org.follow_ups))
    made = org.add_finding(row.id, due)
    seen, after = [], None
    while after is not None or not seen:
        more = {} if after is None else {"after": after}
        answer = ask(sdk, "policy_findings_v2.list", page_size=10, **more)
        seen += answer.policy_findings
        after = answer.pagination_meta.after or None
    found = next(finding for finding in seen if finding.id == made.id)
    assert (found.follow_up.follow_up_id, found.due_at) == (row.id, due)
    assert found.state == "active"
    assert {finding.state for finding in seen} >= {"active", "resolved"}


def test_findings_of_another_policy_are_left_out(sdk):
    answer = ask(sdk, "policy_findings_v2.list", policy_id="01NONE")
    assert answer.policy_findings == []


def test_what_is_private_is_there_for_global_access_only(call, org, incidentio):
    secret = next(row for row in org.incidents if row.visibility == "private")
    of_it = next(iter(org.follow_ups.after(group=secret.id, newest=False)))
    made = org.add_finding(of_it.id, None)

    def ids():
        rows = call("GET", "/v2/policy_findings", page_size=250).json()
        return {row["id"] for row in rows["policy_findings"]}

    assert made.id in ids()
    incidentio.key.roles.discard("global_access")
    assert made.id not in ids()


def test_teams_are_listed(sdk, org):
    answer = ask(sdk, "teams_v3.list")
    assert [team.name for team in answer.teams] == ["Platform", "Payments"]


def test_a_key_without_the_role_reads_neither(call, incidentio):
    incidentio.key.roles -= {"viewer", "catalog_viewer"}
    assert call("GET", "/v2/policy_findings").status_code == 403
    assert call("GET", "/v3/teams").status_code == 403
