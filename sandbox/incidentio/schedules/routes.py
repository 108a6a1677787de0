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
from sandbox.incidentio.state.times import format_time, parse_time

if TYPE_CHECKING:
    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.schedules.shifts import ScheduleEntries
    from sandbox.incidentio.state.table import Record

bp = Blueprint("schedules", __name__)

LARGEST_PAGE = 10_000
LARGEST_WITH_NEXT = 25
ENTRIES_A_PAGE = 50
USUAL_WINDOW = timedelta(days=7)
LONGEST_PREVIEW = timedelta(days=91)


def find_schedule(id_: str) -> Record:
    return find(store().schedules, id_, "Schedule")


@bp.get("/v2/schedules")
@needs(*READS_SCHEDULES)
def list_schedules() -> Answer:
    org, size = store(), query.page_size(LARGEST_PAGE)
    shown, meta = query.sized_page(
        org.schedules.after(query.cursor(), newest=False),
        lambda row: shifts.show_schedule(org, row, with_next=size <= LARGEST_WITH_NEXT),
        lambda row: str(row["id"]),
        size,
    )
    meta["total_record_count"] = len(org.schedules)
    return {"schedules": shown, "pagination_meta": meta}


@bp.get("/v2/schedules/<id_>")
@needs(*READS_SCHEDULES)
def show_schedule(id_: str) -> Answer:
    return {"schedule": shifts.show_schedule(store(), find_schedule(id_))}


@bp.get("/v2/schedule_entries")
@needs(*READS_SCHEDULES)
def list_entries() -> Answer:
    """List the entries of a window, in pages that are slices of it.

    A shift across the cut between two pages is on both.
    """
    org, row = store(), find_schedule(query.required("schedule_id"))
    start, end = _window()
    whole = shifts.schedule_entries(org, row, start, end)
    cut = _cut(whole, start)
    page = whole if cut is None else whole.between(start, cut)
    answer: dict[str, object] = {"schedule_entries": shifts.show_entries(org, page)}
    if cut is not None:
        answer["pagination_meta"] = _next_page(row, cut, end)
    return answer


def _cut(whole: ScheduleEntries, start: datetime) -> datetime | None:
    """Return when the page ends; None: all fits on it."""
    starts = (shift.start for shift in whole.final[ENTRIES_A_PAGE:])
    return next((moment for moment in starts if moment > start), None)


def _next_page(row: Record, cut: datetime, end: datetime) -> dict[str, str]:
    token = f"{format_time(cut)}/{format_time(end)}"
    after = urlsafe_b64encode(token.encode()).decode()
    parameters = {
        "schedule_id": row["id"],
        "entry_window_start": after,
        "entry_window_end": format_time(end),
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
        start = query.query_time("entry_window_start", sent_start)
    end = start + USUAL_WINDOW
    if sent_end is not None:
        end = query.query_time("entry_window_end", sent_end)
    if end <= start:
        raise invalid("The window must end after it starts.", "entry_window_end")
    return start, end


def _from_token(text: str) -> tuple[datetime, datetime] | None:
    try:
        start, _, end = urlsafe_b64decode(text).decode().partition("/")
    except (NotBase64, UnicodeDecodeError):
        return None
    low, high = parse_time(start), parse_time(end)
    return None if low is None or high is None else (low, high)


@bp.post("/v2/schedules")
@needs(*WRITES_SCHEDULES)
def create_schedule() -> Answer:
    org = store()
    read, now = draft.read(org, payload()), format_time(org.now())
    row = {"id": org.new_id(), **read, "created_at": now, "updated_at": now}
    org.schedules.add(row["id"], row)
    return {"schedule": shifts.show_schedule(org, row)}, 201


@bp.put("/v2/schedules/<id_>")
@needs(*WRITES_SCHEDULES)
def update_schedule(id_: str) -> Answer:
    """Replace a schedule; all that is not sent is removed, future versions too."""
    org, before = store(), find_schedule(id_)
    read = draft.read(org, payload())
    made = {"created_at": before["created_at"], "updated_at": format_time(org.now())}
    row = {"id": id_, **read, **made}
    org.schedules.replace(id_, row)
    return {"schedule": shifts.show_schedule(org, row)}


@bp.post("/v2/schedules/<id_>/actions/preview_entries")
@needs(*WRITES_SCHEDULES)
def preview_entries(id_: str) -> Answer:
    org, sent = store(), payload()
    find_schedule(id_)
    start, end = _preview_window(sent, org.now())
    row = {"id": id_, **draft.read(org, sent)}
    whole = shifts.schedule_entries(org, row, start, end)
    return {"schedule_entries": shifts.show_entries(org, whole)}


@bp.delete("/v2/schedules/<id_>")
@needs(*WRITES_SCHEDULES)
def delete_schedule(id_: str) -> Answer:
    store().schedules.remove(find_schedule(id_)["id"])
    return "", 202


def _preview_window(sent: Payload, now: datetime) -> tuple[datetime, datetime]:
    start = sent.time("entry_window_start") or now
    end = sent.time("entry_window_end") or start + USUAL_WINDOW
    if end <= start:
        sent.add_problem("entry_window_end", "The window must end after it starts.")
    sent.check()
    return start, min(end, start + LONGEST_PREVIEW)
