from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidentio.models import Role
from incidentio.resources.base import Resource, many, one, payload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidentio.transport.operation import Json

PATH = "/v2/incident_roles"
KEY = "incident_role"
READ_ONLY = {"id", "role_type", "required", "created_at", "updated_at"}
"""incident.io decides these; everything else that it shows can be sent back."""
WANTED = ("name", "description", "instructions", "shortform")


class Roles(Resource):
    def list(self) -> tuple[Role, ...]:
        return many(Role, self._http.get(PATH), "incident_roles")

    def show(self, id: str) -> Role:  # noqa: A002
        return one(Role, self._http.get(f"{PATH}/{{id}}", id=id), KEY)

    def create(
        self, *, name: str, description: str, instructions: str, shortform: str
    ) -> Role:
        body = payload(
            name=name,
            description=description,
            instructions=instructions,
            shortform=shortform,
        )
        return one(Role, self._http.post(PATH, body), KEY, write=True)

    def update(self, current: Role, **changes: str) -> Role:
        """Change what is given; the rest is sent as it was read."""
        body = replacement(current.raw, changes)
        answer = self._http.put(f"{PATH}/{{id}}", body, id=current.id)
        return one(Role, answer, KEY, write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        self._http.delete(f"{PATH}/{{id}}", id=id)


def replacement(raw: Mapping[str, Any], changes: Mapping[str, str]) -> Json:
    """Build the body of a PUT, which replaces: all that was read, and the changes."""
    kept = {name: value for name, value in raw.items() if name not in READ_ONLY}
    return {**dict.fromkeys(WANTED, ""), **kept, **changes}
