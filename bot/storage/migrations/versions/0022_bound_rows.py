"""Answers are sealed to their conversation and channel.

Those that wait are sealed anew here, once: without the server's key the migration refuses, because they could be opened by nobody
any more.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import contextlib

import sqlalchemy as sa
from alembic import context, op

from bot.storage import sealing
from bot.storage.vault import outbound_place

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _reseal(lambda row: f"outbox:{row.dedupe}", lambda row: outbound_place(row.conversation_id, row.channel, row.dedupe))


def downgrade() -> None:
    _reseal(lambda row: outbound_place(row.conversation_id, row.channel, row.dedupe), lambda row: f"outbox:{row.dedupe}")


def _reseal(before, after) -> None:
    bind, key = op.get_bind(), context.config.attributes.get("queue")
    waiting = sa.text("SELECT id, conversation_id, channel, dedupe, payload FROM outbox WHERE payload IS NOT NULL")
    rows = bind.execute(waiting).all()
    if rows and not key:
        raise RuntimeError("run `lachan db init`: this migration needs the server key to seal answers that wait")
    change = sa.text("UPDATE outbox SET payload = :payload WHERE id = :id")
    for row in rows:
        with contextlib.suppress(sealing.CannotOpen):  # under a key that is gone, or written by somebody else
            plain = sealing.unseal(key, bytes(row.payload), before(row))
            bind.execute(change, {"payload": sealing.seal(key, plain, after(row)), "id": row.id})
