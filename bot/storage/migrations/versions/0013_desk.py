"""What a working desk needs: unseen messages of reporters, clocks that begin anew, who was told above, an officer's own
classification beside the machine's, and the result of a verification.

Revision ID: 0013
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NUMBERS = {
    "referral": (("reopened", sa.Integer), ("replies", sa.Integer), ("reply_steps", sa.Integer), ("clock_from", sa.Float),
                 ("receive_by", sa.Float), ("reply_at", sa.Float), ("reply_danger_at", sa.Float)),
    "tip": (("verified_at", sa.Float), ("verify_by", sa.Float), ("victims", sa.Integer), ("victims_child", sa.Integer)),
    "statistic": (("verified", sa.Integer), ("verified_in_time", sa.Integer), ("victims", sa.Integer),
                  ("victims_child", sa.Integer)),
}  # fmt: skip


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    for table, columns in _NUMBERS.items():
        with op.batch_alter_table(table) as batch:
            for name, kind in columns:
                batch.add_column(sa.Column(name, kind(), nullable=False, server_default="0"))
    with op.batch_alter_table("tip") as batch:
        batch.add_column(sa.Column("verify_result", text(length=16), nullable=False, server_default=""))
    op.create_table(
        "correction",
        sa.Column("tip_id", text(length=32), primary_key=True),
        sa.Column("category", text(length=40), nullable=False),
        sa.Column("urgency", text(length=8), nullable=False),
        sa.Column("commune_code", text(length=5), nullable=False),
        sa.Column("province_code", text(length=2), nullable=False),
        sa.Column("child", sa.Boolean(), nullable=False),
        sa.Column("officer_id", text(length=32), nullable=False),
        sa.Column("reason", text(length=40), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.Float(), nullable=False),
    )
    op.create_table(
        "raised",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("referral_id", text(length=32), nullable=False),
        sa.Column("unit_id", text(length=40), nullable=False),
        sa.Column("kind", text(length=16), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.UniqueConstraint("referral_id", "unit_id", "kind"),
    )
    op.create_index("ix_raised_referral_id", "raised", ["referral_id"])
    op.create_index("ix_raised_unit_id", "raised", ["unit_id"])
    # What climbed before this version must stand on the page of who was told, too.
    op.execute(
        "INSERT INTO raised (referral_id, unit_id, kind, at)"
        " SELECT n.referral_id, n.unit_id, n.kind, MAX(n.created_at) FROM notice n"
        " JOIN referral r ON r.id = n.referral_id AND r.unit_id <> n.unit_id"
        " WHERE n.kind IN ('escalation', 'overdue') GROUP BY n.referral_id, n.unit_id, n.kind"
    )


def downgrade() -> None:
    op.drop_table("raised")
    op.drop_table("correction")
    with op.batch_alter_table("tip") as batch:
        batch.drop_column("verify_result")
    for table, columns in _NUMBERS.items():
        with op.batch_alter_table(table) as batch:
            for name, _ in columns:
                batch.drop_column(name)
