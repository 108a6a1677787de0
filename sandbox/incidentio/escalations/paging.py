"""The course of an escalation: from level to level, until it expires."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sandbox.incidentio.escalation_paths import view as path_view
from sandbox.incidentio.http.views import user_by_id, without_nulls
from sandbox.incidentio.schedules import shifts
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sandbox.incidentio.state.records import Escalation
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

DIRECT = 900
"""Seconds that users who are paged directly have to answer."""
USUAL = 300
"""Seconds to answer where a level does not say."""
_MOMENT = timedelta(microseconds=1)


def plan_steps(
    store: Store, path_id: str | None, user_ids: Iterable[str]
) -> list[Record]:
    """Return the steps of a path, or one step for users, as they are set up now."""
    if path_id is not None:
        found: list[Record] = []
        _flatten(store, _nodes(store, path_id), found, {})
        return found
    targets = [{"type": "user", "id": id_, "urgency": "high"} for id_ in user_ids]
    return [{"targets": targets, "seconds": DIRECT}]


def _nodes(store: Store, path_id: str) -> list[Record]:
    return path_view.steps(store, store.escalation_paths.resolve(path_id))


def _flatten(
    store: Store,
    nodes: Iterable[Record],
    found: list[Record],
    begins: dict[str, int],
) -> None:
    """Flatten nodes into steps: conditions are met, and repeats are written out.

    A path that leads to itself goes round once.
    """
    for node in [node for node in nodes if node["id"] not in begins]:
        begins[node["id"]] = len(found)
        inner = node.get(node["type"]) or {}
        if node["type"] == "if_else":
            _flatten(store, inner["then_path"], found, begins)
        elif node["type"] == "escalation_path":
            other = _nodes(store, inner["escalation_path_id"])
            _flatten(store, other, found, begins)
        elif node["type"] == "repeat":
            again = found[begins.get(inner["to_node"], 0) :]
            found += again * inner["repeat_times"]
        else:
            found.append(_step(inner))


def _step(inner: Record) -> Record:
    seconds = inner.get("time_to_ack_seconds", inner.get("delay_seconds", USUAL))
    return {"targets": inner.get("targets", []), "seconds": seconds}


def start(store: Store, row: Escalation) -> None:
    """Trigger an escalation, and page its first users at once."""
    row.steps = plan_steps(store, row.path_id, row.user_ids)
    add_event(store, row, "triggered", row.created_at)
    row.next_at = row.created_at
    advance(store, row)


def advance(store: Store, row: Escalation) -> None:
    """Take the steps that are due by now."""
    while row.next_at is not None and row.next_at <= store.now():
        due = row.next_at
        if row.status == "snoozed":
            row.status = "triggered"
            add_event(store, row, "triggered", due)
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
        ids += [id_ for id_ in users_of(store, target, due) if id_ not in ids]
    for urgency, ids in by_urgency.items():
        if ids:
            add_event(store, row, "notified_users", due, users=ids, urgency=urgency)
    channels = [t["id"] for t in targets if t["type"] == "slack_channel"]
    if channels:
        shown = [{"slack_channel_id": id_} for id_ in channels]
        add_event(store, row, "notified_channels", due, channels=shown)


def users_of(store: Store, target: Record, at: datetime) -> list[str]:
    """Return the ids of the users whom a target means at that moment."""
    if target["type"] == "user":
        return [target["id"]]
    schedule = store.schedules.get(target["id"])
    if target["type"] != "schedule" or schedule is None:
        return []
    if str(target.get("schedule_mode", "")).startswith("all_users"):
        rotations = schedule["config"]["rotations"]
        return [user["id"] for rotation in rotations for user in rotation["users"]]
    now = shifts.schedule_entries(store, schedule, at, at + _MOMENT).final
    return [shift.user_id for shift in now if shift.user_id]


def end(store: Store, row: Escalation, how: str, at: datetime) -> None:
    """End an escalation: ``acked``, ``resolved``, ``cancelled`` or ``expired``."""
    row.status, row.next_at = how, None
    add_event(store, row, how, at)


def add_event(
    store: Store,
    row: Escalation,
    event: str,
    at: datetime,
    *,
    users: list[str] | None = None,
    **more: Any,
) -> None:
    shown = [user_by_id(store, id_) for id_ in users] if users else None
    happened = {"id": store.new_id(), "event": event, "occurred_at": format_time(at)}
    row.events.append(without_nulls({**happened, "users": shown, **more}))
    row.updated_at = max(row.updated_at, at)
    for incident_id in row.incident_ids:
        store.record_activity(incident_id, at)


def notified_users(row: Escalation) -> list[str]:
    """Return the ids of the users who were notified so far."""
    told = [e for e in row.events if e["event"] == "notified_users"]
    return list(dict.fromkeys(user["id"] for e in told for user in e["users"]))


def available_actions(row: Escalation, user_id: str) -> list[str]:
    """Return the responses that this user can give now."""
    if user_id not in notified_users(row):
        return []
    if row.status in ("triggered", "pending"):
        return ["ack", "nack", "snooze"]
    return ["ack"] if row.status == "snoozed" else []
