"""kill -9 at random moments: no acknowledged message is lost, no tip and no reply row is doubled."""

from __future__ import annotations

import collections

import pytest
from sqlalchemy import func, select

from bot.services.tips import record
from bot.settings import load
from bot.storage.database import Database
from bot.storage.tables import Inbox, Outbox, Referral, Tip
from bot.storage.vault import Vault
from tests.support.product import product
from tests.support.storm import storm

pytestmark = pytest.mark.e2e


def check(running, tellers) -> dict[str, int]:
    settings = load(running.env)
    db = Database(settings.database_url)
    try:
        with db.reading() as session:
            made = session.execute(select(func.count()).select_from(Tip)).scalar_one()
            referred = session.execute(select(func.count(func.distinct(Referral.tip_id)))).scalar_one()
            states = collections.Counter(session.execute(select(Inbox.status)).scalars())
            dedupes = list(session.execute(select(Outbox.dedupe)).scalars())
            vault = Vault(settings.keys, kdf_ops=settings.kdf_ops, kdf_mem=settings.kdf_mem)
            stories = set()
            for teller in (one for one in tellers if one.code):
                keys = vault.receipt_keys(teller.code.replace(" ", ""))
                opened = record.open_with_receipt(session, vault, keys.lookup, keys.pair)
                assert opened is not None, "an acknowledged tip is gone"
                stories.add(opened.tip_id)
    finally:
        db.close()
    acknowledged = sum(len(teller.acknowledged) for teller in tellers)
    # First what must never be, however slow the machine; then that everybody came to the end.
    assert states.total() >= acknowledged, "what was acknowledged is there"
    assert len(dedupes) == len(set(dedupes)), "no answer was written twice"
    assert made == referred <= len(tellers), "nobody's tip was made twice"
    assert [teller.error for teller in tellers if teller.error] == []
    assert made == len(stories) == len(tellers)
    assert states == {"done": acknowledged}
    return {"tips": made, "messages": acknowledged, "replies": len(dedupes)}


def test_a_few_kills(tmp_path):
    with product(tmp_path, "gateway", LACHAN_ENGINE_TIMEOUT="25", LACHAN_ENGINE_WORKERS="2") as running:
        check(running, storm(running, citizens=12, kills=8, gateway_share=0.3, seed=1, pause=(0.3, 2.0)))


@pytest.mark.soak
@pytest.mark.timeout(0)  # it ends by itself when nothing is done any more: tests/support/storm.py
def test_two_hundred_kills(tmp_path):
    with product(tmp_path, "gateway", LACHAN_ENGINE_TIMEOUT="25", LACHAN_ENGINE_WORKERS="2") as running:
        figures = check(running, storm(running, citizens=120, kills=200, gateway_share=0.1, seed=7, pause=(1.0, 5.0)))
    print(
        f"\n200 kills: {figures['tips']} tips, {figures['messages']} messages, {figures['replies']} replies; none lost, none doubled"
    )
