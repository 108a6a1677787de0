"""The last action on each item through the bot: incident.io knows only the key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from storage.sql import affected, read_values, upsert
from storage.tables import LastActionRow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from storage.database import Database

ASSIGNED, SNOOZED = "assigned", "snoozed"
"""Actions that give an item no status; others have the name of the status they give."""


@dataclass(frozen=True, slots=True)
class LastAction:
    """The last action on an item, and who did it."""

    kind: str
    item_id: str
    action: str
    by: str
    """A Slack id."""
    at: datetime


class LastActions:
    """Stores the last action on each item, by the item's (kind, id)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self, kind: str, item_id: str, action: str, *, by: str, at: datetime
    ) -> None:
        """Store an action on an item in place of the one before."""
        values = {"action": action, "by": by, "at": at}
        with self._database.write() as session:
            upsert(session, LastActionRow, {"kind": kind, "item_id": item_id}, values)

    def of(
        self, items: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], LastAction]:
        """Return the last actions on these items; items without one are left out."""
        ids = {item_id for _, item_id in items}
        found = select(LastActionRow).where(LastActionRow.item_id.in_(ids))
        actions = read_values(self._database, LastAction, found)
        last = {(action.kind, action.item_id): action for action in actions}
        return {key: last[key] for key in items if key in last}

    def prune(self, older_than: datetime) -> int:
        """Delete the actions before a time; return how many."""
        old = delete(LastActionRow).where(LastActionRow.at < older_than)
        with self._database.write() as session:
            return affected(session, old)
