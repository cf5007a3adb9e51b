"""Somebody who can write to the database and has an account, or an accomplice with one: writes rows with unit keys of their own."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from bot.core.errors import InvalidInput, LaChanError
from bot.services.units import enrolment, public_keys, signin, unit_keys
from bot.storage import sealing
from bot.storage.tables import Officer, Unit, UnitKey
from tests.support.console import post, run
from tests.support.office import Office

UNIT, ABOVE = "ca.31.10645", "ca.31"
STRANGER = sealing.new_pair()


@pytest.fixture
def office(core) -> Office:
    return Office(core)


def write_key(office: Office, unit: str, login: str) -> None:
    """A row as whoever writes to the database makes it: a key of their own, sealed to an officer whose public key stands there."""
    with office.core.db.transaction() as session:
        officer = office.account(session, login)
        session.execute(delete(UnitKey).where(UnitKey.unit_id == unit, UnitKey.officer_id == officer.id))
        sealed = sealing.seal_to(officer.public_key, STRANGER.private)
        session.add(UnitKey(unit_id=unit, officer_id=officer.id, sealed=sealed))


def given(office: Office, login: str) -> list[bytes]:
    with office.core.db.reading() as session:
        officer = office.account(session, login)
        return list(session.execute(select(UnitKey.sealed).where(UnitKey.officer_id == officer.id)).scalars())


def test_a_written_unit_key_is_not_given_on(office):
    async def story():
        colleague = office.enrol("dong.nghiep", UNIT)
        write_key(office, UNIT, "anphu")
        giver = await office.signed_in("anphu")
        refused = await post(giver, f"/unit/grant/{colleague.id}", "/unit")
        assert refused.status_code == 400
        assert not given(office, "dong.nghiep")
        with office.core.db.reading() as session:
            before = session.get(Unit, UNIT).recovery_key
        assert (await post(giver, "/unit/recovery", "/unit")).status_code == 400
        with office.core.db.reading() as session:
            assert session.get(Unit, UNIT).recovery_key == before, "the true recovery key is still what opens"

    run(story)


def test_an_invitation_does_not_carry_a_written_unit_key(office):
    write_key(office, UNIT, "anphu")
    with office.core.db.transaction() as session:
        officer = office.account(session, "anphu")
        by = signin.SignedIn(
            officer.id, "", "officer", UNIT, "", "", 0.0, b"", unit_keys={UNIT: STRANGER.private}
        )  # fmt: skip
        enrolment.invite(session, login="moi", name="Mới", unit_id=UNIT, role="officer", by=by, now=office.now)
        assert office.account(session, "moi").invite_key is None


def test_who_holds_a_written_key_confirms_and_restores_nobody(office):
    async def story():
        office.add_unit("moi", parent=ABOVE)
        office.enrol("moi.1", "moi")
        write_key(office, ABOVE, "haiphong")
        with office.core.db.transaction() as session:
            session.execute(delete(UnitKey).where(UnitKey.unit_id == UNIT))
        above = await office.signed_in("haiphong")
        page = (await above.get("/unit")).text
        assert "/unit/confirm/moi" not in page
        assert f"/unit/restore/{UNIT}" not in page
        with office.core.db.reading() as session:
            shown = unit_keys._waiting_one(session, session.get(Unit, "moi")).shown
        assert (await post(above, "/unit/confirm/moi", "/unit", answer="yes", shown=shown)).status_code == 404
        with office.core.db.reading() as session:
            assert session.get(Unit, "moi").public_key is None

    run(story)


def test_nothing_but_the_units_own_key_is_sealed_to_anybody(office):
    """The one way by which keys are given on, and the one by which recovery keys are made."""
    with office.core.db.transaction() as session:
        officer, unit = office.account(session, "anphu"), session.get(Unit, UNIT)
        for give in (
            lambda: enrolment.give_unit_key(session, UNIT, officer, STRANGER.private),
            lambda: enrolment.lock_with_recovery(session, unit, STRANGER.private),
        ):
            with pytest.raises(InvalidInput, match="key_doubtful"):
                give()
        session.execute(update(Unit).where(Unit.id == UNIT).values(public_key=STRANGER.public))
        session.expire_all()
        with pytest.raises(LaChanError):
            enrolment.give_unit_key(session, UNIT, officer, STRANGER.private)
        assert not public_keys.is_sound(session, session.get(Unit, UNIT))
        assert session.execute(select(Officer.id)).first()
