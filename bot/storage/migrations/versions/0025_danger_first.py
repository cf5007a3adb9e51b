"""Danger heard at the door goes first on every gateway; which units hold which key of a tip carries the server's mark.

What is there already is marked here, once.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import context, op

from bot.storage import marks

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


# As bot/services/units/holders.py had it at this revision.
_KEYS = "SELECT id, tip_id, holder, sealed FROM tip_key"
_DESKS = "SELECT id, tip_id, state, created_at FROM referral"


def upgrade() -> None:
    with op.batch_alter_table("inbox") as table:
        table.add_column(sa.Column("cries", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("tip_key") as table:
        table.add_column(sa.Column("mark", sa.LargeBinary(), nullable=True))
    _mark()


def _mark() -> None:
    bind, key = op.get_bind(), context.config.attributes.get("marks")
    rows = bind.execute(sa.text(_KEYS)).all()
    if rows and not key:
        raise RuntimeError("run `lachan db init`: this migration needs the server key to mark the holders of tips")
    desks: dict[str, str] = {}
    found = bind.execute(sa.text(_DESKS)).all()
    for row in sorted(found, key=lambda row: (row.state == "transferred", -row.created_at, row.id)):
        desks.setdefault(row.tip_id, row.id)
    change = sa.text("UPDATE tip_key SET mark = :mark WHERE id = :id")
    for row in rows:
        said = (row.holder, desks.get(row.tip_id, ""), hashlib.sha256(row.sealed).hexdigest())
        mark = marks.make(key, "holder", row.tip_id, "\0".join(said).encode())
        bind.execute(change, {"mark": mark, "id": row.id})


def downgrade() -> None:
    with op.batch_alter_table("tip_key") as table:
        table.drop_column("mark")
    with op.batch_alter_table("inbox") as table:
        table.drop_column("cries")
