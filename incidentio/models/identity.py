from __future__ import annotations

from incidentio.models.base import Model, Named


class Identity(Model):
    """The API key itself."""

    name: str
    roles: tuple[str, ...] = ()
    dashboard_url: str = ""
    teams: tuple[Named, ...] = ()
    team_roles: tuple[str, ...] = ()
    """Roles that hold only for what those teams own."""
