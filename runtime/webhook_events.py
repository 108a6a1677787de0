"""Makes this process forget what incident.io's webhooks say has changed.

Messages that show an item that was changed are drawn again. What webhooks say is not
used any further, for they come late, twice and in any order: the things that they are
about are read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from handlers.core.context import Services
from handlers.core.problems import Busy

GRANTED = "private_incident.membership_granted_v1"
REVOKED = "private_incident.membership_revoked_v1"
ITEM_CHANGED = re.compile(r"\w+_incident\.(follow_up|action)_updated_v\d+")


class WebhookEvents:
    """Takes the events of webhooks, one a call.

    ``changed`` is called after each event, and ``later`` runs what takes longer than
    incident.io waits.
    """

    def __init__(
        self,
        services: Services,
        changed: Callable[[], None],
        later: Callable[[Callable[[], None]], object],
    ) -> None:
        self._services = services
        self._changed = changed
        self._later = later

    def __call__(self, kind: str, data: dict[str, Any]) -> None:
        """Forget what an event says has changed."""
        self._forget(kind, data)
        self._changed()

    def _forget(self, kind: str, data: dict[str, Any]) -> None:
        if kind in (GRANTED, REVOKED):
            self._membership(kind, str(data.get("incident_id")), data)
        elif "_incident." in kind:
            self._incident(kind, data)
            if ITEM_CHANGED.fullmatch(kind):
                self._redraw(str(data.get("id")))
        elif kind.startswith("schedule."):
            self._services.catalog.mark_changed("schedules")
            self._services.api.schedules_changed()

    def _membership(self, kind: str, incident_id: str, data: dict[str, Any]) -> None:
        members = self._services.memberships
        tell = members.granted if kind == GRANTED else members.revoked
        tell(incident_id, str(data.get("user_id")))

    def _redraw(self, item_id: str) -> None:
        with suppress(Busy):
            self._later(partial(self._services.shown.redraw, item_id))

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
