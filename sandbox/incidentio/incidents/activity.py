"""The activity logs of incidents: what happened, as incident.io itself notes it.

Updates, pages and new items are read from their own rows; changes that leave no row are
recorded when they are made.
"""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from flask import Blueprint

from sandbox.incidentio.http import query
from sandbox.incidentio.http.context import Answer, needs, store
from sandbox.incidentio.incidents.recording import entry
from sandbox.incidentio.incidents.routes import find_incident
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.incidentio.state.records import Escalation, Incident, Item, Update
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

bp = Blueprint("incident_activity_log", __name__)


@bp.get("/v2/incident_activity_log_entries")
@needs("viewer")
def list_entries() -> Answer:
    """List an incident's entries, the oldest first."""
    org = store()
    incident = find_incident(query.required("incident_id"))
    found = sorted(_entries(org, incident), key=itemgetter("occurred_at", "id"))
    ids = [row["id"] for row in found]
    cursor = query.cursor()
    rest = found[ids.index(cursor) + 1 :] if cursor in ids else found
    shown, meta = query.page(iter(rest), lambda row: row, lambda row: str(row["id"]))
    return {"incident_activity_log_entries": shown, "pagination_meta": meta}


def _entries(org: Store, incident: Incident) -> Iterator[Record]:
    yield from org.activity.after(group=incident.id, newest=False)
    yield from _updates(org, incident)
    for action in org.actions.after(group=incident.id, newest=False):
        yield _new(action, "action", f"Action created: {action.description}")
    for follow_up in org.follow_ups.after(group=incident.id, newest=False):
        yield _new(follow_up, "follow_up", f"Follow-up created: {follow_up.title}")
    for page in org.escalations:
        for event in page.events if incident.id in page.incident_ids else ():
            yield from _paged((event["id"], incident.id), page, event)


def _updates(org: Store, incident: Incident) -> Iterator[Record]:
    updates = [None, *org.updates.after(group=incident.id, newest=False)]
    for before, update in pairwise(updates):
        if update is not None:
            yield _update(org, before, update)


def _update(org: Store, before: Update | None, update: Update) -> Record:
    return entry(
        (update.id, update.incident_id),
        "incident_update",
        format_time(update.created_at),
        "Update shared",
        id=update.id,
        message=update.message,
        updater=update.updater,
        new_status=org.status(update.status_id),
        previous_status=before and org.status(before.status_id),
        new_severity=_severity(org, update),
        previous_severity=before and _severity(org, before),
    )


def _severity(org: Store, update: Update) -> Record | None:
    return org.severities.resolve(update.severity_id) if update.severity_id else None


def _new(item: Item, what: str, title: str) -> Record:
    at, about = format_time(item.created_at), (item.id, item.incident_id)
    ids = {f"{what}_id": item.id}
    return entry(about, f"{what}_created", at, title, actor=item.creator, **ids)


def _paged(about: tuple[str, str], page: Escalation, event: Record) -> Iterator[Record]:
    users, at = event.get("users", []), event["occurred_at"]
    if event["event"] == "notified_users":
        yield entry(
            about,
            "escalation_created",
            at,
            f"Escalated: {page.title}",
            escalation_id=page.id,
            creator=page.creator or None,
            escalated_to_users=users,
            escalation_path_id=page.path_id,
        )
    elif event["event"] == "acked":
        yield entry(
            about,
            "escalation_acknowledged",
            at,
            "Escalation acknowledged",
            escalation_id=page.id,
            acknowledger=users[0] if users else None,
        )
