from __future__ import annotations

from incidentio.models.base import Model, Named, Replaceable, When
from incidentio.models.custom_field_options import CustomFieldOption


class CustomField(Replaceable):
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
    value_text: str | None = None
    value_link: str | None = None
    value_numeric: str | None = None
    value_option: CustomFieldOption | None = None
    value_catalog_entry: Named | None = None

    @property
    def text(self) -> str:
        """The value as people read it, whatever its kind."""
        if self.value_option:
            return self.value_option.value
        if self.value_catalog_entry:
            return self.value_catalog_entry.name
        return self.value_text or self.value_link or self.value_numeric or ""


class CustomFieldEntry(Model):
    """What one incident says in one custom field."""

    custom_field: CustomField
    values: tuple[CustomFieldValue, ...] = ()
