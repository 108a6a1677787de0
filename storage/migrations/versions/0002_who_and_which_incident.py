"""The journal also says who it was in incident.io, and which incident it was about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("journal", sa.Column("account", sa.Text(), nullable=True))
    op.add_column("journal", sa.Column("incident_id", sa.Text(), nullable=True))
