from __future__ import annotations

from incidentio.models.actors import Actor
from incidentio.models.base import Model, Named, When
from incidentio.models.custom_fields import CustomFieldEntry
from incidentio.models.external_issues import ExternalIssue
from incidentio.models.roles import Role
from incidentio.models.severities import Severity
from incidentio.models.statuses import Status
from incidentio.models.timestamps import TimestampValue
from incidentio.models.types import IncidentType
from incidentio.models.users import User


class RoleAssignment(Model):
    role: Role
    assignee: User | None = None


class DurationMetric(Model):
    duration_metric: Named
    status: str
    """success, timestamps_missing, calculating, invalid_timestamps, or newer."""
    value_seconds: int | None = None


class Debrief(Model):
    """A meeting that looks back at an incident."""

    id: str
    start_at: When
    end_at: When


class Incident(Model):
    id: str
    reference: str
    name: str
    incident_status: Status
    visibility: str
    """public or private. Required: what cannot be told apart must not be shown."""
    mode: str = "standard"
    summary: str | None = None
    severity: Severity | None = None
    incident_type: IncidentType | None = None
    incident_role_assignments: tuple[RoleAssignment, ...] = ()
    custom_field_entries: tuple[CustomFieldEntry, ...] = ()
    incident_timestamp_values: tuple[TimestampValue, ...] = ()
    duration_metrics: tuple[DurationMetric, ...] = ()
    call_url: str | None = None
    permalink: str | None = None
    slack_channel_id: str | None = None
    slack_channel_name: str | None = None
    slack_channel_url: str | None = None
    slack_team_id: str | None = None
    team_ids: tuple[str, ...] = ()
    """The teams that own it."""
    external_issue_reference: ExternalIssue | None = None
    postmortem_document_url: str | None = None
    has_debrief: bool | None = None
    debriefs: tuple[Debrief, ...] = ()
    workload_minutes_total: float | None = None
    creator: Actor = Actor()
    created_at: When | None = None
    updated_at: When | None = None
    last_activity_at: When | None = None
    """Covers what happened around it too: actions, follow-ups, pages."""

    @property
    def number(self) -> int | None:
        """The number in ``INC-123``."""
        digits = self.reference.rpartition("-")[2]
        return int(digits) if digits.isdecimal() else None

    @property
    def is_private(self) -> bool:
        return self.visibility != "public"

    @property
    def lead(self) -> User | None:
        return next(
            (
                assigned.assignee
                for assigned in self.incident_role_assignments
                if assigned.role.role_type == "lead"
            ),
            None,
        )
