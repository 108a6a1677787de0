from __future__ import annotations

from incidentio.models.base import Model, When


class NotificationPause(Model):
    """Somebody is not notified on call for a while."""

    id: str
    user_id: str
    starts_at: When
    ends_at: When
    reason: str | None = None
