"""The operations, one module a resource."""

from sandbox.incidentio.routes import (
    actions,
    configuration,
    controls,
    custom_fields,
    escalation_paths,
    escalation_responses,
    escalations,
    follow_ups,
    incident_updates,
    incidents,
    overrides,
    participants,
    schedule_changes,
    schedules,
    users,
    workflows,
)

BLUEPRINTS = (
    incidents.bp,
    incident_updates.bp,
    participants.bp,
    configuration.bp,
    custom_fields.bp,
    users.bp,
    actions.bp,
    follow_ups.bp,
    schedules.bp,
    schedule_changes.bp,
    overrides.bp,
    escalations.bp,
    escalation_responses.bp,
    escalation_paths.bp,
    workflows.bp,
    controls.bp,
)
