"""Campaigns when people, channels, processes or the database fail, on both databases."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest

from bot.core import sending
from bot.core.campaigns.params import digest
from bot.core.campaigns.states import Act
from bot.core.errors import InvalidInput, SendError, SendPolicy
from bot.core.messages import Channel
from bot.core.sending import Judgement, Moved, Pace, Patience
from bot.jobs.campaign_line import REFUSED
from bot.services.campaigns import acts, claims, deliveries, report
from bot.services.messaging import contacts
from bot.storage.tables import Campaign, Contact, Subscriber
from tests.support import campaigns as world
from tests.support.campaigns import AUTHOR, NOON, SECOND, StubChannel, approved, desk, duty, params, statuses


@pytest.fixture(autouse=True)
def noon(core):
    started = time.monotonic()
    core.now = lambda: NOON + time.monotonic() - started
    world.configured(core)


def run(core, *channels, **more):
    return duty(core, *channels, **more).run()


def test_one_bad_recipient_never_stops_the_rest(core):
    world.subscribe(core, 60)
    failures = {
        "person-1": SendError(SendPolicy.STOP, "403"), "person-2": SendError(SendPolicy.FIX, "400"),
        "person-3": SendError(SendPolicy.UNKNOWN, "timeout"), "person-4": RuntimeError("boom"),
    }  # fmt: skip

    def behave(person: str, tries: int) -> None:
        if person in failures:
            raise failures[person]
        if person == "person-5" and tries == 1:
            raise SendError(SendPolicy.RETRY, "500", retry_after=0.1)
        if person == "person-6" and tries == 1:
            raise Moved("person-6-new")

    number, channel = approved(core), StubChannel(behave=behave)
    run(core, channel)
    assert statuses(core, number) == Counter({
        ("sent", ""): 56, ("failed", "403"): 1, ("failed", "400"): 1, ("unknown", "timeout"): 1, ("unknown", "crash"): 1,
    })  # fmt: skip
    assert channel.tries["person-3"] == channel.tries["person-4"] == 1, "what may have arrived is never repeated"
    assert "person-6-new" in channel.got
    conversation = core.vault.conversation_id(Channel.TELEGRAM, "person-1")
    with core.db.reading() as session:
        assert session.get(Contact, conversation).stopped
        assert not session.get(Subscriber, conversation).active
        assert [row["code"] for row in report.unknown(session, number)] in (
            ["timeout", "crash"], ["crash", "timeout"],
        )  # fmt: skip


def test_a_person_who_fails_every_time_is_given_up(core, monkeypatch):
    monkeypatch.setattr(sending, "MESSAGES", Patience((0.01,) * 4, trouble=60.0))
    world.subscribe(core, 5)

    def behave(person: str, tries: int) -> None:
        if person == "person-0":
            raise SendError(SendPolicy.RETRY, "500")

    number, channel = approved(core), StubChannel(behave=behave)
    run(core, channel)
    assert channel.tries["person-0"] == sending.MESSAGES.most_tries
    assert statuses(core, number) == Counter({("sent", ""): 4, ("failed", "500"): 1})


def test_an_outage_of_the_channel_costs_nobody_their_message(core, monkeypatch):
    monkeypatch.setattr("bot.jobs.campaign_line.STORM_PAUSE", 0.2)
    monkeypatch.setattr(sending, "MESSAGES", Patience((0.01,) * 4, trouble=60.0))
    world.subscribe(core, 80)
    down_until = time.monotonic() + 1.5

    def behave(person: str, tries: int) -> None:
        if time.monotonic() < down_until:
            raise SendError(SendPolicy.RETRY, "connect")

    number = approved(core)
    run(core, StubChannel(behave=behave))
    assert statuses(core, number)["sent", ""] >= 75


def test_refused_content_pauses_the_campaign_instead_of_burning_through_the_list(core):
    world.subscribe(core, 3_000)

    def behave(person: str, tries: int) -> None:
        raise SendError(SendPolicy.FIX, "400")

    pace = Pace(200.0, 20, 0.0, 20)
    number, channel = approved(core), StubChannel(pace=pace, behave=behave)
    run(core, channel)
    row = world.state(core, number)
    assert (row.state, row.reason) == ("paused", "content_refused")
    assert len(channel.tries) <= REFUSED + world.under_way(pace)


def test_retry_after_pauses_the_channel_for_everybody(core):
    world.subscribe(core, 40)
    told: list[float] = []  # the order of the recipients is nobody's choice: judged from here, not by gaps

    def behave(person: str, tries: int) -> None:
        if person == "person-7" and tries == 1:
            told.append(time.monotonic())
            raise SendError(SendPolicy.RETRY, "429", retry_after=1.0)

    number, channel = approved(core), StubChannel(pace=Pace(20.0, 1, 0.0, 1), behave=behave)
    run(core, channel)
    assert statuses(core, number) == Counter({("sent", ""): 40})
    (wait,) = told
    assert not [moment for moment in channel.moments if wait < moment < wait + 0.8]


def test_who_blocked_or_was_erased_is_skipped(core):
    ids = world.subscribe(core, 5)
    number = approved(core)
    with core.db.transaction() as session:
        acts.start(session, desk(core), session.get(Campaign, number))
        deliveries.plan_page(session, session.get(Campaign, number), params(core), world.ON)
        contacts.stop(session, ids[0])
        contacts.forget(session, ids[1])
    world.set_state(core, ids[2], Contact, stopped=True)
    channel = StubChannel()
    run(core, channel)
    assert len(channel.got) == 2
    assert statuses(core, number) == Counter({("sent", ""): 2, ("skipped", "opted_out"): 1, ("skipped", "gone"): 1})


def test_a_process_told_to_stop_gives_back_what_it_had_not_sent(core):
    world.subscribe(core, 300)
    number, channel = approved(core), StubChannel(pace=Pace(150.0, 1, 0.0, 10), latency=0.01)
    run(core, channel, stopping=lambda: len(channel.got) >= 60)
    found = statuses(core, number)
    assert found["sent", ""] == len(channel.got)
    assert found["pending", ""] == 300 - len(channel.got)
    run(core, channel)
    assert sorted(channel.got) == sorted({*channel.got})
    assert len(channel.got) == 300


def test_what_a_dead_process_had_claimed_is_unknown_and_stays_so(core):
    world.subscribe(core, 20)
    number = approved(core)
    with core.db.transaction() as session:
        row = session.get(Campaign, number)
        acts.start(session, desk(core), row)
        deliveries.plan_page(session, row, params(core), world.ON)
        line = claims.Line(Channel.TELEGRAM, Pace(1.0, 5, 0.0), lambda *_: Judgement())
        core.now = lambda: NOON + 100
        claimed = claims.claim(
            session, core.vault, line, row, params(core), {"vi": 1}, now=NOON + 100, ahead=0.0, most=5
        )
        assert len(claimed) == 5
    core.now = lambda: NOON + 100 + deliveries.STALE_SECONDS + 1
    channel = StubChannel()
    run(core, channel)
    assert len(channel.got) == 15
    assert statuses(core, number) == Counter({("sent", ""): 15, ("unknown", "process_lost"): 5})
    assert world.state(core, number).state == "done"


def test_a_channel_that_is_down_does_not_hold_another(core, monkeypatch):
    monkeypatch.setattr("bot.jobs.campaign_line.STORM_PAUSE", 600.0)
    world.subscribe(core, 40)
    world.subscribe(core, 40, channel=Channel.ZALO_OA, first=100)
    number = approved(core)

    def behave(person: str, tries: int) -> None:
        raise SendError(SendPolicy.RETRY, "connect")

    down, up = StubChannel(behave=behave), StubChannel(Channel.ZALO_OA)
    began = time.monotonic()
    run(core, down, up, stopping=lambda: len(up.got) == 40 or time.monotonic() - began > 250)
    found = statuses(core, number)
    assert found["sent", ""] == 40
    assert down.tries.total() < 60, "a channel that is down is not hammered"
    with core.db.reading() as session:
        assert not report.paused_channels(session, ["telegram"], core.now()), "replies are still tried"


def test_a_channel_that_was_switched_off_meanwhile_ends_in_a_pause_and_not_in_waiting_for_ever(core):
    world.subscribe(core, 10)
    world.subscribe(core, 10, channel=Channel.ZALO_OA, first=100)
    number, telegram, zalo = approved(core), StubChannel(), StubChannel(Channel.ZALO_OA)
    with core.db.transaction() as session:
        row = session.get(Campaign, number)
        acts.start(session, world.desk(core), row)
        deliveries.plan_page(session, row, acts.params_of(row), ["telegram", "zalo_oa"])
    run(core, telegram)
    row = world.state(core, number)
    assert (row.state, row.reason, len(telegram.got)) == ("paused", "channel_gone", 10)
    with core.db.transaction() as session:
        acts.act(session, number, Act.RESUME, SECOND, core.now())
    run(core, telegram, zalo)
    assert (world.state(core, number).state, len(telegram.got), len(zalo.got)) == ("done", 10, 10)


def test_words_changed_while_it_runs_stop_it(core):
    world.subscribe(core, 400)
    number = approved(core)

    def behave(person: str, tries: int) -> None:
        if len(channel.got) == 30:
            with core.db.transaction() as session:
                row = session.get(Campaign, number)
                row.frozen = row.frozen.replace("111", "1900")

    pace = Pace(300.0, 5, 0.0, 10)
    channel = StubChannel(pace=pace, behave=behave)
    run(core, channel)
    assert (world.state(core, number).state, world.state(core, number).reason) == ("paused", "changed")
    assert len(channel.got) <= 31 + world.under_way(pace)
    assert not any("1900" in text for text in channel.texts)


def test_one_edits_while_another_submits(core, monkeypatch):
    """What is sealed is what was read: the edit comes before it as a whole, or is refused."""
    world.subscribe(core, 3)
    with core.db.transaction() as session:
        world.makers(session)
        number = acts.create(session, desk(core), params(core), SECOND).id
    ends: list[str] = []

    def edit() -> None:
        try:
            with core.db.transaction() as session:
                acts.edit(session, desk(core), number, params(core, weekly=7), SECOND)
            ends.append("edited")
        except InvalidInput as error:
            ends.append(error.code)

    meanwhile, check = threading.Thread(target=edit), acts.problems

    def slow(*args):
        meanwhile.start()
        meanwhile.join(0.7)
        return check(*args)

    monkeypatch.setattr(acts, "problems", slow)
    with core.db.transaction() as session:
        acts.submit(session, desk(core), number, AUTHOR)
    meanwhile.join()
    row = world.state(core, number)
    assert ends == ["act_not_possible"]
    assert row.digest == digest(row.params, row.frozen)


def test_two_processes_plan_one_campaign_once(core, monkeypatch):
    monkeypatch.setattr(deliveries, "PAGE", 50)
    world.subscribe(core, 990)
    number = approved(core)
    with core.db.transaction() as session:
        acts.start(session, desk(core), session.get(Campaign, number))

    def plan() -> None:
        for _ in range(40):
            with core.db.transaction() as session:
                deliveries.plan_page(session, session.get(Campaign, number), params(core), world.ON)

    workers = [threading.Thread(target=plan) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    row = world.state(core, number)
    assert (row.planned, row.total) == (True, 990)
    assert statuses(core, number) == Counter({("pending", ""): 990})


def test_results_survive_a_database_that_is_away_for_a_moment(core, monkeypatch):
    world.subscribe(core, 60)
    number, channel, real, failures = approved(core), StubChannel(), deliveries.mark, iter(range(3))

    def mark(session, outcomes, **more):
        real(session, outcomes, **more)
        if outcomes and not more and next(failures, None) is not None:
            raise ConnectionError

    monkeypatch.setattr(deliveries, "mark", mark)
    run(core, channel)
    assert statuses(core, number) == Counter({("sent", ""): 60})
    assert Counter(channel.got).most_common(1)[0][1] == 1


def test_a_result_told_twice_does_not_touch_what_was_claimed_anew(core):
    world.subscribe(core, 1)
    number = approved(core)
    line = claims.Line(Channel.TELEGRAM, world.FAST, lambda *_: Judgement())

    def claim(now: float) -> list[claims.Due]:
        with core.db.transaction() as session:
            row = session.get(Campaign, number)
            return claims.claim(session, core.vault, line, row, params(core), {"vi": 1}, now=now, ahead=0.0, most=5)

    def tell(outcome: deliveries.Outcome) -> None:
        with core.db.transaction() as session:
            deliveries.mark(session, [outcome])

    with core.db.transaction() as session:
        row = session.get(Campaign, number)
        acts.start(session, desk(core), row)
        deliveries.plan_page(session, row, params(core), world.ON)
    (first,) = claim(NOON + 10)
    given_back = deliveries.Outcome(first.id, "pending", "", 0.0, 0, 0, first.claimed)
    tell(given_back)
    (second,) = claim(NOON + 11)
    tell(given_back)  # the database had taken it the first time, and the answer was lost
    assert claim(NOON + 12) == [], "it is in somebody's hands"
    tell(deliveries.Outcome(second.id, "sent", "", NOON + 11, 0, 1, second.claimed))
    assert statuses(core, number) == Counter({("sent", ""): 1})


def test_a_used_up_quota_lets_the_campaign_rest_and_costs_nobody_their_message(core):
    world.subscribe(core, 60, channel=Channel.ZALO_OA)
    number = approved(core)

    def behave(person: str, tries: int) -> None:
        if len(channel.got) >= 20:
            raise SendError(SendPolicy.RETRY, "-211", retry_after=3_600.0)

    channel = StubChannel(Channel.ZALO_OA, pace=Pace(200.0, 1, 0.0, 10), behave=behave)
    began = time.monotonic()
    done = lambda: len(channel.got) >= 20 and time.monotonic() - began > 3  # noqa: E731
    run(core, channel, stopping=lambda: done() or time.monotonic() - began > 250)
    found = statuses(core, number)
    assert found["sent", ""] == 20
    assert found["pending", ""] + found["pending", "-211"] == 40
    assert channel.tries.total() < 60
    later = core.now() + 3_700
    core.now = lambda: later + time.monotonic() - began
    run(core, StubChannel(Channel.ZALO_OA))
    assert statuses(core, number) == Counter({("sent", ""): 60})
