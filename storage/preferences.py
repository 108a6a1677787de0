"""People's choices about their own messages, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from storage.sql import upsert
from storage.tables import PreferenceRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.database import Database


class StoredPreferences:
    """Stores the choices of each person: JSON that ``reminders`` can read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, person: str) -> Mapping[str, Any]:
        with self._database.read() as session:
            found = session.get(PreferenceRow, person)
            return found.choices if found else {}

    def all(self) -> Mapping[str, Mapping[str, Any]]:
        """Return everybody's choices, by their Slack id."""
        with self._database.read() as session:
            found = session.scalars(select(PreferenceRow))
            return {row.person: row.choices for row in found}

    def put(self, person: str, choices: Mapping[str, Any], now: datetime) -> None:
        values = {"choices": dict(choices), "updated_at": now}
        with self._database.write() as session:
            upsert(session, PreferenceRow, {"person": person}, values)
