"""What takes more than one call to know, or may be refused to the API key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.errors import Forbidden

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incidentio.client import Incidentio
    from incidentio.models import CustomField, Team

SELECTS = {"single_select", "multi_select"}


def fields_with_options(api: Incidentio) -> Iterator[CustomField]:
    for field in api.custom_fields.list():
        if field.field_type in SELECTS and not field.catalog_type_id:
            options = tuple(api.custom_field_options.list(field.id))
            yield field.model_copy(update={"options": options})
        else:
            yield field


def teams(api: Incidentio) -> tuple[Team, ...]:
    try:
        return tuple(api.teams.list())
    except Forbidden:
        return ()
