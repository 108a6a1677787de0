from __future__ import annotations

from incidentio.models.base import Replaceable, When


class Role(Replaceable):
    """An incident role, such as lead."""

    id: str
    name: str
    role_type: str = "custom"
    """lead, reporter, custom, or newer."""
    description: str = ""
    instructions: str = ""
    shortform: str = ""
    required: bool = False
    created_at: When | None = None
    updated_at: When | None = None
