"""One database: SQLite by default, PostgreSQL where there are several replicas."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from storage import postgresql, schema, sqlite
from storage.errors import DatabaseError, translate
from storage.lease import Lease, elapsed
from storage.tables import UtcTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    match parsed.get_backend_name():
        case "sqlite":
            return Database(sqlite.engine(parsed, pool_size=pool_size))
        case "postgresql":
            return Database(postgresql.engine(parsed, pool_size=pool_size))
        case other:
            raise DatabaseError(
                f"DATABASE_URL: {other} is neither sqlite nor postgresql."
            )


class Database:
    """Opens all sessions, and turns what a driver raises into a ``DatabaseError``.

    ``now`` is the time that leases go by: the same for all processes, whatever their
    machines' clocks say. ``elapsed`` measures how long this process has held a lease.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        self.now: Callable[[], DatabaseTime]
        self.elapsed = elapsed
        self.sessions = self._with()
        self._writers = self._with(begin="IMMEDIATE")
        self.to_erase = True
        """Whether SQLite's files may hold something that was deleted or overwritten."""
        self._deadline: Callable[[], AbstractContextManager[None]]
        if self.dialect == "postgresql":
            self._single = engine.execution_options(isolation_level="AUTOCOMMIT")
            self._deadline = postgresql.statement_deadline
            self.now = postgresql.now
        else:
            self._single = engine.execution_options(begin=None)
            self._deadline = nullcontext
            self.now = sqlite.now

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that reads one state of the database."""
        with self._explained(), self.sessions.begin() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction: all of it is stored, or none. SQLite locks at once."""
        with self._explained(), self._writers.begin() as session:
            yield session

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

        What it raises later is psycopg's own.
        """
        with self._explained():
            connection = postgresql.listen(self.engine, channel)
        with closing(connection):
            yield connection

    def migrate(self) -> None:
        """Bring the tables to the revision that this program needs."""
        if self.dialect == "sqlite":
            sqlite.create(self.engine)
        with self._explained():
            before = schema.migrate(self.engine.execution_options(begin="IMMEDIATE"))
        if self.dialect == "sqlite" and before not in (None, schema.head()):
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

        It stays due while others read the file. PostgreSQL erases by itself (vacuum).
        """
        if self.to_erase and self.dialect == "sqlite":
            self.to_erase = not sqlite.erase(self.engine)

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
