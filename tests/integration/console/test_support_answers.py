"""What support services answer: seen by who gave the copy, told to the reporter where they may know, by letter where there is no account."""

from __future__ import annotations

import asyncio
import io
import re

import docx
import pytest
from sqlalchemy import select

from bot.core.units.model import LOCAL_SUPPORT, SUPPORT_KINDS
from bot.presentation.words import words
from bot.services import audit
from bot.services.keeping import erasure
from bot.services.units import hierarchy, posts
from bot.storage.tables import Audit, Notice, SupportCopy, Unit
from tests.support.canary import Canary
from tests.support.console import csrf, post
from tests.support.desk import status_of, write_back
from tests.support.office import Office

STATION = "tyt.10645"
NAME = "Trạm y tế xã An Phú (mẫu)"


@pytest.fixture
def office(core):
    made = Office(core)
    made.enrol("tramyte", STATION, vouched=True)
    return made


def copy_in(office: Office) -> SupportCopy:
    with office.core.db.reading() as session:
        return session.execute(select(SupportCopy)).scalar_one()


async def give(client, referral: str, **form):
    page = f"/referrals/{referral}"
    data = {"unit": STATION, "parts": ["where", "needs"], "consent": "recorded", "needs": "khám sức khoẻ"} | form
    return await post(client, f"{page}/copies", page, **data)


async def answer(client, copy_id: str, **form):
    return await client.post(f"/copies/{copy_id}/answer", data={"csrf": await csrf(client, "/me"), **form})


def test_an_answer_is_seen_by_the_sender_and_told_to_a_reporter_who_may_know(office):
    async def story():
        code, referral = office.tip()
        police, station = await office.signed_in("anphu"), await office.signed_in("tramyte")
        await give(police, referral, tell="yes")
        copy = copy_in(office)
        assert "Chưa trả lời" in (await station.get("/copies")).text
        assert (await answer(station, copy.id, what="accepted", words="hẹn 8 giờ mai, cô Hà")).status_code == 303
        page = (await police.get(f"/referrals/{referral}")).text
        for expected in ("Đã nhận lời", "hẹn 8 giờ mai, cô Hà"):
            assert expected in page, expected
        told = status_of(office.core, code)
        assert f"{NAME} đã nhận lời hỗ trợ" in told
        assert "cô Hà" not in told, "the service's words are for the officers"
        assert (await answer(station, copy.id, what="done")).status_code == 303
        assert "đã làm xong phần hỗ trợ" in status_of(office.core, code)
        row = copy_in(office)
        assert (row.state, bool(row.answered_at), bool(row.done_at)) == ("done", True, True)
        with office.core.db.reading() as session:
            notices = session.execute(select(Notice).where(Notice.kind == "copy_answered")).scalars().all()
            assert {notice.unit_id for notice in notices} == {"ca.31.10645"}
            said = [row.action for row in session.execute(select(Audit).order_by(Audit.seq)).scalars()]
            assert [act for act in said if act.startswith("copy_")] == ["copy_given", "copy_accepted", "copy_done"]
            assert audit.verify(session).ok

    asyncio.run(story())


def test_a_reporter_who_was_not_to_know_reads_nothing_of_it(office):
    async def story():
        code, referral = office.tip()
        await give(await office.signed_in("anphu"), referral)
        await answer(await office.signed_in("tramyte"), copy_in(office).id, what="accepted")
        assert "hỗ trợ" not in status_of(office.core, code)

    asyncio.run(story())


def test_a_refusal_has_a_reason_and_can_be_taken_back(office):
    async def story():
        code, referral = office.tip()
        police, station = await office.signed_in("anphu"), await office.signed_in("tramyte")
        await give(police, referral, tell="yes")
        copy = copy_in(office)
        for wrong in (
            {"what": "refused"},
            {"what": "refused", "reason": "lười"},
            {"what": "done"},
            {"what": "given"},
            {},
        ):
            assert (await answer(station, copy.id, **wrong)).status_code == 400
        assert (await answer(station, copy.id, what="refused", reason="no_capacity")).status_code == 303
        assert "Hiện không đủ người hoặc chỗ".lower() in (await police.get(f"/referrals/{referral}")).text.lower()
        told = status_of(office.core, code)
        assert "không phải lỗi của bạn" in told
        assert NAME not in told
        assert (await answer(station, copy.id, what="accepted")).status_code == 303
        row = copy_in(office)
        assert (row.state, row.reason) == ("accepted", "")

    asyncio.run(story())


def test_only_the_service_itself_answers(office):
    async def story():
        _, referral = office.tip()
        await give(await office.signed_in("anphu"), referral)
        copy = copy_in(office)
        for login in ("anphu", "haiphong", "trungtam", "quantri", "kiemtra"):
            assert (await answer(await office.signed_in(login), copy.id, what="accepted")).status_code == 404, login
        assert copy_in(office).state == "given"

    asyncio.run(story())


def test_the_service_can_add_and_open_nothing_and_the_reporters_code_does_not_open_its_words(office):
    async def story():
        canary = Canary()
        code, referral = office.tip()
        police, station = await office.signed_in("anphu"), await office.signed_in("tramyte")
        await give(police, referral, tell="yes")
        await answer(station, copy_in(office).id, what="accepted", words=f"gặp {canary.word}")
        assert canary.word not in status_of(office.core, code)
        write_back(office.core, code, "cảm ơn")
        assert canary.word in (await police.get(f"/referrals/{referral}")).text
        assert (await station.get(f"/referrals/{referral}")).status_code == 404
        if office.core.db.is_sqlite:
            assert canary.hits(office.core.settings.data_dir) == []

    asyncio.run(story())


