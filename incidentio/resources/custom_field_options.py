from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.models import CustomFieldOption
from incidentio.resources.base import Resource, one, payload
from incidentio.transport.query import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/v1/custom_field_options"
KEY = "custom_field_option"
READ_ONLY = {"id", "custom_field_id"}


class CustomFieldOptions(Resource):
    def list(self, custom_field_id: str) -> Iterator[CustomFieldOption]:
        query = plain(custom_field_id=custom_field_id)
        return self._pages(CustomFieldOption, PATH, "custom_field_options", query)

    def show(self, id: str) -> CustomFieldOption:  # noqa: A002
        return one(CustomFieldOption, self._http.get(f"{PATH}/{{id}}", id=id), KEY)

    def create(
        self, *, custom_field_id: str, value: str, sort_key: int | None = None
    ) -> CustomFieldOption:
        body = payload(custom_field_id=custom_field_id, value=value, sort_key=sort_key)
        return one(CustomFieldOption, self._http.post(PATH, body), KEY, write=True)

    def update(
        self, current: CustomFieldOption, *, value: str, sort_key: int
    ) -> CustomFieldOption:
        """The rest is sent as it was read."""
        kept = {n: v for n, v in current.raw.items() if n not in READ_ONLY}
        body = {**kept, "value": value, "sort_key": sort_key}
        answer = self._http.put(f"{PATH}/{{id}}", body, id=current.id)
        return one(CustomFieldOption, answer, KEY, write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        self._http.delete(f"{PATH}/{{id}}", id=id)
