"""Snoozes: for a time, nobody is reminded of an item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, delete, or_, select, update

from storage.sql import affected, get_value, insert, read_values, value_of
from storage.tables import SnoozeRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from storage.database import Database

MOST = 3
"""How often an item may be snoozed."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """An item's snooze; ``count`` is how often it was snoozed."""

    kind: str
    item_id: str
    until: datetime
    by: str
    count: int


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
        """Snooze an item until a time. None: it was snoozed ``most`` times already.

        A snooze until the same time as the last one is not counted again.
        """
        same = SnoozeRow.until == until
        again = case((same, SnoozeRow.count), else_=SnoozeRow.count + 1)
        with self._database.write() as session:
            enter = (
                insert(session, SnoozeRow)
                .values(kind=kind, item_id=item_id, until=until, by=by, count=1)
                .on_conflict_do_update(
                    index_elements=[SnoozeRow.kind, SnoozeRow.item_id],
                    set_={"until": until, "by": by, "count": again},
                    where=None if most is None else or_(same, SnoozeRow.count < most),
                )
            )
            row = session.scalars(enter.returning(SnoozeRow)).one_or_none()
            return value_of(Snooze, row) if row else None

    def wake(self, kind: str, item_id: str, now: datetime) -> bool:
        """Undo a snooze, so that it does not count. False: the item is not snoozed."""
        asleep = _asleep(kind, item_id, now)
        first = delete(SnoozeRow).where(*asleep, SnoozeRow.count <= 1)
        later = update(SnoozeRow).where(*asleep)
        back = {"until": now, "count": SnoozeRow.count - 1}
        with self._database.write() as session:
            if affected(session, first):
                return True
            return affected(session, later.values(back)) == 1

    def end(self, kind: str, item_id: str, now: datetime) -> bool:
        """End a snooze, which still counts. False: the item is not snoozed."""
        asleep = _asleep(kind, item_id, now)
        with self._database.write() as session:
            ended = update(SnoozeRow).where(*asleep).values(until=now)
            return affected(session, ended) == 1

    def get(self, kind: str, item_id: str) -> Snooze | None:
        return get_value(self._database, Snooze, SnoozeRow, (kind, item_id))

    def of(
        self, items: Collection[tuple[str, str]], now: datetime
    ) -> Mapping[tuple[str, str], Snooze]:
        """Return the snoozes of these items, for those that are snoozed."""
        ids = {item_id for _, item_id in items}
        found = select(SnoozeRow).where(
            SnoozeRow.item_id.in_(ids), SnoozeRow.until > now
        )
        snoozes = read_values(self._database, Snooze, found)
        asleep = {(snooze.kind, snooze.item_id): snooze for snooze in snoozes}
        return {key: asleep[key] for key in items if key in asleep}

    def asleep(self, now: datetime) -> frozenset[tuple[str, str]]:
        """Return the (kind, id) of every item that is snoozed."""
        found = select(SnoozeRow.kind, SnoozeRow.item_id).where(SnoozeRow.until > now)
        with self._database.read() as session:
            return frozenset((kind, item) for kind, item in session.execute(found))

    def ends(self, kinds: Iterable[str]) -> Mapping[tuple[str, str], datetime]:
        """Return when snoozes of items of these kinds end or ended, by (kind, id)."""
        found = select(SnoozeRow.kind, SnoozeRow.item_id, SnoozeRow.until).where(
            SnoozeRow.kind.in_(list(kinds))
        )
        with self._database.read() as session:
            rows = session.execute(found)
            return {(kind, item): until for kind, item, until in rows}

    def prune(self, older_than: datetime) -> int:
        """Delete the snoozes that ended before a time; return how many."""
        old = delete(SnoozeRow).where(SnoozeRow.until < older_than)
        with self._database.write() as session:
            return affected(session, old)


def _asleep(kind: str, item_id: str, now: datetime) -> Iterable[ColumnElement[bool]]:
    return (SnoozeRow.kind == kind, SnoozeRow.item_id == item_id, SnoozeRow.until > now)
