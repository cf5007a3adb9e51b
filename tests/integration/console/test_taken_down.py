"""Tips told to officers: sealed, numbered and routed as those of citizens, with a receipt shown once; and who may write them down."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import select

from bot.services import audit
from bot.services.reports import statistics
from bot.services.tips import binding, record
from bot.storage.tables import Assignment, Audit, Notice, Referral, Tip
from tests.support.canary import Canary
from tests.support.console import NOW, csrf, post
from tests.support.desk import status_of, write_back
from tests.support.office import Office

# The desk's clock stands at 15:00 on 15 January 2027 in Viet Nam; this was told two hours earlier.
TOLD = "2027-01-15T13:00"
TOLD_AT = 1_799_992_800.0
FORM = {
    "channel": "phone", "at": TOLD, "what": "nhà bà Năm giữ giấy tờ ba cô gái, chủ số 0912 345 678", "place": "xã An Phú, Hải Phòng",
    "spot": "gần chợ", "who": "ba cô gái ở quê lên", "people": "3", "behind": "bà Năm", "category": "labour", "urgency": "normal",
    "contact": "chị Hoa 0987 654 321", "reference": "111-2027/0042",
}  # fmt: skip


@pytest.fixture
def office(core):
    return Office(core)


def tips(office: Office) -> list[Tip]:
    with office.core.db.reading() as session:
        return list(session.execute(select(Tip)).scalars())


def desk_of(office: Office) -> Referral:
    with office.core.db.reading() as session:
        return session.execute(select(Referral)).scalar_one()


async def take_down(client, **form: str):
    return await client.post("/tips", data={"csrf": await csrf(client, "/me"), **FORM, **form})


def code_on(page: str) -> str:
    return re.sub(r"\D", "", re.search(r'class="secret">([\d ]+)<', page)[1])


def test_the_clock_of_this_file_is_right():
    assert TOLD_AT < NOW < TOLD_AT + 7_200 + 60


def test_a_commune_writes_down_what_it_was_told(office):
    async def story():
        client = await office.signed_in("anphu")
        assert "Ghi tin nghe kể" in (await client.get("/")).text
        assert 'value="Xã An Phú, Hải Phòng"' in (await client.get("/tips/new")).text
        made = await take_down(client)
        assert made.status_code == 200, made.text
        code = code_on(made.text)
        row, referral = tips(office)[0], desk_of(office)
        # When it was told is when its clocks begin; the unit heard it, so it has it.
        assert (row.created_at, referral.created_at, referral.received_at) == (TOLD_AT, TOLD_AT, TOLD_AT)
        assert (referral.unit_id, referral.state) == ("ca.31.10645", "received")
        assert referral.next_clock_at == TOLD_AT + office.core.clocks.decide
        assert (row.channel, row.category, row.commune_code) == ("phone", "labour", "10645")
        page = (await client.get(f"/referrals/{referral.id}")).text
        for words in (
            "giữ giấy tờ ba cô gái",
            "gần chợ",
            "0912 345 678",
            "111-2027/0042",
            "Điện thoại",
            "Bạn đang giữ tin này",
        ):
            assert words in page, words
        assert "0987" not in page, "the caller's own number is sealed apart"
        opened = await post(
            client, f"/referrals/{referral.id}/contact", f"/referrals/{referral.id}", reason="cần gọi lại ngay"
        )
        assert "chị Hoa 0987 654 321" in opened.text
        assert code not in (await client.get(f"/referrals/{referral.id}")).text, "the code is shown once"
        assert "Cán bộ đã nhận tin" in status_of(office.core, code)
        write_back(office.core, code, "họ vừa dọn sang nhà khác")
        assert "họ vừa dọn sang nhà khác" in (await client.get(f"/referrals/{referral.id}")).text

    asyncio.run(story())


def test_it_is_in_the_log_and_in_the_figures_and_marked_as_any_tip(office):
    async def story():
        client = await office.signed_in("anphu")
        await take_down(client)
        with office.core.db.reading() as session:
            said = {row.action: row for row in session.execute(select(Audit)).scalars()}
            assert f"channel=phone told={int(TOLD_AT)}" in said["tip_taken_down"].detail
            assert said["tip_created"].at > TOLD_AT, "the log says when it was entered"
            assert audit.verify(session).ok
            assert not binding.doubtful(session)
            assert statistics.totals(session)["channel"] == {"phone": 1}
            assert session.execute(select(Assignment)).scalar_one().officer_id == said["tip_taken_down"].actor
        above = await office.signed_in("haiphong")
        assert re.search(r"Điện thoại</th>.*?>1<", (await above.get("/statistics")).text, re.S)

    asyncio.run(story())


@pytest.mark.parametrize("login", ["haiphong", "trungtam"])
def test_a_unit_above_writes_it_down_for_the_commune(office, login):
    async def story():
        made = await take_down(await office.signed_in(login), channel="paper", urgency="urgent", child="yes")
        assert "Công an xã An Phú" in made.text
        referral = desk_of(office)
        assert (referral.unit_id, referral.state, referral.received_at) == ("ca.31.10645", "new", 0.0)
        assert referral.next_clock_at == TOLD_AT + office.core.clocks.urgent_steps[0]
        with office.core.db.reading() as session:
            notice = session.execute(select(Notice)).scalar_one()
            assert (notice.unit_id, notice.kind) == ("ca.31.10645", "urgent")
            assert [
                row.detail for row in session.execute(select(Audit).where(Audit.action == "copy_advised")).scalars()
            ]
        police = await office.signed_in("anphu")
        assert "giữ giấy tờ" in (await police.get(f"/referrals/{referral.id}")).text

    asyncio.run(story())


def test_the_child_line_enters_its_calls_and_reads_nothing_afterwards(office, monkeypatch):
    # The usual password of these tests has a word of this unit's name.
    monkeypatch.setattr("tests.support.office.PASSWORD", "may bay giay qua song")

    async def story():
        office.enrol("duongday111", "tong-dai-111", vouched=True)
        client = await office.signed_in("duongday111")
        assert (await take_down(client, channel="phone")).status_code == 400
        made = await take_down(client, channel="hotline_111")
        assert made.status_code == 200, made.text
        assert tips(office)[0].channel == "hotline_111"
        referral = desk_of(office)
        assert (await client.get(f"/referrals/{referral.id}")).status_code == 404
        police = await office.signed_in("anphu")
        assert "111-2027/0042" in (await police.get(f"/referrals/{referral.id}")).text

    asyncio.run(story())


@pytest.mark.parametrize(
    ("login", "place", "status"),
    [
        ("anphu", "xã An Lão, Hải Phòng", 400),
        ("anphu", "", 400),
        ("haiphong", "xã Bình Lư, Lai Châu", 400),
        ("haiphong", "xã An Lão, Hải Phòng", 200),
        ("haiphong", "Hải Phòng", 200),
        ("trungtam", "xã Bình Lư, Lai Châu", 200),
        ("trungtam", "", 200),
        ("anphu", "xã Không Đâu Cả", 400),
    ],
)
def test_each_for_its_own_place(office, login, place, status):
    async def story():
        client = await office.signed_in(login)
        made = await take_down(client, place=place)
        assert made.status_code == status, made.text
        assert len(tips(office)) == (status == 200)
        if status == 400:
            assert "giữ giấy tờ ba cô gái" in made.text, "nothing has to be typed twice"

    asyncio.run(story())


def test_a_place_of_several_is_asked_back(office):
    async def story():
        client = await office.signed_in("trungtam")
        asked = await take_down(client, place="xã An Phú")
        assert asked.status_code == 400
        assert "Là nơi nào?" in asked.text
        assert 'value="10645"' in asked.text
        made = await take_down(client, place="xã An Phú", pick="10645")
        assert made.status_code == 200
        assert tips(office)[0].commune_code == "10645"

    asyncio.run(story())


def test_what_is_kept_from_the_commune_goes_above_it(office):
    async def story():
        client = await office.signed_in("anphu")
        made = await take_down(client, above="yes")
        referral = desk_of(office)
        assert (referral.unit_id, referral.route_reason) == ("ca.31", "conflict_of_interest")
        assert "Mở tin" not in made.text
        assert (await client.get(f"/referrals/{referral.id}")).status_code == 404

    asyncio.run(story())


@pytest.mark.parametrize(
    "form",
    [
        {"what": "  "},
        {"channel": "web"},
        {"channel": ""},
        {"at": "2027-01-15T18:00"},  # not yet
        {"at": "2026-09-01T08:00"},  # too long ago
        {"at": "hôm qua"},
        {"category": "x"},
        {"people": "0"},
        {"people": "ba"},
        {"contact": "0" * 401},
        {"what": "x" * 4001},
    ],
)
def test_what_is_wrong_keeps_the_form_and_makes_nothing(office, form):
    async def story():
        made = await take_down(await office.signed_in("anphu"), **form)
        assert made.status_code == 400
        assert 'role="alert"' in made.text
        assert "bà Năm" in made.text
        assert tips(office) == []

    asyncio.run(story())


def test_the_same_form_sent_twice_is_one_tip(office):
    async def story():
        client = await office.signed_in("anphu")
        once = re.search(r'name="once" value="(\w+)"', (await client.get("/tips/new")).text)[1]
        assert (await take_down(client, once=once)).status_code == 200
        again = await take_down(client, once=once)
        assert again.status_code == 400
        assert "đã được ghi" in again.text
        assert len(tips(office)) == 1

    asyncio.run(story())


def test_services_and_units_nobody_confirmed_write_nothing_down(office):
    async def story():
        office.enrol("tramyte", "tyt.10645", vouched=True)
        office.enrol("moi", office.add_unit("ca.moi", parent="ca.31", commune="10645"))
        for login in ("tramyte", "moi", "quantri", "kiemtra"):
            client = await office.signed_in(login)
            assert (await client.get("/tips/new")).status_code == 404, login
            assert (await take_down(client)).status_code == 404, login
        assert tips(office) == []

    asyncio.run(story())


def test_no_word_of_it_is_written_in_clear(office):
    async def story():
        canary = Canary("0987 654 321", "0987654321")
        client = await office.signed_in("anphu")
        word = canary.word
        made = await take_down(client, what=f"nhóm {word} giữ người", spot=f"quán {word}", who=word, behind=word, evidence=word,
                               contact=f"{word} 0987 654 321", reference=word, country=word, when=word)  # fmt: skip
        canary.add(code_on(made.text))
        await take_down(client, place=f"xã {word}", what=word)
        assert len(tips(office)) == 1
        with office.core.db.reading() as session:
            rows = [
                row.model_dump() for table in (Audit, Tip, Referral) for row in session.execute(select(table)).scalars()
            ]
        assert word not in str(rows)
        if office.core.db.is_sqlite:
            assert canary.hits(office.core.settings.data_dir) == []

    asyncio.run(story())


def test_a_tip_id_is_made_by_the_product_alone(office):
    """What a form carries cannot name somebody else's tip."""
    code, referral = office.tip()
    with office.core.db.reading() as session:
        known = record.current_referral(session, session.get(Referral, referral).tip_id).tip_id

    async def story():
        client = await office.signed_in("anphu")
        assert (await take_down(client, once=known)).status_code == 200
        assert len({row.id for row in tips(office)}) == 2
        assert code

    asyncio.run(story())
