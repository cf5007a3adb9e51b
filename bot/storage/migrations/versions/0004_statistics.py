"""Deliveries of notices, signs of life of the jobs, counts that outlive erased tips.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "notice_delivery",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("notice_id", text(length=32), nullable=False),
        sa.Column("officer_id", text(length=32), nullable=False),
        sa.Column("route", text(length=16), nullable=False),
        sa.Column("status", text(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.Column("claimed_at", sa.Float(), nullable=False),
        sa.Column("code", text(length=40), nullable=False),
        sa.UniqueConstraint("notice_id", "officer_id", "route"),
    )
    op.create_index("ix_notice_delivery_notice_id", "notice_delivery", ["notice_id"])
    op.create_index("ix_notice_delivery_status", "notice_delivery", ["status"])
    op.create_table(
        "statistic",
        sa.Column("month", text(length=7), primary_key=True),
        sa.Column("province_code", text(length=2), primary_key=True),
        sa.Column("category", text(length=40), primary_key=True),
        sa.Column("outcome", text(length=40), primary_key=True),
        sa.Column("urgency", text(length=8), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_table(
        "heartbeat",
        sa.Column("duty", text(length=20), primary_key=True),
        sa.Column("at", sa.Float(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("heartbeat")
    op.drop_table("statistic")
    op.drop_index("ix_notice_delivery_status", table_name="notice_delivery")
    op.drop_index("ix_notice_delivery_notice_id", table_name="notice_delivery")
    op.drop_table("notice_delivery")
