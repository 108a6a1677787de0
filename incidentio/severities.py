"""Severities."""

from __future__ import annotations

from incidentio.base.model import Model, When
from incidentio.base.resource import Resource, many, one


class Severity(Model):
    """A severity that incidents may have."""

    id: str
    name: str
    description: str = ""
    rank: int = 0
    """Higher is worse."""
    created_at: When | None = None
    updated_at: When | None = None


class Severities(Resource):
    """Operations on severities."""

    def list(self) -> tuple[Severity, ...]:
        """Return all severities.

        https://api-docs.incident.io/tag/Severities-V1#operation/Severities%20V1_List
        """
        return many(Severity, self._http.get("/v1/severities"), "severities")

    def show(self, id: str) -> Severity:  # noqa: A002
        """Return one severity.

        https://api-docs.incident.io/tag/Severities-V1#operation/Severities%20V1_Show
        """
        return one(Severity, self._http.get("/v1/severities/{id}", id=id), "severity")
