"""The audit: searches the journal, the newest first, or streams it in order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, cast, or_, select

from storage.entry import DONE, entry_of
from storage.sql import containing
from storage.tables import JournalRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression

    from storage.database import Database
    from storage.entry import Entry

BATCH = 500
"""Entries that one query reads."""


class Audit:
    def __init__(self, database: Database) -> None:
        self._database = database

    def search(
        self,
        words: Sequence[str] = (),
        also: Mapping[str, Sequence[str]] = {},
        *,
        limit: int = 25,
        offset: int = 0,
    ) -> list[Entry]:
        """Return the entries that contain all the words, the newest first.

        ``also`` maps a word to ids of actors and to states that it may mean.
        """
        newest = select(JournalRow).order_by(JournalRow.accepted_at.desc())
        found = newest.limit(limit).offset(offset)
        for word in words:
            found = found.where(_holds(word, also.get(word, ())))
        return self._read(found)

    def of_incident(self, incident_id: str, since: datetime) -> list[Entry]:
        """Return what was done in an incident since then, the oldest first."""
        row = JournalRow
        done = select(row).where(row.incident_id == incident_id, row.state == DONE)
        lately = done.where(row.accepted_at >= since)
        return self._read(lately.order_by(row.accepted_at, row.id))

    def targets(self, actor: str, operation: str) -> set[str]:
        """Return the targets of somebody's writes that were done."""
        done = select(JournalRow.target).where(
            JournalRow.actor == actor,
            JournalRow.operation == operation,
            JournalRow.state == DONE,
            JournalRow.target.is_not(None),
        )
        with self._database.statement() as connection:
            return {str(target) for target in connection.scalars(done)}

    def stream(
        self, since: datetime | None = None, before: datetime | None = None
    ) -> Iterator[Entry]:
        """Yield every entry, the oldest first; ``BATCH`` are in memory at a time."""
        ordered = select(JournalRow).order_by(JournalRow.accepted_at, JournalRow.id)
        if before is not None:
            ordered = ordered.where(JournalRow.accepted_at < before)
        part = ordered.limit(BATCH)
        if since is not None:
            part = part.where(JournalRow.accepted_at >= since)
        while entries := self._read(part):
            yield from entries
            part = ordered.where(_after(entries[-1])).limit(BATCH)

    def _read(self, found: Select[Any]) -> list[Entry]:
        with self._database.read() as session:
            return [entry_of(row) for row in session.scalars(found)]


def _after(last: Entry) -> ColumnElement[bool]:
    at, id_ = JournalRow.accepted_at, JournalRow.id
    same = and_(at == last.accepted_at, id_ > last.id)
    return or_(at > last.accepted_at, same)


_CHANGES = cast(JournalRow.changes, Text)
_SEARCHED = (
    JournalRow.operation,
    JournalRow.actor,
    JournalRow.account,
    JournalRow.channel,
    JournalRow.target,
    JournalRow.outcome,
    JournalRow.request_id,
)


def _holds(word: str, also: Sequence[str]) -> ColumnElement[bool]:
    """Match entries that contain a word, or whose reference begins with it."""
    spelt = {word} if word.isascii() else {word, *_cases(word)}
    quoted = {json.dumps(one)[1:-1] for one in spelt}
    return or_(
        JournalRow.id.ilike(containing(word)[1:], escape="\\"),
        JournalRow.actor.in_(also),
        JournalRow.state.in_(also),
        *(_like(column, one) for column in _SEARCHED for one in spelt),
        *(_like(_CHANGES, one) for one in spelt | quoted),
    )


def _cases(word: str) -> set[str]:
    """Return a word in other cases, because SQLite ignores case in ASCII only."""
    return {word.lower(), word.upper(), word.capitalize()}


def _like(column: SQLColumnExpression[Any], word: str) -> ColumnElement[bool]:
    return column.ilike(containing(word), escape="\\")
