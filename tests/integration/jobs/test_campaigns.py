"""Campaigns on their way to people, on both databases, with a channel of our own."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections import Counter

import pytest
from sqlalchemy import select, update

from bot.core.campaigns.states import Act
from bot.core.messages import Channel, OutboundMessage
from bot.core.sending import Judgement, Pace
from bot.presentation.words import words
from bot.services import audit
from bot.services.campaigns import acts as campaigns
from bot.services.campaigns import claims, deliveries, subscribers
from bot.services.campaigns.words import split_tap, thaw
from bot.services.units import officer_address
from bot.storage.tables import Audit, Campaign, CampaignTest, Delivery, Officer, Outbox
from tests.support import campaigns as world
from tests.support.campaigns import AUTHOR, NIGHT, NOON, SECOND, StubChannel, approved, desk, duty, params, statuses


@pytest.fixture(autouse=True)
def noon(core):
    started = time.monotonic()
    core.now = lambda: NOON + time.monotonic() - started
    world.configured(core)


def run(core, *channels, **more):
    return duty(core, *channels, **more).run()


def test_everybody_who_asked_gets_it_once(core):
    world.subscribe(core, 500)
    world.subscribe(core, 100, first=500, active=False)
    number, channel = approved(core), StubChannel()
    assert run(core, channel) == 500
    assert sorted(channel.got) == sorted(world.person(n) for n in range(500))
    row = world.state(core, number)
    assert (row.state, row.total, statuses(core, number)) == ("done", 500, Counter({("sent", ""): 500}))
    assert run(core, channel) == 0
    with core.db.reading() as session:
        assert audit.verify(session).ok
        acts = session.execute(select(Audit.action).where(Audit.subject == str(number)).order_by(Audit.seq)).scalars()
        assert list(acts) == [f"campaign_{a}" for a in ("created", "submitted", "approved", "started", "done")]


def test_the_message_is_neutral_on_a_locked_phone_and_says_how_to_stop(core):
    world.subscribe(core, 1)
    number, channel = approved(core), StubChannel()
    run(core, channel)
    (text,) = channel.texts
    assert text.startswith("Bản tin Lá Chắn")
    assert "mua bán người" not in text[:70]
    assert text.endswith("nhắn DỪNG.")
    message = thaw(world.state(core, number).frozen)["vi"]
    assert split_tap(message.choices[-1].id) == (number, "do:unsubscribe")
    assert len(message.choices) <= 5


def test_each_gets_their_language(core):
    world.subscribe(core, 4, language=lambda n: "en" if n % 2 else "vi")
    channel = StubChannel()
    approved(core)
    run(core, channel)
    assert Counter(text.split()[-1] for text in channel.texts) == {"STOP.": 2, "DỪNG.": 2}


def test_it_waits_for_its_time_and_for_the_morning(core):
    world.subscribe(core, 3)
    number, channel = approved(core, start_at=NOON + 3_600), StubChannel()
    assert run(core, channel) == 0
    core.now = lambda: NIGHT
    assert run(core, channel) == 0  # planned, but people sleep
    assert (world.state(core, number).state, statuses(core, number)) == ("running", Counter({("pending", ""): 3}))
    core.now = lambda: NIGHT + 7 * 3_600 + 1
    assert run(core, channel) == 3


def test_opting_out_in_the_middle_of_a_send_holds_at_once(core):
    ids = world.subscribe(core, 400)
    number = approved(core)
    left: list[str] = []

    def behave(person: str, tries: int) -> None:
        if len(channel.got) == 50:
            gone = [c for c in ids if c not in {core.vault.conversation_id(Channel.TELEGRAM, p) for p in channel.tries}]
            with core.db.transaction() as session:
                waiting = set(
                    session.execute(select(Delivery.conversation_id).where(Delivery.status == "pending")).scalars()
                )
                for conversation in gone[:100]:
                    subscribers.from_chat(session, conversation, False)
                left.extend(c for c in gone[:100] if c in waiting)

    channel = StubChannel(pace=Pace(400.0, 10, 0.0, 20), behave=behave)
    run(core, channel)
    reached = {core.vault.conversation_id(Channel.TELEGRAM, p) for p in channel.got}
    assert left
    assert not reached & set(left), "only what was claimed already may still arrive"
    assert statuses(core, number)["skipped", "opted_out"] == len(left)


def test_nobody_gets_more_than_the_weekly_maximum(core):
    world.subscribe(core, 10)
    channel = StubChannel()
    for _ in range(3):
        number = approved(core, weekly=2)
        run(core, channel)
    assert statuses(core, number) == Counter({("skipped", "weekly"): 10})
    assert Counter(channel.got).most_common(1)[0][1] == 2
    core.now = lambda: NOON + 7 * 86_400 + 60
    number = approved(core, weekly=2)
    run(core, channel)
    assert statuses(core, number)["sent", ""] == 10


def test_channel_rules_skip_or_delay(core):
    world.subscribe(core, 4, channel=Channel.ZALO_OA)
    seen: Counter[str] = Counter()

    def judge(priority: int, last_heard: float, now: float) -> Judgement:
        seen["judged"] += 1
        assert priority == 2
        return Judgement(False, "window_closed") if seen["judged"] <= 2 else Judgement()

    number = approved(core)
    run(core, StubChannel(Channel.ZALO_OA, judge=judge))
    assert statuses(core, number) == Counter({("sent", ""): 2, ("skipped", "window_closed"): 2})


def test_replies_come_before_the_campaign(core):
    ids = world.subscribe(core, 30)
    approved(core)
    with core.db.transaction() as session:
        session.add(Outbox(conversation_id=ids[0], channel="telegram", dedupe="r", created_at=core.now(),
                           payload=core.vault.seal_outbound(ids[0], "telegram", "r", OutboundMessage("trả lời"))))  # fmt: skip
    channel, waited = StubChannel(), []

    def answer() -> None:
        time.sleep(1.0)
        waited.append(len(channel.got))
        with core.db.transaction() as session:
            session.execute(update(Outbox).values(status="sent", claimed_at=core.now()))

    helper = threading.Thread(target=answer)
    helper.start()
    run(core, channel)
    helper.join()
    assert waited == [0], "nothing of the campaign while somebody waits for an answer"
    assert len(channel.got) == 30


def test_pause_resume_stop(core):
    world.subscribe(core, 600)
    number = approved(core)
    acts = {40: Act.PAUSE}

    def behave(person: str, tries: int) -> None:
        what = acts.pop(len(channel.got), None)
        if what:
            with core.db.transaction() as session:
                campaigns.act(session, number, what, SECOND, core.now())

    pace = Pace(200.0, 5, 0.0, 10)
    channel = StubChannel(pace=pace, behave=behave)
    run(core, channel)
    paused_at = len(channel.got)
    assert world.state(core, number).state == "paused"
    assert 40 <= paused_at <= 40 + world.under_way(pace)
    assert run(core, channel) == 0
    with core.db.transaction() as session:
        campaigns.act(session, number, Act.RESUME, SECOND, core.now())
    acts[paused_at + 20] = Act.STOP
    run(core, channel)
    row, found = world.state(core, number), statuses(core, number)
    assert row.state == "stopped"
    assert found["sent", ""] == len(channel.got) == len(set(channel.got)) <= paused_at + 20 + world.under_way(pace)
    assert found["skipped", "campaign_stopped"] == 600 - len(channel.got)
    assert {code for _, code in found} - {""} <= set(words()["campaign"]["codes"])
    assert json.loads(row.summary)["rows"]


def test_two_processes_share_the_work_and_the_limit(core, monkeypatch):
    """The rights both were given are judged, not when a busy machine got round to sending: only never before its moment."""
    world.subscribe(core, 600)
    number = approved(core)
    may_go: dict[str, float] = {}
    claim = claims.claim

    def noting(*args, **more):
        taken = claim(*args, **more)
        may_go.update({due.address.person: due.at for due in taken})
        return taken

    early: list[str] = []

    def behave(person: str, tries: int) -> None:
        if core.now() < may_go[person] - 1e-6:
            early.append(person)

    monkeypatch.setattr(claims, "claim", noting)
    pace = Pace(300.0, 1, 0.0, 30)
    first, second = StubChannel(pace=pace, behave=behave), StubChannel(pace=pace, behave=behave)
    workers = [threading.Thread(target=duty(core, channel).run) for channel in (first, second)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(first.got + second.got) == sorted(world.person(n) for n in range(600)) == sorted(may_go)
    assert statuses(core, number) == Counter({("sent", ""): 600})
    assert not early
    moments = sorted(may_go.values())
    for size in (60, 300, 599):  # any stretch of them, and not only the whole, keeps the limit both share
        assert all(b - a >= size / pace.per_second - 1e-3 for a, b in zip(moments, moments[size:], strict=False)), size


def test_smooth_sending_takes_the_time_it_was_given(core):
    world.subscribe(core, 20)
    number = approved(core, spread=1)
    with core.db.transaction() as session:
        row = session.get(Campaign, number)
        campaigns.start(session, desk(core), row)
        deliveries.plan_page(session, row, params(core), world.ON)
    line = claims.Line(Channel.TELEGRAM, world.FAST, lambda *_: Judgement())
    moments: list[float] = []
    for tick in range(260):
        now = NOON + tick / 4
        with core.db.transaction() as session:
            row = session.get(Campaign, number)
            found = claims.claim(
                session, core.vault, line, row, params(core, spread=1), {"vi": 1}, now=now, ahead=0.25, most=100
            )
            moments += [due.at for due in found]
    assert len(moments) == 20
    assert 54 <= moments[-1] - moments[0] <= 61
    assert min(b - a for a, b in itertools.pairwise(moments)) > 2.5


def test_a_test_goes_to_the_officer_who_asked_and_looks_like_what_people_get(core):
    """Without buttons choices would be numbers, and a number typed a day later means nothing: both leave them out."""
    world.subscribe(core, 1)
    number, channel = approved(core), StubChannel()
    channel.numbers = True
    channel.parts = lambda message: [(message.text, message.choices)]
    with core.db.transaction() as session:
        officer_address.set_channel(core.vault, session.get(Officer, SECOND), "telegram", "4711")
        campaigns.ask_test(session, number, SECOND, core.now())
        campaigns.ask_test(session, number, AUTHOR, core.now())
    run(core, channel)
    assert sorted(channel.got) == ["4711", "person-0"]
    assert channel.texts[0] == channel.texts[1]
    assert channel.texts[0][1] == ()
    with core.db.reading() as session:
        tests = {row.officer_id: (row.status, row.code) for row in session.execute(select(CampaignTest)).scalars()}
    assert tests == {SECOND: ("sent", ""), AUTHOR: ("failed", "no_address")}
    assert statuses(core, number) == Counter({("sent", ""): 1})
