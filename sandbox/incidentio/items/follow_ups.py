"""Follow-ups: what is to be done after an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from sandbox.incidentio.http import views
from sandbox.incidentio.http.access import key, needs
from sandbox.incidentio.http.context import Answer, payload, store
from sandbox.incidentio.http.errors import not_found
from sandbox.incidentio.incidents.routes import visible
from sandbox.incidentio.items import common
from sandbox.incidentio.state.records import FollowUp

if TYPE_CHECKING:
    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.state.store import Store

bp = Blueprint("follow_ups", __name__)


def _found(id_: str) -> FollowUp:
    row = store().follow_ups.get(id_)
    if row is None:
        raise not_found("Follow-up")
    visible(row.incident_id)
    return row


@bp.get("/v3/follow_ups")
@needs("viewer")
def list_follow_ups() -> Answer:
    org = store()
    rows, meta = common.listing(
        org, org.follow_ups, lambda row: views.listed_follow_up(org, row)
    )
    return {"follow_ups": rows, "pagination_meta": meta}


@bp.get("/v3/follow_ups/<id_>")
@needs("viewer")
def show_follow_up(id_: str) -> Answer:
    return {"follow_up": views.follow_up(store(), _found(id_))}


@bp.post("/v3/follow_ups")
@needs("incident_editor")
def create_follow_up() -> Answer:
    org, sent = store(), payload()
    incident = sent.row("incident_id", org.incidents, "Incident", required=True)
    read = _read(org, sent)
    sent.check()
    assert incident is not None
    now = org.now()
    row = FollowUp(
        id=org.new_id(),
        incident_id=incident.id,
        creator=key().actor,
        created_at=now,
        updated_at=now,
        **read,
    )
    org.follow_ups.add(row.id, row)
    org.note_activity(incident.id)
    return {"follow_up": views.follow_up(org, row)}, 201


@bp.put("/v3/follow_ups/<id_>")
@needs("incident_editor")
def update_follow_up(id_: str) -> Answer:
    """Replaces; only people, team and category stay when they are left out."""
    org, row, sent = store(), _found(id_), payload()
    status = common.read_status(sent)
    read = _read(org, sent)
    sent.check()
    for field, value in read.items():
        if field not in _KEPT or sent.sent(_KEPT[field]):
            setattr(row, field, value)
    common.settle(org, row, status)
    return {"follow_up": views.follow_up(org, row)}


@bp.delete("/v3/follow_ups/<id_>")
@needs("incident_editor")
def delete_follow_up(id_: str) -> Answer:
    org, row = store(), _found(id_)
    org.follow_ups.remove(row.id)
    org.note_activity(row.incident_id)
    return "", 204


_KEPT = {
    "assignee_id": "assignee_id",
    "team_id": "assignee_team_id",
    "category_id": "follow_up_category_id",
}


def _read(store: Store, sent: Payload) -> dict[str, Any]:
    priority = sent.row(
        "follow_up_priority_option_id", store.priorities, "Follow-up priority"
    )
    category = sent.row("follow_up_category_id", store.categories, "Follow-up category")
    team = sent.row("assignee_team_id", store.teams, "Team")
    return {
        "title": sent.text("title", required=True, limit=common.TEXT_LIMIT),
        "description": sent.text("description"),
        "labels": sent.labels("labels"),
        "assignee_id": common.read_assignee(store, sent),
        "priority_id": priority and priority["id"],
        "category_id": category and category["id"],
        "team_id": team and team["id"],
    }
