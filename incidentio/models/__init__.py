"""What the API answers with, one file a resource."""

from incidentio.models.actions import Action
from incidentio.models.actors import Actor
from incidentio.models.custom_field_options import CustomFieldOption
from incidentio.models.custom_fields import (
    CustomField,
    CustomFieldEntry,
    CustomFieldValue,
)
from incidentio.models.entries import Entries, ScheduleEntry
from incidentio.models.escalation_paths import EscalationPath, PathNode, PathTarget
from incidentio.models.escalations import (
    Escalation,
    EscalationEvent,
    RelatedAlert,
    RelatedIncident,
    ResponseOptions,
)
from incidentio.models.external_issues import ExternalIssue
from incidentio.models.follow_ups import FollowUp, FollowUpCategory, FollowUpPriority
from incidentio.models.identity import Identity
from incidentio.models.incidents import (
    Debrief,
    DurationMetric,
    Incident,
    RoleAssignment,
)
from incidentio.models.notification_pauses import NotificationPause
from incidentio.models.overrides import Override
from incidentio.models.page import Page
from incidentio.models.participants import Participant, Participants
from incidentio.models.policy_findings import PolicyFinding
from incidentio.models.roles import Role
from incidentio.models.schedules import Handover, Layer, Rotation, Schedule
from incidentio.models.severities import Severity
from incidentio.models.statuses import Status
from incidentio.models.teams import Team
from incidentio.models.timestamps import Timestamp, TimestampValue
from incidentio.models.types import IncidentType
from incidentio.models.updates import IncidentUpdate
from incidentio.models.users import User
from incidentio.models.workflows import Workflow, WorkflowSlim

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
]
