"""The desk: what presses comes first and says how late it is, however many referrals there are."""

from __future__ import annotations

import re
from itertools import product

import pytest
from sqlalchemy import select

from bot.core.referrals.duties import duties
from bot.core.referrals.escalation import Standing
from bot.core.referrals.states import State
from bot.jobs import clocks
from bot.services.tips import desk as desk_service
from bot.services.tips import record
from bot.storage.tables import Referral, Tip, Unit
from tests.support.console import Desk, post, run
from tests.support.desk import REMOTE, UNIT
from tests.support.routes import straight

DAY = 86_400.0


def urgent_tip(desk: Desk) -> str:
    prepared = record.prepare(desk.core.vault, {"what": "nhà bà Năm"})
    with desk.core.db.transaction() as session:
        record.create(
            session, desk.core.vault, prepared, to=straight(session, UNIT), category="child", urgent=True,
            channel="web", language="vi", clocks=desk.core.clocks, now=desk.now,
        )  # fmt: skip
        session.flush()
        return session.execute(select(Referral.id).where(Referral.tip_id == prepared.id)).scalar_one()


def links(page: str) -> list[str]:
    return re.findall(r'class="open" href="/referrals/([0-9a-f]{32})"', page)


def test_an_unread_urgent_tip_stays_first_and_says_how_late_it_is(desk):
    async def story():
        ordinary = [desk.tip()[1] for _ in range(3)]
        urgent, sent = urgent_tip(desk), desk.now
        for minutes in (16, 31, 200):
            desk.now = sent + minutes * 60
            clocks.run(desk.core)
        client = await desk.signed_in("anphu")
        page = (await client.get("/")).text
        assert links(page)[0] == urgent
        assert set(links(page)[1:]) == set(ordinary)
        row = re.search(r'<tr[^>]*class="urgent late unread"[^>]*>.*?</tr>', page, re.S)[0]
        assert "quá hạn 3 giờ 5 phút" in row
        inside = (await client.get(f"/referrals/{urgent}")).text
        assert re.search(r"Hạn tiếp nhận: <time[^>]*>quá hạn 3 giờ 5 phút", inside)
        late = (await client.get("/?show=late")).text
        assert links(late) == [urgent]

    run(story)


def test_the_clock_of_the_victims_verification_is_shown(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        page = f"/referrals/{referral}"
        await post(client, f"{page}/act", page, act="receive")
        desk.now += 2 * DAY
        client = await desk.signed_in("anphu")
        inside = (await client.get(page)).text
        assert re.search(r"Hạn xác minh nạn nhân: <time[^>]*>còn 23 giờ 59 phút", inside)
        assert re.search(r"Hạn quyết định: <time[^>]*>còn 17 ngày 23 giờ", inside)
        assert "còn 23 giờ 59 phút" in (await client.get("/")).text

    run(story)


def test_the_list_goes_on_over_pages_and_loses_nothing(desk):
    async def story():
        number = desk_service.PAGE_ROWS + 7
        made = []
        for _ in range(number):
            desk.now += 60  # times are kept to the minute
            made.append(desk.tip()[1])
        urgent = urgent_tip(desk)  # the newest of all
        client = await desk.signed_in("anphu")
        first, second = (await client.get("/?page=0")).text, (await client.get("/?page=1")).text
        assert links(first)[0] == urgent
        assert links(first)[1:] + links(second) == made, "the one whose time runs out first comes first"
        assert f'<span class="count" id="total">{number + 1}</span>' in first
        assert "Trang 2/2" in second

    run(story)


def test_filters(desk):
    async def story():
        _, labour = desk.tip()
        _, received = desk.tip()
        _, elsewhere = desk.tip(unit=REMOTE)
        urgent = urgent_tip(desk)
        client = await desk.signed_in("anphu")
        await post(client, f"/referrals/{received}/act", f"/referrals/{received}", act="receive")
        for query, expected in (
            ("show=urgent", {urgent}), ("state=received", {received}), ("category=labour", {labour, received}),
            ("state=new&category=labour", {labour}), ("unit=nowhere", set()), ("show=late", set()),
            ("state=drop&show=table&page=-1", {labour, received, urgent}),
        ):  # fmt: skip
            page = await client.get(f"/?{query}")
            assert page.status_code == 200
            assert set(links(page.text)) == expected, query
        assert elsewhere not in (await client.get("/?show=all")).text

    run(story)


def test_what_was_handed_on_stays_as_a_line_that_opens_nothing(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        form = {"act": "transfer", "reason": "other_place", "unit": REMOTE}
        assert (await post(client, f"{page}/act", page, **form)).status_code == 303
        listed = (await client.get("/?show=all")).text
        assert "Đã giao" in listed
        assert links(listed) == []
        assert links((await client.get("/")).text) == []

    run(story)


def test_asking_for_news_keeps_no_session_alive(desk):
    async def story():
        client = await desk.signed_in("anphu")
        before = (await client.get("/pulse")).json()
        desk.now += 1000
        assert (await client.get("/pulse")).status_code == 200
        urgent_tip(desk)
        after = (await client.get("/pulse")).json()
        assert (before["unread"], after["unread"], after["urgent"]) == (0, 1, 1)
        assert after["newest"] > before["newest"]
        desk.now += 900
        assert (await client.get("/pulse")).status_code == 303

    run(story)


def test_the_database_and_the_rules_agree_on_what_is_due(desk):
    """The list sorts by an expression of the database; the page counts down to core/referrals/duties."""
    core, now = desk.core, desk.now
    states = (State.NEW, State.RECEIVED, State.ACCEPTED, State.VERIFYING, State.CLOSED)
    cases = {}
    more = product(
        states, (False, True), (UNIT, REMOTE), (0.0, now + 70 * DAY), ("", "victim"), (0.0, now + 5 * DAY),
        (0.0, now + 50, now + 6 * DAY),
    )  # fmt: skip
    for state, urgent, unit, extended, result, anew, danger in more:
        if state is State.NEW and (extended or result):
            continue
        referral = urgent_tip(desk) if urgent else desk.tip()[1]
        received = 0.0 if state is State.NEW else now + 100
        with core.db.transaction() as session:
            row = session.get(Referral, referral)
            row.state, row.unit_id, row.received_at, row.extended_until = state.value, unit, received, extended
            row.clock_from, session.get(Tip, row.tip_id).verify_result, row.reply_danger_at = anew, result, danger
            standing = Standing(
                state=state, urgent=urgent, remote=session.get(Unit, unit).remote, created_at=row.created_at,
                received_at=received, extended_until=extended, clock_from=anew, verified=bool(result), reply_danger_at=danger,
            )  # fmt: skip
        owed = duties(standing, core.clocks)
        cases[referral] = owed[0].due_at if owed else 0.0
    with core.db.reading() as session:
        query = desk_service.joined(select(Referral.id, desk_service._due(core.clocks)))
        found = {row[0]: row[1] or 0.0 for row in session.execute(query)}
    assert found == pytest.approx(cases)
    assert len(cases) == 408
