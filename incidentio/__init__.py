"""A typed client of the incident.io API; a file holds a resource and its models.

    from incidentio import Incidentio

    client = Incidentio("inc_…")
    for incident in client.incidents.list(status_category="live"):
        print(incident.reference, incident.name)

Every error that it raises is an ``incidentio.errors.IncidentioError``.
"""

from incidentio.actions import Action
from incidentio.actors import Actor
from incidentio.base.model import Page
from incidentio.client import Incidentio
from incidentio.custom_field_options import CustomFieldOption
from incidentio.custom_fields import CustomField, CustomFieldEntry, CustomFieldValue
from incidentio.escalation_paths import EscalationPath, PathNode, PathTarget
from incidentio.escalations import (
    Escalation,
    EscalationEvent,
    RelatedAlert,
    RelatedIncident,
    ResponseOptions,
)
from incidentio.external_issues import ExternalIssue
from incidentio.follow_ups import FollowUp, FollowUpCategory, FollowUpPriority
from incidentio.identity import Identity
from incidentio.incidents import Debrief, DurationMetric, Incident, RoleAssignment
from incidentio.notification_pauses import NotificationPause
from incidentio.overrides import Override
from incidentio.participants import Participant, Participants
from incidentio.policy_findings import PolicyFinding
from incidentio.roles import Role
from incidentio.schedules import (
    Entries,
    Handover,
    Layer,
    Rotation,
    Schedule,
    ScheduleEntry,
)
from incidentio.severities import Severity
from incidentio.statuses import Status
from incidentio.teams import Team
from incidentio.timestamps import Timestamp, TimestampValue
from incidentio.types import IncidentType
from incidentio.updates import IncidentUpdate
from incidentio.users import User
from incidentio.version import __version__
from incidentio.workflows import Workflow, WorkflowSlim

__all__ = [
    "Action",
    "Actor",
    "CustomField",
    "CustomFieldEntry",
    "CustomFieldOption",
    "CustomFieldValue",
    "Debrief",
    "DurationMetric",
    "Entries",
    "Escalation",
    "EscalationEvent",
    "EscalationPath",
    "ExternalIssue",
    "FollowUp",
    "FollowUpCategory",
    "FollowUpPriority",
    "Handover",
    "Identity",
    "Incident",
    "IncidentType",
    "IncidentUpdate",
    "Incidentio",
    "Layer",
    "NotificationPause",
    "Override",
    "Page",
    "Participant",
    "Participants",
    "PathNode",
    "PathTarget",
    "PolicyFinding",
    "RelatedAlert",
    "RelatedIncident",
    "ResponseOptions",
    "Role",
    "RoleAssignment",
    "Rotation",
    "Schedule",
    "ScheduleEntry",
    "Severity",
    "Status",
    "Team",
    "Timestamp",
    "TimestampValue",
    "User",
    "Workflow",
    "WorkflowSlim",
    "__version__",
]
