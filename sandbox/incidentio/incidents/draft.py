"""New incidents, read from requests and checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.company import incident_channel
from sandbox.incidentio.http.user_references import read_user
from sandbox.incidentio.incidents import lifecycle
from sandbox.incidentio.incidents.custom_field_entries import read_entries
from sandbox.incidentio.state.records import Incident

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

NAME_LIMIT = 255
MODES = ("standard", "retrospective", "test", "tutorial")
SLACK_TEAM = "T0ACME"

_CHANNEL = re.compile(r"[a-z0-9_-]{1,80}")
_OPENING = {"triage", "live"}


def read_draft(store: Store, payload: Payload, creator: dict[str, Any]) -> Incident:
    """Return the incident that a request describes. Raises: Refused."""
    now, number = store.now(), store.next_number()
    kind = _kind(store, payload)
    mode = payload.choice("mode", MODES) or "standard"
    status = _status(store, payload, kind, mode)
    row = Incident(
        id=store.new_id(),
        number=number,
        name=payload.text("name", limit=NAME_LIMIT) or f"Incident {number}",
        summary=payload.text("summary"),
        visibility=_visibility(payload, kind),
        mode=mode,
        status_id=status["id"],
        severity_id=_severity(store, payload, status),
        type_id=None if kind is None else kind["id"],
        creator=creator,
        created_at=now,
        updated_at=now,
        last_activity_at=now,
        fields=read_entries(store, payload),
        timestamps=read_timestamps(store, payload),
        team_id=payload.text("slack_team_id") or SLACK_TEAM,
    )
    assign_roles(row, read_roles(store, payload))
    _channel(row, payload)
    payload.check()
    lifecycle.mark_reached(store, row, now)
    return row


def read_timestamps(store: Store, payload: Payload) -> dict[str, datetime]:
    found = {}
    for entry in payload.children("incident_timestamp_values"):
        timestamp = entry.lookup(
            "incident_timestamp_id",
            store.timestamps,
            "Incident timestamp",
            required=True,
        )
        value = entry.time("value")
        if timestamp is not None and value is not None:
            found[timestamp["id"]] = value
    return found


def read_roles(
    store: Store, payload: Payload, *, editing: bool = False
) -> dict[str, str | None]:
    """Return the user id for each role id; None empties a role."""
    found: dict[str, str | None] = {}
    for assignment in payload.children("incident_role_assignments"):
        role = assignment.lookup(
            "incident_role_id", store.roles, "Incident role", required=True
        )
        user_id = read_user(store, assignment, "assignee")
        if role is None:
            continue
        if editing and role["role_type"] == "reporter":
            assignment.add_problem(
                "incident_role_id",
                "The reporter can only be set when an incident is created.",
            )
        found[role["id"]] = user_id
    return found


def assign_roles(row: Incident, roles: dict[str, str | None]) -> None:
    """Give roles to people, who take part from then on; None empties a role."""
    for role_id, user_id in roles.items():
        if user_id is None:
            row.roles.pop(role_id, None)
        else:
            row.roles[role_id] = user_id
            row.members[user_id] = "responder"


def read_channel_name(payload: Payload) -> str | None:
    name = payload.text("slack_channel_name_override")
    if name is not None and not _CHANNEL.fullmatch(name):
        payload.add_problem(
            "slack_channel_name_override",
            "A channel's name has only lower-case letters, digits, - and _.",
        )
    return name


def _kind(store: Store, payload: Payload) -> Record | None:
    if payload.text("incident_type_id") is not None:
        return payload.lookup("incident_type_id", store.types, "Incident type")
    return next((kind for kind in store.types if kind["is_default"]), None)


def _visibility(payload: Payload, kind: Record | None) -> str:
    visibility = payload.choice("visibility", ("public", "private"), required=True)
    if kind and kind["private_incidents_only"] and visibility == "public":
        message = f"Incidents of type {kind['name']} must be private."
        payload.add_problem("visibility", message)
    return visibility or ""


def _status(store: Store, payload: Payload, kind: Record | None, mode: str) -> Record:
    triage_only = kind is not None and kind["create_in_triage"] == "always"
    status = payload.lookup("incident_status_id", store.statuses, "Incident status")
    if status is None:
        wanted = "triage" if triage_only and mode == "standard" else "live"
        return next(s for s in store.statuses if s["category"] == wanted)
    if mode == "retrospective":
        return status
    if status["category"] not in _OPENING:
        payload.add_problem(
            "incident_status_id", "A new incident is active or in triage."
        )
    elif triage_only and status["category"] != "triage":
        payload.add_problem(
            "incident_status_id", "Incidents of this type must be created in triage."
        )
    return status


def _severity(store: Store, payload: Payload, status: Record) -> str | None:
    """Return the severity; by default none in triage, else the lowest."""
    severity = payload.lookup("severity_id", store.severities, "Severity")
    if severity is None and status["category"] != "triage":
        severity = min(store.severities, key=lambda severity: int(severity["rank"]))
    return None if severity is None else str(severity["id"])


def _channel(row: Incident, payload: Payload) -> None:
    """Set the channel; a retrospective incident has only an existing one."""
    override = read_channel_name(payload)
    if row.mode == "retrospective":
        options = payload.child("retrospective_incident_options")
        if options is not None:
            row.channel_id = options.text("slack_channel_id") or ""
            row.postmortem_url = options.text("postmortem_document_url")
        return
    row.channel_id = incident_channel(row.number)
    row.channel_name = override or channel_name(row.number, row.name)


def channel_name(number: int, name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50].strip("-")
    return f"inc-{number}-{slug or 'incident'}"
