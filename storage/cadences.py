"""When people want to be asked for the next update of an incident, or that never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql import affected, insert
from storage.tables import Base

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Database

KEPT = timedelta(days=400)
"""No incident is in progress for longer."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What somebody chose, and when."""

    due: datetime | None
    """None: nobody is to be asked."""
    at: datetime
    by: str


class Cadence(Base):
    __tablename__ = "cadences"
    __table_args__ = (Index(None, "set_at"),)

    incident_id: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime | None]
    by: Mapped[str]
    set_at: Mapped[datetime]


class Cadences:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self, incident_id: str, due: datetime | None, *, by: str, now: datetime
    ) -> Promise:
        """Remember it in place of what was chosen before; forget what is long over."""
        values = {"due_at": due, "by": by, "set_at": now}
        with self._database.write() as session:
            session.execute(delete(Cadence).where(Cadence.set_at < now - KEPT))
            session.execute(
                insert(session, Cadence)
                .values(incident_id=incident_id, **values)
                .on_conflict_do_update(
                    index_elements=[Cadence.incident_id], set_=values
                )
            )
        return Promise(due, now, by)

    def drop(self, incident_id: str) -> bool:
        """Go by the severity again. False: it did already."""
        gone = delete(Cadence).where(Cadence.incident_id == incident_id)
        with self._database.write() as session:
            return affected(session, gone) == 1

    def get(self, incident_id: str) -> Promise | None:
        with self._database.read() as session:
            found = session.get(Cadence, incident_id)
            return _plain(found) if found else None

    def all(self) -> Mapping[str, Promise]:
        """By incident."""
        with self._database.read() as session:
            found = session.scalars(select(Cadence))
            return {row.incident_id: _plain(row) for row in found}


def _plain(row: Cadence) -> Promise:
    return Promise(row.due_at, row.set_at, row.by)
