"""Four workflows: one with everything, a disabled one, a draft, one of Terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.incidentio.seed.configuration import CONFIGURED, id_by_name
from sandbox.incidentio.seed.people import playing
from sandbox.incidentio.state.ids import fixed_id
from sandbox.incidentio.state.table import Record
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.incidentio.state.store import Store

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
    """Return an expression: users on call for the teams of the affected services."""
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
    """Return an expression: high urgency for critical incidents, else low."""
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


_TOLD = (
    "*{{incident.reference}}* is {{incident.severity}}. Join the call, say who you "
    "are, and read the summary before you ask: the lead has little time. "
)


def workflows(store: Store) -> Iterator[Record]:
    yield _page_for_critical(store)
    yield _workflow(
        2,
        "Remind to update the status page",
        ("incident.updated", "Incident updated"),
        state="disabled",
        folder="Communication",
        steps=[
            step(
                "slack.send_reminder",
                "Send a reminder",
                bound(literal("Say on the status page what customers notice.")),
            )
        ],
        delay={"for_seconds": 1800, "conditions_apply_over_delay": True},
        auto_run_mode="confirm_before_running",
        runs_on_incident_modes=["standard", "test"],
    )
    yield _workflow(
        3,
        "Hand over to the next shift",
        ("manual", "Run by hand"),
        state="draft",
        shortform="handover",
        form_fields=[
            {
                "id": fixed_id("form field", "who", 1),
                "key": "who",
                "title": "Who takes over",
                "description": "They become the incident's lead.",
                "type": "User",
                "array": False,
                "required": True,
            }
        ],
    )
    yield _workflow(
        4,
        "Invite the security team",
        ("incident.created", "Incident created"),
        meta={
            "managed_by": "terraform",
            "annotations": {"incident.io/terraform/version": "5.4.0"},
            "source_url": "https://github.com/acme/incident-config",
        },
        folder="Security",
        condition_groups=[
            group(
                condition(
                    reference("incident.type", "Incident → Type"),
                    ("one_of", "is one of"),
                    literal("Security", id_by_name(store.types, "Security")),
                )
            )
        ],
        steps=[
            step(
                "slack.invite_users",
                "Invite people to the channel",
                bound(*(_person(store, handle) for handle in ("ana", "ben"))),
            )
        ],
        private_incident_scope="all",
        include_private_incidents=True,
    )


def _page_for_critical(store: Store) -> Record:
    severity = reference("incident.severity", "Incident → Severity")
    summary = reference("incident.summary", "Incident → Summary")
    critical = literal("Critical", id_by_name(store.severities, "Critical"))
    major = literal("Major", id_by_name(store.severities, "Major"))
    return _workflow(
        1,
        "Page everybody for critical incidents",
        ("incident.updated", "Incident updated"),
        folder="On call",
        once_for=[{"key": "incident", "label": "Incident", **TEXT, "type": "Incident"}],
        condition_groups=[
            group(
                condition(severity, ("one_of", "is one of"), critical, major),
                condition(summary, ("is_set", "is set")),
            ),
            group(condition(severity, ("one_of", "is one of"), critical)),
        ],
        expressions=[page_expression(), urgent_expression(severity, critical)],
        steps=[
            step(
                "escalation.create",
                "Escalate",
                bound(reference('expressions["urgency"]', "Expression → Urgency")),
                bound(literal("Platform", fixed_id("path", "Platform", 1))),
                for_each='expressions["on-call"]',
            ),
            step(
                "incident.send_message",
                "Send a message to the channel",
                bound(literal(_TOLD * 12)),
                {},
            ),
        ],
        runs_on_incidents="newly_created_and_active",
        owning_team_ids=[id_by_name(store.teams, "Platform")],
        continue_on_step_error=True,
        private_incident_scope="owning_teams",
        include_private_incidents=True,
        runs_from=format_time(CONFIGURED),
        version=7,
    )


def _person(store: Store, handle: str) -> Record:
    user = playing(store, handle)
    return literal(user["name"], user["id"])


def _workflow(
    place: int, name: str, trigger: tuple[str, str], *, meta: Any = None, **more: Any
) -> Record:
    return {
        "id": fixed_id("workflow", name, place),
        "name": name,
        "trigger": {"name": trigger[0], "label": trigger[1]},
        "state": "active",
        "auto_run_mode": "run_automatically",
        "version": 1,
        "once_for": [],
        "condition_groups": [],
        "expressions": [],
        "steps": [],
        "continue_on_step_error": False,
        "runs_on_incidents": "newly_created",
        "runs_on_incident_modes": ["standard"],
        "private_incident_scope": "none",
        "include_private_incidents": False,
        "include_private_escalations": False,
        "management_meta": meta or {"managed_by": "dashboard", "annotations": {}},
        **more,
    }
