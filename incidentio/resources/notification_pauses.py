from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.models import NotificationPause
from incidentio.resources.base import Resource
from incidentio.transport.query import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


class NotificationPauses(Resource):
    def list(
        self, *, start: datetime | None = None, end: datetime | None = None
    ) -> Iterator[NotificationPause]:
        """Give those of a period; without one, those of now and of later."""
        return self._pages(
            NotificationPause,
            "/v2/on_call_notification_pauses",
            "on_call_notification_pauses",
            plain(**{"from": start, "to": end}),
        )
