"""Validation of workflows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.state.table import Record, Table

STATES = ("active", "disabled", "draft", "error")
SCOPES = ("all", "owning_teams", "none")
AUTO_RUN = ("confirm_before_running", "run_automatically")
MODES = ("standard", "test", "retrospective")
RUNS_ON = ("newly_created", "newly_created_and_active")
OPERATIONS = (
    "navigate",
    "filter",
    "concatenate",
    "count",
    "min",
    "max",
    "sum",
    "random",
    "first",
    "parse",
    "branches",
    "cast",
)
_SHORTFORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_workflow(sent: Payload, others: Table[Record], id_: str) -> None:
    """Collect the problems of a workflow; ``others`` are the existing ones."""
    sent.text("name", required=True, limit=255)
    sent.text("folder", limit=255)
    sent.flag("continue_on_step_error", required=True)
    sent.flag("include_private_escalations")
    sent.flag("skip_step_upgrades")
    sent.choice("state", STATES)
    sent.choice("auto_run_mode", AUTO_RUN)
    sent.choice("runs_on_incidents", RUNS_ON, required=True)
    _modes(sent)
    _scope(sent)
    _shortform(sent, others, id_)
    _delay(sent)
    sent.labels("once_for", required=True)
    sent.labels("owning_team_ids")
    sent.texts("annotations")
    _groups(sent)
    for step in sent.children("steps", required=True):
        _step(step)
    for expression in sent.children("expressions", required=True):
        _expression(expression)
    for field in sent.children("form_fields"):
        for name in ("key", "title", "type"):
            field.text(name, required=True)


def _modes(sent: Payload) -> None:
    modes = sent.labels("runs_on_incident_modes", required=True)
    if unknown := [mode for mode in modes if mode not in MODES]:
        message = f"{unknown[0]} is no mode of an incident."
        sent.add_problem("runs_on_incident_modes", message, "invalid_enum")


def _scope(sent: Payload) -> None:
    """Check that the deprecated property agrees with the new one."""
    scope = sent.choice("private_incident_scope", SCOPES)
    private = sent.flag("include_private_incidents")
    both = sent.sent("include_private_incidents") and scope is not None
    if both and private != (scope != "none"):
        message = "include_private_incidents contradicts private_incident_scope."
        sent.add_problem("private_incident_scope", message)


def _shortform(sent: Payload, others: Table[Record], id_: str) -> None:
    shortform = sent.text("shortform", limit=50)
    if not shortform:
        return
    if not _SHORTFORM.fullmatch(shortform):
        sent.add_problem("shortform", "Use only small letters, digits and hyphens.")
    elif any(w["id"] != id_ and w.get("shortform") == shortform for w in others):
        sent.add_problem(
            "shortform", "Another workflow has this shortform.", "not_unique"
        )


def _delay(sent: Payload) -> None:
    if delay := sent.child("delay"):
        delay.flag("conditions_apply_over_delay", required=True)
        delay.number("for_seconds", 0, 10**7, required=True)


def _groups(sent: Payload) -> None:
    for group in sent.children("condition_groups", required=True):
        for condition in group.children("conditions", required=True):
            condition.text("subject", required=True)
            condition.text("operation", required=True)
            _bindings(condition)


def _bindings(sent: Payload) -> None:
    for binding in sent.children("param_bindings", required=True):
        _binding(binding)


def _binding(binding: Payload) -> None:
    alone = binding.child("value")
    for value in [*([alone] if alone else []), *binding.children("array_value")]:
        value.text("literal")
        value.text("reference")


def _result(sent: Payload) -> None:
    if result := sent.child("result", required=True):
        _binding(result)


def _step(step: Payload) -> None:
    for name in ("id", "name"):
        step.text(name, required=True)
    step.text("for_each")
    _bindings(step)


def _expression(expression: Payload) -> None:
    for name in ("label", "reference", "root_reference"):
        expression.text(name, required=True)
    if otherwise := expression.child("else_branch"):
        _result(otherwise)
    for operation in expression.children("operations", required=True):
        kind = operation.choice("operation_type", OPERATIONS, required=True)
        if kind in _OPTIONS and (options := operation.child(kind, required=True)):
            _OPTIONS[kind](options)


def _branches(options: Payload) -> None:
    _returns(options)
    for branch in options.children("branches", required=True):
        _groups(branch)
        _result(branch)


def _returns(options: Payload) -> None:
    if returns := options.child("returns", required=True):
        returns.text("type", required=True)
        returns.flag("array", required=True)


def _reference(options: Payload) -> None:
    options.text("reference", required=True)


def _parse(options: Payload) -> None:
    options.text("source", required=True)
    _returns(options)


_OPTIONS: dict[str, Callable[[Payload], None]] = {
    "branches": _branches,
    "filter": _groups,
    "navigate": _reference,
    "concatenate": _reference,
    "cast": _returns,
    "parse": _parse,
}
