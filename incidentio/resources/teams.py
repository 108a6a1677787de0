from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.models import Team
from incidentio.resources.base import Resource

if TYPE_CHECKING:
    from collections.abc import Iterator


class Teams(Resource):
    def list(self) -> Iterator[Team]:
        return self._pages(Team, "/v3/teams", "teams", [])
