"""Ten seconds to take back what was pressed; several rows at once; the way back into the list; own ready-made answers.

Of the walks as seven people: B1 and B2 (closing, refusing and handing on can be taken back, take words, say that they worked),
B3 and B4 (the number chooses a tip; a search and its filters are there again after a tip), B16 (a refused form keeps its words).
"""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import select

from bot.presentation.words import words
from bot.services.keeping import erasure
from bot.services.tips import pressed
from bot.storage.tables import Audit, Officer, PressedAct, Referral, SavedReply, TipKey
from tests.support.console import Desk, csrf, post, run
from tests.support.desk import REMOTE, write_back


def state_of(desk: Desk, referral: str) -> str:
    with desk.core.db.reading() as session:
        return session.get(Referral, referral).state


async def press(client, referral: str, **form: str):
    page = f"/referrals/{referral}"
    return await client.post(f"{page}/act", data={"csrf": await csrf(client, page), "sure": "yes", **form})


async def settle(client, referral: str, what: str):
    return await client.post("/pressed", data={"csrf": await csrf(client, "/me"), "id": referral, "do": what})


async def accepted(desk: Desk, client) -> tuple[str, str]:
    code, referral = desk.tip()
    for act in ("receive", "accept"):
        await post(client, f"/referrals/{referral}/act", f"/referrals/{referral}", act=act)
    return code, referral


def test_nothing_has_happened_until_the_ten_seconds_are_over_and_then_it_counts_from_the_press(desk, monkeypatch):
    monkeypatch.setattr(pressed, "SECONDS", 0.3)

    async def story():
        client = await desk.signed_in("anphu")
        _, referral = await accepted(desk, client)
        at = desk.now
        answer = await press(client, referral, act="close", reason="prevented", note="đã gặp gia đình")
        assert answer.headers["location"] == f"/referrals/{referral}/done"
        assert state_of(desk, referral) == "accepted"
        desk.now += 8
        page = (await client.get(answer.headers["location"])).text
        assert "Sắp đóng tin" in page
        assert '<noscript><meta http-equiv="refresh"' in page
        for _ in range(200):
            if state_of(desk, referral) == "closed":
                break
            await asyncio.sleep(0.05)
        with desk.core.db.reading() as session:
            row = session.get(Referral, referral)
            assert (row.state, row.closed_at) == ("closed", at)
            assert session.execute(select(PressedAct)).first() is None
        assert "Đã đóng tin" in (await client.get(f"/referrals/{referral}/done")).text
        assert "đã gặp gia đình" in (await client.get(f"/referrals/{referral}")).text

    run(story)


@pytest.mark.parametrize(
    "form",
    [
        {"act": "close", "reason": "prevented"},
        {"act": "transfer", "reason": "other_place", "unit": REMOTE, "note": "chị Sáu biết đường"},
    ],
)
def test_what_was_taken_back_never_happens(desk, form, monkeypatch):
    monkeypatch.setattr(pressed, "SECONDS", 0.3)

    async def story():
        client = await desk.signed_in("anphu")
        _, referral = await accepted(desk, client)
        await press(client, referral, **form)
        answer = await settle(client, referral, "back")
        assert "Tin vẫn như cũ" in (await client.get(answer.headers["location"])).text
        await asyncio.sleep(0.6)
        assert state_of(desk, referral) == "accepted"
        assert (await client.get(f"/referrals/{referral}/done")).status_code == 404

    run(story)


def test_a_press_after_one_that_was_taken_back_has_its_own_ten_seconds(desk, monkeypatch):
    monkeypatch.setattr(pressed, "SECONDS", 2.0)

    async def story():
        client = await desk.signed_in("anphu")
        _, referral = await accepted(desk, client)
        await press(client, referral, act="close", reason="prevented")
        await settle(client, referral, "back")
        await asyncio.sleep(1.4)
        desk.now += 2
        await press(client, referral, act="close", reason="prevented")
        await asyncio.sleep(1.0)  # the first one's time is over, the second's is not
        assert state_of(desk, referral) == "accepted"
        await asyncio.sleep(1.6)
        assert state_of(desk, referral) == "closed"

    run(story)


def test_a_press_says_at_once_what_is_wrong_and_keeps_the_form(desk):
    async def story():
        client = await desk.signed_in("anphu")
        _, referral = await accepted(desk, client)
        wrong = await press(client, referral, act="transfer", reason="other_place", unit="no.such", note="lời bàn giao")
        assert wrong.status_code == 400
        assert ">lời bàn giao</textarea>" in wrong.text
        assert (await press(client, referral, act="refuse", reason="duplicate")).status_code == 400
        with desk.core.db.reading() as session:
            assert session.execute(select(PressedAct)).first() is None

    run(story)


