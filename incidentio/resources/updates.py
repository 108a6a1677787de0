from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.models import IncidentUpdate
from incidentio.resources.base import Resource, one, payload
from incidentio.transport.query import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/v2/incident_updates"


class Updates(Resource):
    def list(self, *, incident_id: str | None = None) -> Iterator[IncidentUpdate]:
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
        """Share a message, move the status, change the severity: at least one."""
        body = payload(
            idempotency_key=idempotency_key,
            incident_id=incident_id,
            message=message,
            to_incident_status_id=to_incident_status_id,
            to_severity_id=to_severity_id,
        )
        answer = self._http.post(PATH, body, idempotent=True)
        return one(IncidentUpdate, answer, "incident_update", write=True)
