"""The pieces that the workflows are made of, as the API shows them."""

from __future__ import annotations

from typing import Any

from sandbox.incidentio.state.ids import fixed_id
from sandbox.incidentio.state.table import Record

TEXT = {"type": "String", "array": False}
_PEOPLE = {"type": "User", "array": True}
_TEAMS = {"type": "Team", "array": True}


def literal(label: str, id_: str | None = None) -> Record:
    return {"label": label, "literal": id_ or label}


def reference(key: str, label: str) -> Record:
    return {"label": label, "reference": key}


def bound(*values: Record) -> Record:
    return {"value": values[0]} if len(values) == 1 else {"array_value": list(values)}


def condition(subject: Record, operation: tuple[str, str], *values: Record) -> Record:
    value, label = operation
    return {
        "subject": subject,
        "operation": {"value": value, "label": label},
        "param_bindings": [{"array_value": list(values)}] if values else [],
    }


def group(*conditions: Record) -> Record:
    return {"conditions": list(conditions)}


def step(name: str, label: str, *bindings: Record, **more: Any) -> Record:
    return {
        "id": fixed_id("step", f"{name}/{label}", 0),
        "name": name,
        "label": label,
        "param_bindings": list(bindings),
        **more,
    }


def page_expression() -> Record:
    """Who is on call for the teams that own what is affected."""
    owned = condition(reference("team.on_call", "Team → On call"), ("is_set", "is set"))
    return {
        "reference": "on-call",
        "label": "People on call",
        "root_reference": "incident.affected_services",
        "returns": _PEOPLE,
        "operations": [
            {
                "operation_type": "navigate",
                "navigate": {
                    "reference": 'catalog_attribute["team"]',
                    "reference_label": "Owning team",
                },
                "returns": _TEAMS,
            },
            {
                "operation_type": "filter",
                "filter": {"condition_groups": [group(owned)]},
                "returns": _TEAMS,
            },
            {
                "operation_type": "cast",
                "cast": {"returns": _PEOPLE},
                "returns": _PEOPLE,
            },
        ],
    }


def urgent_expression(severity: Record, critical: Record) -> Record:
    """High for what is critical, else low."""
    is_critical = group(condition(severity, ("one_of", "is one of"), critical))
    high, low = literal("High urgency", "high"), literal("Low urgency", "low")
    branch = {"condition_groups": [is_critical], "result": bound(high)}
    return {
        "reference": "urgency",
        "label": "Urgency",
        "root_reference": ".",
        "returns": TEXT,
        "operations": [
            {
                "operation_type": "branches",
                "branches": {"branches": [branch], "returns": TEXT},
                "returns": TEXT,
            }
        ],
        "else_branch": {"result": bound(low)},
    }
