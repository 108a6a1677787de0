"""Operations on actions and follow-ups alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from flask import request

from sandbox.incidentio.http import query
from sandbox.incidentio.http.context import Answer, find, key, payload, store
from sandbox.incidentio.http.views import user_by_id
from sandbox.incidentio.incidents import recording
from sandbox.incidentio.incidents.filters import USUAL_MODES
from sandbox.incidentio.incidents.routes import find_incident
from sandbox.incidentio.state.records import FollowUp, Item
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.http.views import Shown
    from sandbox.incidentio.state.records import Incident
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Table

Row = TypeVar("Row", bound=Item)

STATUSES = ("outstanding", "completed", "not_doing", "deleted")
MODES = ("standard", "retrospective", "test", "tutorial", "stream")
TEXT_LIMIT = 5000


def listing(
    org: Store, table: Table[Row], show: Callable[[Row], dict[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return a page, oldest first, and its metadata."""
    return query.page(_wanted(org, table), show, lambda row: row.id)


def _wanted(org: Store, table: Table[Row]) -> Iterator[Row]:
    incident_id = request.args.get("incident_id")
    mode = query.choice("incident_mode", MODES)
    modes = USUAL_MODES if mode is None else (mode,)
    incidents = {
        incident.id
        for incident in org.incidents
        if incident.mode in modes and _may_see(incident)
    }
    created = query.time_filter("created_at")
    updated = query.time_filter("updated_at")
    for row in table.after(query.cursor(), group=incident_id, newest=False):
        if (
            row.incident_id in incidents
            and (created is None or created(row.created_at))
            and (updated is None or updated(row.updated_at))
        ):
            yield row


def _may_see(incident: Incident) -> bool:
    return incident.visibility == "public" or key().sees_private


def show_item(org: Store, item: Item) -> Shown:
    return {
        "id": item.id,
        "incident_id": item.incident_id,
        "creator": item.creator,
        "assignee": user_by_id(org, item.assignee_id),
        "description": item.description,
        "status": item.status,
        "created_at": format_time(item.created_at),
        "updated_at": format_time(item.updated_at),
        "completed_at": item.completed_at and format_time(item.completed_at),
    }


def find_item(table: Table[Row], id_: str, what: str) -> Row:
    row = find(table, id_, what)
    find_incident(row.incident_id)
    return row


def create(table: Table[Row], kind: type[Row], read: Callable[[Payload], Shown]) -> Row:
    """Add the item of the request. Raises: Refused when something is wrong in it."""
    org, sent = store(), payload()
    incident = sent.lookup("incident_id", org.incidents, "Incident", required=True)
    properties = read(sent)
    sent.check()
    assert incident is not None
    now = org.now()
    row = kind(
        id=org.new_id(),
        incident_id=incident.id,
        creator=key().actor,
        created_at=now,
        updated_at=now,
        **properties,
    )
    org.record_activity(incident.id)
    return table.add(row.id, row)


def update(row: Item, sent: Payload, read: Shown, kept: Mapping[str, str]) -> None:
    """Set the status and the properties that were read, and record it.

    ``kept`` maps those that stay as they are to the fields that must be sent.
    """
    status = read_status(sent)
    sent.check()
    before = replace(row)
    for name, value in read.items():
        if name not in kept or sent.sent(kept[name]):
            setattr(row, name, value)
    set_status(row, status)
    what = "follow_up" if isinstance(row, FollowUp) else "action"
    recording.record_item(store(), row, what, before)


def delete(table: Table[Row], row: Row) -> Answer:
    table.remove(row.id)
    store().record_activity(row.incident_id)
    return "", 204


def read_assignee(org: Store, sent: Payload) -> str | None:
    user = sent.lookup("assignee_id", org.users, "User")
    return None if user is None else str(user["id"])


def read_status(sent: Payload) -> str:
    status = sent.choice("status", STATUSES, required=True) or ""
    if status == "deleted":
        sent.add_problem("status", "Use the delete endpoint instead.")
    return status


def set_status(row: Item, status: str) -> None:
    """Set a status, and when it was completed."""
    org = store()
    if status != row.status:
        row.completed_at = org.now() if status == "completed" else None
    row.status = status
    row.updated_at = org.now()
    org.record_activity(row.incident_id)
