"""Reminders are of several kinds; people have preferences; some is said once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.add_column(
        "subscriptions",
        sa.Column("kind", sa.Text(), nullable=True),
    )
    op.add_column("subscriptions", sa.Column("options", JSON, nullable=True))
    for name in ("failing_since", "told_at"):
        moment = sa.Column(name, sa.DateTime(timezone=True), nullable=True)
        op.add_column("subscriptions", moment)
    op.execute("UPDATE subscriptions SET kind = 'channel'")
    with op.batch_alter_table("subscriptions") as table:
        table.alter_column("kind", existing_type=sa.Text(), nullable=False)
    op.create_index("ix_subscriptions_kind", "subscriptions", ["kind"])
    _slots()
    op.create_table(
        "preferences",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_preferences"),
    )
    op.create_table(
        "marks",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("slot_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_marks"),
    )
    op.create_index("ix_marks_slot_id", "marks", ["slot_id"])
    op.create_index("ix_marks_at", "marks", ["at"])


def _slots() -> None:
    for name in ("key", "posted_in"):
        op.add_column("slots", sa.Column(name, sa.Text(), nullable=True))
    for name in ("params", "shown"):
        op.add_column("slots", sa.Column(name, JSON, nullable=True))
    op.execute("UPDATE slots SET key = id")
    with op.batch_alter_table("slots") as table:
        table.drop_constraint("uq_slots_subscription_id_slot_at", type_="unique")
        table.alter_column("key", existing_type=sa.Text(), nullable=False)
        table.create_unique_constraint("uq_slots_key", ["key"])
    op.create_index(
        "ix_slots_subscription_id_slot_at", "slots", ["subscription_id", "slot_at"]
    )
    op.create_index(
        "ix_slots_posted_in_message_ts", "slots", ["posted_in", "message_ts"]
    )
