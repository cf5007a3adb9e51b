"""Copies for support services: only what was chosen, only for the one unit, with consent or a reason."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import func, select

from bot.services import audit
from bot.services.keeping import erasure
from bot.services.units import demo, enrolment
from bot.storage import sealing
from bot.storage.tables import Audit, Notice, SupportCopy
from tests.support.canary import Canary, files_in
from tests.support.console import Desk, csrf, post

STATION, CENTRE = "tyt.10645", "xh.31"


@pytest.fixture
def desk(core):
    made = Desk(core)
    for login, unit in (("tramyte", STATION), ("xahoi", CENTRE)):
        with core.db.transaction() as session:
            token = enrolment.invite(
                session, login=login, name=login, unit_id=unit, role="officer", by=None, now=made.now
            )
            password = "mot cau dai de nho"
            done = enrolment.enrol(session, core.vault, token, password, made.now, vouched=True)
        made.officers[login] = demo.DemoOfficer(login, password, done.totp_secret, unit, done.recovery_key)
    return made


async def give(client, referral: str, **form):
    page = f"/referrals/{referral}"
    data = {"unit": STATION, "parts": ["where", "who", "needs"], "consent": "recorded", "needs": "khám sức khoẻ"} | form
    return await post(client, f"{page}/copies", page, **data)


def copies(desk) -> list[SupportCopy]:
    with desk.core.db.reading() as session:
        return list(session.execute(select(SupportCopy)).scalars())


def test_a_copy_carries_only_the_chosen_parts(desk):
    async def story():
        _, referral = desk.tip()
        police = await desk.signed_in("anphu")
        assert (await give(police, referral)).status_code == 303
        shown = (await police.get(f"/referrals/{referral}")).text
        assert "Trạm y tế xã An Phú (mẫu): Ở đâu, Ai gặp nguy hiểm, Cần hỗ trợ gì." in shown
        station = await desk.signed_in("tramyte")
        assert "Ở đâu, Ai gặp nguy hiểm, Cần hỗ trợ gì" in (await station.get("/copies")).text
        link = re.search(r"/copies/[0-9a-f]{32}", (await station.get("/copies")).text)[0]
        page = (await station.get(link)).text
        for expected in ("Công an xã An Phú (mẫu)", "gần chợ", "khám sức khoẻ", "đã đồng ý", "<dd>3</dd>"):
            assert expected in page, expected
        for hidden in ("nhà bà Năm", "0912", "0987", "chị Hoa", "trong tuần", referral):
            assert hidden not in page, hidden
        assert (await station.get(f"/referrals/{referral}")).status_code == 404
        with desk.core.db.reading() as session:
            entries = {row.action: row.detail for row in session.execute(select(Audit)).scalars()}
            assert entries["copy_given"].endswith(f"unit={STATION} parts=where,who,needs consent=recorded")
            assert entries["copy_read"] == f"unit={STATION}"
            assert audit.verify(session).ok
            notice = session.execute(select(Notice).where(Notice.unit_id == STATION)).scalar_one()
            assert notice.kind == "copy"

    asyncio.run(story())


STORY = "ở xã An Phú có nhà cô Lan đang nhốt 3 đứa con gái, em thấy từ hôm qua"
PLACE = {"status": "commune", "code": "10645", "province": "31", "name": "Xã An Phú, Hải Phòng"}


@pytest.mark.parametrize("text", [STORY, STORY[:40], f"{STORY}; gần cầu"])
def test_a_copy_of_the_place_does_not_carry_the_story_it_was_read_from(desk, text):
    async def story():
        _, referral = desk.tip(what=STORY, where={**PLACE, "text": text})
        police = await desk.signed_in("anphu")
        assert (await police.get(f"/referrals/{referral}")).text.count("cô Lan") == 1
        await give(police, referral, parts=["where"], needs="")
        station = await desk.signed_in("tramyte")
        link = re.search(r"/copies/[0-9a-f]{32}", (await station.get("/copies")).text)[0]
        page = (await station.get(link)).text
        assert "Xã An Phú, Hải Phòng" in page
        assert "cô Lan" not in page
        assert "nhà" not in page.split("<dl")[1].split("</dl>")[0]
        assert ("gần cầu" in page) == ("gần cầu" in text)

    asyncio.run(story())


@pytest.mark.parametrize("login", ["anphu", "haiphong", "trungtam", "xahoi", "quantri", "kiemtra"])
def test_nobody_else_opens_a_copy(desk, login):
    async def story():
        _, referral = desk.tip()
        await give(await desk.signed_in("anphu"), referral)
        (copy,) = copies(desk)
        client = await desk.signed_in(login)
        answer = await client.get(f"/copies/{copy.id}")
        assert answer.status_code == 404
        assert "gần chợ" not in answer.text
        listed = await client.get("/copies")
        assert listed.status_code == (404 if login in {"quantri", "kiemtra"} else 200)
        assert copy.id not in listed.text

    asyncio.run(story())


def test_a_copy_opens_with_its_unit_s_key_only_and_cannot_be_moved(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        await give(client, referral)
        await give(client, referral, unit=CENTRE)
        first, second = sorted(copies(desk), key=lambda copy: copy.unit_id)
        stranger = sealing.new_pair()
        for sealed in (first.key, second.key):
            with pytest.raises(sealing.CannotOpen):
                sealing.open_sealed(stranger.private, sealed)
        with desk.core.db.transaction() as session:  # a copy given another unit's name stays closed
            session.get(SupportCopy, first.id).unit_id = second.unit_id
        other = await desk.signed_in("xahoi")
        assert (await other.get(f"/copies/{first.id}")).status_code == 400
        assert (await other.get(f"/copies/{second.id}")).status_code == 200

    asyncio.run(story())


def test_without_consent_it_takes_a_reason_that_no_log_keeps(desk):
    async def story():
        canary = Canary()
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        assert (await give(client, referral, consent="override", reason="ngắn")).status_code == 400
        assert (await give(client, referral, consent="override", reason="  ngắn      ")).status_code == 400
        assert (await give(client, referral, consent="")).status_code == 400
        assert copies(desk) == []
        reason = f"người đó đang hôn mê {canary.word}"
        assert (await give(client, referral, consent="override", reason=reason)).status_code == 303
        assert canary.word not in (await client.get(f"/referrals/{referral}")).text
        (copy,) = copies(desk)
        station = await desk.signed_in("tramyte")
        assert canary.word in (await station.get(f"/copies/{copy.id}")).text
        with desk.core.db.reading() as session:
            rows = [row.model_dump() for row in session.execute(select(Audit)).scalars()]
        assert any(row["detail"].endswith("consent=override") for row in rows)
        assert canary.word not in repr(rows)
        assert canary.hits(desk.core.settings.data_dir) == []

    asyncio.run(story())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": "tgpl.31"}, "unit_not_enrolled"), ({"unit": "ca.31"}, "unit_not_support"), ({"unit": "nirgends"}, "unit_not_support"),
        ({"parts": []}, "parts_needed"), ({"parts": ["where", "contact"]}, "parts_needed"), ({"parts": ["traces"]}, "parts_needed"),
        ({"needs": " "}, "empty"), ({"needs": "x" * 4001}, "too_large"), ({"consent": "maybe"}, "consent_needed"),
    ],
)  # fmt: skip
def test_what_is_refused(desk, change, code):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        answer = await give(client, referral, **change)
        assert answer.status_code == 400
        words = {
            "unit_not_enrolled": "chưa có cán bộ", "unit_not_support": "không nhận cả tin", "parts_needed": "ít nhất một phần",
            "empty": "Chưa có nội dung", "too_large": "dài quá", "consent_needed": "đồng ý hay chưa",
        }  # fmt: skip
        assert words[code] in answer.text
        assert copies(desk) == []

    asyncio.run(story())


def test_other_units_give_no_copies_and_support_units_get_no_whole_tips(desk):
    async def story():
        _, referral = desk.tip()
        other = await desk.signed_in("binhlu")
        form = {"csrf": await csrf(other, "/unit"), "unit": STATION, "parts": ["what"], "consent": "recorded"}
        assert (await other.post(f"/referrals/{referral}/copies", data=form)).status_code == 404
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        transfer = {"act": "transfer", "reason": "specialised_unit", "unit": STATION}
        assert (await post(client, f"{page}/act", page, **transfer)).status_code == 400
        selects = re.findall(r'<select name="unit".*?</select>', (await client.get(page)).text, re.DOTALL)
        assert [STATION in options for options in selects] == [False, True]
        assert copies(desk) == []

    asyncio.run(story())


def test_copies_go_with_their_tip(desk):
    async def story():
        _, referral = desk.tip()
        await give(await desk.signed_in("anphu"), referral)
        (copy,) = copies(desk)
        with desk.core.db.transaction() as session:
            assert erasure.erase_tip(session, copy.tip_id, erasure.REQUEST, desk.now) is not None
            assert session.execute(select(func.count()).select_from(SupportCopy)).scalar_one() == 0
        assert erasure.wipe_erased(desk.core.db)
        station = await desk.signed_in("tramyte")
        assert (await station.get(f"/copies/{copy.id}")).status_code == 404
        sealed = copy.body[:32]
        assert not any(sealed in data for _, data in files_in(desk.core.settings.data_dir))

    asyncio.run(story())
