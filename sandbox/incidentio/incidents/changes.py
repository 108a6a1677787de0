"""Changes to an incident, by an edit or by a shared update."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from sandbox.incidentio.http.context import key
from sandbox.incidentio.incidents import lifecycle, recording
from sandbox.incidentio.incidents.custom_field_entries import read_entries
from sandbox.incidentio.incidents.draft import (
    NAME_LIMIT,
    assign_roles,
    read_channel_name,
    read_roles,
    read_timestamps,
)
from sandbox.incidentio.state.records import Update

if TYPE_CHECKING:
    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.state.records import Incident
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record


def edit(store: Store, row: Incident, payload: Payload) -> str:
    """Apply an edit, or refuse it whole; return a text of what changed."""
    status = read_status(store, row, payload, "incident_status_id", sharing=False)
    severity = payload.lookup("severity_id", store.severities, "Severity")
    texts = _texts(payload)
    channel = read_channel_name(payload)
    roles = read_roles(store, payload, editing=True)
    fields = read_entries(store, payload)
    timestamps = read_timestamps(store, payload)
    payload.check()
    before = deepcopy(row)
    said = set_status_and_severity(store, row, status, severity, message=None)
    for field, text in texts.items():
        setattr(row, field, text)
    row.channel_name = channel or row.channel_name
    row.fields.update(fields)
    row.timestamps.update(timestamps)
    assign_roles(row, roles)
    recording.record_edit(store, before, row)
    row.updated_at = store.now()
    store.record_activity(row.id)
    return said


def set_status_and_severity(
    store: Store,
    row: Incident,
    status: Record | None,
    severity: Record | None,
    *,
    message: str | None,
) -> str:
    """Change status and severity, add an update, and return a text of it."""
    said = [message] if message else []
    if severity is not None and severity["id"] != row.severity_id:
        said.append(f"Severity: {_severity_name(store, row)} → {severity['name']}")
        row.severity_id = severity["id"]
    if status is not None and status["id"] != row.status_id:
        said.append(f"Status: {store.status(row.status_id)['name']} → {status['name']}")
        lifecycle.set_status(store, row, status["id"])
    if said:
        add_update(store, row, key().actor, message)
    return "\n".join(said)


def add_update(
    store: Store, row: Incident, updater: dict[str, Any], message: str | None
) -> Update:
    update = Update(
        id=store.new_id(),
        incident_id=row.id,
        status_id=row.status_id,
        severity_id=row.severity_id,
        updater=updater,
        created_at=store.now(),
        message=message,
    )
    return store.updates.add(update.id, update)


def read_status(
    store: Store, row: Incident, payload: Payload, field: str, *, sharing: bool
) -> Record | None:
    """Read the new status; the lifecycle and the key's roles must allow it."""
    status = payload.lookup(field, store.statuses, "Incident status")
    if status is None:
        return None
    before, after = store.category(row), status["category"]
    if not lifecycle.may_move(before, after, sharing=sharing):
        message = f"An incident cannot move from {before} to {after}."
        payload.add_problem(field, message, "invalid_transition")
    elif lifecycle.skips_post_incident_flow(store, row, after):
        key().require("post_incident_flow_opt_out")
    return status


def _texts(payload: Payload) -> dict[str, str | None]:
    read = {field: payload.text(field) for field in ("summary", "call_url")}
    if payload.sent("name"):
        read["name"] = payload.text("name", required=True, limit=NAME_LIMIT)
    return {field: text for field, text in read.items() if text is not None}


def _severity_name(store: Store, row: Incident) -> str:
    if row.severity_id is None:
        return "none"
    return str(store.severities.resolve(row.severity_id)["name"])
