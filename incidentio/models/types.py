from __future__ import annotations

from incidentio.models.base import Model, When


class IncidentType(Model):
    id: str
    name: str
    description: str = ""
    is_default: bool = False
    private_incidents_only: bool = False
    create_in_triage: str = "optional"
    """always, optional, or newer."""
    owning_team_ids: tuple[str, ...] = ()
    created_at: When | None = None
    updated_at: When | None = None
