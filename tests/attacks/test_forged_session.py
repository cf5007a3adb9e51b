"""Whoever can write to the database, and has no key of the server's, signs nobody in by it."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlmodel import col

from bot.services.units.signin import hash_token, token_key
from bot.storage import sealing
from bot.storage.tables import ConsoleSession, Officer
from tests.integration.console.conftest import desk  # noqa: F401 - a fixture
from tests.support.console import Desk, run


def test_a_written_session_and_one_turned_to_another_officer_open_nothing(desk: Desk):  # noqa: F811
    async def story():
        client = await desk.signed_in("anphu")
        assert (await client.get("/")).status_code == 200
        token, mine = "a token of the thief's own " + secrets.token_hex(8), sealing.new_pair().private
        with desk.core.db.transaction() as session:
            admin = session.execute(select(Officer).where(col(Officer.role) == "admin")).scalars().first()
            (row,) = session.execute(select(ConsoleSession)).scalars()
            row.officer_id = admin.id
            session.flush()
            forged = ConsoleSession(
                id=hash_token(token), officer_id=admin.id, private_key=sealing.seal(token_key(token), mine, "session"),
                csrf="x", created_at=desk.now, seen_at=desk.now,
            )  # fmt: skip
            session.add(forged)
        (cookie,) = [name for name, value in client.cookies.items() if hash_token(value) == row.id]
        turned = await client.get("/accounts")
        assert turned.status_code in {303, 401}
        thief = desk.browser()
        thief.cookies.set(cookie, token)
        for page in ("/accounts", "/audit", "/"):
            assert (await thief.get(page)).status_code in {303, 401}

    run(story)
