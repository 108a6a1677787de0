"""The operations, one module a resource."""

from sandbox.incidentio import controls
from sandbox.incidentio.escalation_paths import routes as escalation_paths
from sandbox.incidentio.escalations import (
    responses as escalation_responses,
)
from sandbox.incidentio.escalations import (
    routes as escalations,
)
from sandbox.incidentio.incidents import (
    participants,
)
from sandbox.incidentio.incidents import (
    routes as incidents,
)
from sandbox.incidentio.incidents import (
    updates as incident_updates,
)
from sandbox.incidentio.items import actions, follow_ups, policy_findings
from sandbox.incidentio.organisation import (
    configuration,
    custom_fields,
    roles,
    teams,
    users,
)
from sandbox.incidentio.schedules import (
    changes as schedule_changes,
)
from sandbox.incidentio.schedules import (
    notification_pauses,
    overrides,
)
from sandbox.incidentio.schedules import (
    routes as schedules,
)
from sandbox.incidentio.workflows import routes as workflows

BLUEPRINTS = (
    incidents.bp,
    incident_updates.bp,
    participants.bp,
    configuration.bp,
    custom_fields.bp,
    roles.bp,
    users.bp,
    teams.bp,
    actions.bp,
    follow_ups.bp,
    policy_findings.bp,
    schedules.bp,
    schedule_changes.bp,
    overrides.bp,
    notification_pauses.bp,
    escalations.bp,
    escalation_responses.bp,
    escalation_paths.bp,
    workflows.bp,
    controls.bp,
)
