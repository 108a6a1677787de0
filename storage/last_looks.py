"""The last look of each person at an incident, and how far they have read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from storage.sql import get_value, upsert
from storage.tables import LastLookRow as Row

if TYPE_CHECKING:
    from storage.database import Database

KEPT = timedelta(days=90)
"""How long looks are kept."""


@dataclass(frozen=True, slots=True)
class LastLook:
    looked_at: datetime
    seen_until: datetime
    """When incident.io recorded the newest thing that the person was shown."""


class LastLooks:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, person: str, incident_id: str) -> LastLook | None:
        """Return a person's last look, by their Slack id. None: there was none."""
        return get_value(self._database, LastLook, Row, (person, incident_id))

    def put(
        self, person: str, incident_id: str, seen_until: datetime, now: datetime
    ) -> None:
        """Store a look in place of the one before; delete old ones."""
        values = {"looked_at": now, "seen_until": seen_until}
        with self._database.write() as session:
            session.execute(delete(Row).where(Row.looked_at < now - KEPT))
            upsert(session, Row, {"person": person, "incident_id": incident_id}, values)
