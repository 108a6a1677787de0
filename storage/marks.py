"""What was said once ever, and what became of the slot that was to say it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from storage.tables import Mark, Slot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from storage.database import Database


@dataclass(frozen=True, slots=True)
class Said:
    """A mark; of a slot that was forgotten since, only the mark is known."""

    key: str
    slot_id: str
    at: datetime
    channel: str | None
    state: str | None
    shown: Mapping[str, Any] | None


class Marks:
    def __init__(self, database: Database) -> None:
        self._database = database

    def under(self, prefix: str) -> Sequence[Said]:
        """Find the marks whose key begins so, in the order they were set."""
        found = (
            select(
                Mark.key,
                Mark.slot_id,
                Mark.at,
                Slot.slot_at,
                Slot.channel,
                Slot.state,
                Slot.shown,
            )
            .outerjoin(Slot, Slot.id == Mark.slot_id)
            .where(Mark.key.startswith(prefix, autoescape=True))
            .order_by(Mark.at, Mark.key)
        )
        with self._database.read() as session:
            return [
                Said(
                    key=row.key,
                    slot_id=row.slot_id,
                    at=row.slot_at or row.at,
                    channel=row.channel,
                    state=row.state,
                    shown=row.shown,
                )
                for row in session.execute(found)
            ]

    def by_slot(self, prefix: str, since: datetime) -> Mapping[str, frozenset[str]]:
        """Find the marks that begin so and were set since, by the id of their slot."""
        found = select(Mark.slot_id, Mark.key).where(
            Mark.at >= since, Mark.key.startswith(prefix, autoescape=True)
        )
        marks: dict[str, set[str]] = defaultdict(set)
        with self._database.read() as session:
            for slot_id, key in session.execute(found):
                marks[slot_id].add(key)
        return {slot_id: frozenset(keys) for slot_id, keys in marks.items()}
