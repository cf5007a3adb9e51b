"""What a reporter writes later is seen: by a mark, a filter, the order and a number; on a closed tip as well."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.core.clocks import DAY, HOUR, MINUTE
from bot.jobs import clocks
from bot.jobs import retention as retention_job
from bot.services import audit
from bot.services.tips import desk as desk_service
from bot.storage.tables import Audit, Notice, Referral, Tip
from tests.integration.console.test_desk import links, urgent_tip
from tests.support.console import Desk, post, run
from tests.support.desk import ABOVE, CENTRAL, UNIT, status_of, write_back

CALM = "Quán tên Hồng Nhung, nhà màu xanh"
DANGER = "Ông Tám vừa quay lại, tối nay 9 giờ đón 2 đứa ở bến xe"
MARK = "Người báo vừa nhắn"


def rows(page: str) -> list[str]:
    return re.findall(r"<tr[^>]*class=.*?</tr>", page, re.S)


def row_of(page: str, referral: str) -> str:
    return next((row for row in rows(page) if referral in row), "")


async def close(desk: Desk, client, referral: str, *acts: tuple[str, str]) -> None:
    page = f"/referrals/{referral}"
    for act, reason in acts or (("receive", ""), ("accept", ""), ("close", "prevented")):
        answer = await post(client, f"{page}/act", page, act=act, reason=reason)
        assert answer.status_code == 303, act


def read(desk: Desk, table, key: str):
    with desk.core.db.reading() as session:
        return session.get(table, key)


def notices(desk: Desk, kind: str) -> list[str]:
    with desk.core.db.reading() as session:
        return list(session.execute(select(Notice.unit_id).where(Notice.kind == kind)).scalars())


def test_a_new_message_is_marked_filtered_and_counted_until_the_unit_opens_it(desk):
    async def story():
        code, referral = desk.tip()
        _, other = desk.tip()
        client, above = await desk.signed_in("anphu"), await desk.signed_in("haiphong")
        await post(client, f"/referrals/{referral}/act", f"/referrals/{referral}", act="receive")
        assert MARK not in row_of((await client.get("/")).text, referral)
        said = write_back(desk.core, code, CALM)
        assert said == [{"say": "status_sent", "args": {}}]
        listed = (await client.get("/")).text
        row = row_of(listed, referral)
        assert f"{MARK} {desk_time(desk)}" in row
        assert "unread" in row.split(">")[0]
        assert links(listed) == [referral, other], "before what is due later"
        assert links((await client.get("/?show=replies")).text) == [referral]
        assert '<b class="badge" title="1 tin mới, 1 tin có lời nhắn mới' in listed
        assert (await client.get("/pulse")).json()["replies"] == 1
        seen_above = (await above.get(f"/referrals/{referral}")).text
        assert "chưa mở xem" in seen_above
        assert MARK in row_of((await client.get("/")).text, referral), "a reader above does not see for the unit"
        inside = (await client.get(f"/referrals/{referral}")).text
        assert re.search(r'<li class="theirs fresh">.*?Quán tên Hồng Nhung', inside, re.S)
        assert MARK not in row_of((await client.get("/")).text, referral)
        assert links((await client.get("/?show=replies")).text) == []
        assert (await client.get("/pulse")).json()["replies"] == 0
        assert "theirs fresh" not in (await client.get(f"/referrals/{referral}")).text

    run(story)


def desk_time(desk: Desk) -> str:
    from bot.presentation.words import short

    return short(desk.now // 60 * 60, desk.now)


def test_a_message_that_comes_while_another_is_read_stays_marked(desk):
    from bot.services.tips import replies

    code, referral = desk.tip()
    write_back(desk.core, code, CALM)
    with desk.core.db.transaction() as session:
        stale = session.get(Referral, referral)
        session.expunge(stale)
    write_back(desk.core, code, "còn một điều nữa")

    class Reader:
        unit_keys = {UNIT: b""}  # noqa: RUF012

    with desk.core.db.transaction() as session:
        replies.see(session, Reader(), stale)
    assert read(desk, Referral, referral).replies == 2


def test_tonights_urgent_tip_is_not_buried_by_stale_ones(desk):
    async def story():
        now = desk.now
        desk.now = now - 20 * DAY
        stale = [urgent_tip(desk) for _ in range(desk_service.PAGE_ROWS + 5)]
        desk.now = now
        code, written = desk.tip()
        _, ordinary = desk.tip()
        evening = urgent_tip(desk)
        desk.now += 2 * HOUR
        fresh = urgent_tip(desk)
        write_back(desk.core, code, CALM)
        listed = links((await (await desk.signed_in("anphu")).get("/")).text)
        assert listed[:4] == [fresh, evening, written, ordinary]
        assert set(listed[4:]) <= set(stale)

    run(story)


def test_danger_in_a_message_makes_the_tip_urgent_and_climbs_when_nobody_looks(desk):
    async def story():
        code, referral = desk.tip()
        client = await desk.signed_in("anphu")
        await close(desk, client, referral, ("receive", ""), ("accept", ""), ("verify", ""))
        written = desk.now
        said = write_back(desk.core, code, DANGER)
        told = core_says(desk, said)
        assert "đánh dấu khẩn" in told
        assert "113" in told
        assert read(desk, Tip, read(desk, Referral, referral).tip_id).urgency == "urgent"
        assert notices(desk, "reply_urgent") == [UNIT]
        listed = (await client.get("/")).text
        assert f"{MARK} khẩn" in row_of(listed, referral)
        desk.now = written + 14 * MINUTE - 60
        clocks.run(desk.core)
        assert notices(desk, "reply_unread") == []
        desk.now = written + 16 * MINUTE
        clocks.run(desk.core)
        assert notices(desk, "reply_unread") == [ABOVE]
        desk.now = written + 31 * MINUTE
        clocks.run(desk.core)
        assert sorted(notices(desk, "reply_unread")) == sorted([ABOVE, CENTRAL])
        clocks.run(desk.core)
        assert len(notices(desk, "reply_unread")) == 2
        assert DANGER not in audit_text(desk)

    run(story)


SNATCHED = "Con gái tôi 14 tuổi vừa bị bọn đó đưa lên xe đi rồi, cứu cháu với"
SETTLED = {"answer": {"text": "Chúng tôi đã cử người đến bến xe."}, "message": {"act": "handled"}}


def shown(page: str) -> str:
    return re.search(r'name="shown" value="(\d+)"', page)[1]


@pytest.mark.parametrize("received", [True, False])
@pytest.mark.parametrize("how", SETTLED)
def test_danger_is_dealt_with_by_an_answer_or_a_press_and_not_by_looking(desk, how, received):
    async def story():
        code, referral = desk.tip()
        other = urgent_tip(desk)
        client, above, page = await desk.signed_in("anphu"), await desk.signed_in("haiphong"), f"/referrals/{referral}"
        if received:
            await close(desk, client, referral, ("receive", ""), ("accept", ""))
        write_back(desk.core, code, DANGER)
        for _ in range(2):
            inside = (await client.get(page)).text
            assert "Người báo nhắn khẩn" in inside
            assert "Đã xử lý lời này" in inside
            listed = (await client.get("/")).text
            assert links(listed) == [referral, other]
            assert f"{MARK} khẩn" in row_of(listed, referral)
        assert "Đã xử lý lời này" not in (await above.get(page)).text.split("</form>")[1]
        assert f"{MARK} khẩn" in row_of((await above.get("/")).text, referral)
        desk.now += 16 * MINUTE
        clocks.run(desk.core)
        assert notices(desk, "reply_unread" if received else "escalation").count(ABOVE) >= 1
        await post(above, f"{page}/answer", page, text="cấp trên trả lời thay")
        assert f"{MARK} khẩn" in row_of((await client.get("/")).text, referral), "the unit itself has to act"
        form = SETTLED[how] | {"shown": shown((await client.get(page)).text)}
        assert (await post(client, f"{page}/{how}", page, **form)).status_code == 303
        assert MARK not in row_of((await client.get("/")).text, referral)
        desk.now += 20 * MINUTE
        clocks.run(desk.core)
        assert CENTRAL not in notices(desk, "reply_unread")
        assert ("reply_handled" in audit_actions(desk)) == (how == "message")

    run(story)


@pytest.mark.parametrize("how", SETTLED)
def test_a_second_message_of_danger_is_not_settled_by_a_page_that_did_not_show_it(desk, how):
    async def story():
        code, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await close(desk, client, referral, ("receive", ""))
        write_back(desk.core, code, DANGER)
        before = shown((await client.get(page)).text)
        write_back(desk.core, code, SNATCHED)
        answer = await post(client, f"{page}/{how}", page, **SETTLED[how], shown=before)
        assert answer.status_code == (409 if how == "message" else 303)
        assert read(desk, Referral, referral).reply_danger_at > 0

    run(story)


def test_a_tip_with_danger_that_nobody_dealt_with_cannot_be_ended(desk):
    async def story():
        code, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await close(desk, client, referral, ("receive", ""), ("accept", ""))
        write_back(desk.core, code, DANGER)
        answer = await post(client, f"{page}/act", page, act="close", reason="prevented", sure="yes")
        assert answer.status_code == 400
        assert "lời nhắn khẩn chưa xử lý" in answer.text
        assert read(desk, Referral, referral).state == "accepted"
        lower = {"category": "labour", "urgency": "normal", "reason": "past", "people": "3"}
        await post(client, f"{page}/classify", page, **lower, place="Xã An Phú, Thành phố Hải Phòng")
        assert read(desk, Referral, referral).reply_danger_at > 0, "another name for the tip is no answer"

    run(story)


@pytest.mark.parametrize("acts", [(), (("receive", ""), ("refuse", "duplicate"))])
def test_a_child_that_was_taken_is_marked_on_new_and_on_reopened_tips(desk, acts):
    async def story():
        code, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        if acts:
            await close(desk, client, referral, *acts)
        others = [urgent_tip(desk) for _ in range(2)]
        desk.now += MINUTE
        write_back(desk.core, code, SNATCHED)
        tip = read(desk, Tip, read(desk, Referral, referral).tip_id)
        assert (tip.urgency, tip.child) == ("urgent", True)
        listed = (await client.get("/")).text
        assert links(listed)[0] == referral
        assert set(links(listed)[1:]) == set(others)
        row = row_of(listed, referral)
        assert f"{MARK} khẩn" in row
        assert "Trẻ em" in row
        inside = (await client.get(page)).text
        assert "Người báo nhắn khẩn" in inside
        assert "Tổng đài 111" in inside.split("Trao đổi với người báo</h2>")[0]
        assert "child_marked" in audit_actions(desk)
        assert SNATCHED not in audit_text(desk)

    run(story)


def test_a_message_to_a_closed_tip_stays_until_somebody_decides(desk):
    async def story():
        code, referral = desk.tip()
        client, above, page = await desk.signed_in("anphu"), await desk.signed_in("haiphong"), f"/referrals/{referral}"
        await close(desk, client, referral)
        desk.now += DAY
        client, above = await desk.signed_in("anphu"), await desk.signed_in("haiphong")
        write_back(desk.core, code, CALM)
        for _ in range(2):
            inside = (await client.get(page)).text
            assert "Không mở lại" in inside
            assert "chờ quyết định mở lại" in row_of((await client.get("/")).text, referral)
        assert "Không mở lại" not in (await above.get(page)).text
        assert (await post(above, f"{page}/message", page, act="closed", shown="1")).status_code == 400
        desk.now += 5 * MINUTE
        form = {"act": "closed", "shown": shown(inside)}
        assert (await post(client, f"{page}/message", page, **form)).status_code == 303
        assert links((await client.get("/")).text) == []
        assert "mở lại?" not in (await client.get(page)).text
        assert "not_reopened" in audit_actions(desk)
        assert "chưa mở lại tin này" in status_of(desk.core, code), "the reporter is told"
        desk.now += 5 * MINUTE
        write_back(desk.core, code, CALM)
        assert "mở lại?" in (await client.get(page)).text, "what is written later is asked anew"

    run(story)


def test_danger_starts_the_minutes_of_a_tip_that_was_ordinary(desk):
    code, referral = desk.tip()
    desk.now += 5 * HOUR
    write_back(desk.core, code, DANGER)
    clocks.run(desk.core)
    assert notices(desk, "escalation") == [], "its minutes begin with the message"
    desk.now += 16 * MINUTE
    clocks.run(desk.core)
    assert notices(desk, "escalation") == [ABOVE]
    assert notices(desk, "reply_unread") == [], "told once"
    assert referral


@pytest.mark.parametrize(
    "acts",
    [(("receive", ""), ("accept", ""), ("close", "prevented")), (("receive", ""), ("refuse", "not_trafficking"))],
)
def test_a_closed_tip_shows_what_was_written_and_is_reopened_by_one_press(desk, acts):
    async def story():
        code, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await close(desk, client, referral, *acts)
        assert links((await client.get("/")).text) == []
        desk.now += DAY
        client = await desk.signed_in("anphu")
        said = write_back(desk.core, code, CALM)
        assert "đang đóng" in core_says(desk, said)
        listed = (await client.get("/")).text
        assert MARK in row_of(listed, referral)
        assert links((await client.get("/?show=late")).text) == []
        inside = (await client.get(page)).text
        assert "người báo vừa nhắn" in inside
        assert "mở lại?" in inside
        again = (await client.get(page)).text
        assert "mở lại?" in again, "the question stays after it was seen"
        reopened = desk.now
        assert (await post(client, f"{page}/act", page, act="reopen")).status_code == 303
        row = read(desk, Referral, referral)
        assert (row.state, row.reason, row.closed_at) == ("received", "", 0.0)
        assert 0 < row.received_at < reopened, "the first receipt is what is measured"
        tip = read(desk, Tip, row.tip_id)
        assert (tip.closed_at, tip.erase_at) == (0.0, 0.0)
        inside = (await client.get(page)).text
        assert "còn 2 ngày 23 giờ" in inside or "còn 3 ngày 0 giờ" in inside
        assert "mở lại tin của bạn" in status_of(desk.core, code)
        assert "reopen" in audit_actions(desk)
        assert (await post(client, f"{page}/act", page, act="reopen")).status_code == 400
        await close(desk, client, referral, ("accept", ""), ("close", "victim_safe"))
        assert read(desk, Tip, row.tip_id).erase_at > desk.now + 89 * DAY

    run(story)


@pytest.mark.parametrize(
    "acts", [(("receive", ""), ("accept", ""), ("close", "prevented")), (("receive", ""), ("refuse", "duplicate"))]
)
def test_danger_reopens_a_closed_tip_by_itself(desk, acts):
    async def story():
        code, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await close(desk, client, referral, *acts)
        desk.now += 60 * DAY
        said = write_back(desk.core, code, "chúng nó biết em báo rồi, đang khóa cửa nhốt em")
        assert "mở lại" in core_says(desk, said)
        assert "được mở lại" in status_of(desk.core, code)
        row = read(desk, Referral, referral)
        tip = read(desk, Tip, row.tip_id)
        assert (row.state, tip.urgency, tip.erase_at) == ("new", "urgent", 0.0)
        client = await desk.signed_in("anphu")
        listed = (await client.get("/")).text
        assert links(listed)[0] == referral
        assert "(mở lại)" in row_of(listed, referral)
        desk.now += 16 * MINUTE
        clocks.run(desk.core)
        assert notices(desk, "escalation") == [ABOVE]
        assert {"reopened", "urgency_raised"} <= audit_actions(desk)
        with desk.core.db.reading() as session:
            assert audit.verify(session).ok
        await post(client, f"{page}/act", page, act="receive")
        assert read(desk, Referral, referral).received_at == row.received_at

    run(story)


def test_a_closed_tip_is_not_erased_before_the_last_message_could_be_read(desk):
    async def story():
        code, referral = desk.tip()
        client = await desk.signed_in("anphu")
        await close(desk, client, referral)
        tip_id = read(desk, Referral, referral).tip_id
        end = read(desk, Tip, tip_id).erase_at
        desk.now = end - DAY
        retention_job.run(desk.core)
        desk.now = end - HOUR
        write_back(desk.core, code, CALM)
        desk.now = end + 3 * DAY + HOUR
        retention_job.run(desk.core)
        assert read(desk, Tip, tip_id) is not None
        desk.now = end + 12 * DAY
        retention_job.run(desk.core)
        desk.now = end + 16 * DAY
        retention_job.run(desk.core)
        assert read(desk, Tip, tip_id) is None

    run(story)


def test_an_officer_who_acts_on_an_older_view_is_stopped_by_danger(desk):
    async def story():
        code, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await close(desk, client, referral, ("receive", ""), ("accept", ""))
        with desk.core.db.reading() as session:
            before = session.get(Referral, referral).version
        write_back(desk.core, code, DANGER)
        assert read(desk, Referral, referral).version == before + 1
        assert (await client.get(page)).status_code == 200

    run(story)


def core_says(desk: Desk, said) -> str:
    return "\n".join(bubble.text for bubble in desk.core.renderer.render(said, "vi"))


def audit_actions(desk: Desk) -> set[str]:
    with desk.core.db.reading() as session:
        return set(session.execute(select(Audit.action)).scalars())


def audit_text(desk: Desk) -> str:
    with desk.core.db.reading() as session:
        return repr([row.model_dump() for row in session.execute(select(Audit)).scalars()])
