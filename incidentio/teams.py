"""Teams."""

from __future__ import annotations

from collections.abc import Iterator

from incidentio.base.model import Named
from incidentio.base.resource import Resource


class Team(Named):
    """A team. Follow-ups can be assigned to one."""


class Teams(Resource):
    """Operations on teams."""

    def list(self) -> Iterator[Team]:
        """Yield all teams.

        Raises:
            Forbidden: the API key may not read the catalog.

        https://api-docs.incident.io/tag/Teams-V3#operation/Teams%20V3_List
        """
        return self._pages(Team, "/v3/teams", "teams", [])
