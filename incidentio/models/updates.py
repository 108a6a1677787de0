from __future__ import annotations

from incidentio.models.actors import Actor
from incidentio.models.base import Model, When
from incidentio.models.severities import Severity
from incidentio.models.statuses import Status


class IncidentUpdate(Model):
    id: str
    incident_id: str
    message: str | None = None
    new_incident_status: Status | None = None
    new_severity: Severity | None = None
    merged_into_incident_id: str | None = None
    updater: Actor = Actor()
    created_at: When | None = None
