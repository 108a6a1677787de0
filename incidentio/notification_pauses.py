"""Pauses of on-call notifications."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from incidentio.base.model import Model, When
from incidentio.base.resource import Resource
from incidentio.transport.query import plain


class NotificationPause(Model):
    """A period in which a user gets no on-call notifications."""

    id: str
    user_id: str
    starts_at: When
    ends_at: When
    reason: str | None = None


class NotificationPauses(Resource):
    """Operations on pauses of on-call notifications."""

    def list(
        self, *, start: datetime | None = None, end: datetime | None = None
    ) -> Iterator[NotificationPause]:
        """Yield the pauses in a period; by default the present and coming ones.

        https://api-docs.incident.io/tag/On-call-Notification-Pauses-V2#operation/On-call%20Notification%20Pauses%20V2_List
        """
        return self._pages(
            NotificationPause,
            "/v2/on_call_notification_pauses",
            "on_call_notification_pauses",
            plain(**{"from": start, "to": end}),
        )
