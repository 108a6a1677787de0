"""A write that may have been made is remembered as such, however it ends.

A process of the version before goes on, and marks none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    since = sa.Column("in_doubt_since", sa.DateTime(timezone=True), nullable=True)
    op.add_column("journal_entries", since)
    op.execute(
        "UPDATE journal_entries SET in_doubt_since = accepted_at"
        " WHERE state = 'unknown' OR attempt > 1"
    )
