"""Checks the database, and that nobody else can read what the bot keeps in files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from admin.finding import Finding
from runtime.settings import SETTINGS_FILE, Settings
from storage.database import Database, open_database
from storage.errors import DatabaseError, NotMigrated
from storage.private_files import files_of, readable_by_others

DATABASE, FILES = "Database", "Files"


def database(settings: Settings) -> Iterator[Finding]:
    """Check that the database exists, is migrated and can be written."""
    missing = _missing_file(settings.database_url)
    if missing is not None:
        yield _before_first_start(missing)
        return
    try:
        with closing(open_database(settings.database_url)) as opened:
            yield _examined(opened)
    except DatabaseError as error:
        yield Finding(DATABASE, "fault", str(error))


def _examined(opened: Database) -> Finding:
    try:
        opened.check()
    except NotMigrated as error:
        if opened.dialect == "sqlite":
            return Finding(DATABASE, "ok", "Will be migrated at the next start.")
        return Finding(DATABASE, "fault", str(error))
    opened.touch()
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[opened.dialect]
    return Finding(DATABASE, "ok", f"{name}: reached, migrated, can be written.")


def _missing_file(url: str) -> Path | None:
    """Return the path of a SQLite file that does not exist yet."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    path = Path(parsed.database)
    return None if path.exists() else path


def _before_first_start(path: Path) -> Finding:
    if os.access(path.absolute().parent, os.W_OK | os.X_OK):
        return Finding(DATABASE, "ok", f"{path} will be made at the first start.")
    return Finding(
        DATABASE,
        "fault",
        f"{path} cannot be made: its folder is missing or may not be written. Make "
        "it, or change DATABASE_URL.",
    )


def files(settings: Settings) -> Iterator[Finding]:
    """Find each file that others can read; say nothing where there is none."""
    url = make_url(settings.database_url)
    known = [SETTINGS_FILE]
    if url.get_backend_name() == "sqlite" and url.database:
        known += files_of(Path(url.database))
    open_ = " ".join(str(path) for path in known if readable_by_others(path))
    if open_:
        yield Finding(
            FILES,
            "warning",
            f"Other users of this machine can read {open_}. The next start takes that "
            f"from them, if the files are the bot's own; or run: chmod 600 {open_}",
        )
