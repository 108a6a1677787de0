"""Custom fields, and their values in incidents."""

from __future__ import annotations

from collections.abc import Iterator

from incidentio.base.model import Model, Named, Replaceable, When
from incidentio.base.replacing import raw_replacement
from incidentio.base.resource import Resource, many, one, payload
from incidentio.custom_field_options import CustomFieldOption, CustomFieldOptions


class CustomField(Replaceable):
    """A property that the organisation has added to incidents."""

    id: str
    name: str
    field_type: str
    """single_select, multi_select, text, link, numeric, or newer."""
    description: str = ""
    options: tuple[CustomFieldOption, ...] = ()
    """Filled in by the catalog, and by the API on an incident's own entries."""
    catalog_type_id: str | None = None
    created_at: When | None = None
    updated_at: When | None = None


class CustomFieldValue(Model):
    """One value; the type of the field decides which property holds it."""

    value_text: str | None = None
    value_link: str | None = None
    value_numeric: str | None = None
    value_option: CustomFieldOption | None = None
    value_catalog_entry: Named | None = None

    @property
    def text(self) -> str:
        """The value as people read it, whatever its type."""
        if self.value_option:
            return self.value_option.value
        if self.value_catalog_entry:
            return self.value_catalog_entry.name
        return self.value_text or self.value_link or self.value_numeric or ""


class CustomFieldEntry(Model):
    """The values of one custom field in one incident."""

    custom_field: CustomField
    values: tuple[CustomFieldValue, ...] = ()


PATH = "/v2/custom_fields"
KEY = "custom_field"
REQUIRED = ("description",)
SELECTS = {"single_select", "multi_select"}
READ_ONLY = {
    "id",
    "field_type",
    "catalog_type_id",
    "created_at",
    "updated_at",
    "management_meta",
}
"""Properties that cannot be changed, or that incident.io sets."""


class CustomFields(Resource):
    """Operations on custom fields."""

    def list(self) -> tuple[CustomField, ...]:
        """Return all custom fields, without the options of selects.

        https://api-docs.incident.io/tag/Custom-Fields-V2#operation/Custom%20Fields%20V2_List
        """
        return many(CustomField, self._http.get(PATH), "custom_fields")

    def list_with_options(self) -> Iterator[CustomField]:
        """Yield all custom fields; selects with their options, one call for each.

        Selects with options from a catalog come without them.
        """
        options = CustomFieldOptions(self._http)
        for field in self.list():
            if field.field_type in SELECTS and not field.catalog_type_id:
                own = tuple(options.list(field.id))
                yield field.model_copy(update={"options": own})
            else:
                yield field

    def show(self, id: str) -> CustomField:  # noqa: A002
        """Return one custom field, without its options.

        https://api-docs.incident.io/tag/Custom-Fields-V2#operation/Custom%20Fields%20V2_Show
        """
        return one(CustomField, self._http.get(f"{PATH}/{{id}}", id=id), KEY)

    def create(self, *, name: str, description: str, field_type: str) -> CustomField:
        """Create a custom field, and return it.

        https://api-docs.incident.io/tag/Custom-Fields-V2#operation/Custom%20Fields%20V2_Create
        """
        body = payload(name=name, description=description, field_type=field_type)
        return one(CustomField, self._http.post(PATH, body), KEY, write=True)

    def update(self, current: CustomField, **changes: str) -> CustomField:
        """Change what is given, and return the field; the rest is sent as it was read.

        https://api-docs.incident.io/tag/Custom-Fields-V2#operation/Custom%20Fields%20V2_Update
        """
        body = raw_replacement(current, READ_ONLY, changes, REQUIRED)
        answer = self._http.put(f"{PATH}/{{id}}", body, id=current.id)
        return one(CustomField, answer, KEY, write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        """Delete a custom field, with its values in every incident.

        https://api-docs.incident.io/tag/Custom-Fields-V2#operation/Custom%20Fields%20V2_Delete
        """
        self._http.delete(f"{PATH}/{{id}}", id=id)
