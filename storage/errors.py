"""The failures of a database, in words that a person can act on."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class DatabaseError(Exception):
    """A failure of the database itself, not of one statement."""

    may_be_stored = False
    """Whether it came instead of the answer to a commit."""

    @property
    def words(self) -> str:
        """Say what is wrong and how to mend it, without what the driver said."""
        return f"{_WORDS.get(type(self), 'It gave an error nobody foresaw')}."


class Locked(DatabaseError):
    """It was locked for too long. Nothing was stored; try again."""


class DatabaseUnreachable(DatabaseError):
    """The server does not answer, or refuses the connection."""


class Full(DatabaseError):
    """It has no room left for its data."""


class ReadOnly(DatabaseError):
    """It can be read but not written."""


class Standby(ReadOnly):
    """The server takes no writes, or not now."""


class NotGranted(ReadOnly):
    """The server does not let this user write."""


class Gone(DatabaseError):
    """The file was deleted, replaced or damaged, or is no database."""


class NoFolder(Gone):
    """The folder of the file does not exist."""


class NewerSchema(DatabaseError):
    """It was migrated by a later version of this program."""


class NotMigrated(DatabaseError):
    """It was never migrated, or not as far as this program needs."""


_WORDS: dict[type[DatabaseError], str] = {
    Locked: "The database was locked for too long",
    DatabaseUnreachable: (
        "The database cannot be reached. Check DATABASE_URL and the server"
    ),
    Full: "The database has no room left. Free some space on its disk",
    ReadOnly: (
        "The database cannot be written. Check the permissions of its files and their "
        "folder, and that the file system is not read-only"
    ),
    Standby: (
        "The database server takes no writes. Point DATABASE_URL to the primary server"
    ),
    NotGranted: "The database user may not write. Grant it the rights to its tables",
    Gone: "The database file is gone, damaged or no database. Restore it",
    NoFolder: (
        "The folder of the database file does not exist. Make it, or change "
        "DATABASE_URL"
    ),
    NotMigrated: "The database is not migrated. Run `python app.py release`",
}

_SQLITE: dict[int, type[DatabaseError]] = {
    sqlite3.SQLITE_BUSY: Locked,
    sqlite3.SQLITE_LOCKED: Locked,
    sqlite3.SQLITE_READONLY: ReadOnly,
    sqlite3.SQLITE_PERM: ReadOnly,
    sqlite3.SQLITE_IOERR: Gone,
    sqlite3.SQLITE_FULL: Full,
    sqlite3.SQLITE_CANTOPEN: Gone,
    sqlite3.SQLITE_CORRUPT: Gone,
    sqlite3.SQLITE_NOTADB: Gone,
}

_POSTGRESQL: dict[str, type[DatabaseError]] = {
    "55P03": Locked,  # lock_not_available
    "57014": Locked,  # query_canceled: the statement timeout
    "40001": Locked,
    "40P01": Locked,
    "53100": Full,
    "25006": Standby,
    "42501": NotGranted,  # insufficient_privilege
    "42P01": NotMigrated,  # undefined_table
    "42703": NotMigrated,  # undefined_column
}

_CONNECTION = ("08", "28", "3D", "53", "57", "58")
"""Classes of SQLSTATE for failures to reach the server."""


def translate(error: SQLAlchemyError) -> DatabaseError | None:
    """Return the failure that a driver's error means. None: the statement was wrong."""
    if isinstance(error, PoolTimeout):
        return Locked("Every database connection is in use.")
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        kind = _of_sqlite(error.orig)
    else:
        kind = _of_postgresql(error)
    return explain(kind, str(error.orig)) if kind else None


def explain(kind: type[DatabaseError], detail: str) -> DatabaseError:
    """Return a failure of a kind, with the first line of what the driver said."""
    first_line = detail.strip().partition("\n")[0]
    return kind(f"{_WORDS[kind]}. ({first_line})")


def _of_sqlite(error: sqlite3.Error) -> type[DatabaseError] | None:
    message = str(error)
    if message.startswith(("no such table", "no such column")):
        return NotMigrated
    return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)


def _of_postgresql(error: DBAPIError) -> type[DatabaseError] | None:
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state is None:
        return DatabaseUnreachable if isinstance(error, OperationalError) else None
    if state in _POSTGRESQL:
        return _POSTGRESQL[state]
    return DatabaseUnreachable if state.startswith(_CONNECTION) else None
