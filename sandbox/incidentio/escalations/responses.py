"""Responses to escalations: acknowledge, decline, snooze."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from sandbox.incidentio.escalations import paging
from sandbox.incidentio.escalations.routes import WRITES, find_escalation
from sandbox.incidentio.http.access import acting_for
from sandbox.incidentio.http.context import Answer, needs, payload, store
from sandbox.incidentio.http.errors import invalid

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.state.records import Escalation

bp = Blueprint("escalation_responses", __name__)

KINDS = ("ack", "nack", "snooze")
BY_KEY = {"triggered": ("ack", "snooze"), "pending": ("ack",), "snoozed": ("ack",)}
"""The responses that the key can give without a user, by status."""


@bp.post("/v2/escalations/<id_>/actions/respond")
@needs(WRITES)
def respond_to_escalation(id_: str) -> Answer:
    """Respond as the key or as a user; only a user can decline."""
    org, row, sent = store(), find_escalation(id_), payload()
    response = sent.choice("response", KINDS, required=True) or ""
    until = _until(sent, response)
    sent.check()
    user_id = acting_for()
    _check(row, response, user_id)
    if response == "ack":
        row.status, row.next_at = "acked", None
        users = [user_id] if user_id else None
        paging.add_event(org, row, "acked", org.now(), users=users)
    elif until is not None:
        row.status, row.next_at, row.place = "snoozed", until, max(row.place - 1, 0)
        row.updated_at = org.now()
    else:
        row.next_at = row.updated_at = org.now()
        paging.advance(org, row)
    return "", 204


def _until(sent: Payload, response: str) -> datetime | None:
    if response != "snooze":
        return None
    details = sent.child("snooze_details", required=True)
    until = details.time("snooze_until", required=True) if details else None
    if details is not None and until is not None and until <= store().now():
        details.add_problem("snooze_until", "snooze_until must be in the future.")
    return until


def _check(row: Escalation, response: str, user_id: str | None) -> None:
    if user_id is None and response == "nack":
        message = "An API key cannot decline; name the user whom you act for."
        raise invalid(message, "response", code="user_required")
    known = BY_KEY.get(row.status, ())
    allowed = known if user_id is None else paging.available_actions(row, user_id)
    if response not in allowed:
        message = f"This escalation is {row.status}; you cannot {response} it."
        raise invalid(message, "response", code="not_available")
