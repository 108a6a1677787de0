from tests.storage.fixtures import (
    database,
    empty_url,
    now,
    postgresql_server,
    postgresql_url,
    sqlite_url,
    url,
)

__all__ = [
    "database",
    "empty_url",
    "now",
    "postgresql_server",
    "postgresql_url",
    "sqlite_url",
    "url",
]
