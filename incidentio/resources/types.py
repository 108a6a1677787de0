from __future__ import annotations

from incidentio.models import IncidentType
from incidentio.resources.base import Resource, many, one


class Types(Resource):
    def list(self) -> tuple[IncidentType, ...]:
        return many(
            IncidentType, self._http.get("/v1/incident_types"), "incident_types"
        )

    def show(self, id: str) -> IncidentType:  # noqa: A002
        return one(
            IncidentType,
            self._http.get("/v1/incident_types/{id}", id=id),
            "incident_type",
        )
