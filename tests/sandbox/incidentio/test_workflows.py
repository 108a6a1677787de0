"""Workflows: what the vendor's client reads and writes, and what is refused."""

import pytest

from tests.sandbox.incidentio.asking import ask, first, models

GOOD = {
    "name": "Page",
    "once_for": [],
    "condition_groups": [],
    "expressions": [],
    "steps": [],
    "continue_on_step_error": False,
    "runs_on_incidents": "newly_created",
    "runs_on_incident_modes": ["standard"],
}
EXPRESSION = {"label": "E", "reference": "e", "root_reference": "."}


def doing(operation):
    return {"expressions": [{**EXPRESSION, "operations": [operation]}]}


@pytest.fixture
def path(incidentio):
    return f"/v2/workflows/{first(incidentio.store.workflows)['id']}"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"name": None}, "/name"),
        ({"state": "off"}, "/state"),
        ({"steps": None}, "/steps"),
        ({"steps": [{"id": "1", "param_bindings": []}]}, "/steps/0/name"),
        ({"runs_on_incident_modes": ["often"]}, "/runs_on_incident_modes"),
        ({"runs_on_incidents": "all"}, "/runs_on_incidents"),
        ({"shortform": "Not This"}, "/shortform"),
        ({"shortform": "handover"}, "/shortform"),
        ({"delay": {"for_seconds": -1}}, "/delay/for_seconds"),
        ({"once_for": [{"key": "incident"}]}, "/once_for"),
        ({"condition_groups": [{}]}, "/condition_groups/0/conditions"),
        (doing({"operation_type": "guess"}), "/expressions/0/operations/0"),
        (doing({"operation_type": "cast"}), "/expressions/0/operations/0/cast"),
        (
            {"private_incident_scope": "none", "include_private_incidents": True},
            "/private_incident_scope",
        ),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(call, path, change, pointer):
    answer = call("PUT", path, json={**GOOD, **change})
    assert answer.status_code == 422
    problems = answer.json()["errors"]
    assert any(p["source"]["pointer"].startswith(pointer) for p in problems)


def test_unknown_properties_are_kept_at_every_depth(call, path, stand_in):
    step = {"id": "1", "name": "wait", "param_bindings": [{"value": {"new": 1}}]}
    answer = call("PUT", path, json={**GOOD, "tomorrow": {"a": 1}, "steps": [step]})
    shown = answer.json()["workflow"]
    assert shown["tomorrow"] == {"a": 1}
    assert shown["steps"][0]["param_bindings"][0]["value"]["new"] == 1
    stand_in[1].faults.clear()


def test_the_key_needs_its_roles(call, path, incidentio):
    incidentio.key.roles = {"workflows_viewer"}
    assert call("GET", path).status_code == 200
    assert call("PUT", path, json=GOOD).status_code == 403
    assert call("DELETE", path).status_code == 403
    incidentio.key.roles = {"viewer"}
    assert call("GET", "/v2/workflows").status_code == 403


NAMES = [
    "Page everybody for critical incidents",
    "Remind to update the status page",
    "Hand over to the next shift",
    "Invite the security team",
]


@pytest.fixture
def workflow(incidentio):
    return first(incidentio.store.workflows)


def put(workflow, **changes):
    """Return a payload with the name of a workflow, and these changes."""
    body = {**GOOD, "name": workflow["name"], **changes}
    return models.WorkflowsUpdateWorkflowPayloadV2.from_dict(body)


def test_workflows_are_listed_and_shown(sdk, workflow):
    listed = ask(sdk, "workflows_v2.list_workflows").workflows
    assert [w.name for w in listed] == NAMES
    for each in listed:
        shown = ask(sdk, "workflows_v2.show_workflow", each.id)
        assert shown.workflow.name == each.name
    shown = ask(sdk, "workflows_v2.show_workflow", workflow["id"]).workflow
    assert [o.operation_type for o in shown.expressions[0].operations] == [
        "navigate",
        "filter",
        "cast",
    ]


def test_steps_are_upgraded_unless_that_is_skipped(sdk, workflow):
    def parameters(**query):
        shown = ask(sdk, "workflows_v2.show_workflow", workflow["id"], **query)
        return len(shown.workflow.steps[1].param_bindings)

    assert (parameters(), parameters(skip_step_upgrades=True)) == (4, 2)


def test_an_update_replaces_everything(sdk, workflow):
    body = put(workflow, name="Page", state="draft")
    after = ask(sdk, "workflows_v2.update_workflow", workflow["id"], body=body)
    assert (after.workflow.name, after.workflow.version) == ("Page", 8)
    assert (after.workflow.state, after.workflow.steps) == ("draft", [])
    assert after.workflow.trigger.name == "incident.updated"
    listed = ask(sdk, "workflows_v2.list_workflows").workflows
    assert [w.name for w in listed] == ["Page", *NAMES[1:]]


def test_how_it_runs_and_what_its_expressions_do_are_told(sdk, workflow):
    joined = {
        "operation_type": "concatenate",
        "concatenate": {"reference": "incident.team"},
    }
    people = {"returns": {"type": "User", "array": True}}
    cast = {"operation_type": "cast", "cast": people}
    expression = {"label": "Who", "reference": "who", "root_reference": "."}
    body = put(
        workflow,
        auto_run_mode="confirm_before_running",
        expressions=[{**expression, "operations": [joined, cast]}],
    )
    ask(sdk, "workflows_v2.update_workflow", workflow["id"], body=body)
    ask(sdk, "workflows_v2.update_workflow", workflow["id"], body=put(workflow))

    shown = ask(sdk, "workflows_v2.show_workflow", workflow["id"]).workflow
    assert shown.auto_run_mode == "confirm_before_running"
    ask(sdk, "workflows_v2.update_workflow", workflow["id"], body=body)
    shown = ask(sdk, "workflows_v2.show_workflow", workflow["id"]).workflow
    told, turned = shown.expressions[0].operations
    assert told.concatenate.reference_label == "Team"
    assert turned.cast.returns.type_ == "User"


def test_without_its_annotation_terraform_has_lost_a_workflow(sdk, incidentio):
    row = next(w for w in incidentio.store.workflows if w["name"] == NAMES[3])
    after = ask(sdk, "workflows_v2.update_workflow", row["id"], body=put(row))
    assert after.management_meta.managed_by == "external"


def test_a_deleted_workflow_is_gone(sdk, workflow):
    ask(sdk, "workflows_v2.destroy_workflow", workflow["id"], expect=204)
    ask(sdk, "workflows_v2.show_workflow", workflow["id"], expect=404)
    assert [w.name for w in ask(sdk, "workflows_v2.list_workflows").workflows] == NAMES[
        1:
    ]
