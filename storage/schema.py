"""Checks the revision of a database's tables, and migrates them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage import sqlite
from storage.errors import NewerSchema, NotMigrated, explain
from storage.postgresql import be_patient

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIGRATIONS = Path(__file__).parent / "migrations"
WRITES_WHAT_IS_THERE = text("UPDATE alembic_version SET version_num = version_num")
_LOCK = 7463061
"""Any number will do, as long as every version uses the same."""


def head() -> str | None:
    """Return the revision that this program needs."""
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def version(connection: Connection) -> str | None:
    """Return the revision that the database has. None: it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def check(engine: Engine) -> None:
    """Do nothing if the database has the revision that this program needs.

    Raises:
        NewerSchema: a later version of this program migrated it.
        NotMigrated: it has an earlier revision, or none.
    """
    with engine.begin() as connection:
        found = version(connection)
    _refuse_newer(found)
    if found != head():
        raise explain(NotMigrated, f"it is at {found}, {head()} is needed")


def migrate(engine: Engine, revision: str = "head") -> str | None:
    """Migrate up to a revision, in one transaction and one process at a time.

    Returns the revision before.

    Raises:
        NewerSchema: a later version of this program migrated it.
    """
    with engine.connect() as connection, _tables_replaceable(connection):
        _lock(connection)
        before = version(connection)
        _refuse_newer(before)
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return before


@contextmanager
def _tables_replaceable(connection: Connection) -> Iterator[None]:
    """Begin a transaction in which dropping a table deletes nothing in others.

    SQLite cannot alter a table: Alembic copies it and drops the old one, and with that
    the rows that refer to it, while foreign keys are on.
    """
    if connection.dialect.name == "sqlite":
        with sqlite.migrating(connection), connection.begin():
            yield
    else:
        with connection.begin():
            yield


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        be_patient(connection)
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _refuse_newer(found: str | None) -> None:
    known = {
        step.revision for step in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()
    }
    if found is not None and found not in known:
        raise NewerSchema(
            "The database was migrated by a newer version of this program"
            f" (to {found}). Start that version, or restore an older backup."
        )
