"""On what a verification rests, and how the report of a crime was decided.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_COUNTS = ("prosecuted", "not_prosecuted", "suspended", "passed_on")


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    with op.batch_alter_table("tip") as changed:
        changed.add_column(sa.Column("verify_basis", text(length=80), nullable=False, server_default=""))
        changed.add_column(sa.Column("decision", text(length=16), nullable=False, server_default=""))
        changed.add_column(sa.Column("decided_at", sa.Float(), nullable=False, server_default="0"))
    with op.batch_alter_table("statistic") as changed:
        for name in _COUNTS:
            changed.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("tip_id", text(length=32), nullable=False),
        sa.Column("officer_id", text(length=32), nullable=False),
        sa.Column("kind", text(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
    )
    op.create_index("ix_decision_tip_id", "decision", ["tip_id"])


def downgrade() -> None:
    op.drop_table("decision")
    with op.batch_alter_table("statistic") as changed:
        for name in reversed(_COUNTS):
            changed.drop_column(name)
    with op.batch_alter_table("tip") as changed:
        for name in ("decided_at", "decision", "verify_basis"):
            changed.drop_column(name)
