"""The API key: its secret, its roles, and for whom it acts."""

from __future__ import annotations

from typing import Any

from flask import request

from sandbox.incidentio.http.errors import Problem, Refused
from sandbox.incidentio.http.views import user_by_id
from sandbox.incidentio.state.store import Store

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

    def __init__(self, secret: str, store: Store) -> None:
        self.secret = secret
        self._store = store
        self.name = "incidentio-bot"
        self.roles: set[str] = set(USUAL_ROLES)

    def reset(self) -> None:
        self.roles = set(USUAL_ROLES)

    @property
    def sees_private(self) -> bool:
        """Whether private incidents exist for it."""
        return "global_access" in self.roles

    @property
    def actor(self) -> dict[str, Any]:
        """The person for whom the request acts, else the key itself."""
        user_id = acting_for()
        if user_id:
            return {"user": user_by_id(self._store, user_id)}
        return {"api_key": {"id": "01HQAP1KEY0000000000000000", "name": self.name}}

    def authenticate(self) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.secret}":
            raise Refused(401, Problem("unauthorized", "Your API key is not valid."))

    def check_acting(self) -> None:
        """Refuse to act without the role for it, or for an unknown user."""
        user_id = acting_for()
        if user_id is None:
            return
        self.require(ACTS)
        if not (self._store.users.get(user_id) or {}).get("is_active"):
            message = f"{ACTING_FOR} names no user."
            raise Refused(422, Problem("invalid_value", message))

    def require(self, *roles: str) -> None:
        """Refuse the request unless the key has any one of the roles."""
        if not self.roles.intersection(roles):
            wanted = " or ".join(roles)
            message = f"Your API key does not have the role {wanted}."
            raise Refused(403, Problem("missing_api_key_role", message))


def acting_for() -> str | None:
    """Return the id of the user for whom the key acts; None: for nobody."""
    return request.headers.get(ACTING_FOR)
