"""Exports or erases all that is stored about one person, in any table."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Text, cast, delete, or_, select, update

from storage.entry import ACCEPTED
from storage.sql import containing
from storage.tables import CleanText, JournalRow, SlotRow, TableBase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, Table
    from sqlalchemy.orm import Session

    from storage.database import Database

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ErasureRule:
    """How a person is erased from a table.

    Rows are deleted where one of the columns ``own`` has the person's id. In all others
    the columns ``emptied`` are emptied if they have it, and whatever else names the
    person is replaced.
    """

    own: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()


RULES: Mapping[str, ErasureRule] = {
    "journal_entries": ErasureRule(),
    "rules": ErasureRule(own=("channel",), emptied=("created_by",)),
    "slots": ErasureRule(own=("channel",)),
    "throttles": ErasureRule(),
    "block_decisions": ErasureRule(),
    "preferences": ErasureRule(own=("person",)),
    "sent_once_keys": ErasureRule(),
    "snoozes": ErasureRule(),
    "last_actions": ErasureRule(),
    "update_choices": ErasureRule(),
    "last_looks": ErasureRule(own=("person",)),
    "cover_requests": ErasureRule(own=("asker",)),
    "escalation_cards": ErasureRule(own=("person", "channel")),
    "home_tabs": ErasureRule(own=("person",)),
    "incident_cards": ErasureRule(),
}
"""The rule of each table. A new table needs one."""


class StillAtWork(Exception):
    """A write of the person is not finished, and still needs to know them."""


@dataclass(frozen=True, slots=True)
class Erased:
    """The numbers of rows by table: deleted, and kept without the person."""

    deleted: Mapping[str, int]
    replaced: Mapping[str, int]


def identifiers(database: Database, slack_id: str, names: Iterable[str]) -> list[str]:
    """Return the words that mean a person: ids, direct conversations, and names."""
    with database.read() as session:
        accounts = session.scalars(
            select(JournalRow.account).where(JournalRow.actor == slack_id).distinct()
        ).all()
        conversations = session.scalars(
            select(SlotRow.posted_in).where(SlotRow.channel == slack_id).distinct()
        ).all()
    direct = [one for one in conversations if one and one.startswith("D")]
    return [*dict.fromkeys([slack_id, *filter(None, accounts), *direct, *names])]


def export(database: Database, words: Sequence[str]) -> Iterator[tuple[str, Row]]:
    """Yield each row that names the person, with its table."""
    meant = _meaning(words)
    with database.read() as session:
        for table in _tables():
            for row in _rows(session, table, words, meant):
                yield table.name, row


def erase(
    database: Database, words: Sequence[str], pseudonym: str, *, really: bool
) -> Erased:
    """Delete the person's rows, and put a pseudonym wherever else they are named.

    ``words`` begin with the Slack id. Nothing is changed unless ``really``.

    Raises:
        StillAtWork: a write of theirs is not finished.
    """
    meant = _meaning(words)
    anonymous = partial(_replaced, meant=meant, pseudonym=pseudonym)
    deleted: Counter[str] = Counter()
    replaced: Counter[str] = Counter()
    with database.write() as session:
        _refuse_unfinished(session, words[0])
        for table in reversed(_tables()):
            own = RULES[table.name].own
            for row in _rows(session, table, words, meant):
                mine = any(row[name] in words for name in own)
                (deleted if mine else replaced)[table.name] += 1
                if really:
                    _erase(session, table, row, None if mine else anonymous)
    if really:
        database.to_erase = True
        database.erase()
    return Erased(deleted, replaced)


def _tables() -> Sequence[Table]:
    return TableBase.metadata.sorted_tables


def _refuse_unfinished(session: Session, slack_id: str) -> None:
    open_ = select(JournalRow.id).where(
        JournalRow.actor == slack_id, JournalRow.state == ACCEPTED
    )
    if session.scalars(open_).first() is not None:
        raise StillAtWork


def _meaning(words: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")


def _wordy(table: Table) -> list[Column[Any]]:
    return [c for c in table.columns if isinstance(c.type, CleanText | JSON)]


def _rows(
    session: Session, table: Table, words: Sequence[str], meant: re.Pattern[str]
) -> list[Row]:
    """Return the rows that name the person in any column."""
    columns = _wordy(table)
    may = [_may_hold(column, word) for column in columns for word in words]
    found = session.execute(select(table).where(or_(*may))).mappings().all()
    return [
        dict(row)
        for row in found
        if any(_replaced(row[c.name], meant, "") != row[c.name] for c in columns)
    ]


def _may_hold(column: Column[Any], word: str) -> ColumnElement[bool]:
    if isinstance(column.type, JSON) and not word.isascii():
        return column.is_not(None)  # it is stored escaped
    return cast(column, Text).like(containing(word), escape="\\")


def _erase(
    session: Session, table: Table, row: Row, anonymous: Callable[[Any], Any] | None
) -> None:
    """Delete a row, or write it without the person where ``anonymous`` is given."""
    this = [column == row[column.name] for column in table.primary_key]
    if anonymous is None:
        session.execute(delete(table).where(*this))
        return
    values = {c.name: anonymous(row[c.name]) for c in _wordy(table)}
    emptied = RULES[table.name].emptied
    values |= {name: None for name in emptied if values[name] != row[name]}
    session.execute(update(table).where(*this).values(values))


def _replaced(value: Any, meant: re.Pattern[str], pseudonym: str) -> Any:
    """Return a value with the words for a person replaced, at any depth."""
    if isinstance(value, str):
        return meant.sub(pseudonym, value)
    if isinstance(value, dict):
        return {
            _replaced(name, meant, pseudonym): _replaced(one, meant, pseudonym)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [_replaced(one, meant, pseudonym) for one in value]
    return value
