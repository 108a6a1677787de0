"""What can be wrong with a database is said in words, and soon."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import sqlite3
import threading
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from storage import errors, schema, sqlite
from storage.database import open_database
from storage.journal import Journal
from storage.tables import JournalRow, TableBase, UtcTime

LATER = datetime(2026, 3, 2, tzinfo=UTC)


def accept(database):
    return Journal(database, "me", lambda: LATER).accept(
        "key", operation="x", actor="U1", request={}
    )


@pytest.fixture
def file(tmp_path):
    return tmp_path / "bot.db"


@pytest.fixture
def open_():
    """Open databases, and close them at the end."""
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(closing(open_database(url)))


@pytest.fixture
def on_file(open_, file):
    opened = open_(f"sqlite:///{file}")
    opened.migrate()
    return opened


@pytest.fixture
def migrated(open_, empty_url):
    opened = open_(empty_url)
    opened.migrate()
    return opened


def test_the_migrations_make_exactly_the_tables(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, TableBase.metadata) == []


def test_the_names_of_the_migrations_tell_their_order():
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    steps = [step.revision for step in scripts.walk_revisions()]
    assert schema.revisions() == steps[::-1]


def test_a_migrated_database_passes_its_check_and_migrating_again_is_harmless(database):
    database.migrate()
    database.check()


def test_several_may_migrate_at_once_however_long_one_takes(empty_url, monkeypatch):
    monkeypatch.setattr("storage.sqlite.BUSY_SECONDS", 0.001)
    ready = threading.Barrier(4)
    failures = []

    def migrate():
        opened = open_database(empty_url)
        ready.wait()
        try:
            opened.migrate()
            opened.check()
        except errors.DatabaseError as error:
            failures.append(error)
        opened.close()

    threads = [threading.Thread(target=migrate) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.fixture
def switching(file):
    """Another process that switches a new file to a write-ahead log."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_a_new_file_is_waited_for_that_another_process_makes(
    open_, file, switching, monkeypatch
):
    waited = []

    def sleep(seconds):
        waited.append(seconds)
        switching.execute("ROLLBACK")

    monkeypatch.setattr("storage.sqlite.sleep", sleep)
    opened = open_(f"sqlite:///{file}")
    opened.migrate()
    opened.check()
    assert len(waited) == 1


def test_a_file_that_another_process_never_lets_go_is_not_waited_for_forever(
    open_, file, switching, monkeypatch
):
    monkeypatch.setattr("storage.sqlite.MIGRATION_BUSY_SECONDS", 0)
    with pytest.raises(errors.Locked):
        open_(f"sqlite:///{file}").migrate()


def modes(file):
    return {f.name: f"{f.stat().st_mode & 0o777:o}" for f in file.parent.iterdir()}


def test_what_was_committed_outlasts_a_power_cut(on_file):
    with on_file.read() as session:
        assert session.scalar(text("PRAGMA synchronous")) == 2, "FULL"


def test_the_files_are_their_owners_alone(file, on_file):
    accept(on_file)
    assert modes(file) == {"bot.db": "600", "bot.db-wal": "600", "bot.db-shm": "600"}


def test_files_that_others_could_read_are_taken_from_them(file, on_file, caplog):
    accept(on_file)
    for path in file.parent.iterdir():
        path.chmod(0o644)

    on_file.migrate()

    assert set(modes(file).values()) == {"600"}
    assert f"others could read {file}; now only its owner can" in caplog.messages


def test_a_newer_database_is_refused(migrated):
    with migrated.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(errors.NewerSchema, match="newer version of this program"):
        migrated.check()
    with pytest.raises(errors.NewerSchema, match="9999"):
        migrated.migrate()


def test_an_empty_database_is_not_migrated(open_, empty_url, tmp_path):
    Path(tmp_path / "bot.db").touch()
    opened = open_(empty_url)
    with pytest.raises(errors.NotMigrated, match="not migrated"):
        opened.check()
    with pytest.raises(errors.NotMigrated):
        accept(opened)


