"""Decisions of Slack which types of blocks it takes, for all processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from storage.sql import upsert
from storage.tables import BlockDecisionRow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from storage.database import Database


class BlockDecisions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> Mapping[str, tuple[bool, datetime]]:
        """Return whether each type was taken, and when Slack said so."""
        with self._database.read() as session:
            rows = session.scalars(select(BlockDecisionRow))
            return {row.type: (row.taken, row.at) for row in rows}

    def enter(self, types: Collection[str], taken: bool, at: datetime) -> None:
        """Store a decision on these types in place of earlier ones."""
        with self._database.write() as session:
            for name in sorted(types):
                decision = {"taken": taken, "at": at}
                upsert(session, BlockDecisionRow, {"type": name}, decision)

    def forget(self, types: Collection[str]) -> None:
        """Delete the decisions on these types."""
        old = delete(BlockDecisionRow).where(BlockDecisionRow.type.in_([*types]))
        with self._database.write() as session:
            session.execute(old)
