"""The little that SQLAlchemy leaves to say for two databases at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy import Executable, Table
    from sqlalchemy.orm import DeclarativeBase, Session


def insert(
    session: Session, table: type[DeclarativeBase] | Table
) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ``ON CONFLICT``, which both spell alike."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def affected(session: Session, statement: Executable) -> int:
    """How many rows a statement changed."""
    result = session.execute(
        statement, execution_options={"synchronize_session": False}
    )
    assert isinstance(result, CursorResult)
    return result.rowcount


def containing(words: str) -> str:
    """A LIKE pattern for text that holds ``words``; escape it with a backslash."""
    for special in "\\%_":
        words = words.replace(special, "\\" + special)
    return f"%{words}%"
