"""Records what changes in an incident, for its activity log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.incidentio.http.context import key
from sandbox.incidentio.http.views import user_by_id, without_nulls
from sandbox.incidentio.incidents.view import custom_field
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sandbox.incidentio.state.records import Incident, Item
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record


def entry(
    about: tuple[str, str], kind: str, at: str, title: str, **detail: object
) -> Record:
    """Return an entry of a log; ``about`` are its own id and its incident's."""
    return {
        "id": about[0],
        "incident_id": about[1],
        "type": kind,
        "title": title,
        "occurred_at": at,
        "created_at": at,
        "content": {kind: without_nulls(detail)},
    }


def _record(
    org: Store, incident_id: str, kind: str, title: str, **detail: object
) -> None:
    """Record that the key, or the person for whom it acts, changed something."""
    about, at = (org.new_id(), incident_id), format_time(org.now())
    row = entry(about, kind, at, title, updater=key().actor, **detail)
    org.activity.add(row["id"], row)


def record_edit(org: Store, before: Incident, after: Incident) -> None:
    """Record what an edit changed, besides status and severity."""
    if before.name != after.name:
        names = {"new_name": after.name, "previous_name": before.name}
        _record(org, after.id, "incident_rename", f"Renamed to {after.name}", **names)
    if before.summary != after.summary:
        texts = {"new_summary": after.summary, "previous_summary": before.summary}
        _record(org, after.id, "summary_update", "Summary updated", **texts)
    for role in _changed(org.roles, before.roles, after.roles):
        _record(
            org,
            after.id,
            "role_update",
            f"{role['name']} changed",
            role=role,
            new_assignee=user_by_id(org, after.roles.get(role["id"])),
            previous_assignee=user_by_id(org, before.roles.get(role["id"])),
        )
    for field in _changed(org.custom_fields, before.fields, after.fields):
        kind, title = "custom_field_value_update", f"{field['name']} changed"
        _record(org, after.id, kind, title, custom_field=custom_field(org, field))


def _changed(
    rows: Any, before: dict[str, Any], after: dict[str, Any]
) -> Iterator[Record]:
    """Yield the rows whose id has another value after than before."""
    return (row for row in rows if before.get(row["id"]) != after.get(row["id"]))


def record_item(org: Store, item: Item, what: str, before: Item) -> None:
    """Record another status or owner of an action or a follow-up."""
    changed: dict[str, object] = {}
    if before.status != item.status:
        changed |= {"new_status": item.status, "previous_status": before.status}
    if before.assignee_id != item.assignee_id:
        changed["new_assignee"] = user_by_id(org, item.assignee_id)
        changed["previous_assignee"] = user_by_id(org, before.assignee_id)
    if changed:
        title = f"{what.replace('_', '-').capitalize()} updated"
        changed[f"{what}_id"] = item.id
        _record(org, item.incident_id, f"{what}_updated", title, **changed)
