"""Who belongs to an incident: asked of the API, remembered for a minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from incidentio.client import Incidentio
from incidentio.errors import IncidentioError
from incidentio.models import Incident

REMEMBERED = timedelta(minutes=1)
MOST = 5000


def utc_now() -> datetime:
    return datetime.now(UTC)


class Memberships:
    """Lists would otherwise ask for every private incident each time."""

    def __init__(
        self, api: Incidentio, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._api = api
        self._now = now
        self._known: dict[str, tuple[datetime, frozenset[str]]] = {}
        self._lock = Lock()

    def includes(self, incident: Incident, user_id: str) -> bool:
        """Whether this user takes part, has a role in it, or made it.

        What cannot be found out is a no.
        """
        return user_id in self._named(incident) or user_id in self._people(incident.id)

    @staticmethod
    def _named(incident: Incident) -> set[str]:
        assigned = incident.incident_role_assignments
        people = [a.assignee for a in assigned] + [incident.creator.user]
        return {person.id for person in people if person}

    def _people(self, incident_id: str) -> frozenset[str]:
        now = self._now()
        with self._lock:
            known = self._known.get(incident_id)
        if known and now - known[0] < REMEMBERED:
            return known[1]
        try:
            found = self._api.participants.show(incident_id)
        except IncidentioError:
            return frozenset()
        ids = frozenset(p.user.id for p in (*found.active, *found.passive))
        with self._lock:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[incident_id] = (now, ids)
        return ids
