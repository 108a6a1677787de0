"""Which slot is to say what is said once, and no other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.tables import Mark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.database import Database


def by_slot(
    database: Database, prefix: str, since: datetime
) -> Mapping[str, frozenset[str]]:
    """Find the marks that begin so and were set since, by the id of their slot."""
    found = select(Mark.slot_id, Mark.key).where(
        Mark.at >= since, Mark.key.startswith(prefix, autoescape=True)
    )
    marks: dict[str, set[str]] = defaultdict(set)
    with database.read() as session:
        for slot_id, key in session.execute(found):
            marks[slot_id].add(key)
    return {slot_id: frozenset(keys) for slot_id, keys in marks.items()}