def test_times_come_back_aware_and_exact(database, now):
    accept(database)
    with database.read() as session:
        stored = session.scalars(select(JournalRow.accepted_at)).one()
    assert stored == LATER
    assert stored.tzinfo is UTC


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        UtcTime().process_bind_param(LATER.replace(tzinfo=None), None)


def test_a_locked_file_is_reported_while_it_is_locked(on_file, file):
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.Locked, match="locked for too long"):
            accept(on_file)
        holder.execute("ROLLBACK")
    assert accept(on_file).fresh


def test_another_process_that_writes_is_waited_for(on_file, file, monkeypatch):
    """Each look is its own: SQLite's, 100 ms apart, miss a writer's short pauses."""
    waited = []
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def sleep(seconds):
            waited.append(seconds)
            if len(waited) == 3:
                other.execute("ROLLBACK")

        monkeypatch.setattr("storage.sqlite.sleep", sleep)
        assert accept(on_file).fresh
    assert waited == [sqlite.AGAIN_SECONDS] * 3


def test_threads_that_write_wait_for_their_turn_and_not_for_sqlite(
    open_, file, monkeypatch
):
    """SQLite itself is not waited for here, so each would be refused at once."""
    monkeypatch.setattr("storage.sqlite.BUSY_SECONDS", 0)
    opened = open_(f"sqlite:///{file}")
    opened.migrate()
    all_there, written = threading.Barrier(6), []

    def write():
        all_there.wait(30)
        with opened.write() as session:
            session.execute(text("UPDATE journal_entries SET state = state"))
            written.append(session)

    threads = [threading.Thread(target=write) for _ in range(5)]
    with opened.write() as session:
        session.execute(text("UPDATE journal_entries SET state = state"))
        for thread in threads:
            thread.start()
        all_there.wait(30)
    for thread in threads:
        thread.join(30)

    assert len(written) == 5


def test_a_thread_that_gets_no_turn_says_so_soon(on_file, monkeypatch):
    monkeypatch.setattr("storage.sqlite.TURN_SECONDS", 0.01)
    refused = []

    def write():
        try:
            with on_file.write():
                pass
        except errors.Locked as error:
            refused.append(error)

    with on_file.write():
        other = threading.Thread(target=write)
        other.start()
        other.join(30)

    assert len(refused) == 1


def test_erasing_is_done_once_more_for_who_came_while_it_was_done(on_file, monkeypatch):
    erased = []

    def erase(_):
        erased.append(1)
        if len(erased) == 1:
            on_file.to_erase = True
            on_file.erase()
        return True

    monkeypatch.setattr("storage.sqlite.erase", erase)

    on_file.erase()

    assert len(erased) == 2
    assert not on_file.to_erase


