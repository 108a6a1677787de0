"""Types of incidents."""

from __future__ import annotations

from incidentio.base.model import Model, When
from incidentio.base.resource import Resource, many, one


class IncidentType(Model):
    """A type that incidents may have."""

    id: str
    name: str
    description: str = ""
    is_default: bool = False
    private_incidents_only: bool = False
    create_in_triage: str = "optional"
    """always, optional, or newer."""
    owning_team_ids: tuple[str, ...] = ()
    created_at: When | None = None
    updated_at: When | None = None


class Types(Resource):
    """Operations on types of incidents."""

    def list(self) -> tuple[IncidentType, ...]:
        """Return all types.

        https://api-docs.incident.io/tag/Incident-Types-V1#operation/Incident%20Types%20V1_List
        """
        return many(
            IncidentType, self._http.get("/v1/incident_types"), "incident_types"
        )

    def show(self, id: str) -> IncidentType:  # noqa: A002
        """Return one type.

        https://api-docs.incident.io/tag/Incident-Types-V1#operation/Incident%20Types%20V1_Show
        """
        return one(
            IncidentType,
            self._http.get("/v1/incident_types/{id}", id=id),
            "incident_type",
        )
