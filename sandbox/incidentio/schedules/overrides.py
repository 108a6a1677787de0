"""Schedule overrides: another user is on call on one layer for a while."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint

from sandbox.incidentio.http import query
from sandbox.incidentio.http.access import READS_SCHEDULES, WRITES_OVERRIDES
from sandbox.incidentio.http.context import Answer, find, needs, payload, store
from sandbox.incidentio.http.user_references import read_user
from sandbox.incidentio.http.views import Shown, user_by_id
from sandbox.incidentio.schedules import routes
from sandbox.incidentio.state.records import Override
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

bp = Blueprint("overrides", __name__)


def _found(id_: str) -> Override:
    return find(store().overrides, id_, "Schedule override")


@bp.get("/v2/schedule_overrides")
@needs(*READS_SCHEDULES)
def list_overrides() -> Answer:
    org, schedule = store(), routes.find_schedule(query.required("schedule_id"))
    asked = query.exact("rotation_id", "layer_id")
    rows = (
        row
        for row in org.overrides.after(
            query.cursor(), group=schedule["id"], newest=False
        )
        if all(getattr(row, field) == value for field, value in asked.items())
    )
    shown, meta = query.page(rows, lambda row: _shown(org, row), lambda row: row.id)
    return {"overrides": shown, "pagination_meta": meta}


@bp.get("/v2/schedule_overrides/<id_>")
@needs(*READS_SCHEDULES)
def show_override(id_: str) -> Answer:
    return {"override": _shown(store(), _found(id_))}


@bp.post("/v2/schedule_overrides")
@needs(*WRITES_OVERRIDES)
def create_override() -> Answer:
    org, sent = store(), payload()
    schedule = sent.lookup("schedule_id", org.schedules, "Schedule", required=True)
    row = _read(sent, schedule, org.new_id())
    if _overlapped(row):
        sent.add_problem(
            "start_at", "This override overlaps another override.", "overlap"
        )
    sent.check()
    org.overrides.add(row.id, row)
    return {"override": _shown(org, row)}, 201


@bp.put("/v2/schedule_overrides/<id_>")
@needs(*WRITES_OVERRIDES)
def update_override(id_: str) -> Answer:
    """Replace an override; neighbours that it now overlaps are cut or removed."""
    org, before, sent = store(), _found(id_), payload()
    after = _read(sent, routes.find_schedule(before.schedule_id), before.id)
    if after.user_id and after.user_id != before.user_id:
        sent.add_problem("user", "An override cannot be reassigned.")
    sent.check()
    after.created_at = before.created_at
    for neighbour in _overlapped(after):
        _give_way(neighbour, after)
    org.overrides.replace(after.id, after)
    return {"override": _shown(org, after)}


@bp.delete("/v2/schedule_overrides/<id_>")
@needs(*WRITES_OVERRIDES)
def delete_override(id_: str) -> Answer:
    store().overrides.remove(_found(id_).id)
    return "", 204


def _read(sent: Payload, schedule: Record | None, id_: str) -> Override:
    org = store()
    now = org.now()
    start, end = (
        sent.time(field, required=True) or now for field in ("start_at", "end_at")
    )
    if sent.sent("start_at") and sent.sent("end_at") and end <= start:
        sent.add_problem("end_at", "An override must end after it starts.")
    rotation_id = sent.text("rotation_id", required=True) or ""
    layer_id = sent.text("layer_id", required=True) or ""
    if schedule is not None:
        _check_layer(sent, schedule, rotation_id, layer_id)
    return Override(
        id=id_,
        schedule_id=schedule["id"] if schedule else "",
        rotation_id=rotation_id,
        layer_id=layer_id,
        user_id=read_user(org, sent, "user", required=True) or "",
        start_at=start,
        end_at=end,
        created_at=now,
        updated_at=now,
    )


def _check_layer(
    sent: Payload, schedule: Record, rotation_id: str, layer_id: str
) -> None:
    rotations = [r for r in schedule["config"]["rotations"] if r["id"] == rotation_id]
    if not rotations:
        sent.add_problem("rotation_id", f"{schedule['name']} has no such rotation.")
    elif not any(layer["id"] == layer_id for r in rotations for layer in r["layers"]):
        sent.add_problem("layer_id", "The rotation has no such layer.")


def _overlapped(row: Override) -> list[Override]:
    return [
        other
        for other in store().overrides.after(group=row.schedule_id, newest=False)
        if other.id != row.id
        and (other.rotation_id, other.layer_id) == (row.rotation_id, row.layer_id)
        and other.start_at < row.end_at
        and other.end_at > row.start_at
    ]


def _give_way(neighbour: Override, winner: Override) -> None:
    org = store()
    org.overrides.remove(neighbour.id)
    parts = (
        (neighbour.start_at, winner.start_at),
        (winner.end_at, neighbour.end_at),
    )
    for start, end in parts:
        if start < end:
            part = replace(neighbour, id=org.new_id(), start_at=start, end_at=end)
            org.overrides.add(part.id, part)


def _shown(store: Store, override: Override) -> Shown:
    return {
        "id": override.id,
        "schedule_id": override.schedule_id,
        "rotation_id": override.rotation_id,
        "layer_id": override.layer_id,
        "user": user_by_id(store, override.user_id),
        "start_at": format_time(override.start_at),
        "end_at": format_time(override.end_at),
        "created_at": format_time(override.created_at),
        "updated_at": format_time(override.updated_at),
    }