async def letter(client, referral: str, **form):
    page = f"/referrals/{referral}"
    data = {
        "recipient": "Nhà tạm lánh Bình Minh",
        "parts": ["where", "needs"],
        "consent": "recorded",
        "needs": "chỗ ở một tháng",
    } | form
    return await post(client, f"{page}/letter", page, **data)


def text_of(document: bytes) -> str:
    opened = docx.Document(io.BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def test_a_letter_holds_what_was_chosen_and_its_answer_is_written_down(office):
    async def story():
        code, referral = office.tip()
        police = await office.signed_in("anphu")
        made = await letter(police, referral, tell="yes")
        printed = text_of(made.content)
        for expected in (
            "THƯ ĐỀ NGHỊ HỖ TRỢ",
            "Nhà tạm lánh Bình Minh",
            "gần chợ",
            "chỗ ở một tháng",
            "Công an xã An Phú".upper(),
        ):
            assert expected.lower() in printed.lower(), expected
        for hidden in ("nhà bà Năm", "0912", "0987", "chị Hoa", code):
            assert hidden not in printed, hidden
        copy = copy_in(office)
        assert b"B\xc3\xacnh Minh" not in (copy.recipient or b"")
        page = f"/referrals/{referral}"
        assert "Nhà tạm lánh Bình Minh" in (await police.get(page)).text
        assert (
            await post(police, f"{page}/letters/{copy.id}", page, what="accepted", words="bà Tư nhận máy")
        ).status_code == 303
        shown = (await police.get(page)).text
        assert "Gửi bằng thư" in shown
        assert "bà Tư nhận máy" in shown
        assert "Nhà tạm lánh Bình Minh đã nhận lời hỗ trợ" in status_of(office.core, code)
        with office.core.db.reading() as session:
            said = {row.action: row.detail for row in session.execute(select(Audit)).scalars()}
            assert said["letter_made"].endswith("unit=other parts=where,needs consent=recorded")
            assert "unit=letter" in said["copy_accepted"]

    asyncio.run(story())


@pytest.mark.parametrize(
    "form",
    [
        {"recipient": ""},
        {"recipient": "x" * 201},
        {"unit": "ca.31"},
        {"parts": []},
        {"consent": ""},
        {"needs": "", "parts": ["needs"]},
    ],
)
def test_a_letter_that_lacks_something_keeps_the_form(office, form):
    async def story():
        _, referral = office.tip()
        made = await letter(await office.signed_in("anphu"), referral, **form)
        assert made.status_code == 400
        with office.core.db.reading() as session:
            assert session.execute(select(SupportCopy)).first() is None

    asyncio.run(story())


def test_a_letter_to_a_service_of_the_directory_bears_its_name(office):
    async def story():
        _, referral = office.tip()
        made = await letter(await office.signed_in("anphu"), referral, unit="xh.31", recipient="")
        assert "Trung tâm công tác xã hội thành phố Hải Phòng" in text_of(made.content)
        with office.core.db.transaction() as session:
            erasure.erase_tip(session, copy_in(office).tip_id, erasure.REQUEST, office.now)
        with office.core.db.reading() as session:
            assert session.execute(select(SupportCopy)).first() is None

    asyncio.run(story())


def test_every_kind_of_service_has_its_words():
    assert set(LOCAL_SUPPORT) < SUPPORT_KINDS
    assert all(kind.value in words()["kinds"] for kind in SUPPORT_KINDS)


def test_a_communes_service_is_confirmed_by_its_police_and_never_by_the_central_desk(office):
    async def story():
        office.enrol("uyban", _service(office, "ub.10645", "commune_committee", "10645", "31"))
        office.enrol("nganhang", _service(office, "nh.31", "social_bank", "", "31"))
        office.enrol(
            "xaxa", _service(office, "ub.xa", "commune_committee", "03408", "12")
        )  # its commune's police is not there yet
        with office.core.db.reading() as session:
            assert [hierarchy.asked(session, unit) for unit in ("ub.10645", "nh.31", "ub.xa")] == [
                "ca.31.10645",
                "ca.31",
                "ca.12",
            ]
        central, police, above = [await office.signed_in(login) for login in ("trungtam", "anphu", "haiphong")]
        assert "chờ bạn xác nhận" not in (await central.get("/unit")).text
        page = (await police.get("/unit")).text
        assert "ub.10645" in page
        assert "nh.31" not in page
        shown = re.search(r'name="shown" value="(\w+)"', page)[1]
        for client in (central, above):
            refused = await post(client, "/unit/confirm/ub.10645", "/me", answer="yes", shown=shown)
            assert refused.status_code == 404
        assert (await post(police, "/unit/confirm/ub.10645", "/unit", answer="yes", shown=shown)).status_code == 303
        with office.core.db.reading() as session:
            assert session.get(Unit, "ub.10645").public_key is not None

    asyncio.run(story())


def _service(office: Office, unit_id: str, kind: str, commune: str, province: str) -> str:
    with office.core.db.transaction() as session:
        unit = Unit(id=unit_id, kind=kind, name=f"Đơn vị {unit_id}", commune_code=commune, province_code=province)
        posts.set_unit(session, unit)
        session.add(unit)
        posts.note(session, office.now, "units_imported")
    return unit_id
