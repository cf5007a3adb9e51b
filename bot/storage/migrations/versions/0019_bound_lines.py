"""The server's marks on lines of a dialogue and on what is kept in clear about a tip.

What is there already is marked here, once: without the server's key the migration refuses, because everything would look as if
it had been changed behind the product's back.

Revision ID: 0019
Revises: 0015
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import context, op

from bot.storage import marks

revision = "0019"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("tip") as table:
        table.add_column(sa.Column("mark", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("lines_mark", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("tip_entry") as table:
        table.add_column(sa.Column("mark", sa.LargeBinary(), nullable=True))
    bind, key = op.get_bind(), context.config.attributes.get("marks")
    tips = bind.execute(
        sa.text("SELECT id, category, commune_code, province_code, urgency, child, channel, language, created_at FROM tip")
    ).all()
    if tips and not key:
        raise RuntimeError("run `lachan db init`: this migration needs the server key to mark the tips that are there")
    for tip in tips:
        said = (tip.category, tip.commune_code, tip.province_code, tip.urgency, str(int(tip.child)), tip.channel, tip.language)
        facts = "\0".join((*said, f"{tip.created_at:.0f}")).encode()
        last = _mark_lines(bind, key, tip.id)
        bind.execute(
            sa.text("UPDATE tip SET mark = :mark, lines_mark = :lines WHERE id = :id"),
            {"mark": marks.make(key, "tip", tip.id, facts), "lines": last, "id": tip.id},
        )


def _mark_lines(bind: sa.Connection, key: bytes, tip_id: str) -> bytes:
    """The chain of one dialogue; returns the mark of its end."""
    found = sa.text("SELECT id, author, created_at, body FROM tip_entry WHERE tip_id = :tip ORDER BY id")
    before, count = b"", 0
    for line in bind.execute(found, {"tip": tip_id}).all():
        body = hashlib.sha256(bytes(line.body)).hexdigest()
        said = f"{before.hex()}\0{line.author}\0{line.created_at:.0f}\0{body}".encode()
        before, count = marks.make(key, "line", tip_id, said), count + 1
        bind.execute(sa.text("UPDATE tip_entry SET mark = :mark WHERE id = :id"), {"mark": before, "id": line.id})
    return marks.make(key, "lines", tip_id, f"{count}\0{before.hex()}".encode())


def downgrade() -> None:
    with op.batch_alter_table("tip_entry") as table:
        table.drop_column("mark")
    with op.batch_alter_table("tip") as table:
        table.drop_column("lines_mark")
        table.drop_column("mark")
