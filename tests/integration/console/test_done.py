"""An act that takes a tip out of sight ends on a page that says so, and a form that was refused keeps what was written."""

from __future__ import annotations

import re

import pytest

from tests.support.console import post, run
from tests.support.desk import ABOVE, REMOTE, UNIT

LOST = "Không có trang này"


async def carried_out(client, referral: str, **form: str) -> str:
    """The page an officer lands on, however many redirects it takes."""
    page = f"/referrals/{referral}"
    answer = await post(client, f"{page}/act", page, **form)
    assert answer.status_code == 303
    landed = await client.get(answer.headers["location"])
    assert landed.status_code == 200
    assert LOST not in landed.text
    assert 'href="/"' in landed.text
    return landed.text


@pytest.mark.parametrize("unit", [REMOTE, ABOVE])
def test_a_transfer_ends_on_a_page_that_names_the_unit_and_the_time(desk, unit):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        landed = await carried_out(client, referral, act="transfer", reason="other_place", unit=unit)
        assert re.search(r"<h1>Đã chuyển cho [^<]+, \d\d:\d\d</h1>", landed)
        assert "không đọc được nữa" in landed
        assert "nhà bà" not in landed
        again = await client.get(f"/referrals/{referral}/done")
        assert again.status_code == 200, "loading it anew is no error"
        lost = await client.get(f"/referrals/{referral}")
        assert lost.status_code == 404
        assert "đã chuyển tin này" in lost.text
        other = await desk.signed_in("binhlu" if unit != REMOTE else "laichau")
        assert (await other.get(f"/referrals/{referral}/done")).status_code == 404

    run(story)


def test_a_tip_handed_down_is_still_open_to_who_handed_it(desk):
    async def story():
        _, referral = desk.tip(unit=ABOVE)
        client = await desk.signed_in("haiphong")
        landed = await carried_out(client, referral, act="transfer", reason="other_place", unit=UNIT)
        link = re.search(r'href="(/referrals/[0-9a-f]{32})"', landed)[1]
        assert (await client.get(link)).status_code == 200

    run(story)


@pytest.mark.parametrize(
    ("acts", "last", "said"),
    [
        (("receive",), {"act": "refuse", "reason": "duplicate"}, "Đã ghi không xử lý"),
        (("receive", "accept"), {"act": "close", "reason": "victim_safe"}, "Đã đóng tin"),
    ],
)
def test_closing_and_refusing_say_that_they_worked(desk, acts, last, said):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        for act in acts:
            await post(client, f"{page}/act", page, act=act)
        landed = await carried_out(client, referral, **last)
        assert said in landed
        assert f'href="/referrals/{referral}"' in landed

    run(story)


