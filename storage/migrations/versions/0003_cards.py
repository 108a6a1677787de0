"""Messages that follow an escalation are remembered, to be edited as it changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "cards",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("deeds", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("drawn_at", moment, nullable=False),
        sa.Column("watched_until", moment, nullable=False),
        sa.Column("lease_until", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_cards"),
        sa.UniqueConstraint("channel", "ts", name="uq_cards_channel_ts"),
    )
    op.create_index("ix_cards_escalation_id", "cards", ["escalation_id"])
    op.create_index("ix_cards_watched_until", "cards", ["watched_until"])
