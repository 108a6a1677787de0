from __future__ import annotations

from incidentio.models import CustomField
from incidentio.resources.base import Resource, many, one


class CustomFields(Resource):
    def list(self) -> tuple[CustomField, ...]:
        return many(CustomField, self._http.get("/v2/custom_fields"), "custom_fields")

    def show(self, id: str) -> CustomField:  # noqa: A002
        return one(
            CustomField, self._http.get("/v2/custom_fields/{id}", id=id), "custom_field"
        )
