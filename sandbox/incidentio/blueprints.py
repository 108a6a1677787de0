"""All operations of the API: a blueprint for each resource."""

from sandbox.incidentio.controls import bp as controls
from sandbox.incidentio.escalation_paths.routes import bp as escalation_paths
from sandbox.incidentio.escalations.responses import bp as escalation_responses
from sandbox.incidentio.escalations.routes import bp as escalations
from sandbox.incidentio.incidents.participants import bp as participants
from sandbox.incidentio.incidents.routes import bp as incidents
from sandbox.incidentio.incidents.updates import bp as incident_updates
from sandbox.incidentio.items.actions import bp as actions
from sandbox.incidentio.items.follow_ups import bp as follow_ups
from sandbox.incidentio.items.policy_findings import bp as policy_findings
from sandbox.incidentio.organisation.configuration import bp as configuration
from sandbox.incidentio.organisation.custom_fields import bp as custom_fields
from sandbox.incidentio.organisation.roles import bp as roles
from sandbox.incidentio.organisation.users import bp as users
from sandbox.incidentio.schedules.notification_pauses import bp as notification_pauses
from sandbox.incidentio.schedules.overrides import bp as overrides
from sandbox.incidentio.schedules.routes import bp as schedules
from sandbox.incidentio.workflows.routes import bp as workflows

BLUEPRINTS = (
    incidents,
    incident_updates,
    participants,
    configuration,
    custom_fields,
    roles,
    users,
    actions,
    follow_ups,
    policy_findings,
    schedules,
    overrides,
    notification_pauses,
    escalations,
    escalation_responses,
    escalation_paths,
    workflows,
    controls,
)
