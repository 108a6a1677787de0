"""Makes this process forget what incident.io's webhooks say has changed.

What they say is not used any further, for they come late, twice and in any order: the
things that they are about are read again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.core.context import Services

GRANTED = "private_incident.membership_granted_v1"
REVOKED = "private_incident.membership_revoked_v1"


class WebhookEvents:
    """Takes the events of webhooks, one a call."""

    def __init__(self, services: Services, changed: Callable[[], None]) -> None:
        """``changed`` is called after each event."""
        self._services = services
        self._changed = changed

    def __call__(self, kind: str, data: dict[str, Any]) -> None:
        """Forget what an event says has changed."""
        self._forget(kind, data)
        self._changed()

    def _forget(self, kind: str, data: dict[str, Any]) -> None:
        if kind in (GRANTED, REVOKED):
            self._membership(kind, str(data.get("incident_id")), data)
        elif "_incident." in kind:
            self._incident(kind, data)
        elif kind.startswith("schedule."):
            self._services.catalog.mark_changed("schedules")
            self._services.api.schedules_changed()

    def _membership(self, kind: str, incident_id: str, data: dict[str, Any]) -> None:
        members = self._services.memberships
        tell = members.granted if kind == GRANTED else members.revoked
        tell(incident_id, str(data.get("user_id")))

    def _incident(self, kind: str, data: dict[str, Any]) -> None:
        """Read the incidents again; forget them where one may have become private."""
        self._services.outstanding.touch()
        if ".incident_" not in kind:
            return
        catalog = self._services.catalog
        is_private = kind.startswith("private_")
        renew = catalog.forget if is_private else catalog.mark_changed
        renew("live_incidents")
        incident = data.get("incident") or data
        self._services.incident_cards.note_changed(str(incident.get("id")))
