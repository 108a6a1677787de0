"""Updates that people share about an incident."""

from __future__ import annotations

from flask import Blueprint, request

from sandbox.incidentio.http import query
from sandbox.incidentio.http.context import (
    Answer,
    afterwards,
    key,
    listeners,
    needs,
    payload,
    store,
)
from sandbox.incidentio.http.errors import Problem, Refused, conflict
from sandbox.incidentio.http.payload import Payload
from sandbox.incidentio.http.views import Shown, without_nulls
from sandbox.incidentio.incidents import changes, view
from sandbox.incidentio.incidents.routes import find_incident
from sandbox.incidentio.state.records import Incident, Update
from sandbox.incidentio.state.store import Store
from sandbox.incidentio.state.times import format_time

bp = Blueprint("incident_updates", __name__)


@bp.get("/v2/incident_updates")
@needs("viewer")
def list_updates() -> Answer:
    org = store()
    incident_id = request.args.get("incident_id")
    group = None if incident_id is None else find_incident(incident_id).id
    private = key().sees_private
    rows = (
        row
        for row in org.updates.after(query.cursor(), group=group, newest=True)
        if private or org.incidents.resolve(row.incident_id).visibility == "public"
    )
    shown, meta = query.page(rows, lambda row: _shown(org, row), lambda row: row.id)
    return {"incident_updates": shown, "pagination_meta": meta}


@bp.post("/v2/incident_updates")
@needs("incident_editor")
def create_update() -> Answer:
    """Create an update; the same idempotency key returns the same one."""
    org, sent = store(), payload()
    idempotency_key = sent.text("idempotency_key", required=True) or ""
    incident_id = sent.text("incident_id", required=True) or ""
    sent.check()
    row = _incident(incident_id)
    known = org.updates.get(org.updated_by_key.get(idempotency_key, ""))
    if known is None:
        known = _share(row, sent)
        org.updated_by_key[idempotency_key] = known.id
    elif known.incident_id != row.id:
        raise conflict("This key updated another incident.", "idempotency_key")
    return {"incident_update": _shown(org, known)}, 201


def _incident(id_: str) -> Incident:
    try:
        return find_incident(id_)
    except Refused as refused:
        message = f"Incident with ID {id_} could not be found."
        problem = Problem("not_found", message, "incident_id")
        raise Refused(422, problem) from refused


def _share(row: Incident, sent: Payload) -> Update:
    org = store()
    message = sent.text("message")
    fields = ("message", "to_incident_status_id", "to_severity_id")
    if not any(sent.text(field) for field in fields):
        sent.add_problem(
            "message", "An update needs a message, a status or a severity."
        )
    status = changes.read_status(org, row, sent, "to_incident_status_id", sharing=True)
    severity = sent.lookup("to_severity_id", org.severities, "Severity")
    sent.check()
    said = changes.set_status_and_severity(org, row, status, severity, message=message)
    row.updated_at = org.now()
    org.record_activity(row.id)
    if not said:
        changes.add_update(org, row, key().actor, message)
    shown, text = view.incident(org, row), said or "An update was shared."
    afterwards(lambda: listeners().tell_announced(shown, text))
    return next(org.updates.after(group=row.id, newest=True))


def _shown(store: Store, update: Update) -> Shown:
    severity = update.severity_id
    return without_nulls(
        {
            "id": update.id,
            "incident_id": update.incident_id,
            "message": update.message,
            "new_incident_status": store.status(update.status_id),
            "new_severity": severity and store.severities.resolve(severity),
            "updater": update.updater,
            "created_at": format_time(update.created_at),
        }
    )
