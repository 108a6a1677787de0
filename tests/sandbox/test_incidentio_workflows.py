"""What the stand-in refuses in a workflow, and whom."""

import pytest

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
    return f"/v2/workflows/{next(iter(incidentio.store.workflows))['id']}"


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
