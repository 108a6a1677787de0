"""Incident roles, such as lead."""

from __future__ import annotations

from incidentio.base.model import Replaceable, When
from incidentio.base.replacing import raw_replacement
from incidentio.base.resource import Resource, many, one, payload


class Role(Replaceable):
    """An incident role, such as lead."""

    id: str
    name: str
    role_type: str = "custom"
    """lead, reporter, custom, or newer."""
    description: str = ""
    instructions: str = ""
    shortform: str = ""
    required: bool = False
    created_at: When | None = None
    updated_at: When | None = None


PATH = "/v2/incident_roles"
KEY = "incident_role"
READ_ONLY = {"id", "role_type", "required", "created_at", "updated_at"}
"""Properties that incident.io sets; all others can be sent back."""
REQUIRED = ("name", "description", "instructions", "shortform")


class Roles(Resource):
    """Operations on incident roles."""

    def list(self) -> tuple[Role, ...]:
        """Return all incident roles.

        https://api-docs.incident.io/tag/Incident-Roles-V2#operation/Incident%20Roles%20V2_List
        """
        return many(Role, self._http.get(PATH), "incident_roles")

    def show(self, id: str) -> Role:  # noqa: A002
        """Return one incident role.

        https://api-docs.incident.io/tag/Incident-Roles-V2#operation/Incident%20Roles%20V2_Show
        """
        return one(Role, self._http.get(f"{PATH}/{{id}}", id=id), KEY)

    def create(
        self, *, name: str, description: str, instructions: str, shortform: str
    ) -> Role:
        """Create an incident role, and return it.

        https://api-docs.incident.io/tag/Incident-Roles-V2#operation/Incident%20Roles%20V2_Create
        """
        body = payload(
            name=name,
            description=description,
            instructions=instructions,
            shortform=shortform,
        )
        return one(Role, self._http.post(PATH, body), KEY, write=True)

    def update(self, current: Role, **changes: str) -> Role:
        """Change what is given, and return the role; the rest is sent as it was read.

        https://api-docs.incident.io/tag/Incident-Roles-V2#operation/Incident%20Roles%20V2_Update
        """
        body = raw_replacement(current, READ_ONLY, changes, REQUIRED)
        answer = self._http.put(f"{PATH}/{{id}}", body, id=current.id)
        return one(Role, answer, KEY, write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        """Delete an incident role.

        https://api-docs.incident.io/tag/Incident-Roles-V2#operation/Incident%20Roles%20V2_Delete
        """
        self._http.delete(f"{PATH}/{{id}}", id=id)
