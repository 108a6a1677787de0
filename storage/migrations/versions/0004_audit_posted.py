"""Entries of the journal may be due in a channel too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column(
        "journal", sa.Column("post_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("journal", sa.Column("posting", sa.Text(), nullable=True))
    op.create_index("ix_journal_post_at", "journal", ["post_at"])
