"""What a tired officer presses by mistake is asked about first: another unit's tip, an account, a key."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.jobs import clocks
from bot.services.tips import desk as desk_service
from bot.storage.tables import Notice, Officer, Referral, Unit
from tests.support.console import csrf, post, run
from tests.support.desk import UNIT, write_back

HOUR = 3600.0


def state_of(desk, referral: str) -> str:
    with desk.core.db.reading() as session:
        return session.get(Referral, referral).state


def test_the_unit_above_is_asked_and_the_unit_is_told(desk):
    async def story():
        _, referral = desk.tip()
        above, own, page = await desk.signed_in("haiphong"), await desk.signed_in("anphu"), f"/referrals/{referral}"
        text = (await above.get(page)).text
        assert "Bạn nhận thay thì đồng hồ tiếp nhận của họ dừng" in text
        assert "Nhận tin thay Công an xã An Phú" in text
        assert "thay Công an" not in (await own.get(page)).text
        silent = await post(above, f"{page}/act", page, act="receive")
        assert silent.status_code == 400
        assert "ô xác nhận" in silent.text
        assert state_of(desk, referral) == "new"
        assert (await post(above, f"{page}/act", page, act="receive", sure="yes")).status_code == 303
        assert state_of(desk, referral) == "received"
        with desk.core.db.reading() as session:
            told = session.execute(select(Notice.unit_id, Notice.kind).where(Notice.kind == "taken")).all()
        assert [tuple(row) for row in told] == [(UNIT, "taken")]
        seen = (await own.get(page)).text
        assert re.search(r"đã làm thay đơn vị bạn: nhận tin</b>, lúc \d\d:\d\d", seen)
        assert (await post(own, f"{page}/act", page, act="accept")).status_code == 303, "one's own tip asks nothing"
        assert "đã làm thay đơn vị bạn" not in (await own.get(page)).text
        with desk.core.db.reading() as session:
            assert len(session.execute(select(Notice).where(Notice.kind == "taken")).all()) == 1

    run(story)


@pytest.mark.parametrize(("what", "said"), [("renew", "Mật khẩu, mã xác thực và khóa"), ("switch", "đăng xuất ngay")])
def test_an_account_is_ended_by_two_presses(desk, what, said):
    async def story():
        with desk.core.db.reading() as session:
            before = session.execute(select(Officer).where(Officer.login == "anphu")).scalar_one()
        admin = await desk.signed_in("quantri")
        token = await csrf(admin, "/accounts")
        first = await admin.post(f"/accounts/{before.id}/{what}", data={"csrf": token})
        assert first.status_code == 200
        assert said in first.text
        assert "(anphu)" in first.text
        assert "Công an xã An Phú" in first.text
        assert 'class="alert amber"' in first.text, "nobody else of the unit holds its key"
        with desk.core.db.reading() as session:
            same = session.get(Officer, before.id)
            assert (same.active, same.private_key) == (True, before.private_key)
        await admin.post(f"/accounts/{before.id}/{what}", data={"csrf": token, "sure": "yes"})
        with desk.core.db.reading() as session:
            after = session.get(Officer, before.id)
            assert (after.active, after.private_key) != (True, before.private_key)

    run(story)


def test_a_recovery_key_lives_until_the_second_press(desk):
    async def story():
        client = await desk.signed_in("anphu")
        token = await csrf(client, "/unit")
        with desk.core.db.reading() as session:
            before = session.get(Unit, UNIT).recovery_key
        first = await client.post("/unit/recovery", data={"csrf": token})
        assert "hết dùng được ngay" in first.text
        with desk.core.db.reading() as session:
            assert session.get(Unit, UNIT).recovery_key == before
        assert "Khóa phục hồi mới" in (await client.post("/unit/recovery", data={"csrf": token, "sure": "yes"})).text
        with desk.core.db.reading() as session:
            assert session.get(Unit, UNIT).recovery_key != before

    run(story)


def test_a_message_of_danger_counts_down_its_minutes_in_the_list(desk):
    async def story():
        code, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await post(client, f"{page}/act", page, act="receive")
        write_back(desk.core, code, "nó đang đánh em, cứu em với")
        desk.now += 5 * 60
        clocks.run(desk.core)
        row = re.search(r'<tr[^>]*class="urgent[^"]*"[^>]*>.*?</tr>', (await client.get("/")).text, re.S)[0]
        assert re.search(r"còn (9|10) phút", row)
        assert "Hạn xử lý lời nhắn khẩn" in (await client.get(page)).text
        desk.now += 15 * 60
        assert referral in (await client.get("/?show=late")).text

    run(story)


def test_all_begins_with_what_is_owed_and_can_be_turned_to_the_newest(desk):
    async def story():
        client = await desk.signed_in("anphu")
        made = []
        for _ in range(3):
            desk.now += 60
            made.append(desk.tip()[1])
        page = f"/referrals/{made[2]}"
        await post(client, f"{page}/act", page, act="receive")
        await post(client, f"{page}/act", page, act="refuse", reason="duplicate")

        async def order(query: str) -> list[str]:
            return re.findall(r'class="open" href="/referrals/([0-9a-f]{32})"', (await client.get(query)).text)

        assert await order("/?show=all") == made
        desk.now += 120
        assert await order("/?show=all&sort=newest") == made[::-1]
        assert set(desk_service.SORTS) == {"", "newest"}
        assert "sort=newest" in (await client.get("/?show=all&sort=newest")).text, "the order is kept by the filters"

    run(story)
