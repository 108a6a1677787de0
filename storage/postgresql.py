"""PostgreSQL: any number of processes on any number of machines."""

from __future__ import annotations

from sqlalchemy import URL, Engine, create_engine

_LIMITS = "-c lock_timeout=900ms -c statement_timeout=5s -c timezone=UTC"


def engine(url: URL, *, pool_size: int) -> Engine:
    """A pool that gives up soon: a person is waiting for the answer."""
    return create_engine(
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
