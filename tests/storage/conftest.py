from tests.storage.fixtures import (
    database,
    now,
    postgresql_server,
    postgresql_url,
    url,
)

__all__ = ["database", "now", "postgresql_server", "postgresql_url", "url"]
