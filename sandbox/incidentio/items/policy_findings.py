"""Findings of policies: due dates of follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, request

from sandbox.incidentio.http import query
from sandbox.incidentio.http.context import Answer, key, needs, store
from sandbox.incidentio.http.views import user_by_id, without_nulls
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from sandbox.incidentio.state.records import PolicyFinding
    from sandbox.incidentio.state.store import Store

bp = Blueprint("policy_findings", __name__)


@bp.get("/v2/policy_findings")
@needs("viewer")
def list_policy_findings() -> Answer:
    org, policy_id = store(), request.args.get("policy_id")
    rows = (
        row
        for row in org.findings.after(query.cursor(), newest=False)
        if policy_id in (None, row.policy_id) and _visible(org, row)
    )
    shown, meta = query.page(rows, lambda row: _finding(org, row), lambda row: row.id)
    return {"policy_findings": shown, "pagination_meta": meta}


def _visible(org: Store, row: PolicyFinding) -> bool:
    public = org.incidents.resolve(row.incident_id).visibility == "public"
    return public or key().sees_private


def _finding(org: Store, row: PolicyFinding) -> dict[str, Any]:
    follow_up = org.follow_ups.resolve(row.follow_up_id)
    owner = user_by_id(org, follow_up.assignee_id)
    return without_nulls(
        {
            "id": row.id,
            "policy_id": row.policy_id,
            "policy_type": "follow_up",
            "state": row.state,
            "due_at": row.due_at and format_time(row.due_at),
            "follow_up": {
                "follow_up_id": row.follow_up_id,
                "incident_id": row.incident_id,
            },
            "responsible_users": [owner] if owner else [],
            "created_at": format_time(row.created_at),
            "updated_at": format_time(row.created_at),
            "last_checked_at": format_time(org.now()),
        }
    )
