from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.models import CustomFieldOption
from incidentio.query import plain
from incidentio.resources.base import Resource, one

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/v1/custom_field_options"


class CustomFieldOptions(Resource):
    def list(self, custom_field_id: str) -> Iterator[CustomFieldOption]:
        query = plain(custom_field_id=custom_field_id)
        return self._pages(CustomFieldOption, PATH, "custom_field_options", query)

    def show(self, id: str) -> CustomFieldOption:  # noqa: A002
        body = self._http.get(f"{PATH}/{{id}}", id=id)
        return one(CustomFieldOption, body, "custom_field_option")
