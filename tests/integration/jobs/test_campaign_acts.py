"""Campaigns before they are sent, and after: who may, what is refused and why, on both databases."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select, update
from sqlmodel import SQLModel

from bot.core.campaigns.audience import Audience
from bot.core.campaigns.schedule import VIETNAM
from bot.core.campaigns.states import Act
from bot.core.errors import InvalidInput
from bot.core.messages import Channel
from bot.services.campaigns import acts, deliveries, report, subscribers
from bot.services.messaging import contacts
from bot.storage.tables import Campaign, Contact, Delivery, Subscriber
from tests.support import campaigns as world
from tests.support.campaigns import AUTHOR, NIGHT, NOON, SECOND, StubChannel, approved, desk, duty, params, statuses


@pytest.fixture(autouse=True)
def noon(core):
    started = time.monotonic()
    core.now = lambda: NOON + time.monotonic() - started
    world.configured(core)


def run(core, *channels, **more):
    return duty(core, *channels, **more).run()


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience(), set(range(12))),
        (Audience(topics=("jobs",)), {0, 1, 2, 4, 5, 6, 8, 9, 10}),
        (Audience(topics=("jobs", "online", "family", "children")), set(range(12))),
        (Audience(provinces=("31",)), {0, 2, 4, 6, 8, 10}),
        (Audience(communes=("10645",)), {0, 6}),
        (Audience(provinces=("01",), communes=("10645",)), {0, 6, 1, 3, 5, 7, 9, 11}),
        (Audience(ages=("under18",)), {0, 4, 8}),
        (Audience(ages=("under18", "unknown")), {0, 4, 8, 3, 7, 11}),
        (Audience(languages=("en",)), {5}),
        (Audience(channels=("zalo_oa",)), set()),
    ],
)
def test_audiences(core, audience, expected):
    ids = world.subscribe(
        core, 12, topics=lambda n: (0, 1, 3, 2)[n % 4], province_code=lambda n: ("31", "01")[n % 2],
        commune_code=lambda n: "10645" if n % 6 == 0 else "", age_band=lambda n: ("under18", "18_24", "25_44", "")[n % 4],
        language=lambda n: "en" if n == 5 else "vi",
    )  # fmt: skip
    with core.db.reading() as session:
        found = session.execute(select(Subscriber.conversation_id).where(subscribers.matching(audience, world.ON)))
        assert {ids.index(c) for c in found.scalars()} == expected
        assert sum(subscribers.count(session, audience, world.ON).values()) == len(expected)


BAD = [
    ({"start_at": NOON - 3_600}, "past"),
    ({"start_at": NIGHT}, "night"),
    ({"start_at": NOON + 500 * 86_400}, "too_far"),
    ({"audience": Audience(provinces=("96",))}, "nobody"),
    ({"audience": Audience(channels=("zalo_bot",))}, "nobody"),
    ({"source_id": "no_such"}, "content_missing"),
    ({"source": "item", "source_id": "no_such"}, "content_missing"),
    ({"source": "item", "source_id": "light_work_high_pay", "length": "long"}, "content_missing"),
]


@pytest.mark.parametrize(("change", "code"), BAD, ids=[f"{code}-{n}" for n, (_, code) in enumerate(BAD)])
def test_bad_campaigns_are_refused_with_the_reason(core, change, code):
    world.subscribe(core, 3)
    with core.db.transaction() as session:
        row = acts.create(session, desk(core), params(core, **change), AUTHOR)
        with pytest.raises(InvalidInput) as refused:
            acts.submit(session, desk(core), row.id, AUTHOR)
        assert refused.value.code == code
        assert row.state == "draft"


def test_words_that_will_have_expired_by_then_are_refused(core):
    world.subscribe(core, 3)
    core.now = lambda: NOON + 200 * 86_400
    with core.db.transaction() as session:
        row = acts.create(session, desk(core), params(core, start_at=NOON + 500 * 86_400), AUTHOR)
        with pytest.raises(InvalidInput, match="content_expired"):
            acts.submit(session, desk(core), row.id, AUTHOR)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"title": " "}, "title"), ({"length": "huge"}, "content"), ({"weekly": 0}, "weekly"), ({"spread": -1}, "spread"),
     ({"start_at": 0.0}, "start"), ({"title": "x" * 200}, "title"), ({"weekly": 99}, "weekly")],
)  # fmt: skip
def test_parameters_that_cannot_be_used_make_no_draft(core, change, code):
    with core.db.transaction() as session, pytest.raises(InvalidInput) as refused:
        acts.create(session, desk(core), params(core, **change), AUTHOR)
    assert refused.value.code == code


def test_a_channel_that_is_off_is_refused(core):
    world.subscribe(core, 3)
    world.subscribe(core, 3, channel=Channel.ZALO_OA, first=10)
    audience = Audience(channels=("telegram", "zalo_oa"))
    with core.db.transaction() as session:
        row = acts.create(session, desk(core), params(core, audience=audience), AUTHOR)
        with pytest.raises(InvalidInput, match="channel_off"):
            acts.submit(session, desk(core, on=("telegram",)), row.id, AUTHOR)


def submitted(core) -> tuple[int, str]:
    with core.db.transaction() as session:
        row = acts.create(session, desk(core), params(core), AUTHOR)
        acts.submit(session, desk(core), row.id, AUTHOR)
        return row.id, row.digest


def test_nothing_goes_without_a_second_person(core):
    world.subscribe(core, 3)
    number, shown = submitted(core)
    channel = StubChannel()
    assert run(core, channel) == 0
    with core.db.transaction() as session:
        with pytest.raises(InvalidInput, match="own_campaign"):
            acts.approve(session, desk(core), number, AUTHOR, shown)
        with pytest.raises(InvalidInput, match="changed"):
            acts.approve(session, desk(core), number, SECOND, "0" * 64)
        with pytest.raises(InvalidInput, match="act_not_possible"):
            acts.edit(session, desk(core), number, params(core), AUTHOR)
    # even a state forced into the table sends nothing
    with core.db.transaction() as session:
        session.execute(update(Campaign).values(state="approved"))
    assert run(core, channel) == 0
    assert (world.state(core, number).state, world.state(core, number).reason) == ("paused", "not_approved")


def test_who_edits_a_draft_becomes_its_author(core):
    world.subscribe(core, 3)
    with core.db.transaction() as session:
        row = acts.create(session, desk(core), params(core), AUTHOR)
        acts.edit(session, desk(core), row.id, params(core, title="khác"), SECOND)
        acts.submit(session, desk(core), row.id, AUTHOR)
        for person in (AUTHOR, SECOND):
            with pytest.raises(InvalidInput, match="own_campaign"):
                acts.approve(session, desk(core), row.id, person, row.digest)


@pytest.mark.parametrize("field", ["params", "frozen"])
def test_a_campaign_changed_after_approval_does_not_start(core, field):
    world.subscribe(core, 3)
    number, channel = approved(core), StubChannel()
    with core.db.transaction() as session:
        row = session.get(Campaign, number)
        setattr(row, field, getattr(row, field).replace("30/7", "31/7"))
    assert run(core, channel) == 0
    assert (world.state(core, number).state, world.state(core, number).reason) == ("paused", "changed")


def test_words_that_expired_meanwhile_are_not_sent(core):
    world.subscribe(core, 3)
    number, channel = approved(core), StubChannel()
    core.now = lambda: NOON + 700 * 86_400
    assert run(core, channel) == 0
    assert world.state(core, number).reason == "content_expired"


def test_words_that_would_expire_before_the_last_is_sent_are_refused(core):
    world.subscribe(core, 3)
    kit = desk(core).sources.kits["ngay_30_7"]
    last_day = datetime(kit.expires.year, kit.expires.month, kit.expires.day, 9, tzinfo=VIETNAM).timestamp()
    core.now = lambda: last_day
    with core.db.transaction() as session:
        wanted = params(core, start_at=last_day + 60)
        assert acts.problems(session, desk(core), wanted) == []
        assert acts.problems(session, desk(core), replace(wanted, spread=1_440)) == ["content_expired"]


def test_words_that_expired_while_it_was_paused_do_not_go_on(core):
    world.subscribe(core, 20)
    number, channel = approved(core), StubChannel()
    with core.db.transaction() as session:
        acts.start(session, desk(core), session.get(Campaign, number))
        acts.act(session, number, Act.PAUSE, SECOND, core.now())
        acts.act(session, number, Act.RESUME, SECOND, core.now())
    core.now = lambda: NOON + 700 * 86_400
    assert run(core, channel) == 0
    row = world.state(core, number)
    assert (row.state, row.reason) == ("paused", "content_expired")


def test_a_dry_run_needs_no_approval_and_reaches_nobody(core):
    ids = world.subscribe(core, 50)
    world.set_state(core, ids[0], Contact, stopped=True)
    number, channel = approved(core, dry_run=True), StubChannel()
    run(core, channel)
    assert channel.got == []
    assert statuses(core, number) == Counter({("dry", ""): 49, ("skipped", "gone"): 1})
    number = approved(core, weekly=1)
    run(core, channel)
    assert statuses(core, number)["sent", ""] == 49, "a rehearsal does not count towards the week"


def test_who_is_erased_before_their_turn_leaves_no_gap_in_the_progress(core):
    ids = world.subscribe(core, 4)
    number, channel = approved(core), StubChannel()
    with core.db.transaction() as session:
        row = session.get(Campaign, number)
        acts.start(session, desk(core), row)
        deliveries.plan_page(session, row, acts.params_of(row), ["telegram"])
        subscribers.forget(session, ids[0])
    run(core, channel)
    with core.db.reading() as session:
        found = report.progress(session, session.get(Campaign, number), core.now())
    assert (found.total, found.done, found.share, found.counts) == (3, 3, 1.0, {"sent": 3})


def test_rows_are_forgotten_and_the_report_stays(core):
    ids = world.subscribe(core, 30)
    number, channel = approved(core), StubChannel()
    run(core, channel)
    with core.db.transaction() as session:
        acts.tapped(session, number, "do:check_offer", ids[0])
        acts.tapped(session, number, "do:check_offer", ids[1])
        acts.tapped(session, number, "do:nothing_of_ours", ids[0])
        acts.tapped(session, 999, "do:check_offer", ids[0])
        acts.tapped(session, number, "do:check_offer", "0" * 64)
        before = report.report(session, session.get(Campaign, number))
    assert before["taps"] == [{"choice": "do:check_offer", "count": 2}]
    with core.db.transaction() as session:
        subscribers.forget(session, ids[2])  # one erased, or half of the rows forgotten: the numbers stay
        half = report.report(session, session.get(Campaign, number))
        assert (half["rows"], half["hours"]) == (before["rows"], before["hours"])
        assert report.progress(session, session.get(Campaign, number), core.now()).share == 1.0
        before["ended"] = 1
    core.now = lambda: NOON + 31 * 86_400
    run(core, channel)
    with core.db.reading() as session:
        assert session.execute(select(Delivery.id)).first() is None
        assert report.report(session, session.get(Campaign, number)) == before
        assert report.progress(session, session.get(Campaign, number), core.now()).counts == {"sent": 30}


def test_preferences_are_kept_seen_and_erased(core):
    (conversation,) = world.subscribe(core, 1)
    with core.db.transaction() as session:
        subscribers.choose(
            session,
            conversation,
            topics=["jobs", "children"],
            province="31",
            commune="10645",
            age="18_24",
            language="en",
        )
        assert subscribers.preferences(session, conversation) == subscribers.Preferences(
            True, ("jobs", "children"), "31", "10645", "18_24", "en"
        )
        subscribers.choose(session, conversation, topics=[], province="x", commune="123456", age="old")
        assert subscribers.preferences(session, conversation) == subscribers.Preferences(True, language="en")
        subscribers.forget(session, conversation)
        assert subscribers.preferences(session, conversation) is None
        subscribers.choose(session, "nobody", topics=["jobs"])
        assert subscribers.preferences(session, "nobody") is None


def test_subscriptions_are_never_linked_to_tips(core):
    """No column of the one side holds what the other is known by, and erasing a person leaves nothing to link."""
    ours = {"subscriber", "campaign", "delivery", "campaign_tap", "campaign_test"}
    for table in SQLModel.metadata.sorted_tables:
        keys = {key.column.table.name for key in table.foreign_keys}
        names = set(table.columns.keys())
        if table.name in ours:
            assert not {name for name in names if "tip" in name or "referral" in name}
            assert not keys - ours
        elif table.name.startswith(("tip", "referral", "support")):
            assert "conversation_id" not in names
            assert not keys & ours
    (conversation,) = world.subscribe(core, 1)
    number, channel = approved(core), StubChannel()
    run(core, channel)
    with core.db.transaction() as session:
        contacts.forget(session, conversation)
        for table in (Subscriber, Delivery, Contact):
            assert session.execute(select(table).where(table.conversation_id == conversation)).first() is None
        assert session.get(Campaign, number).total == 1, "what stays is a number"
        said = json.loads(session.get(Campaign, number).summary)
        assert conversation not in json.dumps(said)
        assert said["rows"] == [{"channel": "telegram", "status": "sent", "code": "", "count": 1}]
