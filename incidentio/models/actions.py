from __future__ import annotations

from incidentio.models.actors import Actor
from incidentio.models.base import Model, When
from incidentio.models.users import User


class Action(Model):
    id: str
    incident_id: str
    description: str
    status: str
    """outstanding, completed, deleted, not_doing, or newer."""
    assignee: User | None = None
    creator: Actor = Actor()
    created_at: When | None = None
    updated_at: When | None = None
    completed_at: When | None = None

    @property
    def outstanding(self) -> bool:
        return self.status == "outstanding"
