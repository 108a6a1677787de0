"""PostgreSQL that is there and does not answer: who writes is told so soon."""

import os
import signal
import socket
from datetime import UTC, datetime
from time import monotonic

import psycopg
import pytest

from storage import errors
from storage.database import open_database
from storage.journal import Journal

SOON = 20
"""Seconds: far less than the system waits, far more than a busy machine takes."""


def accept(database):
    journal = Journal(database, "me", lambda: datetime(2026, 3, 2, tzinfo=UTC))
    return journal.accept("key", operation="x", actor="U1", request={})


def test_a_server_that_takes_a_connection_and_is_silent_is_given_up_soon():
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        port = silent.getsockname()[1]
        database = open_database(f"postgresql://u:p@127.0.0.1:{port}/x")
        started = monotonic()
        with pytest.raises(errors.Unreachable):
            accept(database)
        assert monotonic() - started < SOON
        database.close()


def test_a_server_that_hangs_is_given_up_soon(make_postgresql, postgresql_server):
    database = open_database(make_postgresql())
    database.migrate()
    assert accept(database).fresh
    with psycopg.connect(postgresql_server) as admin:
        asleep = admin.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s",
            [database.engine.url.database],
        ).fetchall()
    for (pid,) in asleep:
        os.kill(pid, signal.SIGSTOP)
    started = monotonic()
    assert not accept(database).fresh
    assert monotonic() - started < SOON
    for (pid,) in asleep:
        os.kill(pid, signal.SIGCONT)
    database.close()
