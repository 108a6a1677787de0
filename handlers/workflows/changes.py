"""Turns a form's values into the changes of a workflow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from blocks.kit import text
from blocks.kit.fields import Value, short_hash
from blocks.kit.managed import manager
from blocks.workflows import forms
from handlers.core.context import Context
from handlers.core.problems import Refusal
from handlers.workflows.show import WORKFLOW
from incidentio import Workflow
from incidentio.errors import NotFound
from incidentio.merging.workflows import Lossy, replacement

LABELS = {
    "once_for": "Once for each",
    "runs_on_incidents": "Runs on",
    "runs_on_incident_modes": "Modes",
    "continue_on_step_error": "When a step fails",
    "private_incident_scope": "Private incidents",
    "condition_groups": "Conditions",
    "form_fields": "Form",
    "owning_team_ids": "Owning teams",
    "management_meta": "Managed by",
    "annotations": "Managed by",
}
"""Names of parts for people, if they differ from incident.io's names."""


def label(part: str) -> str:
    """Return what people call a part of a workflow, in mrkdwn."""
    return LABELS.get(part) or text.inline(part.replace("_", " ").capitalize(), 60)


def fingerprints(workflow: Workflow) -> dict[str, str]:
    """Return a fingerprint of each part of a workflow, by name.

    It covers only what would be written back, not labels that are only shown.
    """
    body = {**whole(workflow), "management_meta": manager(workflow)}
    return {n: short_hash(json.dumps(v, sort_keys=True), 6) for n, v in body.items()}


def whole(workflow: Workflow) -> dict[str, Any]:
    """Return the body that writes the workflow back unchanged.

    Raises:
        Refusal: it cannot be written back whole.
    """
    try:
        return replacement(workflow, {})
    except Lossy as lost:
        raise Refusal(
            f"{text.bold(workflow.name)} cannot be changed from here: incident.io does "
            f"not tell {lost}, and that would be lost. Change it in incident.io."
        ) from None


def send(ctx: Context, workflow: Workflow, changes: Mapping[str, Any]) -> Workflow:
    """Write the workflow back with only these changes, and return it."""
    whole(workflow)
    try:
        after = ctx.api.workflows.update(workflow, **changes)
    except NotFound:
        raise WORKFLOW.gone(ctx) from None
    ctx.catalog.expire("workflows")
    return after


def body_changes(workflow: Workflow, due: Mapping[str, Value]) -> dict[str, Any]:
    """Return the values of a form's fields as the API takes them; None clears."""
    sent = {
        name: _sent(name, value)
        for name, value in due.items()
        if name not in forms.PARTS
    }
    if due.keys() & forms.PARTS.keys():
        sent["delay"] = _delay(workflow, due)
    return sent


def _sent(name: str, value: Value) -> Any:
    if name == "continue_on_step_error":
        return bool(value)
    return list(value) if isinstance(value, tuple) else value


def _delay(workflow: Workflow, due: Mapping[str, Value]) -> dict[str, Any] | None:
    """Return the delay with its other properties kept; None without a time."""
    before = workflow.raw.get("delay") or {}
    seconds: Any = before.get("for_seconds")
    if "for_seconds" in due:
        typed = due["for_seconds"]
        seconds = int(float(str(typed))) if typed else None
    if seconds is None:
        return None
    again = before.get("conditions_apply_over_delay", False)
    if "conditions_apply_over_delay" in due:
        again = bool(due["conditions_apply_over_delay"])
    return {**before, "for_seconds": seconds, "conditions_apply_over_delay": again}
