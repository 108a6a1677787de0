"""Updates: messages to the participants of an incident."""

from __future__ import annotations

from collections.abc import Iterator

from incidentio.actors import Actor
from incidentio.base.model import Model, When
from incidentio.base.resource import Resource, one, payload
from incidentio.severities import Severity
from incidentio.statuses import Status
from incidentio.transport.query import plain


class IncidentUpdate(Model):
    """A message to the participants, and what it changed."""

    id: str
    incident_id: str
    message: str | None = None
    new_incident_status: Status | None = None
    new_severity: Severity | None = None
    merged_into_incident_id: str | None = None
    updater: Actor = Actor()
    created_at: When | None = None


PATH = "/v2/incident_updates"


class Updates(Resource):
    """Operations on updates of incidents."""

    def list(self, *, incident_id: str | None = None) -> Iterator[IncidentUpdate]:
        """Yield updates, of one incident or of all.

        https://api-docs.incident.io/tag/Incident-Updates-V2#operation/Incident%20Updates%20V2_List
        """
        query = plain(incident_id=incident_id)
        return self._pages(IncidentUpdate, PATH, "incident_updates", query)

    def create(
        self,
        *,
        idempotency_key: str,
        incident_id: str,
        message: str | None = None,
        to_incident_status_id: str | None = None,
        to_severity_id: str | None = None,
    ) -> IncidentUpdate:
        """Share a message, a new status or a new severity, and return the update.

        The same key again returns the same update.

        https://api-docs.incident.io/tag/Incident-Updates-V2#operation/Incident%20Updates%20V2_Create
        """
        body = payload(
            idempotency_key=idempotency_key,
            incident_id=incident_id,
            message=message,
            to_incident_status_id=to_incident_status_id,
            to_severity_id=to_severity_id,
        )
        answer = self._http.post(PATH, body, idempotent=True)
        return one(IncidentUpdate, answer, "incident_update", write=True)