def test_a_colleague_who_comes_too_late_is_told_what_happened(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        text = (await client.get(page)).text
        csrf = re.search(r'name="csrf" value="([^"]+)"', text)[1]
        await post(client, f"{page}/act", page, act="transfer", reason="other_place", unit=REMOTE)
        for path, form in (("act", {"act": "receive"}), ("answer", {"text": "chào bạn"})):
            late = await client.post(f"{page}/{path}", data={"csrf": csrf, **form})
            assert late.status_code == 404
            assert "đã chuyển tin này" in late.text

    run(story)


def test_a_refused_form_comes_back_with_what_was_written(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        words = "Chào bạn, bạn còn ở đó không?"
        csrf = re.search(r'name="csrf" value="([^"]+)"', (await client.get(page)).text)[1]
        word = {"files": ("don.docx", b"PK\x03\x04 no picture", "application/msword")}
        wrong = await client.post(f"{page}/answer", data={"csrf": csrf, "text": words}, files=word)
        assert wrong.status_code == 400
        assert f">{words}</textarea>" in wrong.text
        assert "Chỉ gửi được ảnh" in wrong.text
        needs = "Cần chỗ ở an toàn đêm nay"
        wrong = await post(client, f"{page}/copies", page, unit="tyt.10645", consent="recorded", needs=needs)
        assert wrong.status_code == 400
        assert f">{needs}</textarea>" in wrong.text
        wrong = await post(client, f"{page}/contact", page, reason="ngắn")
        assert ">ngắn</textarea>" in wrong.text
        wrong = await post(client, f"{page}/act", page, act="transfer", unit=REMOTE)
        assert wrong.status_code == 400
        assert f'<option value="{REMOTE}" selected>' in wrong.text
        late = await post(client, f"{page}/act", page, act="close", reason="prevented")
        assert "không làm được việc này" in late.text
        assert "nhà bà Năm" in late.text, "the tip's page, not a dead end"

    run(story)


def test_a_form_without_its_token_is_not_shown_again(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        answer = await client.post(f"/referrals/{referral}/answer", data={"csrf": "x", "text": ""})
        assert answer.status_code == 404
        assert "nhà bà" not in answer.text
        huge = await client.post(f"/referrals/{referral}/act", content=b"x" * 70_000)
        assert huge.status_code == 400
        assert "nhà bà" not in huge.text

    run(story)


def test_what_cannot_be_taken_back_needs_the_tick_whoever_sends_the_form(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await post(client, f"{page}/act", page, act="receive")
        for form in (
            {"act": "refuse", "reason": "duplicate"},
            {"act": "transfer", "reason": "other_place", "unit": REMOTE},
        ):
            for sure in ("", "no"):
                answer = await post(client, f"{page}/act", page, **form, sure=sure)
                assert answer.status_code == 400
                assert "ô xác nhận" in answer.text

    run(story)


def test_an_answer_ends_at_the_dialogue_with_the_time_and_a_visit_is_one_view(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        for _ in range(3):
            await client.get(page)
        answer = await post(client, f"{page}/answer", page, text="Chúng tôi đã nhận được.")
        assert answer.headers["location"].endswith("#dialogue")
        landed = (await client.get(answer.headers["location"])).text
        assert re.search(r"Đã gửi lúc \d\d:\d\d", landed)
        assert "1 lượt mở xem" in landed
        assert "Đã gửi lúc" not in (await client.get(page)).text
        desk.now += 600
        assert "2 lượt mở xem" in (await client.get(page)).text

    run(story)


def test_the_old_sheet_of_a_tip_that_came_back_leads_to_the_live_one(desk):
    async def story():
        _, referral = desk.tip(unit=UNIT)
        client, above, page = await desk.signed_in("anphu"), await desk.signed_in("haiphong"), f"/referrals/{referral}"
        await post(client, f"{page}/act", page, act="transfer", reason="higher_level", unit=ABOVE)
        old = (await above.get(page)).text
        assert "Mở phiếu đang xử lý" in old
        for form in ("answer", "copies", "export"):
            assert f"{page}/{form}" not in old, form
        live = re.search(r'href="(/referrals/[0-9a-f]+)">Mở phiếu', old)[1]
        assert f"{live}/answer" in (await above.get(live)).text
        assert (await post(above, f"{page}/answer", live, text="x")).status_code == 400

    run(story)


def test_the_place_stands_once():
    from bot.console import told
    from bot.content.phrasebooks import load_phrasebooks
    from bot.settings import ROOT

    book = load_phrasebooks(ROOT / "content" / "dialogue")["vi"]
    for text, said in (("xã An Phú, Hải Phòng", 1), ("xa an phu hai phong", 1), ("quán gần chợ An Phú", 2)):
        where = {"name": "Xã An Phú, Hải Phòng", "text": text}
        assert len(told.lines(book, {"what": "nhốt ba cô", "where": where})[-1][1].split(" · ")) == said


def test_a_unit_that_waits_is_seen_on_both_first_pages_until_it_is_confirmed(desk):
    from bot.storage.tables import Unit

    async def story():
        with desk.core.db.transaction() as session:
            unit = session.get(Unit, UNIT)
            unit.waiting_key, kept = unit.public_key, unit.public_key
        client, above = await desk.signed_in("anphu"), await desk.signed_in("haiphong")
        assert "chờ cấp trên xác nhận" in (await client.get("/")).text
        first = (await above.get("/")).text
        assert "chờ bạn xác nhận 1 đơn vị" in first
        assert 'title="1 đơn vị chờ bạn xác nhận"' in first
        with desk.core.db.transaction() as session:
            session.get(Unit, UNIT).waiting_key = None
        assert kept
        assert "xác nhận" not in (await above.get("/")).text
        assert "Đã xác nhận" in (await above.get("/unit?done=confirmed")).text
        assert "chưa gửi" in (await desk.browser().post("/referrals/x/answer", data={"text": "a"})).text

    run(story)
