"""Items that nobody wants to be reminded of until later; not for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, delete, or_, select, update

from storage.sql import affected, insert
from storage.tables import Snooze

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from storage.database import Database

MOST = 3
"""How often an item may be snoozed."""


class Snoozes:
    def __init__(self, database: Database) -> None:
        self._database = database

    def snooze(
        self,
        kind: str,
        item_id: str,
        *,
        until: datetime,
        by: str,
        most: int | None = MOST,
    ) -> Snooze | None:
        """Leave an item out until then. None: it was snoozed ``most`` times already.

        The same once more is counted once.
        """
        same = Snooze.until == until
        again = case((same, Snooze.count), else_=Snooze.count + 1)
        with self._database.write() as session:
            enter = (
                insert(session, Snooze)
                .values(kind=kind, item_id=item_id, until=until, by=by, count=1)
                .on_conflict_do_update(
                    index_elements=[Snooze.kind, Snooze.item_id],
                    set_={"until": until, "by": by, "count": again},
                    where=None if most is None else or_(same, Snooze.count < most),
                )
            )
            return session.scalars(enter.returning(Snooze)).one_or_none()

    def wake(self, kind: str, item_id: str, now: datetime) -> bool:
        """Take a snooze back, as if it had not been. False: it does not sleep."""
        asleep = _asleep(kind, item_id, now)
        first = delete(Snooze).where(*asleep, Snooze.count <= 1)
        later = update(Snooze).where(*asleep)
        back = {"until": now, "count": Snooze.count - 1}
        with self._database.write() as session:
            if affected(session, first):
                return True
            return affected(session, later.values(back)) == 1

    def end(self, kind: str, item_id: str, now: datetime) -> bool:
        """Let it sleep no longer; it counts all the same. False: it does not sleep."""
        asleep = _asleep(kind, item_id, now)
        with self._database.write() as session:
            ended = update(Snooze).where(*asleep).values(until=now)
            return affected(session, ended) == 1

    def get(self, kind: str, item_id: str) -> Snooze | None:
        with self._database.read() as session:
            return session.get(Snooze, (kind, item_id))

    def of(
        self, items: Collection[tuple[str, str]], now: datetime
    ) -> Mapping[tuple[str, str], Snooze]:
        """Those of them that sleep."""
        ids = {item_id for _, item_id in items}
        found = select(Snooze).where(Snooze.item_id.in_(ids), Snooze.until > now)
        with self._database.read() as session:
            rows = {(row.kind, row.item_id): row for row in session.scalars(found)}
        return {key: rows[key] for key in items if key in rows}

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
        """Forget what slept long ago, and how often."""
        old = delete(Snooze).where(Snooze.until < older_than)
        with self._database.write() as session:
            return affected(session, old)


def _asleep(kind: str, item_id: str, now: datetime) -> Iterable[ColumnElement[bool]]:
    return (Snooze.kind == kind, Snooze.item_id == item_id, Snooze.until > now)
