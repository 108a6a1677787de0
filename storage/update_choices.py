"""People's choices when an incident's next update is due, or that none is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from storage.sql import affected, get_value, upsert, value_of
from storage.tables import UpdateChoiceRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Database

KEPT = timedelta(days=400)
"""How long choices are kept. No incident is in progress for longer."""


@dataclass(frozen=True, slots=True)
class UpdateChoice:
    """A choice for an incident, in place of the interval of its severity."""

    incident_id: str
    due_at: datetime | None
    """None: nobody is to be asked."""
    chosen_by: str
    """A Slack id."""
    chosen_at: datetime


class UpdateChoices:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self, incident_id: str, due_at: datetime | None, *, by: str, now: datetime
    ) -> UpdateChoice:
        """Store a choice in place of the one before; delete old ones."""
        row = UpdateChoiceRow
        values = {"due_at": due_at, "chosen_by": by, "chosen_at": now}
        with self._database.write() as session:
            session.execute(delete(row).where(row.chosen_at < now - KEPT))
            upsert(session, row, {"incident_id": incident_id}, values)
        return UpdateChoice(incident_id, due_at, by, now)

    def drop(self, incident_id: str) -> bool:
        """Delete a choice: the severity decides again. False: there was none."""
        row = UpdateChoiceRow
        gone = delete(row).where(row.incident_id == incident_id)
        with self._database.write() as session:
            return affected(session, gone) == 1

    def get(self, incident_id: str) -> UpdateChoice | None:
        return get_value(self._database, UpdateChoice, UpdateChoiceRow, incident_id)

    def all(self) -> Mapping[str, UpdateChoice]:
        """Return all choices, by the incident's id."""
        with self._database.read() as session:
            rows = session.scalars(select(UpdateChoiceRow))
            return {row.incident_id: value_of(UpdateChoice, row) for row in rows}