def test_a_process_that_died_leaves_the_press_to_its_officer_and_the_tip_as_it_was(desk):
    async def story():
        client, other = await desk.signed_in("anphu"), await desk.signed_in("haiphong")
        _, referral = await accepted(desk, client)
        await press(client, referral, act="transfer", reason="other_place", unit=REMOTE, note="chị Sáu biết đường")
        for task in list(desk.app.state.pressed):
            task.cancel()  # as with the process
        with desk.core.db.reading() as session:
            row = session.execute(select(PressedAct)).scalar_one()
            assert "Sáu".encode() not in row.body
            keys = session.execute(select(TipKey.holder).where(TipKey.holder.startswith("unit:"))).scalars()
            assert f"unit:{REMOTE}" not in set(keys)
        desk.now += 1200
        assert state_of(desk, referral) == "accepted"
        first = (await client.get("/")).text
        assert "Máy chủ ngừng giữa chừng" in first
        assert "Máy chủ ngừng" not in (await other.get("/")).text
        assert (await settle(other, referral, "now")).status_code == 303
        assert state_of(desk, referral) == "accepted", "somebody else's press"
        landed = await client.get((await settle(client, referral, "now")).headers["location"])
        assert "Đã chuyển cho" in landed.text
        with desk.core.db.reading() as session:
            fresh = session.execute(select(Referral).where(Referral.previous_id == referral)).scalar_one()
            assert fresh.created_at == desk.now, "pressed anew, it counts from now"

    run(story)


def test_what_came_between_is_told_and_not_closed_over(desk):
    async def story():
        client = await desk.signed_in("anphu")
        code, referral = await accepted(desk, client)
        await press(client, referral, act="close", reason="prevented")
        write_back(desk.core, code, "cứu em với, nó đang đánh em, nó có dao")
        assert (await settle(client, referral, "now")).status_code == 303
        assert state_of(desk, referral) == "accepted"
        said = (await client.get(f"/referrals/{referral}/done")).text
        assert "Chưa làm được" in said
        assert "lời nhắn khẩn chưa xử lý" in said
        assert "Chưa làm được" in (await client.get("/")).text

    run(story)


def test_a_colleague_sees_that_something_was_pressed_and_cannot_press_over_it(desk):
    async def story():
        client, above = await desk.signed_in("anphu"), await desk.signed_in("haiphong")
        _, referral = await accepted(desk, client)
        await press(client, referral, act="close", reason="prevented")
        assert "10 giây nữa mới làm" in (await above.get(f"/referrals/{referral}")).text
        late = await press(above, referral, act="close", reason="victim_safe")
        assert late.status_code == 409

    run(story)


async def tick(client, what: str, ids: list[str], **more: str):
    token = await csrf(client, "/me")
    return await client.post("/bulk", data={"csrf": token, "what": what, "id": ids, **more})


def test_repetitions_are_refused_together_after_a_question_and_come_back_together(desk):
    async def story():
        client = await desk.signed_in("anphu")
        first, *rest = [desk.tip()[1] for _ in range(4)]
        code, urgent = desk.tip()
        write_back(desk.core, code, "cứu em với, nó đang đánh em, nó có dao")
        asked = await tick(client, "duplicate", [*rest, urgent], of=f"{first[:4]} {first[4:8]}".upper())
        assert "Không xử lý vì trùng: 3 tin?" in asked.text
        assert "còn lời nhắn khẩn" in asked.text
        assert {state_of(desk, one) for one in rest} == {"new"}
        await tick(client, "duplicate", rest, of=first[:8], sure="yes")
        page = (await client.get("/")).text
        assert "Sắp ghi không xử lý: 3 tin" in page
        token = await csrf(client, "/me")
        back = await client.post("/pressed", data={"csrf": token, "do": "back", "id": rest})
        assert "Tin vẫn như cũ" in (await client.get(back.headers["location"])).text
        await tick(client, "duplicate", rest, of=first[:8], sure="yes")
        await client.post("/pressed", data={"csrf": token, "do": "now", "id": rest})
        assert {state_of(desk, one) for one in rest} == {"refused"}
        assert state_of(desk, urgent) == "new"
        number = f"{first[:4]} {first[4:8]}".upper()
        assert f"Trùng với phiếu {number}" in (await client.get(f"/referrals/{rest[0]}")).text
        with desk.core.db.reading() as session:
            assert all(session.get(Referral, one).received_at for one in rest)

    run(story)


def test_rows_are_given_and_marked_as_seen_together(desk):
    async def story():
        client = await desk.signed_in("anphu")
        with desk.core.db.reading() as session:
            mine = session.execute(select(Officer.id).where(Officer.login == "anphu")).scalar_one()
        made = [desk.tip() for _ in range(2)]
        ids = [referral for _, referral in made]
        write_back(desk.core, made[0][0], "quán tên Hồng Nhung")
        assert "Người báo vừa nhắn" in (await client.get("/")).text
        asked = await tick(client, "seen", ids)
        assert "đã xem lời nhắn: 1 tin?" in asked.text
        await tick(client, "seen", ids, sure="yes")
        with desk.core.db.reading() as session:
            assert session.get(Referral, ids[0]).replies == 0
        done = await tick(client, "give", ids, to=mine, sure="yes")
        assert "Đã giao" in (await client.get(done.headers["location"])).text
        listed = (await client.get("/?show=mine")).text
        assert all(one in listed for one in ids)

    run(story)


