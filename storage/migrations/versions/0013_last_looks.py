"""People catch up on an incident from where they last looked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "last_looks",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", "incident_id", name="pk_last_looks"),
    )
    op.create_index("ix_last_looks_looked_at", "last_looks", ["looked_at"])
