"""Why officers opened a reporter's contact, sealed under the tip's key.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "contact_opening",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("tip_id", text(length=32), nullable=False),
        sa.Column("officer_id", text(length=32), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
    )
    op.create_index("ix_contact_opening_tip_id", "contact_opening", ["tip_id"])


def downgrade() -> None:
    op.drop_index("ix_contact_opening_tip_id", table_name="contact_opening")
    op.drop_table("contact_opening")
