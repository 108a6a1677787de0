"""Users, teams, and the identity of the key."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from sandbox.incidentio.http import query
from sandbox.incidentio.http.access import READS_TEAMS
from sandbox.incidentio.http.context import Answer, find, key, needs, store
from sandbox.incidentio.incidents.view import DASHBOARD
from sandbox.incidentio.state.table import Record

bp = Blueprint("users", __name__)

LARGEST_PAGE = 10_000


@bp.get("/v2/users")
@needs("viewer")
def list_users() -> Answer:
    inactive_too = query.choice("include_inactive", ("true", "false")) == "true"
    asked = query.exact("email", "slack_user_id")
    rows = (
        user
        for user in store().users.after(query.cursor(), newest=False)
        if (inactive_too or user["is_active"])
        and all(user.get(field) == value for field, value in asked.items())
    )
    shown, meta = query.sized_page(
        rows, lambda row: row, lambda row: str(row["id"]), query.page_size(LARGEST_PAGE)
    )
    return {"users": shown, "pagination_meta": meta}


@bp.get("/v2/users/<id_>")
@needs("viewer")
def show_user(id_: str) -> Answer:
    return {"user": find(store().users, id_, "User")}


@bp.get("/v2/users/<id_>/notification_methods")
@needs("viewer")
def list_notification_methods(id_: str) -> Answer:
    return {"notification_methods": _reached(id_)}


@bp.get("/v2/users/<id_>/notification_rules")
@needs("viewer")
def list_notification_rules(id_: str) -> Answer:
    """Return a rule for each method: all are used, and at once."""
    every = {"type": "all", "all": {}}
    rules = [
        {
            "id": f"{method['id']}R",
            "rule_type": "high_urgency",
            "method_type": method["method_type"],
            "method_target": every,
            "delay_seconds": 0,
        }
        for method in _reached(id_)
        if method["id"] not in store().unused_methods
    ]
    return {"notification_rules": rules}


def _reached(id_: str) -> list[Record]:
    """Return how a user can be paged: as a test has set it, else by Slack."""
    user = find(store().users, id_, "User")
    usual = {
        "id": f"{id_}SLACK",
        "method_type": "slack",
        "address": user.get("slack_user_id") or user["email"],
        "is_usable": bool(user["is_active"]),
    }
    return store().notification_methods.get(id_, [usual])


@bp.get("/v1/identity")
def identity() -> Answer:
    """Return the name and the roles of the key."""
    return {
        "identity": {
            "name": key().name,
            "roles": sorted(key().roles),
            "dashboard_url": DASHBOARD,
            "team_roles": [],
            "teams": [],
        }
    }


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
