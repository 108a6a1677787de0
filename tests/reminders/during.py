"""What stories about incidents in progress need besides a scene."""

from __future__ import annotations

import itertools

from sandbox.company import PEOPLE

NUMBERS = itertools.count()
ACCOUNTS = {person.handle: person.incidentio_id for person in PEOPLE}


def room(slack, incident, **more):
    """Make an incident's channel, and return its id."""
    slack.add_channel(incident.slack_channel_id, f"inc-{incident.number}-x", **more)
    return incident.slack_channel_id


def lead(api, incident, handle):
    role = next(r for r in api.roles.list() if r.role_type == "lead")
    account = handle and {"id": ACCOUNTS[handle]}
    assigned = {"incident_role_id": role.id, "assignee": account}
    return api.incidents.edit(
        incident.id,
        notify_incident_channel=False,
        incident_role_assignments=[assigned],
    )


def move(api, incident, status):
    found = next(s for s in api.statuses.list() if s.name == status)
    return share(api, incident, to_incident_status_id=found.id)


def share(api, incident, message=None, **more):
    return api.updates.create(
        idempotency_key=f"update-{next(NUMBERS)}",
        incident_id=incident.id,
        message=message,
        **more,
    )
