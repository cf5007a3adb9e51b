"""The clock of the victim's verification ends with a result, and results are counted."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.core.clocks import DAY
from bot.jobs import clocks
from bot.services.keeping import erasure
from bot.services.reports import statistics
from bot.services.reports.targets import Share, targets
from bot.storage.tables import Audit, DecisionMade, Notice, Referral, Tip
from tests.support.console import Desk, post, run
from tests.support.desk import REMOTE, UNIT

CLOCK = "Hạn xác minh nạn nhân"


async def begun(desk: Desk, login: str = "anphu"):
    """A tip whose verification has begun: (client, referral, page)."""
    _, referral = desk.tip()
    client, page = await desk.signed_in(login), f"/referrals/{referral}"
    for act in ("receive", "accept", "verify"):
        assert (await post(client, f"{page}/act", page, act=act)).status_code == 303
    return client, referral, page


def measured(desk: Desk) -> Share:
    with desk.core.db.reading() as session:
        return targets(session, desk.core.clocks, desk.now).verified


def test_the_clock_goes_on_while_verifying_and_shows_when_it_is_late(desk):
    async def story():
        client, _, page = await begun(desk)
        assert re.search(rf"{CLOCK}: <time[^>]*>còn 3 ngày 0 giờ", (await client.get(page)).text)
        desk.now += 3 * DAY + 3600
        clocks.run(desk.core)
        with desk.core.db.reading() as session:
            told = select(Notice.unit_id).where(Notice.kind == "verify")
            assert list(session.execute(told).scalars()) == [UNIT]
        client = await desk.signed_in("anphu")
        assert re.search(rf"tag red\">{CLOCK}: <time[^>]*>quá hạn", (await client.get(page)).text)
        listed = (await client.get("/?show=late")).text
        assert page in listed
        assert "quá hạn 1 giờ" in listed

    run(story)


@pytest.mark.parametrize(
    ("form", "result", "people"),
    [
        ({"result": "victim", "victims": "3", "children": "2", "basis": "papers"}, "victim", (3, 2)),
        ({"result": "not_enough", "victims": "9", "children": "9"}, "not_enough", (0, 0)),
        ({"result": "not_victim", "basis": "others_told"}, "not_victim", (0, 0)),
    ],
)
def test_a_result_ends_the_clock_and_is_counted(desk, form, result, people):
    async def story():
        client, referral, page = await begun(desk)
        assert measured(desk) == Share(0, 0)
        assert (await post(client, f"{page}/verified", page, **form)).status_code == 303
        inside = (await client.get(page)).text
        assert CLOCK not in inside
        assert "đúng hạn" in inside
        assert measured(desk) == Share(1, 1)
        with desk.core.db.reading() as session:
            tip = session.get(Tip, session.get(Referral, referral).tip_id)
            assert (tip.verify_result, tip.victims, tip.victims_child) == (result, *people)
            assert statistics.totals(session)["verified"] == {result: 1}
            found = statistics.victims(session, "31")
            assert (found.people, found.children) == people
            detail = session.execute(select(Audit.detail).where(Audit.action == "verified")).scalar_one()
        assert detail == f"referral={referral} result={result} basis={form.get('basis', '-')}"
        page = (await (await desk.signed_in("haiphong")).get("/statistics")).text
        assert "Có kết quả xác minh nạn nhân đúng hạn" in page
        desk.now += 4 * DAY
        clocks.run(desk.core)
        with desk.core.db.reading() as session:
            assert session.execute(select(Notice.id).where(Notice.kind == "verify")).first() is None

    run(story)


def test_a_late_result_is_late_and_correcting_it_changes_no_time(desk):
    async def story():
        _, referral, page = await begun(desk)
        desk.now += 4 * DAY
        assert measured(desk) == Share(0, 1), "owed and late"
        client = await desk.signed_in("anphu")
        await post(client, f"{page}/verified", page, result="not_enough")
        assert measured(desk) == Share(0, 1)
        await post(client, f"{page}/verified", page, result="victim", victims="1", children="0", basis="papers")
        assert measured(desk) == Share(0, 1)
        assert "Là nạn nhân: 1 người" in (await client.get(page)).text
        assert "quá hạn" in (await client.get(page)).text
        assert referral

    run(story)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"result": "perhaps"},
        {"result": "victim", "basis": "papers"},
        {"result": "victim", "basis": "papers", "victims": "0"},
        {"result": "victim", "basis": "papers", "victims": "2", "children": "3"},
        {"result": "victim", "basis": "papers", "victims": "hai"},
        {"result": "victim", "basis": "papers", "victims": "99999999"},
        {"result": "victim", "victims": "1"},  # on what does it rest?
        {"result": "not_victim"},
        {"result": "not_victim", "basis": "feeling"},
    ],
)
def test_what_is_no_result_is_refused_on_the_same_page(desk, form):
    async def story():
        client, referral, page = await begun(desk)
        answer = await post(client, f"{page}/verified", page, **form)
        assert answer.status_code == 400
        assert "Kết quả xác minh nạn nhân" in answer.text
        with desk.core.db.reading() as session:
            assert session.get(Tip, session.get(Referral, referral).tip_id).verify_result == ""

    run(story)


def test_nothing_is_verified_before_the_tip_is_received(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        assert "/verified" not in (await client.get(page)).text
        assert (await post(client, f"{page}/verified", page, result="not_victim")).status_code == 400

    run(story)


def test_a_result_goes_with_the_tip_and_outlives_it_as_a_number(desk):
    async def story():
        client, referral, page = await begun(desk)
        await post(client, f"{page}/verified", page, result="victim", victims="4", children="1", basis="papers")
        await post(client, f"{page}/act", page, act="transfer", unit=REMOTE, reason="other_place")
        other = await desk.signed_in("binhlu")
        link = re.search(r"/referrals/[0-9a-f]{32}", (await other.get("/")).text)[0]
        await post(other, f"{link}/act", link, act="receive")
        inside = (await other.get(link)).text
        assert "4 người, 1 dưới 18 tuổi" in inside
        assert CLOCK not in inside
        before = measured(desk)
        with desk.core.db.transaction() as session:
            erasure.erase_tip(session, session.get(Referral, referral).tip_id, erasure.REQUEST, desk.now)
        assert measured(desk) == before == Share(1, 1)
        with desk.core.db.reading() as session:
            assert statistics.victims(session) == statistics.Victims(4, 1)

    run(story)


def test_the_page_does_not_say_for_certain_what_nobody_confirmed(desk):
    async def story():
        client, _, page = await begun(desk)
        inside = (await client.get(page)).text
        assert "Luật 53/2024/QH15, Điều 27" in inside
        assert "chưa có văn bản để khẳng định" in inside

    run(story)


DECISION = "Hạn quyết định"


def decided(desk: Desk) -> Share:
    with desk.core.db.reading() as session:
        return targets(session, desk.core.clocks, desk.now).resolved


def test_a_decision_ends_its_clock_is_counted_and_its_number_is_sealed(desk):
    async def story():
        client, referral, page = await begun(desk)
        assert DECISION in (await client.get(page)).text
        made = await post(client, f"{page}/decide", page, decision="suspended", number="12/QĐ-CSHS", on="2027-01-14")
        assert made.status_code == 303, made.text
        inside = (await client.get(page)).text
        assert DECISION not in inside
        for expected in ("Tạm đình chỉ giải quyết", "12/QĐ-CSHS", "14/01/2027"):
            assert expected in inside, expected
        desk.now += 30 * DAY
        clocks.run(desk.core)
        with desk.core.db.reading() as session:
            assert session.execute(select(Notice).where(Notice.kind == "overdue")).first() is None
            assert b"12/Q" not in session.execute(select(DecisionMade.body)).scalar_one()
            assert (
                session.execute(select(Audit.detail).where(Audit.action == "decided"))
                .scalar_one()
                .endswith("decision=suspended")
            )
            assert statistics.totals(session)["decision"] == {"suspended": 1}
        assert decided(desk) == Share(0, 0), "it is not late"
        client = await desk.signed_in("anphu")
        await post(client, f"{page}/decide", page, decision="prosecuted", number="3/QĐ-ANĐT", on="2027-02-01")
        inside = (await client.get(page)).text
        assert inside.index("12/QĐ-CSHS") < inside.index("3/QĐ-ANĐT")
        with desk.core.db.transaction() as session:
            assert statistics.totals(session, "31")["decision"] == {"prosecuted": 1}
            erasure.erase_tip(session, session.get(Referral, referral).tip_id, erasure.REQUEST, desk.now)
        with desk.core.db.reading() as session:
            assert statistics.totals(session)["decision"] == {"prosecuted": 1}
            assert session.execute(select(DecisionMade)).first() is None

    run(story)


def test_without_a_decision_the_unit_is_late(desk):
    async def story():
        await begun(desk)
        desk.now += 21 * DAY
        clocks.run(desk.core)
        with desk.core.db.reading() as session:
            assert session.execute(select(Notice).where(Notice.kind == "overdue")).first() is not None
        assert decided(desk) == Share(0, 1)

    run(story)


def test_a_reopened_tip_owes_a_new_decision(desk):
    async def story():
        client, _, page = await begun(desk)
        await post(client, f"{page}/decide", page, decision="not_prosecuted", number="1", on="2027-01-14")
        await post(client, f"{page}/act", page, act="close", reason="no_offence_found")
        desk.now += 60
        await post(client, f"{page}/act", page, act="reopen")
        assert re.search(rf"{DECISION}: <time[^>]*>còn", (await client.get(page)).text)

    run(story)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"decision": "guilty"},
        {"number": ""},
        {"number": "x" * 61},
        {"on": ""},
        {"on": "2027-01-16"},  # tomorrow
        {"on": "1999-01-01"},
    ],
)
def test_what_is_no_decision_is_refused(desk, form):
    async def story():
        client, _, page = await begun(desk)
        whole = {"decision": "prosecuted", "number": "12/QĐ", "on": "2027-01-14"}
        answer = await post(client, f"{page}/decide", page, **(whole | form if form else {}))
        assert answer.status_code == 400
        with desk.core.db.reading() as session:
            assert session.execute(select(DecisionMade)).first() is None

    run(story)
