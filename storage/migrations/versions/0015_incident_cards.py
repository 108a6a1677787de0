"""The card of an incident in its channel is remembered, to be edited as it changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

INDEXES = (["incident_id"], ["changed_at"], ["pin", "pin_due_at"], ["drawn_at"])


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "incident_cards",
        sa.Column("slot_id", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message_ts", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("drawn_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=True),
        sa.Column("pin", sa.Text(), nullable=False),
        sa.Column("pin_due_at", moment, nullable=True),
        sa.Column("gone_at", moment, nullable=True),
        sa.Column("lease_until", moment, nullable=True),
        sa.PrimaryKeyConstraint("slot_id", name="pk_incident_cards"),
    )
    for columns in INDEXES:
        name = "_".join(["ix_incident_cards", *columns])
        op.create_index(name, "incident_cards", columns)
