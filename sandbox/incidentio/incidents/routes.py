"""Incidents: listed, shown, created, edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

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
from sandbox.incidentio.http.errors import not_found
from sandbox.incidentio.incidents import changes, view
from sandbox.incidentio.incidents.draft import read_draft
from sandbox.incidentio.incidents.filters import incident_filter

if TYPE_CHECKING:
    from sandbox.incidentio.state.records import Incident

bp = Blueprint("incidents", __name__)

NEWEST, OLDEST = "created_at_newest_first", "created_at_oldest_first"


def find_incident(id_or_number: str) -> Incident:
    """Return the incident. Raises: Refused for one that the key may not see."""
    row = store().incident(id_or_number)
    hidden = row is not None and row.visibility == "private"
    if row is None or (hidden and not key().sees_private):
        raise not_found("Incident")
    return row


@bp.get("/v2/incidents")
@needs("viewer")
def list_incidents() -> Answer:
    org = store()
    newest = query.choice("sort_by", (NEWEST, OLDEST)) != OLDEST
    fits = incident_filter(org, private=key().sees_private)
    rows = filter(fits, org.incidents.after(query.cursor(), newest=newest))
    shown, meta = query.page(
        rows, lambda row: view.incident(org, row), lambda row: row.id
    )
    meta["total_record_count"] = sum(map(fits, org.incidents))
    return {"incidents": shown, "pagination_meta": meta}


@bp.get("/v2/incidents/<id_>")
@needs("viewer")
def show_incident(id_: str) -> Answer:
    return {"incident": view.incident(store(), find_incident(id_))}


@bp.post("/v2/incidents")
@needs("incident_creator")
def create_incident() -> Answer:
    """Create an incident; the same idempotency key returns the same one."""
    org, sent = store(), payload()
    idempotency_key = sent.text("idempotency_key", required=True) or ""
    known = org.created_by_key.get(idempotency_key)
    if known is not None:
        return {"incident": view.incident(org, find_incident(known))}
    row = org.add_incident(read_draft(org, sent, key().actor))
    org.created_by_key[idempotency_key] = row.id
    changes.add_update(org, row, row.creator, None)
    shown = view.incident(org, row)
    if row.mode != "retrospective":
        afterwards(lambda: listeners().tell_created(shown))
    return {"incident": shown}


@bp.post("/v2/incidents/<id_>/actions/edit")
@needs("incident_editor")
def edit_incident(id_: str) -> Answer:
    org, row, sent = store(), find_incident(id_), payload()
    notify = sent.flag("notify_incident_channel", required=True)
    edited = sent.child("incident", required=True)
    sent.check()
    assert edited is not None
    said = changes.edit(org, row, edited)
    shown = view.incident(org, row)
    if notify:
        text = said or f"{shown['reference']} was edited."
        afterwards(lambda: listeners().tell_announced(shown, text))
    return {"incident": shown}
