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
