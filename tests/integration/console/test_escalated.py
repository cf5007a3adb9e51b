"""What climbed stands on the first page of who was told, with whom to ring; and every page says when nobody can be told."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.core.clocks import DAY, HOUR, MINUTE
from bot.jobs import clocks
from bot.services import heartbeat
from bot.services.units import posts
from bot.storage.tables import Notice, NoticeDelivery, Raised, Unit
from tests.integration.console.test_desk import urgent_tip
from tests.integration.console.test_replies import DANGER
from tests.support.console import Desk, post, run
from tests.support.desk import ABOVE, CENTRAL, UNIT, give_email, write_back
from tests.support.world import core_in

PHONE = "0225 3 123 456"


@pytest.fixture
def desk(core) -> Desk:
    made = Desk(core)
    with core.db.transaction() as session:
        unit = session.get(Unit, UNIT)
        unit.phone = PHONE
        posts.set_unit(session, unit)
    return made


def band_of(page: str) -> str:
    found = re.search(r'<section class="band".*?</section>', page, re.S)
    return re.sub(r"\s+", " ", found[0]) if found else ""


async def band(desk: Desk, login: str) -> str:
    return band_of((await (await desk.signed_in(login)).get("/")).text)


def test_an_unread_urgent_tip_stands_on_the_pages_of_the_province_and_of_the_centre(desk):
    async def story():
        referral, sent = urgent_tip(desk), desk.now // 60 * 60
        desk.now = sent + 14 * MINUTE
        clocks.run(desk.core)
        assert await band(desk, "haiphong") == ""
        desk.now = sent + 16 * MINUTE
        clocks.run(desk.core)
        shown = await band(desk, "haiphong")
        for part in ("Báo lên bạn", "Công an", "tin khẩn chưa ai nhận", "đã 16 phút", PHONE, 'href="tel:02253123456"'):
            assert part in shown, part
        assert await band(desk, "trungtam") == "", "its turn comes after half an hour"
        desk.now = sent + 31 * MINUTE
        clocks.run(desk.core)
        shown = await band(desk, "trungtam")
        assert "đã 32 phút" in shown or "đã 31 phút" in shown
        assert PHONE in shown
        assert referral not in shown, "the centre holds no key and gets no link"
        for login in ("anphu", "laichau", "binhlu"):
            assert await band(desk, login) == "", login
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await post(client, f"{page}/act", page, act="receive")
        assert await band(desk, "haiphong") == ""
        assert await band(desk, "trungtam") == ""

    run(story)


def test_many_of_one_unit_are_one_line_and_old_ones_are_folded(desk):
    async def story():
        sent = desk.now
        for _ in range(3):
            urgent_tip(desk)
        desk.now = sent + 31 * MINUTE
        clocks.run(desk.core)
        assert "3 tin khẩn chưa ai nhận, lâu nhất 3" in await band(desk, "trungtam")
        desk.now = sent + 2 * DAY
        fresh = urgent_tip(desk)
        desk.now += 31 * MINUTE
        clocks.run(desk.core)
        shown = await band(desk, "trungtam")
        assert fresh not in shown
        assert "4 tin" in shown

    run(story)


def test_a_stale_line_of_another_unit_is_folded_below_tonights(desk):
    async def story():
        sent = desk.now
        desk.tip(unit="ca.12.03390")
        desk.now = sent + 5 * DAY
        clocks.run(desk.core)
        desk.now = sent + 8 * DAY
        urgent_tip(desk)
        desk.now += 31 * MINUTE
        clocks.run(desk.core)
        shown = await band(desk, "trungtam")
        fresh, _, folded = shown.partition("<details")
        assert "tin khẩn chưa ai nhận" in fresh
        assert "tin thường chưa ai nhận" in folded

    run(story)


def test_an_unseen_message_of_danger_stands_there_too(desk):
    async def story():
        code, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await post(client, f"{page}/act", page, act="receive")
        write_back(desk.core, code, DANGER)
        desk.now += 17 * MINUTE
        clocks.run(desk.core)
        shown = await band(desk, "haiphong")
        assert "lời nhắn khẩn của người báo chưa ai xử lý" in shown
        assert "bến xe" not in shown
        client = await desk.signed_in("anphu")
        await client.get(page)
        assert await band(desk, "haiphong") != "", "looking is not dealing with it"
        await post(client, f"{page}/message", page, act="handled", shown="1")
        assert await band(desk, "haiphong") == ""

    run(story)


def test_a_late_decision_leaves_with_the_decision(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await post(client, f"{page}/act", page, act="receive")
        desk.now += 20 * DAY + HOUR
        clocks.run(desk.core)
        assert "quá hạn quyết định" in await band(desk, "haiphong")
        client = await desk.signed_in("anphu")
        await post(client, f"{page}/act", page, act="refuse", reason="duplicate")
        assert await band(desk, "haiphong") == ""

    run(story)


def test_a_unit_that_gave_a_tip_up_for_a_conflict_hears_nothing_more_of_it(desk):
    async def story():
        _, referral = desk.tip(unit=ABOVE)
        giver, page = await desk.signed_in("haiphong"), f"/referrals/{referral}"
        form = {"act": "transfer", "reason": "conflict_of_interest", "unit": UNIT}
        assert (await post(giver, f"{page}/act", page, **form)).status_code == 303
        desk.now += 49 * HOUR
        clocks.run(desk.core)
        assert await band(desk, "haiphong") == ""
        assert await band(desk, "trungtam") != ""
        with desk.core.db.reading() as session:
            kinds = select(Notice.unit_id).where(Notice.kind == "escalation")
            assert set(session.execute(kinds).scalars()) == {CENTRAL}

    run(story)


def test_what_was_told_is_erased_with_the_tip(desk):
    from bot.services.keeping import erasure
    from bot.storage.tables import Referral

    referral = urgent_tip(desk)
    desk.now += HOUR
    clocks.run(desk.core)
    with desk.core.db.transaction() as session:
        erasure.erase_tip(session, session.get(Referral, referral).tip_id, erasure.REQUEST, desk.now)
    with desk.core.db.reading() as session:
        assert session.execute(select(Raised)).first() is None


async def trouble(desk: Desk, login: str) -> str:
    page = (await (await desk.signed_in(login)).get("/me")).text
    found = re.search(r'<div class="trouble[^>]*>(.*?)</div>', page, re.S)
    return found[1] if found else ""


@pytest.mark.parametrize("login", ["anphu", "haiphong", "trungtam", "quantri", "kiemtra"])
def test_everybody_is_told_while_no_notice_can_be_sent(desk, login):
    async def story():
        assert "chưa gửi được lời báo" in await trouble(desk, login)

    run(story)


def test_a_machine_that_can_send_says_so_only_when_it_fails(tmp_path):
    more = {"LACHAN_MAIL_HOST": "127.0.0.1", "LACHAN_MAIL_SENDER": "lachan@example.vn"}
    with core_in(tmp_path, **more) as core:
        desk = Desk(core)

        def beat() -> None:
            with core.db.transaction() as session:
                heartbeat.beat(session, "notices", desk.now)

        async def story():
            assert "việc chạy nền đã dừng" in await trouble(desk, "anphu")
            beat()
            assert "chưa ai đặt nơi nhận báo" in await trouble(desk, "anphu")
            assert await trouble(desk, "quantri") == ""
            give_email(core, "anphu", "truc@example.vn")
            assert await trouble(desk, "anphu") == ""
            with core.db.transaction() as session:
                session.add(
                    Notice(id="n1", unit_id=UNIT, referral_id="", kind="new", created_at=desk.now, status="sending")
                )
                session.add(
                    NoticeDelivery(
                        notice_id="n1", officer_id="o", route="email", status="pending", attempts=2, claimed_at=desk.now,
                        code="connection",
                    )
                )  # fmt: skip
            assert "đang bị lỗi" in await trouble(desk, "kiemtra")
            with core.db.transaction() as session:
                row = session.execute(select(NoticeDelivery)).scalar_one()
                row.status, row.claimed_at = "sent", desk.now
            assert await trouble(desk, "kiemtra") == ""
            with core.db.transaction() as session:
                session.add(Notice(id="n2", unit_id=UNIT, referral_id="", kind="new", created_at=desk.now))
            desk.now += 10 * MINUTE
            beat()
            assert "ứ lại" in await trouble(desk, "kiemtra")

        run(story)
