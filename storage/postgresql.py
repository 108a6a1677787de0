"""PostgreSQL: any number of processes on any number of machines."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, text

if TYPE_CHECKING:
    from collections.abc import Generator

    from sqlalchemy import Dialect
    from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")

PATIENCE = 1.5
"""Seconds to wait for one answer."""

MIGRATION_PATIENCE = 60.0
_LIMITS = "-c lock_timeout=900ms -c statement_timeout=1200ms -c timezone=UTC"


def engine(url: URL, *, pool_size: int) -> Engine:
    """A pool that gives up soon: a person is waiting for the answer."""
    made = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=1,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 2,  # psycopg takes no less
            "tcp_user_timeout": 1000,
            "keepalives_idle": 10,
            "application_name": "incidentio-bot",
            "options": _LIMITS,
        },
    )
    event.listen(made, "do_connect", _connect)
    return made


def be_patient(connection: Connection) -> None:
    """Let this connection wait for others; it is closed after, not used again."""
    driver = connection.connection.driver_connection
    connection.detach()
    assert isinstance(driver, Impatient)
    driver.patience = MIGRATION_PATIENCE
    connection.execute(text("SET statement_timeout = 0"))
    connection.execute(text("SET lock_timeout = 0"))


def _connect(
    _: Dialect, __: ConnectionPoolEntry, args: list[Any], named: dict[str, Any]
) -> psycopg.Connection[Any]:
    return Impatient.connect(*args, **named)


class Impatient(psycopg.Connection[Any]):
    """Hangs up on a server that is there but gives no answer."""

    patience = PATIENCE

    def wait(
        self,
        gen: Generator[Any, Any, T],
        interval: float = 0.1,
        timeout: float | None = None,
    ) -> T:
        return super().wait(self._limited(gen), interval, timeout)

    def _limited(self, gen: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
        until = monotonic() + self.patience
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if monotonic() > until:
                    self.close()
                    raise psycopg.OperationalError("the server gave no answer in time")
                wanted = gen.send(ready)
        except StopIteration as end:
            result: T = end.value
            return result
