"""On-call notification pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from sandbox.incidentio.http import query
from sandbox.incidentio.http.context import Answer, needs, store
from sandbox.incidentio.state.times import parse_time

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.incidentio.state.table import Record

bp = Blueprint("notification_pauses", __name__)


@bp.get("/v2/on_call_notification_pauses")
@needs("on_call_viewer", "on_call_editor")
def list_pauses() -> Answer:
    """List the pauses that overlap a period; by default from now on."""
    org = store()
    start = query.moment("from") or org.now()
    end = query.moment("to")
    rows = (
        pause
        for pause in org.notification_pauses.after(query.cursor(), newest=False)
        if _ends(pause) > start and (end is None or _starts(pause) < end)
    )
    shown, meta = query.page(rows, lambda row: row, lambda row: str(row["id"]))
    return {"on_call_notification_pauses": shown, "pagination_meta": meta}


def _starts(pause: Record) -> datetime:
    return parse_time(pause["starts_at"]) or store().now()


def _ends(pause: Record) -> datetime:
    return parse_time(pause["ends_at"]) or store().now()
