"""Workflows as the API shows them: with labels and upgraded steps."""

from __future__ import annotations

import copy

from sandbox.incidentio.workflows.vocabulary import Json, Vocabulary

NOT_KEPT = ("annotations", "skip_step_upgrades")
UPGRADES = {"incident.send_message": 4}
"""Step to its number of parameters, where steps of today have more than older ones."""


def summary(workflow: Json) -> Json:
    """Return a workflow as the list has it, without the parameters of its steps."""
    steps = [{"label": s["label"], "name": s["name"]} for s in workflow["steps"]]
    shown = {k: v for k, v in workflow.items() if k != "form_fields"}
    return {**shown, "steps": steps}


def upgrade_steps(workflow: Json) -> Json:
    """Return a workflow whose steps have the parameters of today."""
    whole = copy.deepcopy(workflow)
    for step in whole["steps"]:
        missing = UPGRADES.get(step["name"], 0) - len(step["param_bindings"])
        step["param_bindings"] += [{} for _ in range(missing)]
    return whole


def with_labels(sent: Json, known: Vocabulary) -> Json:
    """Return a workflow that was sent, with the labels that requests do not have."""
    row = {k: v for k, v in sent.items() if k not in NOT_KEPT and v is not None}
    row["once_for"] = [known.reference(key) for key in row["once_for"]]
    row["condition_groups"] = _groups(row["condition_groups"], known)
    row["steps"] = [_step(step, known) for step in row["steps"]]
    row["expressions"] = [_expression(e, known) for e in row["expressions"]]
    for field in row.get("form_fields", []):
        field.setdefault("id", field["key"])
        field.setdefault("array", False)
        field.setdefault("required", False)
    return row


def _step(step: Json, known: Vocabulary) -> Json:
    label = known.label("step", step["name"])
    return {**step, "label": label, **_bound(step, known)}


def _groups(groups: list[Json], known: Vocabulary) -> list[Json]:
    return [
        {**group, "conditions": [_condition(c, known) for c in group["conditions"]]}
        for group in groups
    ]


def _condition(condition: Json, known: Vocabulary) -> Json:
    subject, operation = condition["subject"], condition["operation"]
    return {
        **condition,
        "subject": {"reference": subject, "label": known.label("subject", subject)},
        "operation": {"value": operation, "label": known.label("operation", operation)},
        **_bound(condition, known),
    }


def _bound(holder: Json, known: Vocabulary) -> Json:
    return {"param_bindings": [_binding(b, known) for b in holder["param_bindings"]]}


def _binding(binding: Json, known: Vocabulary) -> Json:
    whole = dict(binding)
    if isinstance(value := binding.get("value"), dict):
        whole["value"] = _value(value, known)
    if isinstance(values := binding.get("array_value"), list):
        whole["array_value"] = [_value(value, known) for value in values]
    return whole


def _value(value: Json, known: Vocabulary) -> Json:
    return {**value, "label": known.value(value)}


def _result(holder: Json, known: Vocabulary) -> Json:
    return {**holder, "result": _binding(holder["result"], known)}


def _expression(expression: Json, known: Vocabulary) -> Json:
    name, operations = expression["reference"], expression["operations"]
    whole = {
        **expression,
        "returns": known.returns(name, -1, {}),
        "operations": [
            {**_operation(o, known), "returns": known.returns(name, place, o)}
            for place, o in enumerate(operations)
        ],
    }
    if isinstance(otherwise := expression.get("else_branch"), dict):
        whole["else_branch"] = _result(otherwise, known)
    return whole


def _operation(operation: Json, known: Vocabulary) -> Json:
    whole = dict(operation)
    if filter_ := operation.get("filter"):
        groups = _groups(filter_["condition_groups"], known)
        whole["filter"] = {**filter_, "condition_groups": groups}
    for kind in ("navigate", "concatenate"):
        if options := operation.get(kind):
            label = known.label("reference", options["reference"])
            whole[kind] = {**options, "reference_label": label}
    if branches := operation.get("branches"):
        every = [_branch(branch, known) for branch in branches["branches"]]
        whole["branches"] = {**branches, "branches": every}
    return whole


def _branch(branch: Json, known: Vocabulary) -> Json:
    groups = _groups(branch["condition_groups"], known)
    return {**_result(branch, known), "condition_groups": groups}
