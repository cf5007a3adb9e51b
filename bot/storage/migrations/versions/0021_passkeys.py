"""Passkeys of officers, beside the six digits.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "passkey",
        sa.Column("id", text(length=32), primary_key=True),
        sa.Column("officer_id", text(length=32), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", text(length=80), nullable=False),
        sa.Column("name", text(length=60), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("last_used", sa.Float(), nullable=False),
        sa.UniqueConstraint("credential_id"),
    )
    op.create_index("ix_passkey_officer_id", "passkey", ["officer_id"])


def downgrade() -> None:
    op.drop_table("passkey")
