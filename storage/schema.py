"""Which version of the tables a database has, and how it gets the next one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.errors import NewerSchema, NotMigrated, explain
from storage.postgresql import be_patient

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7463061
"""Any number will do, as long as every version uses the same."""


def head() -> str | None:
    """The version that this program needs."""
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def version(connection: Connection) -> str | None:
    """The version that the database has."""
    return MigrationContext.configure(connection).get_current_revision()


def check(engine: Engine) -> None:
    with engine.begin() as connection:
        found = version(connection)
    _refuse_newer(found)
    if found != head():
        raise explain(NotMigrated, f"it is at {found}, {head()} is needed")


def migrate(engine: Engine) -> None:
    """All steps in one transaction, by one process at a time."""
    with engine.begin() as connection:
        _lock(connection)
        _refuse_newer(version(connection))
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


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
