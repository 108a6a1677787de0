"""What actions and follow-ups have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask import request

from sandbox.incidentio.http import query
from sandbox.incidentio.http.access import key
from sandbox.incidentio.incidents.filters import USUAL_MODES
from sandbox.incidentio.state.records import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.state.records import Incident
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Table

Row = TypeVar("Row", bound=Item)

STATUSES = ("outstanding", "completed", "not_doing", "deleted")
MODES = ("standard", "retrospective", "test", "tutorial", "stream")
TEXT_LIMIT = 5000


def listing(
    store: Store, table: Table[Row], show: Callable[[Row], dict[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A page, oldest first; an incident asked for by id may be of any mode."""
    return query.page(_wanted(store, table), show, lambda row: row.id)


def _wanted(store: Store, table: Table[Row]) -> Iterator[Row]:
    incident_id = request.args.get("incident_id")
    mode = query.choice("incident_mode", MODES)
    modes = USUAL_MODES if mode is None else (mode,)
    visible = {
        incident.id
        for incident in store.incidents
        if incident.mode in modes and _may_see(incident)
    }
    created = query.moments("created_at")
    updated = query.moments("updated_at")
    for row in table.after(query.cursor(), group=incident_id, newest=False):
        if (
            row.incident_id in visible
            and (created is None or created(row.created_at))
            and (updated is None or updated(row.updated_at))
        ):
            yield row


def _may_see(incident: Incident) -> bool:
    return incident.visibility == "public" or "global_access" in key().roles


def read_assignee(store: Store, sent: Payload) -> str | None:
    user = sent.row("assignee_id", store.users, "User")
    return None if user is None else str(user["id"])


def read_status(sent: Payload) -> str:
    status = sent.choice("status", STATUSES, required=True) or ""
    if status == "deleted":
        sent.fault("status", "Use the delete endpoint instead.")
    return status


def settle(store: Store, row: Item, status: str) -> None:
    """Set a status, and when it was done."""
    if status != row.status:
        row.completed_at = store.now() if status == "completed" else None
    row.status = status
    row.updated_at = store.now()
    store.note_activity(row.incident_id)
