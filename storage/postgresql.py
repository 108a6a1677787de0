"""PostgreSQL: any number of processes on any number of machines."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from sqlalchemy import URL, Engine, create_engine

if TYPE_CHECKING:
    from collections.abc import Generator

T = TypeVar("T")

PATIENCE = 1.5
"""Seconds for one answer; migrations, which wait for each other, set their own."""

_LIMITS = "-c lock_timeout=900ms -c statement_timeout=1200ms -c timezone=UTC"


def engine(url: URL, *, pool_size: int) -> Engine:
    """A pool that gives up soon: a person is waiting for the answer."""
    arguments: dict[str, Any] = {
        "connect_timeout": 2,  # psycopg takes no less
        "tcp_user_timeout": 1000,
        "keepalives_idle": 10,
        "application_name": "incidentio-bot",
        "options": _LIMITS,
    }
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        creator=lambda: Impatient.connect(
            **{**url.translate_connect_args(username="user", database="dbname")},
            **url.query,
            **arguments,
        ),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=1,
        pool_pre_ping=True,
    )


class Impatient(psycopg.Connection[Any]):
    """Hangs up on a server that is there but gives no answer."""

    patience = PATIENCE

    def wait(self, gen: Generator[Any, Any, T], interval: float = 0.1) -> T:
        return super().wait(self._limited(gen), interval)

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
