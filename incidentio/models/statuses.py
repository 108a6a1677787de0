from __future__ import annotations

from incidentio.models.base import Model, When


class Status(Model):
    id: str
    name: str
    category: str
    """triage, declined, merged, canceled, live, learning, closed, paused, or newer."""
    description: str = ""
    rank: int = 0
    created_at: When | None = None
    updated_at: When | None = None
