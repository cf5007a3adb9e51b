"""The jobs process is killed at random moments, two of them at a time: no step and no mail is doubled, none forgotten."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from sqlalchemy import select

from bot.app import Core
from bot.jobs import clocks, notices, retention
from bot.services import audit
from bot.settings import load
from bot.storage.database import migrate
from bot.storage.tables import Audit, Notice, NoticeDelivery, Referral
from tests.support.desk import ABOVE, CENTRAL, UNIT, give_email, seed, submit
from tests.support.jobs_processes import Jobs
from tests.support.smtp_sink import Sink, smtp_sink
from tests.support.world import empty, environment


def storm(core: Core, env: dict[str, str], kills: int, seed_number: int) -> list[str]:
    """Urgent tips that nobody reads, and kills. Returns the ids of the referrals."""
    chance, referrals = random.Random(seed_number), []
    jobs = Jobs(env)
    try:
        for number in range(kills):
            for _ in range(3):
                referrals.append(submit(core, time.time() - 3600, urgent=True, tell=True)[2])
            time.sleep(chance.uniform(0.2, 2.5))
            jobs.kill_one(number % 2)
        time.sleep(3)
    finally:
        jobs.stop()
    return referrals


def check(core: Core, sink: Sink, referrals: list[str]) -> str:
    # A machine that comes back later finds what the dead had in their hands.
    core.now = lambda: time.time() + 600
    clocks.run(core)
    for _ in range(4):
        notices.run(core)
    retention.run(core)
    with core.db.reading() as session:
        assert audit.verify(session).ok
        told = Counter(
            (row.referral_id, row.unit_id, row.kind)
            for row in session.execute(select(Notice).where(Notice.kind != "undelivered")).scalars()
        )
        steps = Counter(session.execute(select(Audit.subject).where(Audit.action == "escalated")).scalars())
        rows = {row.id: row for row in session.execute(select(Referral)).scalars()}
        states = Counter(session.execute(select(Notice.status)).scalars())
        deliveries = Counter(session.execute(select(NoticeDelivery.status)).scalars())
        failed = session.execute(select(Notice).where(Notice.status == "failed")).scalars().all()
        untold = session.execute(select(Notice).where(Notice.kind == "undelivered")).scalars().all()
    for referral in referrals:
        for unit, kind in ((UNIT, "urgent"), (ABOVE, "escalation"), (CENTRAL, "escalation")):
            assert told[referral, unit, kind] == 1
        assert rows[referral].escalation == 2
    assert sum(told.values()) == 3 * len(referrals)
    assert set(steps.values()) == {2}
    assert set(states) <= {"sent", "failed"}
    assert len(untold) == sum(notice.unit_id != CENTRAL for notice in failed)
    ids = Counter(message["Message-ID"] for message in sink.parsed())
    assert [once for once in ids.values() if once != 1] == []
    assert set(deliveries) <= {"sent", "unknown"}
    assert deliveries["sent"] <= len(ids) <= deliveries["sent"] + deliveries["unknown"]
    return f"{len(referrals)} referrals, {len(ids)} mails, {deliveries['unknown']} uncertain and reported above"


def run(folder, url: str, kills: int, seed_number: int) -> str:
    with smtp_sink() as sink:
        sink.delay = 0.03
        mail = {"LACHAN_MAIL_HOST": "127.0.0.1", "LACHAN_MAIL_PORT": str(sink.port), "LACHAN_MAIL_TLS": "0"}
        env = environment(folder, url, LACHAN_MAIL_SENDER="lachan@example.vn", **mail)
        settings = load(env)
        migrate(settings.database_url)
        core = Core(settings)
        try:
            seed(core)
            for login in ("anphu", "haiphong", "trungtam"):
                give_email(core, login, f"{login}@example.vn")
            return check(core, sink, storm(core, env, kills, seed_number))
        finally:
            if url:
                empty(core)
            core.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    return request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""


def test_ten_kills(tmp_path, url):
    run(tmp_path, url, kills=10, seed_number=3)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_hundred_kills(tmp_path, url):
    print(f"\n100 kills: {run(tmp_path, url, kills=100, seed_number=11)}; none doubled, none forgotten")
