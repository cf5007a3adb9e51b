"""Who gets a unit's key: the first officer after somebody above said so, colleagues, and whoever lost it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, select

from bot.services.tips import router
from bot.services.units import register
from bot.storage.tables import Audit, Notice, Referral, TipKey, UnitKey
from tests.support.console import post, run
from tests.support.office import Office

UNIT, ABOVE = "ca.31.10645", "ca.31"
NEW, COMMUNE = "ca.31.moi", "11000"


@pytest.fixture
def office(core) -> Office:
    return Office(core)


def routed(office: Office, commune: str = COMMUNE) -> str:
    with office.core.db.reading() as session:
        where = {"code": commune, "province": "31"}
        return router.decide(session, register.directory(session), {"where": where}).unit_id


async def answer(client, unit: str, what: str):
    """Press a button of the form that the page shows for a waiting unit."""
    page = (await client.get("/unit")).text
    form = re.search(rf'action="/unit/confirm/{re.escape(unit)}".*?</form>', page, re.S)[0]
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return await client.post(f"/unit/confirm/{unit}", data=fields | {"answer": what})


def actions(office: Office) -> list[str]:
    with office.core.db.reading() as session:
        return list(session.execute(select(Audit.action).order_by(Audit.seq)).scalars())


def test_a_first_officer_reads_nothing_before_the_unit_above_said_so(office):
    """Whoever manages accounts could otherwise invite themselves to a unit that nobody uses yet."""

    async def story():
        office.add_unit(NEW, parent=ABOVE, commune=COMMUNE)
        admin = await office.signed_in("quantri")
        form = {"login": "ke.gia", "name": "Kẻ giả", "role": "officer", "unit": NEW}
        token = re.search(r"/enrol/([A-Za-z0-9_\-]+)", (await post(admin, "/accounts", "/accounts", **form)).text)[1]
        with office.core.db.transaction() as session:
            office.redeem(session, token, NEW)
            assert session.execute(select(Notice.kind).where(Notice.unit_id == ABOVE)).scalar_one() == "unit"
        assert routed(office) == ABOVE
        _, referral = office.tip(NEW)
        newcomer = await office.signed_in("ke.gia")
        assert (await newcomer.get(f"/referrals/{referral}")).status_code == 404
        assert "Chờ cấp trên xác nhận" in (await newcomer.get("/unit")).text
        for other in ("laichau", "trungtam", "anphu", "ke.gia", "quantri"):
            client = await office.signed_in(other)
            page = "/unit" if other != "quantri" else "/accounts"
            assert (await post(client, f"/unit/confirm/{NEW}", page, answer="yes")).status_code == 404
        above = await office.signed_in("haiphong")
        page = (await above.get("/unit")).text
        assert "Kẻ giả" in page
        assert "chờ bạn xác nhận" in page
        assert (await post(above, f"/unit/confirm/{NEW}", "/unit", answer="maybe")).status_code == 400
        assert (await answer(above, NEW, "no")).status_code == 303
        assert (await newcomer.get("/")).status_code == 303, "the account is switched off at once"
        assert routed(office) == ABOVE
        assert {"unit_turned_away", "officer_off"} <= set(actions(office))

    run(story)


def test_once_confirmed_the_unit_gets_its_tips(office):
    async def story():
        office.add_unit(NEW, parent=ABOVE, commune=COMMUNE)
        office.enrol("that", NEW)
        above = await office.signed_in("haiphong")
        assert (await answer(above, NEW, "yes")).status_code == 303
        assert (await post(above, f"/unit/confirm/{NEW}", "/unit", answer="yes")).status_code == 404, "once"
        assert routed(office) == NEW
        _, referral = office.tip(NEW)
        newcomer = await office.signed_in("that")
        assert (await newcomer.get(f"/referrals/{referral}")).status_code == 200
        assert "Chờ cấp trên xác nhận" not in (await newcomer.get("/unit")).text

    run(story)


def lose(office: Office, login: str) -> None:
    with office.core.db.transaction() as session:
        officer = office.account(session, login)
        session.execute(delete(UnitKey).where(UnitKey.officer_id == officer.id))


def test_a_unit_that_lost_its_key_gets_no_tips_until_the_unit_above_makes_it_a_new_one(office):
    async def story():
        _, before = office.tip(UNIT)
        _, alone = office.tip(UNIT)
        with office.core.db.transaction() as session:  # one that the unit above cannot open
            tip_id = session.get(Referral, alone).tip_id
            session.execute(delete(TipKey).where(TipKey.tip_id == tip_id, TipKey.holder == f"unit:{ABOVE}"))
        above = await office.signed_in("haiphong")
        assert (await post(above, f"/unit/restore/{UNIT}", "/unit")).status_code == 404, "somebody holds the key"
        lose(office, "anphu")
        assert routed(office, "10645") == ABOVE
        officer = await office.signed_in("anphu")
        assert (await officer.get(f"/referrals/{before}")).status_code == 404
        page = (await above.get("/unit")).text
        assert "Mở lại được 1/2 tin" in page
        assert (await post(await office.signed_in("laichau"), f"/unit/restore/{UNIT}", "/unit")).status_code == 404
        form = re.search(rf'action="/unit/restore/{UNIT}".*?</form>', page, re.S)[0]
        shown = re.search(r'name="shown" value="([^"]+)"', form)[1]
        assert (await post(above, f"/unit/restore/{UNIT}", "/unit", shown=shown)).status_code == 303
        assert (await officer.get(f"/referrals/{before}")).status_code == 200
        assert (await officer.get(f"/referrals/{alone}")).status_code == 404
        assert routed(office, "10645") == UNIT
        _, after = office.tip(UNIT)
        assert (await officer.get(f"/referrals/{after}")).status_code == 200
        opened = await post(officer, f"/referrals/{before}/contact", f"/referrals/{before}", reason="cần gọi lại ngay")
        assert "chị Hoa" in opened.text
        old = office.officers["anphu"].recovery_key
        assert (await post(officer, "/unit/recover", "/unit", recovery=old)).status_code != 303

    run(story)


def test_recovery_keys_cannot_be_guessed(office):
    async def story():
        lose(office, "anphu")
        client, good = await office.signed_in("anphu"), office.officers["anphu"].recovery_key
        for _ in range(5):
            wrong = await post(client, "/unit/recover", "/unit", recovery="AAAA-BBBB-CCCC-DDDD")
            assert "Khóa không đúng" in wrong.text
        blocked = await post(client, "/unit/recover", "/unit", recovery=good)
        assert blocked.status_code == 400
        assert "15 phút" in blocked.text
        office.now += 901
        assert (await post(client, "/unit/recover", "/unit", recovery=good)).status_code == 303
        assert actions(office).count("recovery_failed") == 5

    run(story)


def test_a_new_recovery_key_replaces_the_old_one(office):
    async def story():
        client, old = await office.signed_in("anphu"), office.officers["anphu"].recovery_key
        page = (await post(client, "/unit/recovery", "/unit")).text
        new = re.search(r'class="secret">([A-Z2-7-]{39})<', page)[1]
        assert new != old
        lose(office, "anphu")
        assert (await post(client, "/unit/recover", "/unit", recovery=old)).status_code == 400
        assert (await post(client, "/unit/recover", "/unit", recovery=new)).status_code == 303

    run(story)


def test_why_a_contact_was_opened_is_read_by_the_unit_above_and_by_nobody_else(office):
    async def story():
        _, referral = office.tip(UNIT)
        page, why = f"/referrals/{referral}", "cần gọi để hẹn gặp người báo"
        await post(await office.signed_in("anphu"), f"{page}/contact", page, reason=why)
        seen = (await (await office.signed_in("haiphong")).get(page)).text
        assert why in seen
        assert "đã mở 1 lần" in seen
        with office.core.db.reading() as session:
            assert session.execute(select(Notice.kind).where(Notice.unit_id == ABOVE)).scalars().all() == ["contact"]
            stored = repr([row.model_dump() for row in session.execute(select(Audit)).scalars()])
        assert "hẹn gặp" not in stored

    run(story)
