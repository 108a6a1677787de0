"""People named in requests: by id, email or Slack account."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.state.store import Store

_WAYS = ("id", "email", "slack_user_id")


def read_user(
    store: Store, payload: Payload, field: str, *, required: bool = False
) -> str | None:
    """The id of the person whom the object in ``field`` names."""
    reference = payload.child(field, required=required)
    if reference is None:
        return None
    if not any(reference.text(way) for way in _WAYS):
        payload.fault(field, f"{field} must name a person by {', '.join(_WAYS)}.")
        return None
    return read_person(store, reference)


def read_person(store: Store, reference: Payload) -> str | None:
    """The id of the person whom a reference names, by the first way it has."""
    for way in _WAYS:
        value = reference.text(way)
        if value is not None:
            user = store.user(field=way, value=value)
            if user is None:
                reference.fault(way, f"No user has the {way} {value}.", "not_found")
            return None if user is None else str(user["id"])
    reference.fault("id", f"A person must be named by {', '.join(_WAYS)}.")
    return None


def read_roles(
    store: Store, payload: Payload, *, editing: bool = False
) -> dict[str, str | None]:
    """Role id to the person's, or None to leave the role empty."""
    found: dict[str, str | None] = {}
    for assignment in payload.children("incident_role_assignments"):
        role = assignment.row(
            "incident_role_id", store.roles, "Incident role", required=True
        )
        user_id = read_user(store, assignment, "assignee")
        if role is None:
            continue
        if editing and role["role_type"] == "reporter":
            assignment.fault(
                "incident_role_id",
                "The reporter can only be set when an incident is created.",
            )
        found[role["id"]] = user_id
    return found
