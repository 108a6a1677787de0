"""Checks the revision of a database's tables, and migrates them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from storage.errors import NewerSchema, NotMigrated, explain

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

_MIGRATIONS = Path(__file__).parent / "migrations"
WRITES_WHAT_IS_THERE = text("UPDATE alembic_version SET version_num = version_num")
_VERSION = text("SELECT version_num FROM alembic_version")


@cache
def revisions() -> list[str]:
    """Return the revisions that this program knows, the earliest first.

    The name of a migration's file begins with its revision.
    """
    return sorted(file.name[:4] for file in _MIGRATIONS.glob("versions/[0-9]*.py"))


def head() -> str:
    """Return the revision that this program needs."""
    return revisions()[-1]


def version(connection: Connection) -> str | None:
    """Return the revision that the database has. None: it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(_VERSION)
    return found


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
        raise explain(
            NotMigrated, f"its revision is {found or 'none'}, {head()} is needed"
        )


def migrate(
    engine: Engine,
    begin: Callable[[Connection], AbstractContextManager[None]],
    revision: str,
) -> str | None:
    """Migrate up to a revision, in the one transaction that ``begin`` begins.

    Returns the revision before.

    Raises:
        NewerSchema: a later version of this program migrated it.
    """
    with engine.connect() as connection, begin(connection):
        before = version(connection)
        _refuse_newer(before)
        if before != revision:
            _upgrade(connection, revision)
    return before


def _upgrade(connection: Connection, revision: str) -> None:
    # Most starts find nothing to migrate, and need no Alembic.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _refuse_newer(found: str | None) -> None:
    if found is not None and found not in revisions():
        raise NewerSchema(
            "The database was migrated by a newer version of this program"
            f" (to {found}). Start that version, or restore an older backup."
        )
