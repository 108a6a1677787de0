"""One database: SQLite by default, PostgreSQL where there are several replicas."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    bindparam,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from storage import schema, sqlite
from storage.errors import DatabaseError, DatabaseUnreachable, Gone, translate
from storage.lease import Lease, elapsed
from storage.tables import UtcTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from psycopg import Connection as Listening

DatabaseTime = datetime | ColumnElement[datetime]
"""A time, or an expression of a statement that the database replaces by its time."""


def open_database(url: str, *, pool_size: int = 16) -> Database:
    """Return a database; it is connected to when it is first used.

    Raises:
        DatabaseError: ``url`` is not the address of a database.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseError("DATABASE_URL is not a database URL.") from error
    driver = _driver(parsed.get_backend_name())
    return Database(driver.engine(parsed, pool_size=pool_size), driver)


class Driver(Protocol):
    """What the two databases do each in its own way."""

    SINGLE_STATEMENTS: Mapping[str, Any]
    """The options of an engine that begins no transactions."""

    def engine(self, url: URL, *, pool_size: int) -> Engine: ...
    def now(self) -> DatabaseTime: ...
    def turns(self) -> Callable[[], AbstractContextManager[None]]: ...
    def deadline(self) -> AbstractContextManager[None]: ...
    def migrating(self, connection: Connection, /) -> AbstractContextManager[None]: ...


def _driver(backend: str) -> Driver:
    match backend:
        case "sqlite":
            return sqlite
        case "postgresql":
            # Whoever has SQLite has no use for the 10 MB that this takes.
            from storage import postgresql  # noqa: PLC0415

            return postgresql
    raise DatabaseError(f"DATABASE_URL: {backend} is neither sqlite nor postgresql.")


class Database:
    """Opens all sessions, and turns what a driver raises into a ``DatabaseError``.

    ``now`` is the time that leases go by: the same for all processes, whatever their
    machines' clocks say. ``elapsed`` measures how long this process has held a lease.
    """

    def __init__(self, engine: Engine, driver: Driver) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        self.now: Callable[[], DatabaseTime] = driver.now
        self.elapsed = elapsed
        self.sessions = self._with()
        self._writers = self._with(begin="IMMEDIATE")
        self._single = engine.execution_options(**driver.SINGLE_STATEMENTS)
        self._deadline = driver.deadline
        self._turn = driver.turns()
        self._migrating = driver.migrating
        self.to_erase = True
        """Whether SQLite's files may hold something that was deleted or overwritten."""
        self._erasing = Lock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that reads one state of the database."""
        with self._explained(), self.sessions.begin() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction: all of it is stored, or none. SQLite locks at once.

        Raises:
            DatabaseError: it failed; with ``may_be_stored`` perhaps only its answer.
        """
        commits = False
        try:
            with (
                self._turn(),
                self._explained(),
                self._writers.begin() as session,
            ):
                yield session
                session.flush()
                commits = True
        except (DatabaseUnreachable, Gone) as error:
            error.may_be_stored = commits
            raise

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """Open no transaction: one round trip a statement, not three. And no ORM.

        People wait for it: after ``postgresql.STATEMENT_PATIENCE`` a server that gives
        no answer is given up. SQLite has a timeout of its own.
        """
        with self._deadline(), self._explained(), self._single.connect() as connection:
            yield connection

    @contextmanager
    def listening(self, channel: str) -> Iterator[Listening]:
        """Open a connection of PostgreSQL that hears what is told on a channel.

        Raises:
            DatabaseError: there is none, or it was lost.
        """
        from storage import postgresql  # noqa: PLC0415

        with (
            self._explained(),
            postgresql.listening(self.engine, channel) as connection,
        ):
            yield connection

    def migrate(self, revision: str | None = None) -> None:
        """Bring the tables to the revision that this program needs, or an earlier."""
        wanted = revision or schema.head()
        if self.dialect == "sqlite":
            sqlite.create(self.engine)
        with self._explained():
            engine = self.engine.execution_options(begin="IMMEDIATE")
            before = schema.migrate(engine, self._migrating, wanted)
        if self.dialect == "sqlite" and before not in (None, wanted):
            sqlite.rebuild(self.engine)

    def check(self) -> None:
        """Do nothing if the database can be used.

        Raises:
            DatabaseError: it cannot.
        """
        with self._explained():
            schema.check(self.engine)

    def after(self, length: timedelta) -> ColumnElement[datetime]:
        """Return the time so long after a statement begins, however often it is run."""
        now = self.now()
        if isinstance(now, datetime):
            return bindparam(
                None, type_=UtcTime, callable_=lambda: self.read_clock() + length
            )
        return now + length

    def begin_lease(self, length: timedelta) -> Callable[[datetime], Lease]:
        """Begin to measure a lease; return a function from its end to the lease.

        Call this before the statement that asks for the lease, which may take long.
        """
        return partial(Lease, self.elapsed(), length, self.elapsed)

    def read_clock(self) -> datetime:
        """Return the time by the database's clock.

        Raises:
            DatabaseError: it cannot be read.
        """
        now = self.now()
        if isinstance(now, datetime):
            return now
        with self.statement() as connection:
            return connection.scalars(select(now)).one()

    def erase(self) -> None:
        """Erase what was deleted or overwritten from SQLite's files, if that is due.

        It stays due while others read the file. One thread at a time does it, for all
        writers wait for that. PostgreSQL erases by itself (vacuum).
        """
        if self.dialect != "sqlite" or not self._erasing.acquire(blocking=False):
            return
        try:
            while self.to_erase:
                self.to_erase = False
                if not sqlite.erase(self.engine):
                    self.to_erase = True
                    return
        finally:
            self._erasing.release()

    def touch(self) -> None:
        """Write without changing anything.

        Raises:
            DatabaseError: nothing can be stored, though reading may still be possible.
        """
        with self.statement() as connection:
            connection.execute(schema.WRITES_WHAT_IS_THERE)

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what a driver raises into a ``DatabaseError``."""
        try:
            yield
        except SQLAlchemyError as error:
            trouble = translate(error)
            if trouble is None:
                raise
            if self.dialect == "sqlite":
                trouble = sqlite.diagnose(self.engine, trouble)
            raise trouble from error

    def _with(self, **options: Any) -> sessionmaker[Session]:
        engine = self.engine.execution_options(**options)
        return sessionmaker(engine, expire_on_commit=False)
