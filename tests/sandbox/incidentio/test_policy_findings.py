"""The vendor's own client reads what policies found, and the teams, on the stand-in."""

from datetime import timedelta

from tests.sandbox.incidentio.asking import ask


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
