"""Teams, which incident.io keeps in its catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from sandbox.incidentio.http import query
from sandbox.incidentio.http.access import READS_TEAMS, needs
from sandbox.incidentio.http.context import Answer, store

if TYPE_CHECKING:
    from sandbox.incidentio.state.table import Record

bp = Blueprint("teams", __name__)


@bp.get("/v3/teams")
@needs(*READS_TEAMS)
def list_teams() -> Answer:
    rows = store().teams.after(query.cursor(), newest=False)
    shown, meta = query.page(rows, _team, lambda row: str(row["id"]))
    return {"teams": shown, "pagination_meta": meta}


def _team(row: Record) -> dict[str, Any]:
    return {
        **row,
        "catalog_entry": {"id": row["id"], "name": row["name"]},
        "members": [],
    }
