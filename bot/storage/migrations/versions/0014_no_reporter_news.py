"""Whether a reporter had looked since an officer wrote: written, read nowhere, and a trace of when they came.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("tip", "reporter_news")


def downgrade() -> None:
    with op.batch_alter_table("tip") as table:
        table.add_column(sa.Column("reporter_news", sa.Boolean(), nullable=False, server_default=sa.false()))
