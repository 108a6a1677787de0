from __future__ import annotations

from incidentio.models import Status
from incidentio.resources.base import Resource, many, one


class Statuses(Resource):
    def list(self) -> tuple[Status, ...]:
        return many(
            Status, self._http.get("/v1/incident_statuses"), "incident_statuses"
        )

    def show(self, id: str) -> Status:  # noqa: A002
        return one(
            Status,
            self._http.get("/v1/incident_statuses/{id}", id=id),
            "incident_status",
        )
