"""Who leaves loses the key: with their password and a copy of the database they open nothing that comes, nor what lies there."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.services import audit
from bot.services.tips import binding
from bot.services.units import public_keys, rekey, signin
from bot.services.units.enrolment import recover_unit
from bot.storage import sealing
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Audit, Notice, Officer, TipKey, Unit, UnitKey
from tests.support.console import csrf, post, run
from tests.support.office import PASSWORD, Office
from tests.support.world import core_in

UNIT, ABOVE = "ca.31.10645", "ca.31"


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory):
    with core_in(tmp_path_factory.mktemp("left")) as core:
        yield Office(core)


def private_of(office: Office, login: str) -> bytes:
    """What a stolen database and the password give, where the thief has the server's key as well."""
    with office.core.db.reading() as session:
        officer = office.account(session, login)
        key = office.core.vault.password_keys(PASSWORD, officer.salt)[officer.kdf]
        return sealing.unseal(key, officer.private_key, f"officer:{officer.id}")


def opens(office: Office, private: bytes) -> int:
    """How many sealed keys of the unit's tips a private key of the unit opens."""
    with office.core.db.reading() as session:
        sealed = session.execute(select(TipKey.sealed).where(TipKey.holder.in_([f"unit:{UNIT}", f"contact:{UNIT}"])))
        found = 0
        for row in sealed.scalars():
            try:
                sealing.open_sealed(private, row)
                found += 1
            except CannotOpen:
                continue
        return found


async def leaves(office: Office) -> tuple[object, bytes, list[str]]:
    """A colleague is let in, takes the unit's key along, and is switched off. Also: tips from before."""
    referrals = [office.tip()[1] for _ in range(3)]
    office.enrol("ca.moi", UNIT)
    head = await office.signed_in("anphu")
    with office.core.db.reading() as session:
        leaver = office.account(session, "ca.moi").id
    assert (await post(head, f"/unit/grant/{leaver}", "/unit")).status_code == 303
    with office.core.db.reading() as session:
        sealed = session.execute(select(UnitKey.sealed).where(UnitKey.officer_id == leaver)).scalar_one()
    taken = sealing.open_sealed(private_of(office, "ca.moi"), sealed)
    admin = await office.signed_in("quantri")
    assert (await post(admin, f"/accounts/{leaver}/switch", "/accounts")).status_code == 303
    return head, taken, referrals


def test_who_left_opens_nothing_once_the_key_was_changed(office: Office) -> None:
    async def story() -> None:
        head, taken, referrals = await leaves(office)
        assert opens(office, taken) == 6
        page = (await head.get("/unit")).text
        assert "Tên ca.moi không còn làm ở đây" in page
        assert (await post(head, "/unit/rekey", "/unit")).status_code == 400, "not without the tick"
        answer = await post(head, "/unit/rekey", "/unit", sure="yes")
        assert "Khóa phục hồi mới" in answer.text
        assert "Đã đổi khóa" in answer.text
        later = office.tip()[1]
        assert opens(office, taken) == 0
        for referral in [*referrals, later]:
            assert "nhà bà Năm" in (await head.get(f"/referrals/{referral}")).text
        page = (await head.get("/unit")).text
        assert "không còn làm ở đây" not in page
        digits = set(re.findall(r'class="spoken">(\d{3} \d{3})<', page))
        assert len(digits) == 1, "who holds the key and who looks at the server's see the same six digits"
        above = await office.signed_in("haiphong")
        assert digits <= set(re.findall(r'class="spoken">(\d{3} \d{3})<', (await above.get("/unit")).text))
        with office.core.db.reading() as session:
            unit = session.get(Unit, UNIT)
            assert (unit.old_key, unit.rekey_after) == (None, "")
            assert audit.verify(session).ok
            assert public_keys.doubtful(session) == []
            assert not binding.doubtful(session)
            told = set(session.execute(select(Notice.unit_id).where(Notice.kind == "key_changed")).scalars())
            assert told == {UNIT, ABOVE}
            assert session.execute(select(Notice.unit_id).where(Notice.kind == "left")).scalars().all() == [UNIT]
            done = session.execute(select(Audit.action).order_by(Audit.seq)).scalars().all()
            assert [one for one in done if one in {"unit_key_changed", "unit_key_resealed"}] == [
                "unit_key_changed",
                "unit_key_resealed",
            ]

    run(story)


def test_the_old_recovery_key_and_open_invitations_bring_nothing(office: Office) -> None:
    async def story() -> None:
        head, _, _ = await leaves(office)
        with office.core.db.transaction() as session:
            office.account(session, "ca.moi").invite_key = b"the unit's old key"
        printed = office.officers["anphu"].recovery_key
        await post(head, "/unit/rekey", "/unit", sure="yes")
        with office.core.db.reading() as session:
            unit = session.get(Unit, UNIT)
            with pytest.raises(CannotOpen):
                recover_unit(unit, printed or "")
            assert session.execute(select(Officer.invite_key).where(Officer.unit_id == UNIT)).scalars().all() == [
                None,
                None,
            ]

    run(story)


def test_a_change_that_was_broken_off_is_carried_on_by_whoever_works(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        monkeypatch.setattr(rekey, "BATCH", 2)
        head, taken, referrals = await leaves(office)
        await post(head, "/unit/rekey", "/unit", sure="yes")
        assert opens(office, taken) == 4, "one batch, then the process ended"
        later = office.tip()[1]
        page = (await head.get("/unit")).text
        assert "Đang khóa lại tin cũ" in page
        for referral in [*referrals, later]:
            assert "nhà bà Năm" in (await head.get(f"/referrals/{referral}")).text, "both keys are held meanwhile"
        refused = await head.post("/unit/rekey", data={"csrf": await csrf(head, "/unit"), "sure": "yes"})
        assert refused.status_code == 400, "not a second time before the first is done"
        with office.core.db.transaction() as session:
            token = head.cookies[next(iter(head.cookies))]
            by = signin.resume(session, token, office.now)
            assert rekey.carry_on(session, by, office.now, limit=2) == 2
        assert opens(office, taken) == 2
        monkeypatch.setattr(rekey, "BATCH", 300)
        for _ in range(3):
            await head.get("/")
        assert opens(office, taken) == 0
        with office.core.db.reading() as session:
            assert session.get(Unit, UNIT).old_key is None

    run(story)


def test_nobody_without_the_key_changes_it(office: Office) -> None:
    async def story() -> None:
        office.tip()
        office.enrol("ca.moi", UNIT)
        stranger = await office.signed_in("ca.moi")
        assert (await post(stranger, "/unit/rekey", "/unit", sure="yes")).status_code == 404
        admin = await office.signed_in("quantri")
        answer = await admin.post("/unit/rekey", data={"csrf": await csrf(admin, "/accounts"), "sure": "yes"})
        assert answer.status_code == 404
        with office.core.db.transaction() as session:
            session.get(Unit, UNIT).public_key = sealing.new_pair().public
        head = await office.signed_in("anphu")
        assert (await post(head, "/unit/rekey", "/unit", sure="yes")).status_code == 400, "not over another key"

    run(story)
