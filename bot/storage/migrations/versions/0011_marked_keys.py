"""The server's marks on public keys, and which way a password is turned into a key.

Keys that are there already are marked here, once: without the server's key the migration refuses, because a database whose
keys had no mark would receive nothing any more.

Revision ID: 0011
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from bot.storage import marks

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("unit") as table:
        table.add_column(sa.Column("key_mark", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("officer") as table:
        table.add_column(sa.Column("key_mark", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("kdf", sa.Integer(), nullable=False, server_default="1"))
    _mark("unit", "waiting", "waiting_key")
    _mark("unit", "unit", "public_key")
    _mark("officer", "officer", "public_key")


def _mark(table: str, kind: str, column: str) -> None:
    bind = op.get_bind()
    rows = bind.execute(sa.text(f"SELECT id, {column} AS public FROM {table} WHERE {column} IS NOT NULL")).all()
    key = context.config.attributes.get("marks")
    if rows and not key:
        raise RuntimeError("run `lachan db init`: this migration needs the server key to mark the keys of units")
    change = sa.text(f"UPDATE {table} SET key_mark = :mark WHERE id = :id")
    for row in rows:
        bind.execute(change, {"mark": marks.make(key, kind, row.id, bytes(row.public)), "id": row.id})


def downgrade() -> None:
    with op.batch_alter_table("officer") as table:
        table.drop_column("kdf")
        table.drop_column("key_mark")
    with op.batch_alter_table("unit") as table:
        table.drop_column("key_mark")
