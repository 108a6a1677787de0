"""Who last did what about an item through the bot: incident.io knows only the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from storage.sql import affected, insert
from storage.tables import Deed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from storage.database import Database

ASSIGNED, SNOOZED = "assigned", "snoozed"
"""What is done besides giving an item a status; that is called as incident.io does."""


class Deeds:
    """One row an item, by its (kind, id)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def did(self, kind: str, item_id: str, what: str, *, by: str, at: datetime) -> None:
        values = {"what": what, "by": by, "at": at}
        with self._database.write() as session:
            session.execute(
                insert(session, Deed)
                .values(kind=kind, item_id=item_id, **values)
                .on_conflict_do_update(
                    index_elements=[Deed.kind, Deed.item_id], set_=values
                )
            )

    def of(self, items: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Deed]:
        ids = {item_id for _, item_id in items}
        with self._database.read() as session:
            rows = session.scalars(select(Deed).where(Deed.item_id.in_(ids)))
            found = {(row.kind, row.item_id): row for row in rows}
        return {key: found[key] for key in items if key in found}

    def prune(self, older_than: datetime) -> int:
        old = delete(Deed).where(Deed.at < older_than)
        with self._database.write() as session:
            return affected(session, old)
