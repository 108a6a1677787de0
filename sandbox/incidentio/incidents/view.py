"""An incident as the API shows it, with all it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.incidentio.http.views import Shown, user_by_id, without_nulls
from sandbox.incidentio.state.ids import fixed_id
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.incidentio.state.records import Debrief, Incident
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

DASHBOARD = "https://app.incident.io/acme"
SLACK = "https://acme.slack.com"

_METRICS = (
    ("Time to resolve", "Reported at", "Resolved at"),
    ("Time to accept", "Reported at", "Accepted at"),
    ("Time to fix", "Impact started at", "Fixed at"),
)


def incident(store: Store, row: Incident) -> Shown:
    return without_nulls({**_facts(row), **_references(store, row), **_workload(row)})


def _facts(row: Incident) -> Shown:
    return {
        "id": row.id,
        "reference": f"INC-{row.number}",
        "name": row.name,
        "summary": row.summary,
        "visibility": row.visibility,
        "mode": row.mode,
        "creator": row.creator,
        "call_url": row.call_url,
        "permalink": f"{DASHBOARD}/incidents/{row.number}",
        "slack_team_id": row.team_id,
        "slack_channel_id": row.channel_id,
        "slack_channel_name": row.channel_name,
        "slack_channel_url": _channel_url(row),
        "postmortem_document_url": row.postmortem_url,
        "has_debrief": bool(row.debriefs),
        "debriefs": [_debrief(debrief) for debrief in row.debriefs],
        "created_at": format_time(row.created_at),
        "updated_at": format_time(row.updated_at),
        "last_activity_at": format_time(row.last_activity_at),
    }


def _channel_url(row: Incident) -> str | None:
    return f"{SLACK}/archives/{row.channel_id}" if row.channel_id else None


def _debrief(debrief: Debrief) -> Shown:
    start, end = format_time(debrief.start_at), format_time(debrief.end_at)
    return {"id": debrief.id, "start_at": start, "end_at": end}


def _references(store: Store, row: Incident) -> Shown:
    severity, kind = row.severity_id, row.type_id
    return {
        "incident_status": store.status(row.status_id),
        "severity": severity and store.severities.resolve(severity),
        "incident_type": kind and store.types.resolve(kind),
        "team_ids": _teams(store, row),
        "incident_role_assignments": _roles(store, row),
        "custom_field_entries": _fields(store, row),
        "incident_timestamp_values": _timestamps(store, row),
        "duration_metrics": _durations(store, row),
    }


def _workload(row: Incident) -> Shown:
    if row.workload is None:
        return {}
    working, late, sleeping = row.workload
    return {
        "workload_minutes_working": working,
        "workload_minutes_late": late,
        "workload_minutes_sleeping": sleeping,
        "workload_minutes_total": working + late + sleeping,
    }


def _teams(store: Store, row: Incident) -> list[str]:
    """Return the ids of the teams that own the affected service."""
    values = [value for values in row.fields.values() for value in values]
    chosen = [v["value_option_id"] for v in values if "value_option_id" in v]
    return sorted({store.owners[id_] for id_ in chosen if id_ in store.owners})


def _roles(store: Store, row: Incident) -> list[Shown]:
    return [
        without_nulls(
            {
                "role": {**role, "required": False},
                "assignee": user_by_id(store, row.roles.get(role["id"])),
            }
        )
        for role in store.roles
    ]


def _fields(store: Store, row: Incident) -> list[Shown]:
    return [
        {
            "custom_field": custom_field(store, field),
            "values": [_value(store, v) for v in row.fields.get(field["id"], [])],
        }
        for field in store.custom_fields
    ]


def custom_field(store: Store, field: Record) -> Shown:
    shown = {key: field[key] for key in ("id", "name", "description", "field_type")}
    options = store.options.after(group=field["id"], newest=False)
    return {**shown, "options": list(options)}


def _value(store: Store, value: dict[str, Any]) -> Shown:
    if "value_option_id" in value:
        return {"value_option": store.options.resolve(value["value_option_id"])}
    return value


def _timestamps(store: Store, row: Incident) -> list[Shown]:
    shown = []
    for timestamp in store.timestamps:
        value = row.timestamps.get(timestamp["id"])
        shown.append(
            without_nulls(
                {
                    "incident_timestamp": timestamp,
                    "value": value and {"value": format_time(value)},
                }
            )
        )
    return shown


def _durations(store: Store, row: Incident) -> list[Shown]:
    named = {t["name"]: row.timestamps.get(t["id"]) for t in store.timestamps}
    return [
        {
            "duration_metric": {"id": fixed_id("metric", name, place), "name": name},
            **_duration(named.get(start), named.get(end)),
        }
        for place, (name, start, end) in enumerate(_METRICS)
    ]


def _duration(start: datetime | None, end: datetime | None) -> Shown:
    if start is None or end is None:
        return {"status": "timestamps_missing"}
    seconds = round((end - start).total_seconds())
    if seconds < 0:
        return {"status": "invalid_timestamps"}
    return {"status": "success", "value_seconds": seconds}
