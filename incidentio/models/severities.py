from __future__ import annotations

from incidentio.models.base import Model, When


class Severity(Model):
    id: str
    name: str
    description: str = ""
    rank: int = 0
    """Higher is worse."""
    created_at: When | None = None
    updated_at: When | None = None
