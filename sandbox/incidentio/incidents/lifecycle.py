"""The lifecycle: which status follows which, and the timestamps it sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.incidentio.state.records import Incident
    from sandbox.incidentio.state.store import Store

FULL_FLOW_FROM_RANK = 3
"""From this rank on, closing without the post-incident flow needs a role."""

_EDIT = {
    "triage": {"learning", "closed"},
    "live": {"learning", "closed"},
    "paused": {"learning", "closed"},
    "learning": {"closed"},
}
"""Moves that the API reference documents for edits, besides those within a category."""

_SHARE = {
    "triage": {"live", "paused", "declined", "canceled"},
    "live": {"paused", "canceled"},
    "paused": {"live", "canceled"},
}
"""Further moves by an update; its reference has no such list."""

_REACHED = {
    "live": ("Accepted at",),
    "paused": ("Accepted at",),
    "learning": ("Resolved at",),
    "closed": ("Resolved at", "Closed at"),
    "declined": ("Declined at",),
    "canceled": ("Canceled at",),
    "merged": ("Merged at",),
}


def may_move(before: str, after: str, *, sharing: bool) -> bool:
    """Return whether the API moves an incident between these categories."""
    if before == after:
        return True
    allowed = _EDIT.get(before, set())
    if sharing:
        allowed = allowed | _SHARE.get(before, set())
    return after in allowed


def skips_post_incident_flow(store: Store, incident: Incident, after: str) -> bool:
    """Return whether closing would skip the post-incident flow."""
    rank = store.rank(incident.severity_id) or 0
    resolving = store.category(incident) in {"triage", "live", "paused"}
    return resolving and after == "closed" and rank >= FULL_FLOW_FROM_RANK


def set_status(store: Store, incident: Incident, status_id: str) -> None:
    incident.status_id = status_id
    mark_reached(store, incident, store.now())


def mark_reached(store: Store, incident: Incident, moment: datetime) -> None:
    """Set the timestamps that the incident's status implies, where unset."""
    reached = {"Reported at", *_REACHED.get(store.category(incident), ())}
    for timestamp in store.timestamps:
        if timestamp["name"] in reached:
            incident.timestamps.setdefault(timestamp["id"], moment)