def test_a_locked_row_is_reported_while_it_is_locked(postgresql):
    with postgresql.engine.connect() as holder:
        holder.execute(text("LOCK TABLE journal_entries IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(errors.Locked):
            accept(postgresql)
        holder.rollback()
    assert accept(postgresql).fresh


def test_a_full_disk_is_reported(on_file):
    with on_file.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    journal = Journal(on_file, "me", lambda: LATER)

    def fill():
        for number in range(500):
            journal.accept(
                f"key-{number}", operation="x", actor="U1", request={"a": "b" * 3000}
            )

    with pytest.raises(errors.Full, match="Free some space"):
        fill()


def test_a_deleted_file_is_reported_not_written_to_in_vain(on_file, file):
    accept(on_file)
    for path in file.parent.glob("bot.db*"):
        path.unlink()
    with pytest.raises(errors.Gone, match="gone"):
        accept(on_file)
    assert not file.exists()


def test_a_replaced_file_is_opened_anew(on_file, file):
    accept(on_file)
    for path in file.parent.glob("bot.db*"):
        path.rename(path.with_suffix(".old"))
    on_file.migrate()
    assert accept(on_file).fresh


def test_a_file_that_is_no_database_is_reported(open_, file):
    file.write_bytes(b"not a database at all" * 100)
    opened = open_(f"sqlite:///{file}")
    with pytest.raises(errors.Gone, match="not a database"):
        opened.check()
    with pytest.raises(errors.Gone):
        opened.migrate()


def test_a_directory_that_is_missing_is_reported(open_, tmp_path):
    opened = open_(f"sqlite:///{tmp_path}/nowhere/bot.db")
    for step in (opened.migrate, opened.check):
        with pytest.raises(errors.NoFolder, match="Make it"):
            step()


@pytest.mark.parametrize(
    ("number", "kind", "advice"),
    [
        (errno.EROFS, errors.ReadOnly, "file system is not read-only"),
        (errno.EACCES, errors.ReadOnly, "permissions of its files"),
        (errno.ENOSPC, errors.Full, "Free some space"),
    ],
)
def test_a_file_that_cannot_be_made_is_reported(
    open_, file, monkeypatch, number, kind, advice
):
    def refuse(path, _):
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "touch", refuse)
    opened = open_(f"sqlite:///{file}")
    with pytest.raises(kind, match=advice):
        opened.migrate()


def test_a_file_that_cannot_be_opened_is_looked_into(on_file, file, monkeypatch):
    """SQLite says the same of all of them."""
    for path in file.parent.glob("bot.db*"):
        path.unlink()
    with pytest.raises(errors.Gone, match="Restore it"):
        accept(on_file)
    monkeypatch.setattr(
        "shutil.disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0)
    )
    with pytest.raises(errors.Full):
        accept(on_file)
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(errors.ReadOnly, match="not read-only"):
        accept(on_file)


def test_a_server_that_takes_no_writes_is_reported(open_, make_postgresql):
    database = open_(make_postgresql())
    database.migrate()
    database.touch()
    name = database.engine.url.database
    with database.write() as session:
        session.execute(
            text(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        )
    database.close()
    database.check()
    with pytest.raises(errors.Standby, match="primary"):
        database.touch()


def test_a_server_that_is_not_there_is_reported(open_):
    opened = open_("postgresql://bot:secret@127.0.0.1:1/bot")
    with pytest.raises(errors.DatabaseUnreachable, match="cannot be reached") as caught:
        opened.check()
    assert "secret" not in str(caught.value)


def test_a_database_that_is_not_there_is_reported(open_, postgresql_server):
    opened = open_(postgresql_server.replace("/postgres?", "/missing?"))
    with pytest.raises(errors.DatabaseUnreachable, match="does not exist"):
        opened.check()


def test_a_connection_that_broke_is_replaced(open_, make_postgresql, postgresql_server):
    database = open_(make_postgresql())
    database.migrate()
    database.check()
    with psycopg.connect(postgresql_server) as admin:
        ended = admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [database.engine.url.database],
        ).fetchall()
    assert ended == [(True,)]
    assert accept(database).fresh


@pytest.mark.parametrize("bad", ["mysql://x/y", "not a url", "sqlite://", ""])
def test_an_address_that_cannot_be_used_is_refused(bad):
    with pytest.raises(errors.DatabaseError, match="DATABASE_URL"):
        open_database(bad)


def test_commits_are_written_before_they_count(make_postgresql):
    url = make_postgresql()
    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with closing(open_database(url)) as database, database.read() as session:
        assert session.scalar(text("SHOW synchronous_commit")) == "on"


SOON = 20


"""Seconds: far less than the system waits, far more than a busy machine takes."""


@pytest.mark.prove
def test_a_server_that_takes_a_connection_and_is_silent_is_given_up_soon(open_):
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        port = silent.getsockname()[1]
        database = open_(f"postgresql://u:p@127.0.0.1:{port}/x")
        started = monotonic()
        with pytest.raises(errors.DatabaseUnreachable):
            accept(database)
        assert monotonic() - started < SOON


def test_a_server_that_hangs_is_given_up_soon(
    open_, make_postgresql, postgresql_server
):
    database = open_(make_postgresql())
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
