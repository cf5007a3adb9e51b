"""Copies of parts of a tip for support services.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "support_copy",
        sa.Column("id", text(length=32), primary_key=True),
        sa.Column("tip_id", text(length=32), nullable=False),
        sa.Column("unit_id", text(length=40), nullable=False),
        sa.Column("given_by", text(length=32), nullable=False),
        sa.Column("parts", text(length=60), nullable=False),
        sa.Column("consent", text(length=8), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
    )
    op.create_index("ix_support_copy_tip_id", "support_copy", ["tip_id"])
    op.create_index("ix_support_copy_unit_id", "support_copy", ["unit_id"])


def downgrade() -> None:
    op.drop_index("ix_support_copy_unit_id", table_name="support_copy")
    op.drop_index("ix_support_copy_tip_id", table_name="support_copy")
    op.drop_table("support_copy")
