"""The timelines of incidents: what was shared, and what people add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from sandbox.incidentio.http import query
from sandbox.incidentio.http.context import Answer, key, needs, payload, store
from sandbox.incidentio.http.errors import conflict, invalid, not_found
from sandbox.incidentio.http.views import without_nulls
from sandbox.incidentio.incidents.routes import find_incident
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from sandbox.incidentio.state.records import Update
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

bp = Blueprint("incident_timeline_items", __name__)


@bp.get("/v2/incident_timeline_items")
@needs("viewer")
def list_items() -> Answer:
    """List an incident's items, the oldest first: its updates, and what was added."""
    org = store()
    incident = find_incident(request.args.get("incident_id", ""))
    added = [i for i in org.timeline_items if i["incident_id"] == incident.id]
    updates = org.updates.after(group=incident.id, newest=False)
    found = [*added, *(_promoted(org, update) for update in updates)]
    found.sort(key=lambda item: (item["timestamp"], item["id"]))
    ids = [item["id"] for item in found]
    cursor = query.cursor()
    rest = found[ids.index(cursor) + 1 :] if cursor in ids else found
    shown, meta = query.page(iter(rest), _shown, lambda item: str(item["id"]))
    return {"incident_timeline_items": shown, "pagination_meta": meta}


@bp.post("/v2/incident_timeline_items")
@needs("incident_editor")
def create_item() -> Answer:
    """Add an item; the same idempotency key returns the same one."""
    org, sent = store(), payload()
    idempotency_key = sent.text("idempotency_key", required=True) or ""
    incident_id = sent.text("incident_id", required=True) or ""
    title, at = sent.text("title", required=True), sent.time("timestamp", required=True)
    description = sent.text("description")
    sent.check()
    incident = find_incident(incident_id)
    known = next((i for i in org.timeline_items if i["key"] == idempotency_key), None)
    if known is not None and known["incident_id"] != incident.id:
        raise conflict("This key added to another timeline.", "idempotency_key")
    if known is None:
        now = format_time(org.now())
        known = without_nulls(
            {
                "id": org.new_id(),
                "key": idempotency_key,
                "incident_id": incident.id,
                "title": title,
                "description": description,
                "timestamp": format_time(at) if at else now,
                "creator": key().actor,
                "created_at": now,
                "updated_at": now,
            }
        )
        org.timeline_items.add(known["id"], known)
        org.record_activity(incident.id)
    return {"incident_timeline_item": _shown(known)}, 201


@bp.patch("/v2/incident_timeline_items/<id_>")
@needs("incident_editor")
def update_item(id_: str) -> Answer:
    """Set what is given; an empty description removes it."""
    org, sent = store(), payload()
    item = org.timeline_items.get(id_)
    if item is None:
        raise not_found("Timeline item")
    title, at = sent.text("title"), sent.time("timestamp")
    description = sent.text("description")
    sent.check()
    if title is not None and not title.strip():
        raise invalid("title cannot be blank.", "title")
    set_ = {
        "title": title,
        "timestamp": format_time(at) if at else None,
        "description": description or None,
    }
    changed = {**item, **without_nulls(set_), "updated_at": format_time(org.now())}
    if description == "":
        changed.pop("description", None)
    org.timeline_items.replace(id_, changed)
    org.record_activity(item["incident_id"])
    return {"incident_timeline_item": _shown(changed)}


def _shown(item: Record) -> Record:
    return {name: value for name, value in item.items() if name != "key"}


def _promoted(org: Store, update: Update) -> Record:
    """Return an update as the item that incident.io makes of it."""
    at = format_time(update.created_at)
    status = org.status(update.status_id)["name"]
    item = {
        "id": update.id,
        "incident_id": update.incident_id,
        "title": f"Update shared: {status}",
        "description": update.message,
        "timestamp": at,
        "creator": update.updater,
        "created_at": at,
        "updated_at": at,
        "activity_log_id": update.id,
    }
    return without_nulls(item)
