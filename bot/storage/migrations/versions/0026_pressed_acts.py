"""Acts that were pressed and wait for their ten seconds; officers' own ready-made answers.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "pressed_act",
        sa.Column("referral_id", text(length=32), primary_key=True),
        sa.Column("officer_id", text(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("pressed_at", sa.Float(), nullable=False),
        sa.Column("problem", text(length=32), nullable=False),
    )
    op.create_index("ix_pressed_act_officer_id", "pressed_act", ["officer_id"])
    op.create_table(
        "saved_reply",
        sa.Column("id", text(length=32), primary_key=True),
        sa.Column("officer_id", text(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
    )
    op.create_index("ix_saved_reply_officer_id", "saved_reply", ["officer_id"])


def downgrade() -> None:
    op.drop_table("saved_reply")
    op.drop_table("pressed_act")
