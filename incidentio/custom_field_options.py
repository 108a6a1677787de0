"""The options of custom fields that are selects."""

from __future__ import annotations

from collections.abc import Iterator

from incidentio.base.model import Replaceable
from incidentio.base.replacing import raw_replacement
from incidentio.base.resource import Resource, one, payload
from incidentio.transport.query import plain


class CustomFieldOption(Replaceable):
    """One option of a custom field that is a select."""

    id: str
    value: str
    custom_field_id: str = ""
    sort_key: int = 1000

    @property
    def name(self) -> str:
        """The value, under the attribute by which things are looked up."""
        return self.value


PATH = "/v1/custom_field_options"
KEY = "custom_field_option"
READ_ONLY = {"id", "custom_field_id"}


class CustomFieldOptions(Resource):
    """Operations on the options of custom fields."""

    def list(self, custom_field_id: str) -> Iterator[CustomFieldOption]:
        """Yield the options of a custom field.

        https://api-docs.incident.io/tag/Custom-Field-Options-V1#operation/Custom%20Field%20Options%20V1_List
        """
        query = plain(custom_field_id=custom_field_id)
        return self._pages(CustomFieldOption, PATH, "custom_field_options", query)

    def show(self, id: str) -> CustomFieldOption:  # noqa: A002
        """Return one option.

        https://api-docs.incident.io/tag/Custom-Field-Options-V1#operation/Custom%20Field%20Options%20V1_Show
        """
        return one(CustomFieldOption, self._http.get(f"{PATH}/{{id}}", id=id), KEY)

    def create(
        self, *, custom_field_id: str, value: str, sort_key: int | None = None
    ) -> CustomFieldOption:
        """Add an option to a custom field, and return it.

        https://api-docs.incident.io/tag/Custom-Field-Options-V1#operation/Custom%20Field%20Options%20V1_Create
        """
        body = payload(custom_field_id=custom_field_id, value=value, sort_key=sort_key)
        return one(CustomFieldOption, self._http.post(PATH, body), KEY, write=True)

    def update(
        self, current: CustomFieldOption, *, value: str, sort_key: int
    ) -> CustomFieldOption:
        """Change an option, and return it; the rest is sent as it was read.

        https://api-docs.incident.io/tag/Custom-Field-Options-V1#operation/Custom%20Field%20Options%20V1_Update
        """
        changes = {"value": value, "sort_key": sort_key}
        body = raw_replacement(current, READ_ONLY, changes)
        answer = self._http.put(f"{PATH}/{{id}}", body, id=current.id)
        return one(CustomFieldOption, answer, KEY, write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        """Delete an option.

        https://api-docs.incident.io/tag/Custom-Field-Options-V1#operation/Custom%20Field%20Options%20V1_Delete
        """
        self._http.delete(f"{PATH}/{{id}}", id=id)
