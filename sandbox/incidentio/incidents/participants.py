"""Participants of incidents, and memberships of private ones."""

from __future__ import annotations

from flask import Blueprint

from sandbox.incidentio.http import query
from sandbox.incidentio.http.context import (
    Answer,
    key,
    needs,
    payload,
    store,
    tell,
)
from sandbox.incidentio.http.errors import not_found
from sandbox.incidentio.http.views import Shown, user_by_id
from sandbox.incidentio.incidents.routes import find_incident
from sandbox.incidentio.state.records import Incident, Membership
from sandbox.incidentio.state.store import Store
from sandbox.incidentio.state.table import Record
from sandbox.incidentio.state.times import format_time

bp = Blueprint("participants", __name__)


@bp.get("/v2/incident_participants")
@needs("viewer")
def list_participants() -> Answer:
    row = find_incident(query.required("incident_id"))
    shown = [
        {"participant_type": kind, "user": user_by_id(store(), user_id)}
        for user_id, kind in row.members.items()
    ]
    observers = [one for one in shown if one["participant_type"] == "observer"]
    active = [one for one in shown if one not in observers]
    return {"incident_participants": {"active": active, "passive": observers}}


@bp.post("/v1/incident_memberships")
@needs("incident_memberships_editor")
def create_membership() -> Answer:
    """Grant access; a second request returns the existing membership."""
    org = store()
    incident, user = _membership()
    held = _held(incident, user)
    if held is None:
        held = Membership(
            id=org.new_id(),
            incident_id=incident.id,
            user_id=user["id"],
            created_at=org.now(),
        )
        org.memberships.add(held.id, held)
        incident.members.setdefault(user["id"], "observer")
        tell("private_incident.membership_granted_v1", _event(incident, user))
    return {"incident_membership": _shown(org, held)}, 201


@bp.post("/v1/incident_memberships/actions/revoke")
@needs("incident_memberships_editor")
def revoke_membership() -> Answer:
    incident, user = _membership()
    if user["id"] not in incident.members:
        raise not_found("Incident membership")
    del incident.members[user["id"]]
    held = _held(incident, user)
    if held is not None:
        store().memberships.remove(held.id)
    tell("private_incident.membership_revoked_v1", _event(incident, user))
    return "", 204


def _event(incident: Incident, user: Record) -> Shown:
    actor = key().actor.get("user")
    by = {"actor_user_id": actor["id"]} if actor else {}
    return {"incident_id": incident.id, "user_id": user["id"], **by}


def _membership() -> tuple[Incident, Record]:
    org, sent = store(), payload()
    incident = sent.lookup("incident_id", org.incidents, "Incident", required=True)
    user = sent.lookup("user_id", org.users, "User", required=True)
    if incident is not None and incident.visibility != "private":
        sent.add_problem("incident_id", "Only private incidents have memberships.")
    sent.check()
    assert incident is not None
    assert user is not None
    return incident, user


def _held(incident: Incident, user: Record) -> Membership | None:
    held = store().memberships.after(group=incident.id, newest=False)
    return next((one for one in held if one.user_id == user["id"]), None)


def _shown(store: Store, held: Membership) -> Shown:
    return {
        "id": held.id,
        "incident_id": held.incident_id,
        "user": user_by_id(store, held.user_id),
        "created_at": format_time(held.created_at),
        "updated_at": format_time(held.created_at),
    }
