"""A workflow that is written back is the one that was read, but for the changes."""

from __future__ import annotations

import copy

import pytest
from hypothesis import HealthCheck, given, settings

from incidentio import Workflow
from incidentio.merging.workflows import Lossy, replacement
from sandbox.incidentio.workflows.view import with_labels
from sandbox.incidentio.workflows.vocabulary import Vocabulary
from tests.incidentio.workflow_samples import workflows

BARE = {
    "id": "W",
    "name": "Page",
    "state": "active",
    "trigger": {"name": "manual", "label": "By hand"},
    "once_for": None,
    "condition_groups": [],
    "expressions": None,
    "steps": [],
    "continue_on_step_error": False,
    "runs_on_incidents": "newly_created",
    "runs_on_incident_modes": ["standard"],
}
UNSENT = {"id", "trigger", "version", "include_private_incidents"}

often = settings(max_examples=100, suppress_health_check=list(HealthCheck))


def put(raw, **changes):
    return replacement(Workflow.model_validate(raw), changes)


def doing(**operation):
    expression = {"reference": "e", "label": "Who", "root_reference": "."}
    return {**BARE, "expressions": [{**expression, "operations": [operation]}]}


def sent_operation(raw):
    return put(raw)["expressions"][0]["operations"][0]


@often
@given(workflows)
def test_what_incidentio_makes_of_it_is_what_it_was(raw):
    before = copy.deepcopy(raw)

    body = put(raw, name="Another name")

    after = with_labels(copy.deepcopy(body), Vocabulary([before]))
    expected = {k: v for k, v in before.items() if k not in UNSENT}
    assert after == {**expected, "name": "Another name"}
    assert raw == before


@often
@given(workflows)
def test_a_change_changes_nothing_else(raw):
    changed = put(raw, state="draft", folder=None)
    unchanged = put(raw)

    assert "folder" not in changed
    assert changed["state"] == "draft"
    rest = {"state", "folder"}
    assert {k: v for k, v in changed.items() if k not in rest} == {
        k: v for k, v in unchanged.items() if k not in rest
    }


def test_what_is_known_of_an_operation_is_made_what_the_payload_takes():
    newer = {"reference": "team", "reference_label": "Team", "colour": "red"}
    concatenating = doing(operation_type="concatenate", concatenate=newer)
    sent = {"reference": "team", "colour": "red"}
    assert sent_operation(concatenating)["concatenate"] == sent

    user = {"type": "User", "array": True}
    older = doing(operation_type="cast", returns=user)
    assert sent_operation(older)["cast"] == {"returns": user}
    newer = doing(operation_type="cast", returns=user, cast={"returns": user, "a": 1})
    assert sent_operation(newer)["cast"] == {"returns": user, "a": 1}


def test_what_the_answer_does_not_tell_is_not_overwritten():
    with pytest.raises(Lossy, match="concatenates"):
        put(doing(operation_type="concatenate", returns={}))
    for name in ("steps", "expressions", "runs_on_incidents"):
        lacking = {k: v for k, v in BARE.items() if k != name}
        with pytest.raises(Lossy, match=name.replace("_", " ")):
            put(lacking)


def test_annotations_go_back_and_steps_are_not_upgraded():
    meta = {"managed_by": "terraform", "annotations": {"version": "1"}, "new": 1}
    body = put({**BARE, "management_meta": meta})

    assert body["annotations"] == {"version": "1"}
    assert body["skip_step_upgrades"] is True
    assert body["once_for"] == body["expressions"] == []
    assert not UNSENT & body.keys()
    assert "management_meta" not in body


def test_a_shape_that_nobody_foresaw_goes_back_as_it_came():
    odd = {"steps": {"first": 1}, "condition_groups": [{"conditions": "all"}, 7]}
    body = put({**BARE, **odd})
    assert {name: body[name] for name in odd} == odd
