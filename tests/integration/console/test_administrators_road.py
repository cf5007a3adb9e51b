"""Whoever manages accounts comes to no unit's key: not by an account of their own, not by an old recovery key."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, select

from bot.services.units import enrolment, posts, public_keys
from bot.storage.tables import Audit, Notice, Officer, Unit, UnitKey
from tests.integration.console.test_unit_keys import ABOVE, COMMUNE, NEW, UNIT, answer, lose, routed
from tests.support.console import post, run
from tests.support.office import PASSWORD, Office


@pytest.fixture
def office(core) -> Office:
    made = Office(core)
    made.add_unit(NEW, parent=ABOVE, commune=COMMUNE)
    return made


def link(text: str) -> str:
    return re.search(r"/enrol/([A-Za-z0-9_\-]+)", text)[1]


async def invite(office: Office, admin, login: str, name: str) -> Officer:
    form = {"login": login, "name": name, "role": "officer", "unit": NEW}
    token = link((await post(admin, "/accounts", "/accounts", **form)).text)
    with office.core.db.transaction() as session:
        return office.redeem(session, token, NEW)


async def renew(office: Office, admin, officer: Officer) -> None:
    token = link((await post(admin, f"/accounts/{officer.id}/renew", "/accounts")).text)
    with office.core.db.transaction() as session:
        office.redeem(session, token, NEW)


def holders(office: Office) -> set[str]:
    with office.core.db.reading() as session:
        query = select(Officer.login).join(UnitKey, UnitKey.officer_id == Officer.id).where(UnitKey.unit_id == NEW)
        return set(session.execute(query).scalars())


def test_an_account_that_was_redeemed_and_renewed_leaves_no_key_behind(office):
    """The administrator takes the first link himself, renews it for the true officer, and keeps the recovery key."""

    async def story():
        admin = await office.signed_in("quantri")
        first = await invite(office, admin, "nguyen.van.a", "Nguyễn Văn A")
        kept = office.officers["nguyen.van.a"].recovery_key
        assert kept
        await renew(office, admin, first)
        assert office.officers["nguyen.van.a"].recovery_key not in {None, kept}, "the unit began anew"
        above = await office.signed_in("haiphong")
        page = (await above.get("/unit")).text
        assert "Nguyễn Văn A" in page
        assert (await answer(above, NEW, "yes")).status_code == 303
        await invite(office, admin, "ke.gia", "Kẻ giả")
        attacker = await office.signed_in("ke.gia")
        assert (await post(attacker, "/unit/recover", "/unit", recovery=kept)).status_code == 400
        assert holders(office) == {"nguyen.van.a"}
        _, referral = office.tip(NEW)
        assert (await attacker.get(f"/referrals/{referral}")).status_code == 404
        assert (await (await office.signed_in("nguyen.van.a")).get(f"/referrals/{referral}")).status_code == 200

    run(story)


@pytest.mark.parametrize("how", ["renew", "switch"])
def test_a_waiting_key_goes_with_anybody_who_held_it(office, how):
    """Also where another account holds it by then: whoever made it has the recovery key."""

    async def story():
        admin = await office.signed_in("quantri")
        first = await invite(office, admin, "ke.gia", "Kẻ giả")
        kept = office.officers["ke.gia"].recovery_key
        second = await invite(office, admin, "that", "Người thật")
        attacker = await office.signed_in("ke.gia")
        assert (await post(attacker, f"/unit/grant/{second.id}", "/unit")).status_code == 303
        assert holders(office) == {"ke.gia", "that"}
        assert (await post(admin, f"/accounts/{first.id}/{how}", "/accounts")).status_code in {200, 303}
        assert holders(office) == set()
        above = await office.signed_in("haiphong")
        assert NEW not in (await above.get("/unit")).text, "nothing waits any more"
        third = await office.signed_in("that")
        assert (await post(third, "/unit/recover", "/unit", recovery=kept)).status_code == 404
        await renew(office, admin, second)
        assert (await answer(above, NEW, "yes")).status_code == 303
        assert holders(office) == {"that"}
        with office.core.db.reading() as session:
            assert "unit_began_anew" in set(session.execute(select(Audit.action)).scalars())

    run(story)


@pytest.mark.parametrize("kind", ["commune_police", "province_police"])
def test_switching_off_those_above_opens_nothing(office, kind):
    """Nobody who could confirm is there for a minute: the unit waits until somebody is, and is not opened at once."""

    async def story():
        with office.core.db.transaction() as session:
            unit = session.get(Unit, NEW)
            unit.kind = kind
            posts.set_unit(session, unit)
            above = [office.account(session, login).id for login in ("haiphong", "trungtam")]
        admin = await office.signed_in("quantri")
        for officer in above:
            await post(admin, f"/accounts/{officer}/switch", "/accounts")
        await invite(office, admin, "ke.gia", "Kẻ giả")
        with office.core.db.reading() as session:
            unit = session.get(Unit, NEW)
            assert unit.public_key is None
            assert unit.waiting_key is not None
        for officer in above:
            await post(admin, f"/accounts/{officer}/switch", "/accounts")
        assert routed(office) == ABOVE
        _, referral = office.tip(NEW)
        assert (await (await office.signed_in("ke.gia")).get(f"/referrals/{referral}")).status_code == 404
        assert "Kẻ giả" in (await (await office.signed_in("haiphong")).get("/unit")).text
        with office.core.db.reading() as session:
            assert session.execute(select(Notice.id).where(Notice.unit_id == ABOVE, Notice.kind == "unit")).first()

    run(story)


def test_switching_off_who_could_confirm_is_noted_and_told(office):
    async def story():
        admin = await office.signed_in("quantri")
        await invite(office, admin, "that", "Người thật")
        with office.core.db.reading() as session:
            above = office.account(session, "haiphong").id
        await post(admin, f"/accounts/{above}/switch", "/accounts")
        with office.core.db.reading() as session:
            detail = session.execute(select(Audit.detail).where(Audit.action == "unit_confirmer_off")).scalar_one()
            assert detail == f"unit={NEW} was={ABOVE} now=trung-uong.tiep-nhan"
            told = set(session.execute(select(Notice.unit_id).where(Notice.kind == "unit")).scalars())
            assert {ABOVE, "trung-uong.tiep-nhan"} <= told
        assert "Người thật" in (await (await office.signed_in("trungtam")).get("/unit")).text

    run(story)


def stands(session, unit: Unit) -> None:
    """A row of the directory, as the server writes it."""
    posts.set_unit(session, unit)
    session.add(unit)


def test_only_the_very_first_unit_opens_without_a_second_person(core):
    with core.db.transaction() as session:
        for name in ("don.vi.1", "don.vi.2"):
            stands(session, Unit(id=name, kind="commune_police", name=name))
            token = enrolment.invite(session, login=name, name=name, unit_id=name, role="officer", by=None, now=1e9)
            enrolment.enrol(session, core.vault, token, PASSWORD, 1e9)
        opened, second = session.get(Unit, "don.vi.1"), session.get(Unit, "don.vi.2")
        assert opened.public_key is not None
        assert second.public_key is None
        opened.public_key, opened.key_mark = None, None  # not even when no key is left
        stands(session, Unit(id="don.vi.3", kind="commune_police", name="x"))
        token = enrolment.invite(
            session, login="don.vi.3", name="x", unit_id="don.vi.3", role="officer", by=None, now=1e9
        )
        enrolment.enrol(session, core.vault, token, PASSWORD, 1e9)
        assert session.get(Unit, "don.vi.3").public_key is None


def test_nobody_is_confirmed_but_who_was_shown(office):
    async def story():
        admin = await office.signed_in("quantri")
        first = await invite(office, admin, "that", "Người thật")
        above = await office.signed_in("haiphong")
        page = (await above.get("/unit")).text
        shown = re.search(r'name="shown" value="([^"]+)"', page)[1]
        assert "cho Người thật nhận tin" in page
        url = f"/unit/confirm/{NEW}"
        assert (await post(above, url, "/unit", answer="yes")).status_code == 409, "an answer names whom it is about"
        second = await invite(office, admin, "nguoi.hai", "Người thứ hai")
        holder = await office.signed_in("that")
        await post(holder, f"/unit/grant/{second.id}", "/unit")
        assert (await post(above, url, "/unit", answer="yes", shown=shown)).status_code == 409
        with office.core.db.transaction() as session:  # however it came to be that nobody is left
            session.execute(delete(UnitKey).where(UnitKey.unit_id == NEW))
        page = (await above.get("/unit")).text
        assert "Không còn tài khoản nào giữ khóa này" in page
        assert "cho nhận tin" not in page
        empty = re.search(r'name="shown" value="([^"]+)"', page)[1]
        refused = await post(above, url, "/unit", answer="yes", shown=empty)
        assert refused.status_code == 400
        assert "Không còn ai giữ khóa" in refused.text
        assert routed(office) == ABOVE
        assert first.login == "that"

    run(story)


def test_only_who_holds_the_key_can_read_the_digits_out(office):
    """An administrator could name the first account after the true officer and let the true one be telephoned."""

    async def story():
        admin = await office.signed_in("quantri")
        await invite(office, admin, "nva", "Nguyễn Văn A")
        await invite(office, admin, "nva.2", "Nguyễn Văn A")
        asked = (await (await office.signed_in("haiphong")).get("/unit")).text
        digits = re.search(r'class="spoken">(\d{3} \d{3})<', asked)[1]
        assert digits in (await (await office.signed_in("nva")).get("/unit")).text
        true_one = (await (await office.signed_in("nva.2")).get("/unit")).text
        assert digits not in true_one
        assert "không thấy mã đối chiếu" in true_one

    run(story)


def test_a_recovery_is_told_to_the_unit_and_to_the_one_above(office):
    async def story():
        lose(office, "anphu")
        client = await office.signed_in("anphu")
        key = office.officers["anphu"].recovery_key
        assert (await post(client, "/unit/recover", "/unit", recovery=key)).status_code == 303
        with office.core.db.reading() as session:
            told = {(row.unit_id, row.kind) for row in session.execute(select(Notice)).scalars()}
            assert {(ABOVE, "recovered"), (UNIT, "recovered")} <= told
            assert "unit_key_recovered" in set(session.execute(select(Audit.action)).scalars())
        page = (await (await office.signed_in("haiphong")).get("/unit")).text
        assert "Vừa lấy lại khóa bằng khóa phục hồi" in page
        assert "Cán bộ xã An Phú" in page
        assert "Cán bộ xã An Phú" not in (await (await office.signed_in("laichau")).get("/unit")).text

    run(story)


def test_a_lost_key_is_made_anew_for_those_who_were_shown(office):
    async def story():
        lose(office, "anphu")
        above = await office.signed_in("haiphong")
        form = re.search(rf'action="/unit/restore/{UNIT}".*?</form>', (await above.get("/unit")).text, re.S)[0]
        shown = re.search(r'name="shown" value="([^"]+)"', form)[1]
        office.enrol("chen.ngang", UNIT)
        assert (await post(above, f"/unit/restore/{UNIT}", "/unit", shown=shown)).status_code == 409
        with office.core.db.reading() as session:
            assert session.execute(select(UnitKey.id).where(UnitKey.unit_id == UNIT)).first() is None

    run(story)


def test_a_switched_off_account_keeps_no_key_that_a_colleague_has(office):
    async def story():
        colleague = office.enrol("dong.nghiep", UNIT)
        first = await office.signed_in("anphu")
        await post(first, f"/unit/grant/{colleague.id}", "/unit")
        admin = await office.signed_in("quantri")
        await post(admin, f"/accounts/{colleague.id}/switch", "/accounts")
        with office.core.db.reading() as session:
            left = select(Officer.login).join(UnitKey, UnitKey.officer_id == Officer.id).where(UnitKey.unit_id == UNIT)
            assert session.execute(left).scalars().all() == ["anphu"]
            last = office.account(session, "anphu").id
        await post(admin, f"/accounts/{last}/switch", "/accounts")
        with office.core.db.reading() as session:
            assert session.execute(select(UnitKey.id).where(UnitKey.officer_id == last)).first(), "the last copy stays"
            assert public_keys.is_sound(session, session.get(Unit, UNIT))

    run(story)
