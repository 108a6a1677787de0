from __future__ import annotations

from incidentio.models import Role
from incidentio.resources.base import Resource, many, one


class Roles(Resource):
    def list(self) -> tuple[Role, ...]:
        return many(Role, self._http.get("/v2/incident_roles"), "incident_roles")

    def show(self, id: str) -> Role:  # noqa: A002
        return one(
            Role, self._http.get("/v2/incident_roles/{id}", id=id), "incident_role"
        )
