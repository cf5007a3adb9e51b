"""What support services answer to a copy, and letters to those that are not on the system.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    with op.batch_alter_table("support_copy") as changed:
        changed.add_column(sa.Column("state", text(length=8), nullable=False, server_default="given"))
        changed.add_column(sa.Column("answered_at", sa.Float(), nullable=False, server_default="0"))
        changed.add_column(sa.Column("done_at", sa.Float(), nullable=False, server_default="0"))
        changed.add_column(sa.Column("reason", text(length=24), nullable=False, server_default=""))
        changed.add_column(sa.Column("answer", sa.LargeBinary(), nullable=True))
        changed.add_column(sa.Column("tell", sa.Boolean(), nullable=False, server_default=sa.false()))
        changed.add_column(sa.Column("recipient", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("support_copy") as changed:
        for column in ("recipient", "tell", "answer", "reason", "done_at", "answered_at", "state"):
            changed.drop_column(column)
