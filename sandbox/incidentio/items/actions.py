"""Actions: what is being done during an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from sandbox.incidentio.http.context import Answer, needs, payload, store
from sandbox.incidentio.http.views import Shown, without_nulls
from sandbox.incidentio.items import common
from sandbox.incidentio.state.records import Action

if TYPE_CHECKING:
    from sandbox.incidentio.http.payload import Payload

bp = Blueprint("actions", __name__)


def _found(id_: str) -> Action:
    return common.find_item(store().actions, id_, "Action")


def _shown(row: Action) -> Shown:
    return without_nulls(common.show_item(store(), row))


@bp.get("/v3/actions")
@needs("viewer")
def list_actions() -> Answer:
    shown, meta = common.listing(store(), store().actions, _shown)
    return {"actions": shown, "pagination_meta": meta}


@bp.get("/v3/actions/<id_>")
@needs("viewer")
def show_action(id_: str) -> Answer:
    return {"action": _shown(_found(id_))}


@bp.post("/v3/actions")
@needs("incident_editor")
def create_action() -> Answer:
    row = common.create(store().actions, Action, _read)
    return {"action": _shown(row)}, 201


@bp.put("/v3/actions/<id_>")
@needs("incident_editor")
def update_action(id_: str) -> Answer:
    """Replace an action; its assignee stays where the request leaves them out."""
    row, sent = _found(id_), payload()
    common.update(row, sent, _read(sent), {"assignee_id": "assignee_id"})
    return {"action": _shown(row)}


@bp.delete("/v3/actions/<id_>")
@needs("incident_editor")
def delete_action(id_: str) -> Answer:
    return common.delete(store().actions, _found(id_))


def _read(sent: Payload) -> Shown:
    return {
        "description": sent.text("description", required=True, limit=common.TEXT_LIMIT),
        "assignee_id": common.read_assignee(store(), sent),
    }
