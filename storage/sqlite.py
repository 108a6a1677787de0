"""SQLite: one file, several threads and processes on one machine."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sqlite3
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import QueuePool

from storage.errors import (
    DatabaseError,
    Full,
    Gone,
    Locked,
    NoFolder,
    ReadOnly,
    explain,
)
from storage.private_files import OWNER_ONLY, files_of, keep_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

log = logging.getLogger(__name__)

BUSY_SECONDS = 1.0
"""How long a process waits for others to write."""
TURN_SECONDS = 5.0
"""How long a thread waits for others of its process to write."""
MIGRATION_BUSY_SECONDS = 30.0
ERASING_BUSY_SECONDS = 0.2
AGAIN_SECONDS = 0.002
"""How often it looks meanwhile. SQLite itself would look every 100 ms."""
PRIMARY_CODE = 0xFF
"""The bits of SQLite's error codes that tell the error, without its cause."""
SINGLE_STATEMENTS: Mapping[str, Any] = {"begin": None}
LEAST_ROOM = 65_536
"""Free bytes; with less, SQLite cannot even open a database for writing."""

_WHY = {
    errno.ENOENT: NoFolder,
    errno.ENOTDIR: NoFolder,
    errno.EROFS: ReadOnly,
    errno.EACCES: ReadOnly,
    errno.EPERM: ReadOnly,
    errno.ENOSPC: Full,
    errno.EDQUOT: Full,
}


def engine(url: URL, *, pool_size: int) -> Engine:
    """Return an engine that never creates the file: that it is gone must be noticed."""
    if not url.database or url.database == ":memory:":
        raise DatabaseError("DATABASE_URL: SQLite needs a file, as sqlite:///bot.db.")
    path = Path(url.database)
    made = create_engine(
        url,
        hide_parameters=True,
        creator=lambda: _connect(path, BUSY_SECONDS),
        poolclass=QueuePool,
        pool_size=pool_size,
        pool_timeout=BUSY_SECONDS,
    )
    file = _File(path)
    event.listen(made, "connect", file.remember)
    event.listen(made, "checkout", file.compare)
    event.listen(made, "begin", _begin)
    return made


def deadline() -> AbstractContextManager[None]:
    """Set none: ``BUSY_SECONDS`` is one."""
    return nullcontext()


def turns() -> Callable[[], AbstractContextManager[None]]:
    """Return what a thread is in while it writes: one at a time, for one database.

    SQLite has no queue: each looks again and again whether it is unlocked, so of many
    that write some never find it so in ``BUSY_SECONDS``.
    """
    lock = RLock()

    @contextmanager
    def turn() -> Iterator[None]:
        if not lock.acquire(timeout=TURN_SECONDS):
            raise explain(Locked, "other threads of this process write")
        try:
            yield
        finally:
            lock.release()

    return turn


def now() -> datetime:
    """Return this machine's time, which all processes on the file share."""
    return datetime.now(UTC)


def create(made: Engine) -> None:
    """Make the file if there is none, for its owner alone, with a write-ahead log.

    SQLite gives the log and its index the permissions of the file.
    """
    path = Path(str(made.url.database))
    try:
        path.touch(OWNER_ONLY)
        keep_private(files_of(path))
        with closing(_connect(path, MIGRATION_BUSY_SECONDS)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
    except OSError as error:
        raise explain(_WHY.get(error.errno or 0, Gone), str(error)) from error
    except sqlite3.OperationalError as error:
        raise explain(Locked, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise explain(Gone, str(error)) from error


def erase(made: Engine) -> bool:
    """Erase what was deleted or overwritten from the write-ahead log too.

    ``secure_delete`` zeroes it in the file, but the log has pages as they were. Returns
    False while somebody else needs the log.
    """
    path = Path(str(made.url.database))
    try:
        with closing(_connect(path, ERASING_BUSY_SECONDS)) as connection:
            return _empty_the_log(connection)
    except sqlite3.DatabaseError:
        return False


def rebuild(made: Engine) -> None:
    """Write the file anew, without what earlier versions deleted and left in it."""
    path = Path(str(made.url.database))
    try:
        with closing(_connect(path, MIGRATION_BUSY_SECONDS)) as connection:
            connection.execute("VACUUM")
            _empty_the_log(connection)
    except sqlite3.OperationalError as error:
        log.warning("the database file was not written anew: %s", error)


def _empty_the_log(connection: _Connection) -> bool:
    """Return whether nobody else needed the log; SQLite waits for them itself."""
    connection.execute(f"PRAGMA busy_timeout = {connection.patience * 1000:.0f}")
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def diagnose(made: Engine, error: DatabaseError) -> DatabaseError:
    """Return the cause of a failure to open the file, if more can be seen of it.

    SQLite reports a missing file and one that may not be written alike.
    """
    path = Path(str(made.url.database)).absolute()
    if type(error) is not Gone:
        return error
    if not path.parent.exists():
        kind: type[DatabaseError] = NoFolder
    elif not os.access(path.parent, os.W_OK) or not _writable(path):
        kind = ReadOnly
    elif shutil.disk_usage(path.parent).free < LEAST_ROOM:
        kind = Full
    else:
        return error
    return explain(kind, str(path))


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK) or not path.exists()


class _Cursor(sqlite3.Cursor):
    """Waits until other processes let it write."""

    connection: _Connection

    def execute(self, statement: str, parameters: Any = (), /) -> _Cursor:
        until = monotonic() + self.connection.patience
        while True:
            try:
                return super().execute(statement, parameters)
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & PRIMARY_CODE == sqlite3.SQLITE_BUSY
                if not busy or monotonic() >= until:
                    raise
            sleep(AGAIN_SECONDS)


class _Connection(sqlite3.Connection):
    patience = BUSY_SECONDS
    """Seconds that a statement waits for other processes."""

    def cursor(self, _factory: object = None) -> _Cursor:  # type: ignore[override]
        return super().cursor(_Cursor)

    def execute(self, statement: str, parameters: Any = (), /) -> _Cursor:
        return self.cursor().execute(statement, parameters)


def _connect(path: Path, patience: float) -> _Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode=rw",
        uri=True,
        timeout=0,
        isolation_level=None,
        check_same_thread=False,
        factory=_Connection,
    )
    connection.patience = patience
    # In WAL mode a power cut may otherwise undo what was committed last.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    return connection


@contextmanager
def migrating(connection: Connection) -> Iterator[None]:
    """Begin a transaction in which dropping a table deletes nothing in others.

    SQLite cannot alter a table: Alembic copies it and drops the old one, and with that
    the rows that refer to it, while foreign keys are on. They are switched off outside
    of transactions only. It waits long for other processes that migrate.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, _Connection)
    driver.execute("PRAGMA foreign_keys = OFF")
    driver.patience = MIGRATION_BUSY_SECONDS
    try:
        with connection.begin():
            yield
    finally:
        driver.patience = BUSY_SECONDS
        driver.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    """Begin with the lock that the engine's options name.

    A writer locks before it reads: of two that lock later, both may have to give up.
    """
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    if mode is not None:
        connection.exec_driver_sql(f"BEGIN {mode}")


class _File:
    """Notices that the file was deleted or replaced.

    SQLite itself goes on writing to a deleted file without a word.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def remember(self, _: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = self._identity()

    def compare(
        self,
        _: DBAPIConnection,
        record: ConnectionPoolEntry,
        __: PoolProxiedConnection,
    ) -> None:
        if self._identity() != record.info["file"]:
            raise DisconnectionError("The database file was deleted or replaced")

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino
