"""Actions: what is being done during an incident."""

from __future__ import annotations

from flask import Blueprint

from sandbox.incidentio.http import views
from sandbox.incidentio.http.access import key, needs
from sandbox.incidentio.http.context import Answer, payload, store
from sandbox.incidentio.http.errors import not_found
from sandbox.incidentio.incidents.routes import visible
from sandbox.incidentio.items import common
from sandbox.incidentio.state.records import Action

bp = Blueprint("actions", __name__)


def _found(id_: str) -> Action:
    row = store().actions.get(id_)
    if row is None:
        raise not_found("Action")
    visible(row.incident_id)
    return row


@bp.get("/v3/actions")
@needs("viewer")
def list_actions() -> Answer:
    org = store()
    shown, meta = common.listing(org, org.actions, lambda row: views.action(org, row))
    return {"actions": shown, "pagination_meta": meta}


@bp.get("/v3/actions/<id_>")
@needs("viewer")
def show_action(id_: str) -> Answer:
    return {"action": views.action(store(), _found(id_))}


@bp.post("/v3/actions")
@needs("incident_editor")
def create_action() -> Answer:
    org, sent = store(), payload()
    incident = sent.row("incident_id", org.incidents, "Incident", required=True)
    description = sent.text("description", required=True, limit=common.TEXT_LIMIT)
    assignee_id = common.read_assignee(org, sent)
    sent.check()
    assert incident is not None
    now = org.now()
    row = Action(
        id=org.new_id(),
        incident_id=incident.id,
        creator=key().actor,
        created_at=now,
        updated_at=now,
        description=description,
        assignee_id=assignee_id,
    )
    org.actions.add(row.id, row)
    org.note_activity(incident.id)
    return {"action": views.action(org, row)}, 201


@bp.put("/v3/actions/<id_>")
@needs("incident_editor")
def update_action(id_: str) -> Answer:
    """Leaving the assignee out leaves it; null takes the action off them."""
    org, row, sent = store(), _found(id_), payload()
    description = sent.text("description", required=True, limit=common.TEXT_LIMIT)
    status = common.read_status(sent)
    assignee_id = common.read_assignee(org, sent)
    sent.check()
    row.description = description
    if sent.sent("assignee_id"):
        row.assignee_id = assignee_id
    common.settle(org, row, status)
    return {"action": views.action(org, row)}


@bp.delete("/v3/actions/<id_>")
@needs("incident_editor")
def delete_action(id_: str) -> Answer:
    org, row = store(), _found(id_)
    org.actions.remove(row.id)
    org.note_activity(row.incident_id)
    return "", 204
