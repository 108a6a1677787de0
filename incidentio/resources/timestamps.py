from __future__ import annotations

from incidentio.models import Timestamp
from incidentio.resources.base import Resource, many, one


class Timestamps(Resource):
    def list(self) -> tuple[Timestamp, ...]:
        return many(
            Timestamp, self._http.get("/v2/incident_timestamps"), "incident_timestamps"
        )

    def show(self, id: str) -> Timestamp:  # noqa: A002
        return one(
            Timestamp,
            self._http.get("/v2/incident_timestamps/{id}", id=id),
            "incident_timestamp",
        )
