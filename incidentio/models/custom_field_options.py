from __future__ import annotations

from incidentio.models.base import Replaceable


class CustomFieldOption(Replaceable):
    id: str
    value: str
    custom_field_id: str = ""
    sort_key: int = 1000

    @property
    def name(self) -> str:
        """Options are looked up by name as everything else is."""
        return self.value
