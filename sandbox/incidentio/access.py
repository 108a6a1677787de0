"""The API key: whether a request carries it, and what it may do."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from flask import current_app, request

from sandbox.incidentio.errors import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.incidentio.table import Record, Table

P = ParamSpec("P")
R = TypeVar("R")

USUAL_ROLES = (
    "viewer",
    "incident_creator",
    "incident_editor",
    "manage_settings",
    "global_access",
    "incident_memberships_editor",
    "schedules_editor",
    "schedules_reader",
    "schedule_overrides_editor",
    "workflows_editor",
    "workflows_viewer",
    "on_call_editor",
    "on_call_viewer",
    "escalation_creator",
    "post_incident_flow_opt_out",
)

READS_SCHEDULES = ("schedules_reader", "schedules_editor", "schedule_overrides_editor")
WRITES_SCHEDULES = ("schedules_editor",)
READS_PATHS = ("on_call_viewer", "on_call_editor", "viewer")
WRITES_PATHS = ("on_call_editor",)
READS_WORKFLOWS = ("workflows_viewer", "workflows_editor")
WRITES_OVERRIDES = ("schedule_overrides_editor", "schedules_editor")


class Key:
    """The organisation's one API key."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.name = "incidentio-bot"
        self.roles: set[str] = set(USUAL_ROLES)

    def reset(self) -> None:
        self.roles = set(USUAL_ROLES)

    @property
    def actor(self) -> dict[str, Any]:
        return {"api_key": {"id": "01HQAP1KEY0000000000000000", "name": self.name}}

    def authenticate(self) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.secret}":
            raise Refused(401, Problem("unauthorized", "Your API key is not valid."))

    def require(self, *roles: str) -> None:
        """Any one of the roles is enough."""
        if not self.roles.intersection(roles):
            wanted = " or ".join(roles)
            message = f"Your API key does not have the role {wanted}."
            raise Refused(403, Problem("missing_api_key_role", message))


def acting_for(users: Table[Record]) -> str | None:
    """The id of the person for whom a change is made; None: the key's own."""
    user_id = request.headers.get("X-Incident-User")
    if user_id is None:
        return None
    key().require("act_on_behalf_of_users")
    if not (users.get(user_id) or {}).get("is_active"):
        problem = Problem("not_found", f"There is no active user {user_id}.")
        raise Refused(422, problem)
    return user_id


def key() -> Key:
    found = current_app.extensions["incidentio.key"]
    assert isinstance(found, Key)
    return found


def needs(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Refuse the operation to a key that has none of the roles."""

    def guard(operation: Callable[P, R]) -> Callable[P, R]:
        @wraps(operation)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            key().require(*roles)
            return operation(*args, **kwargs)

        return guarded

    return guard
