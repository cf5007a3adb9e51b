"""Campaigns: what subscribers chose, campaigns, a row for each recipient, taps, test messages.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
_CHANNEL_OF = "UPDATE subscriber SET channel = COALESCE((SELECT c.channel FROM conversation c WHERE c.id = subscriber.conversation_id), '')"


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    with op.batch_alter_table("subscriber") as batch:
        batch.drop_index("ix_subscriber_active")
        batch.add_column(sa.Column("channel", text(length=16), nullable=False, server_default=""))
        batch.add_column(sa.Column("language", text(length=3), nullable=False, server_default="vi"))
        batch.add_column(sa.Column("age_band", text(length=8), nullable=False, server_default=""))
        batch.add_column(sa.Column("province_code", text(length=2), nullable=False, server_default=""))
        batch.add_column(sa.Column("commune_code", text(length=5), nullable=False, server_default=""))
        batch.add_column(sa.Column("topics", sa.Integer(), nullable=False, server_default="0"))
        batch.create_index("ix_subscriber_place", ["province_code", "commune_code"])
    op.execute(_CHANNEL_OF)
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", text(length=120), nullable=False),
        sa.Column("state", text(length=10), nullable=False),
        sa.Column("reason", text(length=40), nullable=False),
        sa.Column("params", text(), nullable=False),
        sa.Column("frozen", text(), nullable=False),
        sa.Column("digest", text(length=64), nullable=False),
        sa.Column("approved_digest", text(length=64), nullable=False),
        sa.Column("created_by", text(length=32), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("submitted_by", text(length=32), nullable=False),
        sa.Column("approved_by", text(length=32), nullable=False),
        sa.Column("approved_at", sa.Float(), nullable=False),
        sa.Column("start_at", sa.Float(), nullable=False),
        sa.Column("started_at", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float(), nullable=False),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("plan_after", text(length=64), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("summary", text(), nullable=False),
        sqlite_autoincrement=True,  # an id is part of button ids on people's phones: never given out twice
    )
    op.create_index("ix_campaign_state", "campaign", ["state"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", text(length=64), nullable=False),
        sa.Column("channel", text(length=16), nullable=False),
        sa.Column("language", text(length=3), nullable=False),
        sa.Column("status", text(length=8), nullable=False),
        sa.Column("code", text(length=40), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.UniqueConstraint("conversation_id", "campaign_id"),
    )
    op.create_index("ix_delivery_work", "delivery", ["campaign_id", "status", "channel", "at", "id"])
    op.create_table(
        "campaign_tap",
        sa.Column("campaign_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("choice", text(length=64), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_table(
        "campaign_test",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", text(length=32), nullable=False),
        sa.Column("status", text(length=8), nullable=False),
        sa.Column("code", text(length=40), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
    )
    op.create_index("ix_campaign_test_campaign_id", "campaign_test", ["campaign_id"])


def downgrade() -> None:
    for table in ("campaign_test", "campaign_tap", "delivery", "campaign"):
        op.drop_table(table)
    with op.batch_alter_table("subscriber") as batch:
        batch.drop_index("ix_subscriber_place")
        for column in ("topics", "commune_code", "province_code", "age_band", "language", "channel"):
            batch.drop_column(column)
        batch.create_index("ix_subscriber_active", ["active"])
