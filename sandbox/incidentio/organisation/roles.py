"""Incident roles: created, replaced, deleted; they are listed in configuration.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from sandbox.incidentio.http.context import Answer, find, needs, payload, store
from sandbox.incidentio.http.errors import invalid
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from sandbox.incidentio.state.table import Record

bp = Blueprint("roles", __name__)

READ_ONLY = ("id", "role_type", "created_at", "updated_at")
"""Properties that a request cannot change."""


def _found(id_: str) -> Record:
    return find(store().roles, id_, "Incident role")


@bp.post("/v2/incident_roles")
@needs("manage_settings")
def create_role() -> Answer:
    org = store()
    now = format_time(org.now())
    read_only = {"id": org.new_id(), "role_type": "custom"}
    row = _read({**read_only, "created_at": now, "updated_at": now})
    return {"incident_role": org.roles.add(row["id"], row)}, 201


@bp.put("/v2/incident_roles/<id_>")
@needs("manage_settings")
def update_role(id_: str) -> Answer:
    """Replace a role; a property that is not sent is removed."""
    org, before = store(), _found(id_)
    read_only = {name: before[name] for name in READ_ONLY}
    row = _read({**read_only, "updated_at": format_time(org.now())})
    return {"incident_role": org.roles.replace(id_, row)}


@bp.delete("/v2/incident_roles/<id_>")
@needs("manage_settings")
def delete_role(id_: str) -> Answer:
    row = _found(id_)
    kind = row["role_type"]
    if kind != "custom":
        raise invalid(f"The {kind} role cannot be deleted.", "id", code="not_deletable")
    store().roles.remove(id_)
    for incident in store().incidents:
        incident.roles.pop(id_, None)
    return "", 204


def _read(read_only: Record) -> Record:
    """Return the role that was sent, unknown properties included."""
    sent = payload()
    name = sent.text("name", required=True)
    sent.text("description", required=True)
    for field in ("instructions", "shortform"):
        if sent.text(field) is None:
            sent.add_problem(field, f"{field} is required.", "is_required")
    if name is not None and _taken(name, read_only["id"]):
        sent.add_problem("name", "A role with this name already exists.", "duplicate")
    sent.check()
    return {**sent.data, **read_only}


def _taken(name: str, id_: str) -> bool:
    wanted = name.strip().casefold()
    others = (row for row in store().roles if row["id"] != id_)
    return any(row["name"].strip().casefold() == wanted for row in others)
