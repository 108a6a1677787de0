"""Statements that several modules use, on both databases."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from _typeshed import DataclassInstance
    from sqlalchemy import ColumnElement, Executable, Select, Table
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session

    from storage.database import Database
    from storage.lease import Lease

V = TypeVar("V", bound="DataclassInstance")

BATCH = 1_000
"""Rows that one transaction deletes."""
MOST = 50_000
"""Rows that one call deletes: the rest is left for the next."""


def insert(
    session: Session, table: type[DeclarativeBase]
) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that knows ``ON CONFLICT``, which both spell alike."""
    return insert_for(session.get_bind().dialect.name, table)


def insert_for(
    dialect: str, table: type[DeclarativeBase] | Table
) -> postgresql.Insert | sqlite.Insert:
    """Return the same for statements that are made before there is a session."""
    if dialect == "postgresql":
        # With SQLite nothing of PostgreSQL is imported.
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return postgresql.insert(table)
    return sqlite.insert(table)


def upsert(
    session: Session,
    table: type[DeclarativeBase],
    key: Mapping[str, object],
    values: Mapping[str, object],
) -> None:
    """Insert a row, or give the row with this primary key these values."""
    new = insert(session, table).values(**key, **values)
    session.execute(new.on_conflict_do_update(index_elements=[*key], set_=values))


def value_of(type_: type[V], row: DeclarativeBase) -> V:
    """Return a row as a value of this dataclass, whose fields are columns."""
    return type_(**{name: getattr(row, name) for name in _names(type_)})


def get_value(
    database: Database, type_: type[V], table: type[DeclarativeBase], key: object
) -> V | None:
    """Return the row with this primary key as a value. None: there is none."""
    with database.read() as session:
        row = session.get(table, key)
        return value_of(type_, row) if row else None


def read_values(database: Database, type_: type[V], found: Select[Any]) -> list[V]:
    """Return the rows that a statement selects as values."""
    with database.read() as session:
        return [value_of(type_, row) for row in session.scalars(found)]


@cache
def _names(type_: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(type_))


def affected(session: Session, statement: Executable) -> int:
    """Execute a statement and return how many rows it changed."""
    result = session.execute(
        statement, execution_options={"synchronize_session": False}
    )
    assert isinstance(result, CursorResult)
    return result.rowcount


def claim_row(
    database: Database,
    lease_until: InstrumentedAttribute[datetime | None],
    length: timedelta,
    *which: ColumnElement[bool],
) -> Lease | None:
    """Lease the row that matches. None: there is none, or another process holds it."""
    made, clock = database.begin_lease(length), database.now()
    free = or_(lease_until.is_(None), lease_until <= clock)
    taken = update(lease_until.class_).where(*which, free)
    leased = taken.values({lease_until: clock + length}).returning(lease_until)
    with database.write() as session:
        until = session.scalars(leased).one_or_none()
    return made(until) if until else None


def release_row(
    database: Database,
    lease_until: InstrumentedAttribute[datetime | None],
    lease: Lease,
    *which: ColumnElement[bool],
    **values: object,
) -> bool:
    """Release a leased row, and set these values. False: the lease is not ours now."""
    ours = update(lease_until.class_).where(*which, lease_until == lease.until)
    with database.write() as session:
        return affected(session, ours.values({lease_until.key: None, **values})) == 1


def delete_old(
    database: Database, key: InstrumentedAttribute[str], *old: ColumnElement[bool]
) -> int:
    """Delete the rows that match, ``BATCH`` at a time and at most ``MOST``."""
    gone = 0
    while gone < MOST:
        with database.write() as session:
            some = select(key).where(*old).limit(BATCH)
            now_gone = affected(session, delete(key.class_).where(key.in_(some)))
        gone += now_gone
        if now_gone < BATCH:
            break
    return gone


def containing(words: str) -> str:
    """Return a LIKE pattern for text with these words, to escape by a backslash."""
    for special in "\\%_":
        words = words.replace(special, "\\" + special)
    return f"%{words}%"
