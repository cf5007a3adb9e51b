"""The processes that send a campaign are killed at random moments: nobody gets it twice, nobody is forgotten.

Real `lachan serve jobs` processes, the real Telegram client, a Bot API on loopback that counts. A send under way at a kill
is listed as unknown: it arrived or it did not, and it is not repeated.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import Core
from bot.core.messages import Channel
from bot.jobs.campaigns import CampaignDuty
from bot.services import audit
from bot.services.campaigns import report
from bot.settings import load
from bot.storage.database import migrate
from bot.storage.tables import Campaign, Delivery
from tests.support import campaigns as world
from tests.support.jobs_processes import PROCESSES, Jobs
from tests.support.postgres import postgres
from tests.support.telegram_sink import TOKEN, TelegramSink, telegram_sink
from tests.support.world import environment

FIRST_CHAT = 1_000_000


def chat(number: int) -> str:
    return str(FIRST_CHAT + number)


def counted(core: Core, number: int) -> Counter[str]:
    with core.db.reading() as session:
        return Counter(report.counts(session, number))


def _settled(core: Core, number: int, people: int) -> int:
    """How many have their message, or lost it to a kill."""
    return people - counted(core, number)["pending"]


def storm(core: Core, env: dict[str, str], sink: TelegramSink, number: int, people: int, kills: int) -> int:
    """Kill at random points of the campaign. Returns how many kills fell into it while it ran."""
    jobs, done, chance = Jobs(env), 0, random.Random(30_7)
    try:
        for point in sorted(chance.randrange(people * 3 // 4) for _ in range(kills)):
            end = time.monotonic() + 250
            while _settled(core, number, people) < point and time.monotonic() < end:
                time.sleep(0.02)
            jobs.kill_one(chance.randrange(PROCESSES))
            done += world.state(core, number).state != "done"
        end = time.monotonic() + 1_800
        while counted(core, number)["pending"] and time.monotonic() < end:
            time.sleep(0.5)
    finally:
        jobs.stop()
    return done


def check(core: Core, sink: TelegramSink, number: int, people: int) -> str:
    # What the dead had in their hands is looked at by whoever comes later.
    core.now = lambda: time.time() + 600
    CampaignDuty(core).run()
    assert world.state(core, number).state == "done"
    with core.db.reading() as session:
        assert audit.verify(session).ok
        rows = session.execute(
            select(Delivery.conversation_id, Delivery.status).where(Delivery.campaign_id == number)
        ).all()
        listed = report.unknown(session, number)
        assert session.get(Campaign, number).total == people
    status = {row.conversation_id: row.status for row in rows}
    assert len(rows) == len(status) == people
    arrived: Counter[tuple[str, int]] = Counter()
    for one in range(people):
        conversation = core.vault.conversation_id(Channel.TELEGRAM, chat(one))
        arrived[status[conversation], sink.got[int(chat(one))]] += 1
    assert set(arrived) <= {("sent", 1), ("unknown", 0), ("unknown", 1)}, arrived
    assert sum(sink.got.values()) == len(sink.got), "somebody got it twice"
    unknown = arrived["unknown", 0] + arrived["unknown", 1]
    assert len(listed) == min(unknown, report.MOST_UNKNOWN)
    return (
        f"{people} recipients: {arrived['sent', 1]} sent once, {unknown} listed as unknown "
        f"({arrived['unknown', 1]} of them had arrived), 0 twice, 0 forgotten"
    )


def run(folder: Path, url: str, people: int, kills: int, rate: int) -> str:
    with telegram_sink(latency=0.05) as sink:
        telegram = {
            "LACHAN_TELEGRAM_TOKEN": TOKEN, "LACHAN_TELEGRAM_API_BASE": sink.url, "LACHAN_TELEGRAM_PER_SECOND": str(rate)
        }  # fmt: skip
        env = environment(folder, url, **telegram)
        settings = load(env)
        migrate(settings.database_url)
        core = Core(settings)
        try:
            world.subscribe(core, people, name=chat)
            number = world.approved(core, quiet=False)
            began = time.monotonic()
            done = storm(core, env, sink, number, people, kills)
            took = time.monotonic() - began
            found = check(core, sink, number, people)
        finally:
            core.close()
    assert done == kills, f"the campaign was over after {done} kills"
    return f"{done} kills in {took:.0f} s at {rate}/s: {found}"


def test_five_kills(tmp_path):
    print("\n" + run(tmp_path, "", people=1_500, kills=5, rate=150))


def test_five_kills_on_postgresql(tmp_path):
    with postgres() as url:
        print("\n" + run(tmp_path, url, people=1_500, kills=5, rate=150))


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_a_hundred_kills(tmp_path):
    print("\n" + run(tmp_path, "", people=100_000, kills=100, rate=120))


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_a_hundred_kills_on_postgresql(tmp_path):
    with postgres() as url:
        print("\n" + run(tmp_path, url, people=100_000, kills=100, rate=120))
