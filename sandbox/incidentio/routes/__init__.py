"""The operations, one module a resource."""

from sandbox.incidentio.routes import (
    actions,
    configuration,
    controls,
    escalation_paths,
    follow_ups,
    incident_updates,
    incidents,
    overrides,
    participants,
    schedule_changes,
    schedules,
    users,
)

BLUEPRINTS = (
    incidents.bp,
    incident_updates.bp,
    participants.bp,
    configuration.bp,
    users.bp,
    actions.bp,
    follow_ups.bp,
    schedules.bp,
    schedule_changes.bp,
    overrides.bp,
    escalation_paths.bp,
    controls.bp,
)
