"""An escalation as the API shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.incidentio.http.views import Shown, without_nulls
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from sandbox.incidentio.state.records import Escalation, Incident
    from sandbox.incidentio.state.store import Store

_CATEGORIES = {"live": "active", "learning": "post-incident"}


def escalation(store: Store, row: Escalation) -> Shown:
    related = [store.incidents.resolve(id_) for id_ in row.incident_ids]
    return without_nulls(
        {
            "id": row.id,
            "title": row.title,
            "description": row.description,
            "status": row.status,
            "priority": {"name": row.priority},
            "creator": row.creator,
            "escalation_path_id": row.path_id,
            "events": row.events,
            "related_alerts": row.alerts,
            "related_incidents": [_slim(store, incident) for incident in related],
            "created_at": format_time(row.created_at),
            "updated_at": format_time(row.updated_at),
            **row.more,
        }
    )


def _slim(store: Store, incident: Incident) -> Shown:
    category = store.category(incident)
    return without_nulls(
        {
            "id": incident.id,
            "external_id": incident.number,
            "reference": f"INC-{incident.number}",
            "name": incident.name,
            "summary": incident.summary,
            "status_category": _CATEGORIES.get(category, category),
            "visibility": incident.visibility,
        }
    )
