"""Incident roles: made, replaced and deleted. Listed with the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from sandbox.incidentio.http.context import Answer, find, needs, payload, store
from sandbox.incidentio.http.errors import invalid
from sandbox.incidentio.state.times import stamp

if TYPE_CHECKING:
    from sandbox.incidentio.state.table import Record

bp = Blueprint("roles", __name__)

OWN = ("id", "role_type", "created_at", "updated_at")
"""What only incident.io sets."""


def _found(id_: str) -> Record:
    return find(store().roles, id_, "Incident role")


@bp.post("/v2/incident_roles")
@needs("manage_settings")
def create_role() -> Answer:
    org = store()
    now = stamp(org.now())
    own = {"id": org.new_id(), "role_type": "custom"}
    row = _read({**own, "created_at": now, "updated_at": now})
    return {"incident_role": org.roles.add(row["id"], row)}, 201


@bp.put("/v2/incident_roles/<id_>")
@needs("manage_settings")
def update_role(id_: str) -> Answer:
    """What is not sent falls away."""
    org, before = store(), _found(id_)
    own = {name: before[name] for name in OWN}
    row = _read({**own, "updated_at": stamp(org.now())})
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


def _read(own: Record) -> Record:
    """Take everything that was sent, also what this service knows nothing of."""
    sent = payload()
    name = sent.text("name", required=True)
    sent.text("description", required=True)
    for field in ("instructions", "shortform"):
        if sent.text(field) is None:
            sent.fault(field, f"{field} is required.", "is_required")
    if name is not None and _taken(name, own["id"]):
        sent.fault("name", "A role with this name already exists.", "duplicate")
    sent.check()
    return {**request.get_json(), **own}


def _taken(name: str, id_: str) -> bool:
    wanted = name.strip().casefold()
    others = (row for row in store().roles if row["id"] != id_)
    return any(row["name"].strip().casefold() == wanted for row in others)
