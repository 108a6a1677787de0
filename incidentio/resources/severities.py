from __future__ import annotations

from incidentio.models import Severity
from incidentio.resources.base import Resource, many, one


class Severities(Resource):
    def list(self) -> tuple[Severity, ...]:
        return many(Severity, self._http.get("/v1/severities"), "severities")

    def show(self, id: str) -> Severity:  # noqa: A002
        return one(Severity, self._http.get("/v1/severities/{id}", id=id), "severity")
