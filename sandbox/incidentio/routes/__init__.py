"""The operations, one module a resource."""

from sandbox.incidentio.routes import (
    actions,
    configuration,
    controls,
    follow_ups,
    incident_updates,
    incidents,
    overrides,
    participants,
    roles,
    schedules,
    users,
)

BLUEPRINTS = (
    incidents.bp,
    incident_updates.bp,
    participants.bp,
    configuration.bp,
    roles.bp,
    users.bp,
    actions.bp,
    follow_ups.bp,
    schedules.bp,
    overrides.bp,
    controls.bp,
)
