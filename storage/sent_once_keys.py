"""Keys of things that are sent once ever, each with the slot that sends it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from storage.sql import insert
from storage.tables import SentOnceRow, SlotRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from storage.database import Database


@dataclass(frozen=True, slots=True)
class SentOnce:
    """A key that was entered; ``channel``, ``state`` and ``shown`` are its slot's.

    They are None where the slot was deleted since.
    """

    key: str
    slot_id: str
    at: datetime
    channel: str | None
    state: str | None
    shown: Mapping[str, Any] | None


class SentOnceKeys:
    def __init__(self, database: Database) -> None:
        self._database = database

    def under(self, prefix: str) -> Sequence[SentOnce]:
        """Return the keys with this prefix, in the order they were entered."""
        key = SentOnceRow
        found = (
            select(
                key.key,
                key.slot_id,
                key.at,
                SlotRow.slot_at,
                SlotRow.channel,
                SlotRow.state,
                SlotRow.shown,
            )
            .outerjoin(SlotRow, SlotRow.id == key.slot_id)
            .where(key.key.startswith(prefix, autoescape=True))
            .order_by(key.at, key.key)
        )
        with self._database.read() as session:
            return [
                SentOnce(
                    key=row.key,
                    slot_id=row.slot_id,
                    at=row.slot_at or row.at,
                    channel=row.channel,
                    state=row.state,
                    shown=row.shown,
                )
                for row in session.execute(found)
            ]

    def enter(self, keys: Iterable[str], by: str, at: datetime) -> None:
        """Enter keys of things that were said otherwise, so that no slot says them.

        ``by`` is stored in place of a slot's id.
        """
        rows = [{"key": key, "slot_id": by, "at": at} for key in dict.fromkeys(keys)]
        if not rows:
            return
        with self._database.write() as session:
            new = insert(session, SentOnceRow).values(rows)
            session.execute(new.on_conflict_do_nothing())

    def by_slot(self, prefix: str, since: datetime) -> Mapping[str, frozenset[str]]:
        """Return the keys with this prefix entered since a time, by their slot's id."""
        found = select(SentOnceRow.slot_id, SentOnceRow.key).where(
            SentOnceRow.at >= since,
            SentOnceRow.key.startswith(prefix, autoescape=True),
        )
        keys: dict[str, set[str]] = defaultdict(set)
        with self._database.read() as session:
            for slot_id, key in session.execute(found):
                keys[slot_id].add(key)
        return {slot_id: frozenset(found) for slot_id, found in keys.items()}
