"""One database: SQLite by default, PostgreSQL where there are several replicas."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Engine, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from storage import postgresql, schema, sqlite
from storage.errors import DatabaseError, translate
from storage.lease import Lease, elapsed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Moment = datetime | ColumnElement[datetime]
"""A time, or the expression by which a statement asks the database for it."""


def open_database(url: str, *, pool_size: int = 16) -> Database:
    """Return a database, which is not connected to before it is used.

    Raises: ``DatabaseError`` where the address is none.
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

    ``now`` is the time by which leases are given and run out: of all processes the
    same, whatever their machines' clocks say. ``elapsed`` tells how long this process
    has held one.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        self.now: Callable[[], Moment]
        self.elapsed = elapsed
        self.sessions = self._with()
        self._writers = self._with(begin="IMMEDIATE")
        self.to_erase = True
        """Whether SQLite's files may hold something that was deleted or overwritten."""
        self._impatient: Callable[[], AbstractContextManager[None]]
        if self.dialect == "postgresql":
            self._single = self._with(isolation_level="AUTOCOMMIT")
            self._impatient = postgresql.in_a_hurry
            self.now = postgresql.now
        else:
            self._single = self._with(begin=None)
            self._impatient = nullcontext
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
    def statement(self) -> Iterator[Session]:
        """Open a session whose statements stand alone: one round trip, not three.

        A person waits for them: after ``postgresql.STATEMENT_PATIENCE`` a server that
        gives no answer is given up. A file answers within its own timeout.
        """
        with self._impatient(), self._explained(), self._single() as session:
            yield session

    def migrate(self) -> None:
        """Bring the tables to the revision that this program needs."""
        if self.dialect == "sqlite":
            sqlite.create(self.engine)
        with self._explained():
            before = schema.migrate(self.engine.execution_options(begin="IMMEDIATE"))
        if self.dialect == "sqlite" and before not in (None, schema.head()):
            sqlite.rebuild(self.engine)

    def check(self) -> None:
        """Do nothing if the database can be used; raise a ``DatabaseError`` if not."""
        with self._explained():
            schema.check(self.engine)

    def begin_lease(self, length: timedelta) -> Callable[[datetime], Lease]:
        """Return what makes the lease, once the statement that asks for it is through.

        It is counted from before the statement: what comes after may take long.
        """
        return partial(Lease, self.elapsed(), length, self.elapsed)

    def read_clock(self) -> datetime:
        """Return the time by the database's clock. Raises: ``DatabaseError``."""
        now = self.now()
        if isinstance(now, datetime):
            return now
        with self.statement() as session:
            return session.scalars(select(now)).one()

    def erase(self) -> None:
        """Take what was deleted or overwritten out of SQLite's files, if that is due.

        It stays due while others read the file. PostgreSQL erases by itself (vacuum).
        """
        if self.to_erase and self.dialect == "sqlite":
            self.to_erase = not sqlite.erase(self.engine)

    def touch(self) -> None:
        """Write without a change; raise a ``DatabaseError`` if nothing can be stored.

        Reading goes on with a full disk, and where writing is not permitted.
        """
        with self.statement() as session:
            session.execute(schema.WRITES_WHAT_IS_THERE)

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
                trouble = sqlite.looked_into(self.engine, trouble)
            raise trouble from error

    def _with(self, **options: Any) -> sessionmaker[Session]:
        engine = self.engine.execution_options(**options)
        return sessionmaker(engine, expire_on_commit=False)
