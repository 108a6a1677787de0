"""PostgreSQL: any number of processes on any number of machines."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from contextvars import ContextVar
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Engine,
    create_engine,
    event,
    func,
    text,
)

from storage.errors import DatabaseUnreachable, explain

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Dialect
    from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")

PATIENCE = 1.5
"""Seconds to wait for one answer."""
PING_PATIENCE = 0.5
MIGRATION_PATIENCE = 60.0
STATEMENT_PATIENCE = 1.5
"""Seconds for a statement that a person waits for, connecting included."""

SINGLE_STATEMENTS: Mapping[str, Any] = {"isolation_level": "AUTOCOMMIT"}
_MIGRATION_LOCK = 7463061
"""Any number will do, as long as every version uses the same."""
_until: ContextVar[float | None] = ContextVar("until", default=None)
_OPTIONS = (
    "-c lock_timeout=900ms -c statement_timeout=1200ms -c timezone=UTC "
    # A server that confirms what it can still lose would have messages sent twice.
    "-c synchronous_commit=on"
)

_STAYS_IDLE = (
    "SELECT set_config(name, '0', false) FROM pg_settings "
    "WHERE name = 'idle_session_timeout'"
)
"""Servers before version 14 have no such setting."""


def engine(url: URL, *, pool_size: int) -> Engine:
    """Return an engine that gives up soon: a person is waiting for the answer."""
    made = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=1,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 2,  # for each host; libpq takes no less
            "tcp_user_timeout": 1000,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "application_name": "incidentio-bot",
            "options": _OPTIONS,
        },
    )
    event.listen(made, "do_connect", _connect)
    ping = made.dialect.do_ping

    def impatient_ping(dbapi_connection: Any) -> bool:
        return _pinged(dbapi_connection, ping)

    made.dialect.do_ping = impatient_ping  # type: ignore[method-assign]
    return made


def turns() -> Callable[[], AbstractContextManager[None]]:
    """Return what a thread is in while it writes: the server lets many write."""
    return nullcontext


def now() -> ColumnElement[datetime]:
    """Return the expression for the server's time when a statement begins."""
    return func.statement_timestamp(type_=DateTime(timezone=True))


def _pinged(driver: Any, ping: Callable[[Any], bool]) -> bool:
    """Ping with less patience: time must be left to connect anew."""
    before, driver.patience = driver.patience, PING_PATIENCE
    try:
        return ping(driver)
    finally:
        driver.patience = before


@contextmanager
def deadline() -> Iterator[None]:
    """Give up the statements in this block after ``STATEMENT_PATIENCE`` for all."""
    token = _until.set(monotonic() + STATEMENT_PATIENCE)
    try:
        yield
    finally:
        _until.reset(token)


@contextmanager
def migrating(connection: Connection) -> Iterator[None]:
    """Begin a transaction that one process at a time is in, however long it takes.

    The connection is not used again after that.
    """
    driver = connection.connection.driver_connection
    connection.detach()
    assert isinstance(driver, Impatient)
    driver.patience = MIGRATION_PATIENCE
    with connection.begin():
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SET lock_timeout = 0"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        yield


@contextmanager
def listening(engine: Engine, channel: str) -> Iterator[psycopg.Connection[Any]]:
    """Open a connection of the caller's own that hears what is told on a channel.

    Raises:
        DatabaseUnreachable: it could not be opened, or was lost.
    """
    try:
        pooled = engine.raw_connection()
        driver = pooled.driver_connection
        pooled.detach()
        assert isinstance(driver, Impatient)
        with closing(driver):
            driver.autocommit = True
            driver.execute(_STAYS_IDLE)
            driver.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            driver.patience = inf
            yield driver
    except psycopg.Error as error:
        raise explain(DatabaseUnreachable, str(error)) from error


def _connect(
    _: Dialect, __: ConnectionPoolEntry, args: list[Any], named: dict[str, Any]
) -> psycopg.Connection[Any]:
    return Impatient.connect(*args, **named)


class Impatient(psycopg.Connection[Any]):
    """A connection that is closed when the server gives no answer in time."""

    patience = PATIENCE

    def wait(
        self,
        gen: Generator[Any, Any, T],
        interval: float = 0.1,
        timeout: float | None = None,
    ) -> T:
        return super().wait(_limited(gen, self.patience, self.close), interval, timeout)


def _limited(
    gen: Generator[Any, Any, T], patience: float, hang_up: Callable[[], object]
) -> Generator[Any, Any, T]:
    """Run ``gen`` for ``patience`` seconds, or until an earlier deadline of the block.

    Raises:
        OperationalError: it took longer. The connection was closed by ``hang_up``.
    """
    until = min(monotonic() + patience, _until.get() or inf)
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if monotonic() > until:
                hang_up()
                raise psycopg.OperationalError("the server gave no answer in time")
            wanted = gen.send(ready)
    except StopIteration as end:
        result: T = end.value
        return result
