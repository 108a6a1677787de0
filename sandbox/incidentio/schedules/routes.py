"""Schedules: listed, created, replaced, previewed and archived; and their entries."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, request

from sandbox.incidentio.http import query
from sandbox.incidentio.http.access import READS_SCHEDULES, WRITES_SCHEDULES
from sandbox.incidentio.http.context import Answer, find, needs, payload, store
from sandbox.incidentio.http.errors import invalid
from sandbox.incidentio.schedules import draft, shifts
from sandbox.incidentio.state.times import parse, stamp

if TYPE_CHECKING:
    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.schedules.shifts import Rota
    from sandbox.incidentio.state.table import Record

bp = Blueprint("schedules", __name__)

LARGEST_PAGE = 10_000
LARGEST_WITH_NEXT = 25
ENTRIES_A_PAGE = 50
USUAL_WINDOW = timedelta(days=7)
LONGEST_PREVIEW = timedelta(days=91)


def found(id_: str) -> Record:
    return find(store().schedules, id_, "Schedule")


@bp.get("/v2/schedules")
@needs(*READS_SCHEDULES)
def list_schedules() -> Answer:
    org, size = store(), query.page_size(LARGEST_PAGE)
    shown, meta = query.sized_page(
        org.schedules.after(query.cursor(), newest=False),
        lambda row: shifts.schedule(org, row, with_next=size <= LARGEST_WITH_NEXT),
        lambda row: str(row["id"]),
        size,
    )
    meta["total_record_count"] = len(org.schedules)
    return {"schedules": shown, "pagination_meta": meta}


@bp.get("/v2/schedules/<id_>")
@needs(*READS_SCHEDULES)
def show_schedule(id_: str) -> Answer:
    return {"schedule": shifts.schedule(store(), found(id_))}


@bp.get("/v2/schedule_entries")
@needs(*READS_SCHEDULES)
def list_entries() -> Answer:
    """Pages are slices of the window: a shift across the cut is on both."""
    org, row = store(), found(query.required("schedule_id"))
    start, end = _window()
    whole = shifts.read(org, row, start, end)
    cut = _cut(whole, start)
    page = whole if cut is None else whole.between(start, cut)
    answer: dict[str, object] = {"schedule_entries": shifts.entries(org, page)}
    if cut is not None:
        answer["pagination_meta"] = _next_page(row, cut, end)
    return answer


def _cut(whole: Rota, start: datetime) -> datetime | None:
    """Where the page ends, if not everything fits on it."""
    starts = (shift.start for shift in whole.final[ENTRIES_A_PAGE:])
    return next((moment for moment in starts if moment > start), None)


def _next_page(row: Record, cut: datetime, end: datetime) -> dict[str, str]:
    token = f"{stamp(cut)}/{stamp(end)}"
    after = urlsafe_b64encode(token.encode()).decode()
    parameters = {
        "schedule_id": row["id"],
        "entry_window_start": after,
        "entry_window_end": stamp(end),
    }
    return {"after": after, "after_url": f"{request.base_url}?{urlencode(parameters)}"}


def _window() -> tuple[datetime, datetime]:
    sent_start = request.args.get("entry_window_start")
    sent_end = request.args.get("entry_window_end")
    page = None if sent_start is None else _from_token(sent_start)
    if page is not None:
        return page
    start = store().now()
    if sent_start is not None:
        start = query.moment("entry_window_start", sent_start)
    end = start + USUAL_WINDOW
    if sent_end is not None:
        end = query.moment("entry_window_end", sent_end)
    if end <= start:
        raise invalid("The window must end after it starts.", "entry_window_end")
    return start, end


def _from_token(text: str) -> tuple[datetime, datetime] | None:
    try:
        start, _, end = urlsafe_b64decode(text).decode().partition("/")
    except (NotBase64, UnicodeDecodeError):
        return None
    low, high = parse(start), parse(end)
    return None if low is None or high is None else (low, high)


@bp.post("/v2/schedules")
@needs(*WRITES_SCHEDULES)
def create_schedule() -> Answer:
    org = store()
    read, now = draft.read(org, payload()), stamp(org.now())
    row = {"id": org.new_id(), **read, "created_at": now, "updated_at": now}
    org.schedules.add(row["id"], row)
    return {"schedule": shifts.schedule(org, row)}, 201


@bp.put("/v2/schedules/<id_>")
@needs(*WRITES_SCHEDULES)
def update_schedule(id_: str) -> Answer:
    """Everything that is not sent is gone, versions of rotations to come as well."""
    org, before = store(), found(id_)
    read = draft.read(org, payload())
    made = {"created_at": before["created_at"], "updated_at": stamp(org.now())}
    row = {"id": id_, **read, **made}
    org.schedules.replace(id_, row)
    return {"schedule": shifts.schedule(org, row)}


@bp.post("/v2/schedules/<id_>/actions/preview_entries")
@needs(*WRITES_SCHEDULES)
def preview_entries(id_: str) -> Answer:
    org, sent = store(), payload()
    found(id_)
    start, end = _preview_window(sent, org.now())
    row = {"id": id_, **draft.read(org, sent)}
    whole = shifts.read(org, row, start, end)
    return {"schedule_entries": shifts.entries(org, whole)}


@bp.delete("/v2/schedules/<id_>")
@needs(*WRITES_SCHEDULES)
def delete_schedule(id_: str) -> Answer:
    store().schedules.remove(found(id_)["id"])
    return "", 202


def _preview_window(sent: Payload, now: datetime) -> tuple[datetime, datetime]:
    start = sent.moment("entry_window_start") or now
    end = sent.moment("entry_window_end") or start + USUAL_WINDOW
    if end <= start:
        sent.fault("entry_window_end", "The window must end after it starts.")
    sent.check()
    return start, min(end, start + LONGEST_PREVIEW)
