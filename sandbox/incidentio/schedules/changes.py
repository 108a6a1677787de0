"""Schedules created, replaced, tried out and archived."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint

from sandbox.incidentio.http.access import WRITES_SCHEDULES, needs
from sandbox.incidentio.http.context import Answer, payload, store
from sandbox.incidentio.schedules import draft as schedule_draft
from sandbox.incidentio.schedules import shifts
from sandbox.incidentio.schedules.routes import found
from sandbox.incidentio.state.times import stamp

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.incidentio.http.payload import Payload

bp = Blueprint("schedule_changes", __name__)

USUAL_WINDOW = timedelta(days=7)
LONGEST_PREVIEW = timedelta(days=91)


@bp.post("/v2/schedules")
@needs(*WRITES_SCHEDULES)
def create_schedule() -> Answer:
    org = store()
    draft, now = schedule_draft.read(org, payload()), stamp(org.now())
    row = {"id": org.new_id(), **draft, "created_at": now, "updated_at": now}
    org.schedules.add(row["id"], row)
    return {"schedule": shifts.schedule(org, row)}, 201


@bp.put("/v2/schedules/<id_>")
@needs(*WRITES_SCHEDULES)
def update_schedule(id_: str) -> Answer:
    """Everything that is not sent is gone, versions of rotations to come as well."""
    org, before = store(), found(id_)
    draft = schedule_draft.read(org, payload())
    made = {"created_at": before["created_at"], "updated_at": stamp(org.now())}
    row = {"id": id_, **draft, **made}
    org.schedules.remove(id_)
    org.schedules.add(id_, row)
    return {"schedule": shifts.schedule(org, row)}


@bp.post("/v2/schedules/<id_>/actions/preview_entries")
@needs(*WRITES_SCHEDULES)
def preview_entries(id_: str) -> Answer:
    org, sent = store(), payload()
    found(id_)
    start, end = _window(sent, org.now())
    row = {"id": id_, **schedule_draft.read(org, sent)}
    whole = shifts.read(org, row, start, end)
    return {
        "schedule_entries": {
            name: [shifts.entry(org, shift) for shift in listed]
            for name, listed in whole._asdict().items()
        }
    }


@bp.delete("/v2/schedules/<id_>")
@needs(*WRITES_SCHEDULES)
def delete_schedule(id_: str) -> Answer:
    store().schedules.remove(found(id_)["id"])
    return "", 202


def _window(sent: Payload, now: datetime) -> tuple[datetime, datetime]:
    start = sent.moment("entry_window_start") or now
    end = sent.moment("entry_window_end") or start + USUAL_WINDOW
    if end <= start:
        sent.fault("entry_window_end", "The window must end after it starts.")
    sent.check()
    return start, min(end, start + LONGEST_PREVIEW)
