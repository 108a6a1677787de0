"""Who opened their Home tab is remembered, and what was last published there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "home_tabs",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("first_opened_at", moment, nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("drawn_at", moment, nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("view_hash", sa.Text(), nullable=True),
        sa.Column("lease_until", moment, nullable=True),
        sa.PrimaryKeyConstraint("person", name="pk_home_tabs"),
    )
    op.create_index("ix_home_tabs_opened_at", "home_tabs", ["opened_at"])