def test_rows_of_another_unit_nothing_ticked_and_a_number_nobody_has_come_back_to_the_list(desk):
    async def story():
        client, above = await desk.signed_in("anphu"), await desk.signed_in("haiphong")
        _, referral = desk.tip()
        for who, ids, more in ((client, [], {}), (above, [referral], {}), (client, [referral], {"of": "zz"})):
            answer = await tick(who, "duplicate", ids, **more)
            assert answer.status_code == 400
            assert "<h1>Tin báo" in answer.text
        assert f'value="{referral}" form="bulk" checked' in answer.text, "what was ticked stays ticked"
        assert (await tick(client, "give", [referral], to="x", sure="yes")).status_code == 400
        assert state_of(desk, referral) == "new"

    run(story)


def test_the_way_back_from_a_tip_is_the_list_or_the_search_one_came_from(desk):
    async def story():
        client, other = await desk.signed_in("anphu"), await desk.signed_in("haiphong")
        _, referral = desk.tip()
        await client.get("/?show=all&sort=newest&category=labour")
        page = (await client.get(f"/referrals/{referral}")).text
        assert f'href="/?show=all&amp;category=labour&amp;sort=newest#t-{referral[:8]}"' in page
        await post(client, f"/referrals/{referral}/act", f"/referrals/{referral}", act="receive")
        assert "sort=newest" in (await client.get(f"/referrals/{referral}")).text
        token = await csrf(client, "/me")
        found = await client.post("/search", data={"csrf": token, "q": "ba cô"})
        kept = found.headers["set-cookie"]
        assert "ba" not in re.sub(r"=.*?;", "=;", kept, count=1).split(";")[0]
        assert f'href="/search#t-{referral[:8]}"' in (await client.get(f"/referrals/{referral}")).text
        again = (await client.get("/search")).text
        assert 'value="ba cô"' in again
        assert referral in again
        with desk.core.db.reading() as session:
            assert len(session.execute(select(Audit).where(Audit.action == "searched")).all()) == 1
        for name, value in client.cookies.items():
            if name.endswith("-list"):
                other.cookies.set(name, value, domain="console.test")
        assert (await other.get("/search")).headers["location"] == "/", "sealed to who searched"
        await client.post("/sign-out", data={"csrf": token})
        assert not [name for name in client.cookies if name.endswith("-list")]

    run(story)


def test_the_list_fetches_its_rows_by_itself_and_nobody_seems_to_be_there(desk):
    async def story():
        client = await desk.signed_in("anphu")
        _, referral = desk.tip()
        part = await client.get("/rows?show=urgent")
        assert 'id="filters"' in part.text
        assert "<html" not in part.text
        assert referral not in part.text
        assert referral in (await client.get("/rows")).text
        desk.now += 1700
        await client.get("/rows")
        desk.now += 200
        assert (await client.get("/rows")).headers.get("location") == "/sign-in", "it keeps no session alive"

    run(story)


def test_own_ready_made_answers_are_the_officers_own(desk):
    async def story():
        client, other = await desk.signed_in("anphu"), await desk.signed_in("haiphong")
        await post(client, "/replies", "/replies", title="Hẹn gọi", text="We will write again tonight.")
        wrong = await post(client, "/replies", "/replies", title="", text="một câu dài")
        assert wrong.status_code == 400
        assert ">một câu dài</textarea>" in wrong.text
        _, referral = desk.tip()
        assert 'data-text="We will write again tonight."' in (await client.get(f"/referrals/{referral}")).text
        assert "We will write again" not in (await other.get(f"/referrals/{referral}")).text
        with desk.core.db.reading() as session:
            row = session.execute(select(SavedReply)).scalar_one()
        assert b"tonight" not in row.body
        await post(other, f"/replies/{row.id}", "/replies")
        assert "Hẹn gọi" in (await client.get("/replies")).text
        await post(client, f"/replies/{row.id}", "/replies")
        assert "Hẹn gọi" not in (await client.get("/replies")).text

    run(story)


def test_an_erased_tip_leaves_no_press(desk):
    async def story():
        client = await desk.signed_in("anphu")
        _, referral = await accepted(desk, client)
        await press(client, referral, act="close", reason="prevented", note="x")
        with desk.core.db.transaction() as session:
            tip_id = session.get(Referral, referral).tip_id
            erasure.erase_tip(session, tip_id, erasure.REQUEST, desk.now)
        with desk.core.db.reading() as session:
            assert session.execute(select(PressedAct)).first() is None

    run(story)


def test_every_explanation_is_whole_sentences():
    for name, one in words()["help"].items():
        assert set(one) == {"word", "text"}, name
        assert one["text"].endswith("."), name
