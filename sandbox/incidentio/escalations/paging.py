"""How an escalation moves on by itself: from level to level, until it expires."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sandbox.incidentio.escalation_paths import view as path_view
from sandbox.incidentio.http.views import person, present
from sandbox.incidentio.schedules import shifts
from sandbox.incidentio.state.times import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sandbox.incidentio.state.records import Escalation
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

DIRECT = 900
"""Seconds that people who were paged directly have."""
USUAL = 300
_MOMENT = timedelta(microseconds=1)


def steps(store: Store, path_id: str | None, user_ids: Iterable[str]) -> list[Record]:
    """What happens one after the other, as it is set up now."""
    if path_id is not None:
        found: list[Record] = []
        _write_out(store, _nodes(store, path_id), found, {})
        return found
    targets = [{"type": "user", "id": id_, "urgency": "high"} for id_ in user_ids]
    return [{"targets": targets, "seconds": DIRECT}]


def _nodes(store: Store, path_id: str) -> list[Record]:
    return path_view.steps(store, store.escalation_paths.remembered(path_id))


def _write_out(
    store: Store,
    nodes: Iterable[Record],
    found: list[Record],
    begins: dict[str, int],
) -> None:
    """Put the steps in a row: conditions hold, and what repeats is there again.

    A path that leads to itself goes round once.
    """
    for node in [node for node in nodes if node["id"] not in begins]:
        begins[node["id"]] = len(found)
        inner = node.get(node["type"]) or {}
        if node["type"] == "if_else":
            _write_out(store, inner["then_path"], found, begins)
        elif node["type"] == "escalation_path":
            other = _nodes(store, inner["escalation_path_id"])
            _write_out(store, other, found, begins)
        elif node["type"] == "repeat":
            again = found[begins.get(inner["to_node"], 0) :]
            found += again * inner["repeat_times"]
        else:
            found.append(_step(inner))


def _step(inner: Record) -> Record:
    seconds = inner.get("time_to_ack_seconds", inner.get("delay_seconds", USUAL))
    return {"targets": inner.get("targets", []), "seconds": seconds}


def start(store: Store, row: Escalation) -> None:
    """Trigger it, and page the first ones at once."""
    row.steps = steps(store, row.path_id, row.user_ids)
    tell(store, row, "triggered", row.created_at)
    row.next_at = row.created_at
    advance(store, row)


def advance(store: Store, row: Escalation) -> None:
    """Do all that was due until now."""
    while row.next_at is not None and row.next_at <= store.now():
        due = row.next_at
        if row.status == "snoozed":
            row.status = "triggered"
            tell(store, row, "triggered", due)
        _next(store, row, due)


def _next(store: Store, row: Escalation, due: datetime) -> None:
    if row.place >= len(row.steps):
        end(store, row, "expired", due)
        return
    step = row.steps[row.place]
    row.place += 1
    row.next_at = due + timedelta(seconds=step["seconds"])
    _notify(store, row, step["targets"], due)


def _notify(
    store: Store, row: Escalation, targets: list[Record], due: datetime
) -> None:
    by_urgency: dict[str, list[str]] = {}
    for target in targets:
        ids = by_urgency.setdefault(target.get("urgency", "high"), [])
        ids += [id_ for id_ in on_call(store, target, due) if id_ not in ids]
    for urgency, ids in by_urgency.items():
        if ids:
            tell(store, row, "notified_users", due, users=ids, urgency=urgency)
    channels = [t["id"] for t in targets if t["type"] == "slack_channel"]
    if channels:
        shown = [{"slack_channel_id": id_} for id_ in channels]
        tell(store, row, "notified_channels", due, channels=shown)


def on_call(store: Store, target: Record, at: datetime) -> list[str]:
    """Whom a target means at that moment."""
    if target["type"] == "user":
        return [target["id"]]
    schedule = store.schedules.get(target["id"])
    if target["type"] != "schedule" or schedule is None:
        return []
    if str(target.get("schedule_mode", "")).startswith("all_users"):
        rotations = schedule["config"]["rotations"]
        return [user["id"] for rotation in rotations for user in rotation["users"]]
    now = shifts.read(store, schedule, at, at + _MOMENT).final
    return [shift.user_id for shift in now if shift.user_id]


def end(store: Store, row: Escalation, how: str, at: datetime) -> None:
    """``acked``, ``resolved``, ``cancelled`` or ``expired``: nobody else is paged."""
    row.status, row.next_at = how, None
    tell(store, row, how, at)


def tell(
    store: Store,
    row: Escalation,
    event: str,
    at: datetime,
    *,
    users: list[str] | None = None,
    **more: Any,
) -> None:
    shown = [person(store, id_) for id_ in users] if users else None
    happened = {"id": store.new_id(), "event": event, "occurred_at": stamp(at)}
    row.events.append(present({**happened, "users": shown, **more}))
    row.updated_at = max(row.updated_at, at)
    for incident_id in row.incident_ids:
        store.note_activity(incident_id, at)


def paged(row: Escalation) -> list[str]:
    """The ids of everybody who was notified so far."""
    told = [e for e in row.events if e["event"] == "notified_users"]
    return list(dict.fromkeys(user["id"] for e in told for user in e["users"]))


def options(row: Escalation, user_id: str) -> list[str]:
    """What this person can answer now."""
    if user_id not in paged(row):
        return []
    if row.status in ("triggered", "pending"):
        return ["ack", "nack", "snooze"]
    return ["ack"] if row.status == "snoozed" else []
