"""A Home tab's incidents are remembered, to be hidden when they become private."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("home_tabs", sa.Column("named", sa.JSON(), nullable=True))
