"""The organisation at the start of the stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.incidentio.seed.actions import actions
from sandbox.incidentio.seed.configuration import configure, configure_fields
from sandbox.incidentio.seed.escalation_paths import escalation_paths
from sandbox.incidentio.seed.escalations import escalations
from sandbox.incidentio.seed.follow_ups import follow_ups, policy_findings
from sandbox.incidentio.seed.incidents import incidents
from sandbox.incidentio.seed.people import people
from sandbox.incidentio.seed.schedules import overrides, schedules
from sandbox.incidentio.seed.workflows import workflows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.company import Employee
    from sandbox.incidentio.state.store import Store


def seed(store: Store, employees: Iterable[Employee], *, history: bool) -> None:
    """Fill the store with the configuration, and with a ``history`` if asked."""
    for user in people(employees):
        store.users.add(user["id"], user)
    configure(store)
    configure_fields(store)
    for schedule in schedules(store):
        store.schedules.add(schedule["id"], schedule)
    for path in escalation_paths(store):
        store.escalation_paths.add(path["id"], path)
    for workflow in workflows(store):
        store.workflows.add(workflow["id"], workflow)
    if history:
        _tell(store)


def _tell(store: Store) -> None:
    for incident in incidents(store):
        store.add_incident(incident)
    for action in actions(store):
        store.actions.add(action.id, action)
        store.record_activity(action.incident_id, action.updated_at)
    _plan(store)
    for override in overrides(store):
        store.overrides.add(override.id, override)
    for escalation in escalations(store):
        store.escalations.add(escalation.id, escalation)


def _plan(store: Store) -> None:
    for follow_up in follow_ups(store):
        store.follow_ups.add(follow_up.id, follow_up)
        store.record_activity(follow_up.incident_id, follow_up.updated_at)
    for finding in policy_findings(store):
        store.findings.add(finding.id, finding)
