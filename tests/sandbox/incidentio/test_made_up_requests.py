"""Requests made up from the contract: none is too odd to be answered by it."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from sandbox.world import World
from tests.clock import Clock
from tests.contract import WHERE
from tests.contract.openapi import document

FIELD = {"name": "Region", "description": "", "field_type": "text"}
PATH_OF_A_PAGE = {"name": "Night", "path": []}
SCHEDULE = {"name": "Night", "timezone": "UTC"}
OF_ANOTHER_KIND = {
    "/v2/escalations": {"title": "Fire", "idempotency_key": "1", "user_ids": [{}]},
    "/v2/escalation_paths": {**PATH_OF_A_PAGE, "team_ids": [{}]},
    "/v2/schedules": {"schedule": {**SCHEDULE, "team_ids": [{}]}},
    "/v2/schedules ": {"schedule": {**SCHEDULE, "annotations": {"a": 1}}},
    "/v2/custom_fields": {**FIELD, "catalog_type_id": 1},
    "/v2/custom_fields ": {**FIELD, "group_by_catalog_attribute_id": 1},
    "/v2/custom_fields  ": {**FIELD, "filter_by": {"custom_field_id": "1"}},
    "/v2/custom_fields   ": {
        **FIELD,
        "fixed_filter": {"catalog_attribute_id": "1", "values": 1.5},
    },
    "/v1/custom_field_options": {"value": "EU", "sort_key": True},
}


@pytest.mark.parametrize(("path", "sent"), OF_ANOTHER_KIND.items(), ids=str)
def test_what_is_of_another_kind_is_refused(call, path, sent):
    assert call("POST", path.strip(), json=sent).status_code == 422


def test_a_null_is_left_out_of_what_is_kept(call, org):
    row = next(path for path in org.escalation_paths if not path.get("working_hours"))
    sent = {"name": row["name"], "path": row["path"], "working_hours": None}
    kept = call("PUT", f"/v2/escalation_paths/{row['id']}", json=sent).json()
    assert "working_hours" not in kept["escalation_path"]


@pytest.mark.parametrize(
    "query",
    [
        "workflows/{workflow}?skip_step_upgrades=perhaps",
        "on_call_notification_pauses?to=",
        "incidents?page_size=" + "9" * 5_000,
        "incidents?page_size=\u0662",
        "incidents?status[not one]=x",
        "incidents?created_at[\n]=2026-03-02",
    ],
    ids=lambda query: query[:40],
)
def test_a_query_that_the_contract_does_not_know_is_refused(call, org, query):
    workflow = next(iter(org.workflows))["id"]
    assert call("GET", "/v2/" + query.format(workflow=workflow)).status_code == 422


def test_a_method_that_there_is_not_is_answered_with_those_there_are(call):
    answer = call("TRACE", "/v2/incidents")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= {*answer.headers["Allow"].split(", ")}


@pytest.mark.prove
def test_every_made_up_request_is_answered_as_the_contract_says():
    from tests.made_up import faults

    contract = document(json.loads(WHERE.read_text()))
    with closing(World(now=Clock())) as world:
        world.incidentio.limit.per_minute = None
        found = faults(
            contract,
            world.incidentio_url,
            # What a schema allows may name what there is not.
            "positive_data_acceptance",
            Authorization="Bearer sandbox",
        )
        assert found == []
        assert len(world.incidentio.requests) > 1_000
