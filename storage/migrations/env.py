"""Run by Alembic; the connection comes from ``storage.schema.migrate``."""

from __future__ import annotations

from alembic import context

from storage.tables import TableBase

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TableBase.metadata,
    transactional_ddl=True,
)
context.run_migrations()
