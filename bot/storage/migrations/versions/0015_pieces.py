"""Messages that come in pieces are one turn: until when more is waited for, and what is tried by itself.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversation") as table:
        table.add_column(sa.Column("listening", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("inbox") as table:
        table.add_column(sa.Column("due_at", sa.Float(), nullable=False, server_default="0"))
        table.add_column(sa.Column("with_id", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("alone", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("inbox") as table:
        table.drop_column("alone")
        table.drop_column("with_id")
        table.drop_column("due_at")
    with op.batch_alter_table("conversation") as table:
        table.drop_column("listening")
