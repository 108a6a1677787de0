"""The API key."""

from __future__ import annotations

from incidentio.base.model import Model, Named
from incidentio.base.resource import Resource, one


class Identity(Model):
    """The API key: its name and roles."""

    name: str
    roles: tuple[str, ...] = ()
    dashboard_url: str = ""
    teams: tuple[Named, ...] = ()
    team_roles: tuple[str, ...] = ()
    """Roles that only count for what those teams own."""


class Identities(Resource):
    """Operations on the API key."""

    def show(self) -> Identity:
        """Return the name and the roles of the API key.

        https://api-docs.incident.io/tag/Utilities-V1#operation/Utilities%20V1_Identity
        """
        return one(Identity, self._http.get("/v1/identity"), "identity")
