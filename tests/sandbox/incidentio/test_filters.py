import pytest

from tests.sandbox.incidentio.asking import pick


@pytest.fixture
def found(call):
    """Numbers of the incidents that a query finds."""

    def ask(**query):
        answer = call("GET", "/v2/incidents", page_size=250, **query)
        assert answer.status_code == 200, answer.text
        return [int(row["reference"][4:]) for row in answer.json()["incidents"]]

    return ask


def test_newest_come_first_unless_asked_otherwise(found):
    assert found()[:3] == [40, 39, 38]
    assert found(sort_by="created_at_oldest_first")[:3] == [1, 2, 3]


def test_pages_follow_each_other_without_gap(call):
    seen, after = [], None
    while after is not False:
        page = call("GET", "/v2/incidents", page_size=16, after=after).json()
        seen += [row["id"] for row in page["incidents"]]
        assert page["pagination_meta"]["total_record_count"] == 39
        after = page["pagination_meta"].get("after", False)
    assert len(seen) == len(set(seen)) == 39


def test_tests_are_left_out_unless_asked_for(found):
    assert 28 not in found()
    assert found(**{"mode[one_of]": "test"}) == [28]
    both = found(**{"mode[one_of]": ["test", "retrospective"]})
    assert both == [28, 11]


def test_by_category_and_by_status(found, org):
    live = found(**{"status_category[one_of]": "live"})
    assert len(live) == 8
    others = found(**{"status_category[not_in]": ["live", "closed"]})
    assert others == [40, 38, 33, 32, 31, 30, 29, 22, 21, 20]
    triage = pick(org.statuses, "Triage")
    assert found(**{"status[one_of]": triage}) == [40, 38]
    assert len(found(**{"status[not_in]": triage})) == 37


def test_by_severity_and_rank(found, org):
    critical, minor = pick(org.severities, "Critical"), pick(org.severities, "Minor")
    exactly = found(**{"severity[one_of]": critical})
    assert found(**{"severity[gte]": critical}) == exactly
    up_to = found(**{"severity[lte]": minor})
    assert up_to == found(**{"severity[one_of]": [minor, pick(org.severities, "Low")]})
    assert set(exactly).isdisjoint(up_to)


def test_by_type_role_and_field(found, org):
    security = pick(org.types, "Security")
    assert found(**{"incident_type[one_of]": security}) == [36, 31, 23, 8]
    lead = pick(org.roles, "Incident Lead")
    nobody = found(**{f"incident_role[{lead}][is_blank]": "true"})
    assert nobody == [40, 38, 22, 21]
    service = pick(org.custom_fields, "Affected service")
    search = pick(org.options, "Search")
    assert found(**{f"custom_field[{service}][one_of]": search}) == [32, 10, 2]
    assert len(found(**{f"custom_field[{service}][not_in]": search})) == 36


def test_by_date(found, clock):
    today = clock().date().isoformat()
    assert found(**{"created_at[gte]": today}) == [40, 39]
    before = found(**{"created_at[lte]": today})
    assert before[0] == 38
    week = found(**{"created_at[date_range]": f"2026-02-23~{today}"})
    assert week == [38, 37, 36, 35, 34, 33]
    assert set(found(**{"updated_at[gte]": today})) >= {40, 39}


def test_filters_narrow_together_or_widen(found, org):
    asked = {
        "status_category[one_of]": "triage",
        "incident_type[one_of]": pick(org.types, "Security"),
    }
    assert found(**asked) == []
    assert found(filter_mode="any", **asked) == [40, 38, 36, 31, 23, 8]


@pytest.mark.parametrize(
    "query",
    [
        {"page_size": 251},
        {"page_size": 0},
        {"page_size": "many"},
        {"sort_by": "name"},
        {"filter_mode": "some"},
        {"status_category[like]": "live"},
        {"severity[gte]": "01NONE"},
        {"created_at[gte]": "yesterday"},
    ],
)
def test_a_query_that_makes_no_sense_is_refused(call, query):
    refused = call("GET", "/v2/incidents", **query)
    assert refused.status_code == 422
    assert (
        refused.json()["errors"][0]["source"]["field"]
        == next(iter(query)).partition("[")[0]
    )


def test_an_incident_is_shown_by_id_or_number(call, org):
    by_number = call("GET", "/v2/incidents/12").json()
    assert call("GET", f"/v2/incidents/{org.numbers[12]}").json() == by_number
    for unknown in ("41", "INC-12", "01NONE", "0"):
        assert call("GET", f"/v2/incidents/{unknown}").status_code == 404


def test_users_are_found_by_slack_account_and_email(call):
    def names(**query):
        return [
            user["name"] for user in call("GET", "/v2/users", **query).json()["users"]
        ]

    assert names(slack_user_id="U0CHI") == ["Chi Nguyen"]
    assert names(email="eve@acme.example") == ["Eve Martin"]
    assert names(slack_user_id="U0MAX") == []
    assert names(slack_user_id="U0LEE") == []
    assert names(slack_user_id="U0LEE", include_inactive="true") == ["Lee Brown"]
    assert len(names()) == 11


def test_users_page_in_large_pages(call):
    first = call("GET", "/v2/users", page_size=6).json()
    rest = call("GET", "/v2/users", after=first["pagination_meta"]["after"]).json()
    assert (len(first["users"]), len(rest["users"])) == (6, 5)
    assert call("GET", "/v2/users", page_size=10_000).status_code == 200
    assert call("GET", "/v2/users", page_size=10_001).status_code == 422
