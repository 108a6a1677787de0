from __future__ import annotations

from incidentio.models.base import Model


class AccessRole(Model):
    """A role in incident.io's own permissions."""

    id: str
    name: str
    slug: str = ""
    description: str = ""


class Seats(Model):
    on_call: str = "none"
    response: str = "none"


class User(Model):
    """Complete from the users resource; id and name at least where it is embedded."""

    id: str
    name: str
    email: str | None = None
    slack_user_id: str | None = None
    role: str = "unset"
    is_active: bool = True
    base_role: AccessRole | None = None
    custom_roles: tuple[AccessRole, ...] = ()
    seats: Seats | None = None
