"""Choices of when an incident's next update is asked for, or that it never is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from storage.sql import affected, insert, value_of
from storage.tables import UpdateChoiceRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Database

KEPT = timedelta(days=400)
"""No incident is in progress for longer."""


@dataclass(frozen=True, slots=True)
class UpdateChoice:
    """One choice for one incident, in place of the interval of its severity."""

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
        """Store a choice in place of the one before; delete those of long ago."""
        row = UpdateChoiceRow
        values = {"due_at": due_at, "chosen_by": by, "chosen_at": now}
        with self._database.write() as session:
            session.execute(delete(row).where(row.chosen_at < now - KEPT))
            session.execute(
                insert(session, row)
                .values(incident_id=incident_id, **values)
                .on_conflict_do_update(index_elements=[row.incident_id], set_=values)
            )
        return UpdateChoice(incident_id, due_at, by, now)

    def drop(self, incident_id: str) -> bool:
        """Go by the incident's severity again. False: nothing was chosen."""
        row = UpdateChoiceRow
        gone = delete(row).where(row.incident_id == incident_id)
        with self._database.write() as session:
            return affected(session, gone) == 1

    def get(self, incident_id: str) -> UpdateChoice | None:
        with self._database.read() as session:
            row = session.get(UpdateChoiceRow, incident_id)
            return value_of(UpdateChoice, row) if row else None

    def all(self) -> Mapping[str, UpdateChoice]:
        """Return what was chosen, by the incident's id."""
        with self._database.read() as session:
            rows = session.scalars(select(UpdateChoiceRow))
            return {row.incident_id: value_of(UpdateChoice, row) for row in rows}
