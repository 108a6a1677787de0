"""The API key: whether a request carries it, and what it may do."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from flask import current_app, request

from sandbox.incidentio.http.errors import Problem, Refused
from sandbox.incidentio.http.views import person
from sandbox.incidentio.state.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable


P = ParamSpec("P")
R = TypeVar("R")

USUAL_ROLES = (
    "viewer",
    "incident_creator",
    "incident_editor",
    "manage_settings",
    "global_access",
    "catalog_viewer",
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

ACTS, ACTING_FOR = "act_on_behalf_of_users", "X-Incident-User"

READS_SCHEDULES = ("schedules_reader", "schedules_editor", "schedule_overrides_editor")
WRITES_SCHEDULES = ("schedules_editor",)
READS_PATHS = ("on_call_viewer", "on_call_editor", "viewer")
WRITES_PATHS = ("on_call_editor",)
READS_TEAMS = ("catalog_viewer", "catalog_editor")
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
        """The person whom the request names, else the key itself."""
        user_id = acting_for()
        if user_id:
            return {"user": person(_store(), user_id)}
        return {"api_key": {"id": "01HQAP1KEY0000000000000000", "name": self.name}}

    def authenticate(self) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.secret}":
            raise Refused(401, Problem("unauthorized", "Your API key is not valid."))

    def check_acting(self) -> None:
        """Refuse to act for somebody without the role, or for nobody there is."""
        user_id = acting_for()
        if user_id is None:
            return
        self.require(ACTS)
        if not (_store().users.get(user_id) or {}).get("is_active"):
            message = f"{ACTING_FOR} names no user."
            raise Refused(422, Problem("invalid_value", message))

    def require(self, *roles: str) -> None:
        """Any one of the roles is enough."""
        if not self.roles.intersection(roles):
            wanted = " or ".join(roles)
            message = f"Your API key does not have the role {wanted}."
            raise Refused(403, Problem("missing_api_key_role", message))


def acting_for() -> str | None:
    """The id of the person for whom a change is made; None: the key's own."""
    return request.headers.get(ACTING_FOR)


def _store() -> Store:
    found = current_app.extensions["incidentio.store"]
    assert isinstance(found, Store)
    return found


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
