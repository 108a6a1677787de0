"""Items that nobody wants to be reminded of until later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from storage.sql import affected, insert
from storage.tables import Snooze

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from storage.database import Database


class Snoozes:
    def __init__(self, database: Database) -> None:
        self._database = database

    def snooze(self, kind: str, item_id: str, *, until: datetime, by: str) -> Snooze:
        """Leave an item out until then; counts how often that was asked."""
        with self._database.write() as session:
            enter = (
                insert(session, Snooze)
                .values(kind=kind, item_id=item_id, until=until, by=by, count=1)
                .on_conflict_do_update(
                    index_elements=[Snooze.kind, Snooze.item_id],
                    set_={"until": until, "by": by, "count": Snooze.count + 1},
                )
            )
            return session.scalars(enter.returning(Snooze)).one()

    def wake(self, kind: str, item_id: str) -> bool:
        """Take a snooze back. False: there was none."""
        gone = delete(Snooze).where(Snooze.kind == kind, Snooze.item_id == item_id)
        with self._database.write() as session:
            return affected(session, gone) == 1

    def get(self, kind: str, item_id: str) -> Snooze | None:
        with self._database.read() as session:
            return session.get(Snooze, (kind, item_id))

    def asleep(self, now: datetime) -> frozenset[tuple[str, str]]:
        """The (kind, id) of every item snoozed at ``now``."""
        found = select(Snooze.kind, Snooze.item_id).where(Snooze.until > now)
        with self._database.read() as session:
            return frozenset((kind, item) for kind, item in session.execute(found))

    def among(self, kinds: Iterable[str]) -> Mapping[tuple[str, str], datetime]:
        """Until when items of these kinds are snoozed, or were."""
        found = select(Snooze.kind, Snooze.item_id, Snooze.until).where(
            Snooze.kind.in_(list(kinds))
        )
        with self._database.read() as session:
            rows = session.execute(found)
            return {(kind, item): until for kind, item, until in rows}

    def prune(self, older_than: datetime) -> int:
        old = delete(Snooze).where(Snooze.until < older_than)
        with self._database.write() as session:
            return affected(session, old)
