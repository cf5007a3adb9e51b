"""The audit log in plain words: filters, the list of alarms, a file, and one entry a sitting."""

from __future__ import annotations

import csv
import io

from sqlalchemy import select

from bot.presentation.words import words
from bot.services import audit, audit_view
from bot.services.tips.glimpses import number
from bot.storage.tables import Audit
from tests.support.console import Desk, post, run


def actions(desk: Desk, action: str) -> int:
    with desk.core.db.reading() as session:
        return len(session.execute(select(Audit.seq).where(Audit.action == action)).all())


async def worked(desk: Desk) -> str:
    """Somebody worked on a tip: its referral's id."""
    _, referral = desk.tip()
    client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
    await client.get(page)
    await post(client, f"{page}/act", page, act="receive")
    await post(client, f"{page}/act", page, act="refuse", reason="duplicate")
    return referral


def test_entries_are_plain_words_and_filters_narrow_them(desk):
    async def story():
        referral, other = await worked(desk), desk.tip()[1]
        client = await desk.signed_in("kiemtra")
        page = (await client.get("/audit")).text
        for expected in (
            f"phiếu {number(referral)}",
            "lý do: Trùng với tin đã có",
            "Công an xã An Phú (mẫu)",
            number(other),
        ):
            assert expected in page, expected
        assert ">referral=" not in page
        only = (await client.get(f"/audit?number={number(referral)}")).text
        assert number(referral) in only
        assert number(other) not in only
        assert '<td data-label="Việc">Không xử lý' in (await client.get("/audit?action=refuse")).text
        assert "Không có mục nào" in (await client.get("/audit?action=close")).text
        assert "Không có mục nào" in (await client.get("/audit?until=2027-01-14")).text
        assert "Không có mục nào" in (await client.get("/audit?since=2027-01-16")).text
        assert "Không xử lý" in (await client.get("/audit?since=2027-01-15&until=2027-01-15&unit=ca.31.10645")).text
        for nonsense in ("number=%25", "since=x", "before=-1", "actor='", "unit=%25"):
            assert (await client.get(f"/audit?{nonsense}")).status_code == 200

    run(story)


def test_what_is_an_alarm_stands_in_a_list_of_its_own(desk):
    async def story():
        await worked(desk)
        client = await desk.signed_in("kiemtra")
        assert "Không có mục nào" in (await client.get("/audit?alarms=1")).text
        with desk.core.db.transaction() as session:
            audit.record(session, desk.now, "system", "unit_key_doubtful", "", "unit=ca.31 found=00ff")
        page = (await client.get("/audit?alarms=1")).text
        assert "Khóa đơn vị trên máy chủ bị nghi thay đổi" in page
        assert "Không xử lý</td>" not in page

    run(story)


def test_every_alarm_has_its_words():
    assert set(audit_view.ALARMS) <= set(words()["audit"])


def test_the_file_holds_what_the_filters_leave_and_is_an_entry_itself(desk):
    async def story():
        referral = await worked(desk)
        with desk.core.db.transaction() as session:
            audit.record(session, desk.now, "=HYPERLINK(1)", "refuse")
        client = await desk.signed_in("kiemtra")
        answer = await client.get("/audit.csv?action=refuse")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [row[4] for row in rows[1:]] == ["Không xử lý"] * 2
        assert any(number(referral) in row[5] for row in rows)
        assert not any(cell.startswith("=") for row in rows for cell in row)
        with desk.core.db.reading() as session:
            assert (
                session.execute(select(Audit.detail).where(Audit.action == "audit_exported")).scalar_one()
                == "entries=2"
            )
            assert audit.verify(session).ok

    run(story)


def test_loading_a_tip_again_is_one_look_and_coming_back_is_another(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        for _ in range(3):
            desk.now += 60
            await client.get(f"/referrals/{referral}")
        assert actions(desk, "tip_read") == 1
        await (await desk.signed_in("haiphong")).get(f"/referrals/{referral}")
        assert actions(desk, "tip_read") == 2, "somebody else's look is one of its own"
        desk.now += 601
        await client.get(f"/referrals/{referral}")
        assert actions(desk, "tip_read") == 3

    run(story)
