"""incident.io's side as it is now: incidents, who is on call, follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.incidentio.incidents import view
from sandbox.incidentio.schedules.shifts import show_schedule

if TYPE_CHECKING:
    from sandbox.incidentio import IncidentioSandbox
    from sandbox.incidentio.state.store import Store

OVER = {"closed", "declined", "merged", "canceled"}
MOST = 20

Shown = dict[str, Any]


def organisation(incidentio: IncidentioSandbox) -> Shown:
    """Return what changes while people work."""
    with incidentio.wsgi.work:
        store = incidentio.store
        return {
            "incidents": _incidents(store),
            "on_call": [_on_call(store, row) for row in store.schedules],
            "follow_ups": _follow_ups(store),
        }


def _incidents(store: Store) -> list[Shown]:
    live = [row for row in store.incidents if store.category(row) not in OVER]
    shown = (view.incident(store, row) for row in reversed(live[-MOST:]))
    return [
        {
            "reference": one["reference"],
            "name": one["name"],
            "status": one["incident_status"]["name"],
            "severity": one.get("severity", {}).get("name", ""),
            "private": one["visibility"] == "private",
        }
        for one in shown
    ]


def _on_call(store: Store, row: Shown) -> Shown:
    shifts = show_schedule(store, row, with_next=False)["current_shifts"]
    people = [shift["user"]["name"] for shift in shifts if shift.get("user")]
    return {"schedule": row["name"], "people": people}


def _follow_ups(store: Store) -> Shown:
    every = list(store.follow_ups)
    open_ = sum(item.status == "outstanding" for item in every)
    return {"outstanding": open_, "finished": len(every) - open_}
