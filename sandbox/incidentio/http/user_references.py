"""References to users in requests: by id, email or Slack account."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.state.store import Store

_WAYS = ("id", "email", "slack_user_id")


def read_user(
    store: Store, payload: Payload, field: str, *, required: bool = False
) -> str | None:
    """Return the id of the user to whom the object in ``field`` refers."""
    reference = payload.child(field, required=required)
    if reference is None:
        return None
    if not any(reference.text(way) for way in _WAYS):
        payload.add_problem(field, f"{field} must name a person by {', '.join(_WAYS)}.")
        return None
    return read_user_reference(store, reference)


def read_user_reference(store: Store, reference: Payload) -> str | None:
    """Return the id of the user to whom a reference refers."""
    for way in _WAYS:
        value = reference.text(way)
        if value is not None:
            user = store.user(field=way, value=value)
            if user is None:
                reference.add_problem(
                    way, f"No user has the {way} {value}.", "not_found"
                )
            return None if user is None else str(user["id"])
    reference.add_problem("id", f"A person must be named by {', '.join(_WAYS)}.")
    return None
