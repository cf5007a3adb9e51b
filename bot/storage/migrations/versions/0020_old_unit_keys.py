"""A unit's former private key, sealed to its new one while what was sealed to it is sealed anew.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("unit") as table:
        table.add_column(sa.Column("old_key", sa.LargeBinary(), nullable=True))
        table.add_column(
            sa.Column("rekey_after", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False, server_default="")
        )


def downgrade() -> None:
    with op.batch_alter_table("unit") as table:
        table.drop_column("rekey_after")
        table.drop_column("old_key")
