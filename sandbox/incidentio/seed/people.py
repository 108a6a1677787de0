"""The employees who have an incident.io account, and their parts in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.company import PEOPLE, Employee
from sandbox.incidentio.state.ids import fixed_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

_DESCRIPTIONS = {
    "owner": "Everything, billing and security included.",
    "administrator": "Configure the account and manage people.",
    "responder": "Declare and respond to incidents.",
    "viewer": "See incidents.",
}
_COMMS = {
    "id": fixed_id("rbac", "comms", 9),
    "name": "Communications team",
    "slug": "communications-team",
    "description": "May publish to status pages.",
}


_PARTS = {one.handle: one.incidentio_id for one in PEOPLE if one.incidentio_id}


def people(employees: Iterable[Employee]) -> Iterator[Record]:
    for employee in employees:
        if employee.incidentio_id is not None:
            yield account(employee)


def playing(store: Store, part: str) -> Record:
    """Return the user who has somebody's part, whatever their name is here."""
    return store.users.resolve(_PARTS[part])


def account(employee: Employee) -> Record:
    """Return an employee's user in incident.io."""
    responds = "viewer_only" if employee.role == "viewer" else "full_access"
    access = responds if employee.active else "none"
    return {
        "id": employee.incidentio_id,
        "name": employee.name,
        "email": employee.email,
        "slack_user_id": employee.slack_id,
        "role": employee.role,
        "is_active": employee.active,
        "base_role": {
            "id": fixed_id(
                "rbac", employee.role, list(_DESCRIPTIONS).index(employee.role)
            ),
            "name": employee.role.capitalize(),
            "slug": employee.role,
            "description": _DESCRIPTIONS[employee.role],
        },
        "custom_roles": [_COMMS] if employee.incidentio_id == _PARTS["jo"] else [],
        "seats": {"on_call": access, "response": access},
    }
