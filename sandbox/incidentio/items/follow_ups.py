"""Follow-ups: what is to be done after an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from sandbox.incidentio.http.context import Answer, needs, payload, store
from sandbox.incidentio.http.views import Shown, without_nulls
from sandbox.incidentio.items import common
from sandbox.incidentio.state.records import FollowUp

if TYPE_CHECKING:
    from sandbox.incidentio.http.payload import Payload

bp = Blueprint("follow_ups", __name__)


def _found(id_: str) -> FollowUp:
    return common.find_item(store().follow_ups, id_, "Follow-up")


@bp.get("/v3/follow_ups")
@needs("viewer")
def list_follow_ups() -> Answer:
    rows, meta = common.listing(store(), store().follow_ups, _listed)
    return {"follow_ups": rows, "pagination_meta": meta}


@bp.get("/v3/follow_ups/<id_>")
@needs("viewer")
def show_follow_up(id_: str) -> Answer:
    return {"follow_up": _shown(_found(id_))}


@bp.post("/v3/follow_ups")
@needs("incident_editor")
def create_follow_up() -> Answer:
    row = common.create(store().follow_ups, FollowUp, _read)
    return {"follow_up": _shown(row)}, 201


@bp.put("/v3/follow_ups/<id_>")
@needs("incident_editor")
def update_follow_up(id_: str) -> Answer:
    """Replace a follow-up; people, team and category stay when they are left out."""
    row, sent = _found(id_), payload()
    common.update(row, sent, _read(sent), _KEPT)
    return {"follow_up": _shown(row)}


@bp.delete("/v3/follow_ups/<id_>")
@needs("incident_editor")
def delete_follow_up(id_: str) -> Answer:
    return common.delete(store().follow_ups, _found(id_))


def _shown(item: FollowUp) -> Shown:
    org = store()
    priority = item.priority_id
    team = item.team_id
    return without_nulls(
        {
            **common.show_item(org, item),
            "title": item.title,
            "labels": item.labels,
            "priority": priority and org.priorities.resolve(priority),
            "assignee_team": team and org.teams.resolve(team),
            "external_issue_reference": item.external_issue,
        }
    )


def _listed(item: FollowUp) -> Shown:
    """Show a follow-up with its category, which only the list does."""
    shown = _shown(item)
    if item.category_id is not None:
        shown["category"] = store().categories.resolve(item.category_id)
    return shown


_KEPT = {
    "assignee_id": "assignee_id",
    "team_id": "assignee_team_id",
    "category_id": "follow_up_category_id",
}


def _read(sent: Payload) -> Shown:
    org = store()
    priority = sent.lookup(
        "follow_up_priority_option_id", org.priorities, "Follow-up priority"
    )
    category = sent.lookup(
        "follow_up_category_id", org.categories, "Follow-up category"
    )
    team = sent.lookup("assignee_team_id", org.teams, "Team")
    return {
        "title": sent.text("title", required=True, limit=common.TEXT_LIMIT),
        "description": sent.text("description"),
        "labels": sent.labels("labels"),
        "assignee_id": common.read_assignee(org, sent),
        "priority_id": priority and priority["id"],
        "category_id": category and category["id"],
        "team_id": team and team["id"],
    }
