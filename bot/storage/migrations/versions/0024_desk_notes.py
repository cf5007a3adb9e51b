"""Officers' notes, sealed apart from the tip; who of a unit has a tip; answers not sent yet.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "tip_note",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("tip_id", text(length=32), nullable=False),
        sa.Column("officer_id", text(length=32), nullable=False),
        sa.Column("kind", text(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_tip_note_tip_id", "tip_note", ["tip_id"])
    op.create_table(
        "assignment",
        sa.Column("referral_id", text(length=32), primary_key=True),
        sa.Column("officer_id", text(length=32), nullable=False),
        sa.Column("by_id", text(length=32), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
    )
    op.create_index("ix_assignment_officer_id", "assignment", ["officer_id"])
    op.create_table(
        "answer_draft",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("referral_id", text(length=32), nullable=False),
        sa.Column("officer_id", text(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.Float(), nullable=False),
        sa.UniqueConstraint("referral_id", "officer_id"),
    )


def downgrade() -> None:
    op.drop_table("answer_draft")
    op.drop_table("assignment")
    op.drop_table("tip_note")
