"""The authors of changes."""

from __future__ import annotations

from incidentio.base.model import Model, Named
from incidentio.users import User


class AlertActor(Model):
    """An alert as the author of a change."""

    id: str
    title: str


class Actor(Model):
    """The author of a change: a person, a key, a workflow or an alert."""

    user: User | None = None
    api_key: Named | None = None
    workflow: Named | None = None
    alert: AlertActor | None = None

    @property
    def name(self) -> str:
        """The name to show; empty where the API names nobody."""
        known = self.user or self.api_key or self.workflow
        if known:
            return known.name
        return self.alert.title if self.alert else ""
