"""The server's marks on where units stand, what accounts are, and on which desk a tip lies.

What is there already is marked here, once: without the server's key the migration refuses, because units without a mark would
receive nothing and nobody could sign in.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from bot.storage import marks

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# As bot/services/units/posts.py and bot/services/tips/binding.py had it at this revision.
_UNITS = "SELECT id, kind, name, commune_code, province_code, parent_id, phone, remote, demo FROM unit"
_OFFICERS = "SELECT id, login, name, unit_id, role, active FROM officer"
_REFERRALS = "SELECT id, tip_id, unit_id, route_reason, previous_id FROM referral"


def upgrade() -> None:
    for table, column in (("unit", "post_mark"), ("officer", "post_mark"), ("referral", "mark")):
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column(column, sa.LargeBinary(), nullable=True))
    _mark("unit", "post_mark", "unit-post", _UNITS, lambda row: (*row[1:7], f"{int(row.remote)}{int(row.demo)}"))
    _mark("officer", "post_mark", "officer-post", _OFFICERS, lambda row: (*row[1:5], str(int(row.active))))
    _mark("referral", "mark", "desk", _REFERRALS, lambda row: row[1:])


def _mark(table: str, column: str, kind: str, query: str, said) -> None:
    bind, key = op.get_bind(), context.config.attributes.get("marks")
    rows = bind.execute(sa.text(query)).all()
    if rows and not key:
        raise RuntimeError("run `lachan db init`: this migration needs the server key to mark units, accounts and referrals")
    change = sa.text(f"UPDATE {table} SET {column} = :mark WHERE id = :id")
    for row in rows:
        mark = marks.make(key, kind, row.id, "\0".join(said(row)).encode())
        bind.execute(change, {"mark": mark, "id": row.id})


def downgrade() -> None:
    for table, column in (("referral", "mark"), ("officer", "post_mark"), ("unit", "post_mark")):
        with op.batch_alter_table(table) as changed:
            changed.drop_column(column)
