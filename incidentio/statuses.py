"""The statuses that an incident may have."""

from __future__ import annotations

from incidentio.base.model import Model, When
from incidentio.base.resource import Resource, many, one


class Status(Model):
    """A status that incidents may have."""

    id: str
    name: str
    category: str
    """triage, declined, merged, canceled, live, learning, closed, paused, or newer."""
    description: str = ""
    rank: int = 0
    created_at: When | None = None
    updated_at: When | None = None


class Statuses(Resource):
    """Operations on the statuses of incidents."""

    def list(self) -> tuple[Status, ...]:
        """Return all statuses.

        https://api-docs.incident.io/tag/Incident-Statuses-V1#operation/Incident%20Statuses%20V1_List
        """
        return many(
            Status, self._http.get("/v1/incident_statuses"), "incident_statuses"
        )

    def show(self, id: str) -> Status:  # noqa: A002
        """Return one status.

        https://api-docs.incident.io/tag/Incident-Statuses-V1#operation/Incident%20Statuses%20V1_Show
        """
        return one(
            Status,
            self._http.get("/v1/incident_statuses/{id}", id=id),
            "incident_status",
        )
