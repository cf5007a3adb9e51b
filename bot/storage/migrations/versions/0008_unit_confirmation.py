"""The key of a unit whose first officer the unit above has not confirmed yet.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("unit") as table:
        table.add_column(sa.Column("waiting_key", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("unit") as table:
        table.drop_column("waiting_key")
