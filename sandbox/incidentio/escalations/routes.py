"""Escalations: listed, shown, created, cancelled, reassigned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint

from sandbox.incidentio.escalations import paging
from sandbox.incidentio.escalations.view import escalation as shown
from sandbox.incidentio.http import query
from sandbox.incidentio.http.access import acting_for
from sandbox.incidentio.http.context import Answer, key, needs, payload, store
from sandbox.incidentio.http.errors import invalid, not_found
from sandbox.incidentio.http.views import show_user
from sandbox.incidentio.state.records import Escalation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sandbox.incidentio.http.payload import Payload

bp = Blueprint("escalations", __name__)

LARGEST = 50
READS = ("viewer", "on_call_editor", "on_call_viewer", "escalation_creator")
WRITES = "escalation_creator"


def _visible(row: Escalation) -> bool:
    """Return whether the key may see the incidents of an escalation."""
    related = [store().incidents.resolve(id_) for id_ in row.incident_ids]
    private = any(incident.visibility == "private" for incident in related)
    return not private or key().sees_private


def find_escalation(id_: str) -> Escalation:
    row = store().escalations.get(id_)
    if row is None or not _visible(row):
        raise not_found("Escalation")
    paging.advance(store(), row)
    return row


@bp.get("/v2/escalations")
@needs(*READS)
def list_escalations() -> Answer:
    org = store()
    for row in org.escalations:
        paging.advance(org, row)
    tests = list(_tests())
    rows = (
        row
        for row in org.escalations.after(query.cursor(), newest=True)
        if _visible(row) and all(fits(row) for fits in tests)
    )
    listed, meta = query.sized_page(
        rows, lambda row: shown(org, row), lambda row: row.id, query.page_size(LARGEST)
    )
    return {"escalations": listed, "pagination_meta": meta}


def _tests() -> Iterator[Test]:
    """Yield a test for each filter of the query."""
    for field, column in _COLUMNS.items():
        for operator, values in query.filters(field, "one_of", "not_in").items():
            yield partial(_among, column, {*values}, wanted=operator == "one_of")
    for field, moment in _MOMENTS.items():
        if within := query.time_filter(field):
            yield partial(_at, moment, within)
    for operator, values in query.filters("idempotency_key", *_KEYS).items():
        yield partial(_keyed, _KEYS[operator], values)


Test = Callable[[Escalation], bool]
_COLUMNS: dict[str, Callable[[Escalation], set[str | None]]] = {
    "escalation_path": lambda row: {row.path_id},
    "status": lambda row: {row.status},
    "alert": lambda row: {alert["id"] for alert in row.alerts},
}
_MOMENTS: dict[str, Callable[[Escalation], datetime]] = {
    "created_at": lambda row: row.created_at,
    "updated_at": lambda row: row.updated_at,
}
_KEYS: dict[str, Callable[[str, str], bool]] = {
    "is": str.__eq__,
    "starts_with": str.startswith,
}


def _among(
    column: Callable[[Escalation], set[str | None]],
    values: set[str],
    row: Escalation,
    *,
    wanted: bool,
) -> bool:
    return bool(column(row) & values) is wanted


def _at(
    moment: Callable[[Escalation], datetime],
    within: Callable[[datetime], bool],
    row: Escalation,
) -> bool:
    return within(moment(row))


def _keyed(
    fits: Callable[[str, str], bool], values: list[str], row: Escalation
) -> bool:
    return bool(row.key) and any(fits(row.key, value) for value in values)


@bp.get("/v2/escalations/<id_>")
@needs(*READS)
def show_escalation(id_: str) -> Answer:
    return {"escalation": shown(store(), find_escalation(id_))}


@bp.post("/v2/escalations")
@needs(WRITES)
def create_escalation() -> Answer:
    """Create an escalation; the same idempotency key returns the same one."""
    org, sent = store(), payload()
    once = sent.text("idempotency_key", required=True) or ""
    known = next((row for row in org.escalations if row.key == once and once), None)
    if known is None:
        known = _create(sent, once)
    return {"escalation": shown(org, find_escalation(known.id))}, 201


def _create(sent: Payload, once: str) -> Escalation:
    org = store()
    title = sent.text("title", required=True, limit=255)
    description = sent.text("description") or ""
    incident = sent.lookup("incident_id", org.incidents, "Incident")
    row = _targeted(
        sent, title=title or "", description=description, creator=_creator(), key=once
    )
    row.incident_ids = [incident.id] if incident else []
    paging.start(org, row)
    return org.escalations.add(row.id, row)


def _targeted(sent: Payload, **facts: Any) -> Escalation:
    """Read the target, a path or users, and return the escalation."""
    org = store()
    path = sent.lookup("escalation_path_id", org.escalation_paths, "Escalation path")
    people = sent.labels("user_ids")
    if bool(people) == sent.sent("escalation_path_id"):
        sent.add_problem("user_ids", "Give either escalation_path_id or user_ids.")
    for id_ in people:
        if not (org.users.get(id_) or {}).get("is_active"):
            sent.add_problem("user_ids", f"User {id_} could not be found.", "not_found")
    sent.check()
    now = org.now()
    return Escalation(
        id=org.new_id(),
        created_at=now,
        updated_at=now,
        path_id=path["id"] if path else None,
        user_ids=people,
        **facts,
    )


def _creator() -> dict[str, Any]:
    user_id = acting_for()
    return {"user": show_user(store().users.resolve(user_id))} if user_id else {}


@bp.post("/v2/escalations/<id_>/actions/cancel")
@needs(WRITES)
def cancel_escalation(id_: str) -> Answer:
    org, row = store(), find_escalation(id_)
    if row.status in ("resolved", "expired"):
        message = f"An escalation that has {row.status} cannot be cancelled."
        raise invalid(message, "id", code="invalid_state")
    if row.status != "cancelled":
        paging.end(org, row, "cancelled", org.now())
    return "", 200


@bp.post("/v2/escalations/<id_>/actions/check_permissions")
@needs(*READS)
def check_permissions(id_: str) -> Answer:
    row, sent = find_escalation(id_), payload()
    people = sent.labels("user_ids")
    if not people:
        sent.add_problem("user_ids", "user_ids is required.", "is_required")
    sent.check()
    answers = [
        {"user_id": user, "available_actions": paging.available_actions(row, user)}
        for user in people
    ]
    return {"response_options": answers}


@bp.post("/v2/escalations/<id_>/actions/reassign")
@needs(WRITES)
def reassign_escalation(id_: str) -> Answer:
    org, row, sent = store(), find_escalation(id_), payload()
    if row.reassigned_to:
        message = "This escalation has already been reassigned."
        raise invalid(message, "id", code="already_reassigned")
    new = _targeted(
        sent,
        title=sent.text("title", limit=255) or row.title,
        description=sent.text("description") or row.description,
        creator=_creator(),
    )
    new.incident_ids, new.alerts = row.incident_ids, row.alerts
    new.priority = row.priority
    row.reassigned_to = new.id
    resolves = sent.flag("resolve_original") or not sent.sent("resolve_original")
    if resolves and row.status not in ("resolved", "expired", "cancelled"):
        paging.end(org, row, "resolved", org.now())
    paging.start(org, new)
    org.escalations.add(new.id, new)
    return {"escalation": shown(org, new)}, 201
