from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidentio.models import CustomField
from incidentio.resources.base import Resource, many, one, payload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidentio.transport.operation import Json

PATH = "/v2/custom_fields"
KEY = "custom_field"
READ_ONLY = {"id", "field_type", "catalog_type_id", "created_at", "updated_at"}
"""Decided once and for all, or by incident.io."""


class CustomFields(Resource):
    def list(self) -> tuple[CustomField, ...]:
        return many(CustomField, self._http.get(PATH), "custom_fields")

    def show(self, id: str) -> CustomField:  # noqa: A002
        return one(CustomField, self._http.get(f"{PATH}/{{id}}", id=id), KEY)

    def create(self, *, name: str, description: str, field_type: str) -> CustomField:
        body = payload(name=name, description=description, field_type=field_type)
        return one(CustomField, self._http.post(PATH, body), KEY, write=True)

    def update(self, current: CustomField, **changes: str) -> CustomField:
        """Change what is given; the rest is sent as it was read."""
        body = replacement(current.raw, changes)
        answer = self._http.put(f"{PATH}/{{id}}", body, id=current.id)
        return one(CustomField, answer, KEY, write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        self._http.delete(f"{PATH}/{{id}}", id=id)


def replacement(raw: Mapping[str, Any], changes: Mapping[str, str]) -> Json:
    """Build the body of a PUT, which replaces: all that was read, and the changes."""
    kept = {name: value for name, value in raw.items() if name not in READ_ONLY}
    return {"description": "", **kept, **changes}
