"""Somebody who can write to the database wants to read what officers write for themselves, or to have it changed or gone unseen."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import delete, select, update

from bot.checks import desks as desk_checks
from bot.checks.findings import Mark
from bot.console import guard
from bot.core.errors import LaChanError, NotAllowed
from bot.services import audit
from bot.services.tips import notes, owners, transfers
from bot.services.units import enrolment, holders, posts, public_keys
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import AnswerDraft, Assignment, Officer, Referral, TipKey, TipNote, Unit
from tests.attacks.test_left_in_files import found
from tests.support import commands, live
from tests.support.office import Office
from tests.support.world import environment

UNIT, ABOVE, OTHER = "ca.31.10645", "ca.31", "ca.12.03390"
STRANGER = sealing.new_pair()
WORDS = "Chiều nay cô Sáu sang thăm."


@pytest.fixture
def office(core) -> Office:
    return Office(core)


def officer(office: Office, login: str, unit_id: str) -> SignedIn:
    """An officer at the console, by the unit's key that a recovery would bring."""
    with office.core.db.transaction() as session:
        row, pair, unit = office.account(session, login), sealing.new_pair(), session.get(Unit, unit_id)
        private = enrolment.recover_unit(unit, office.officers[login].recovery_key)
        public_keys.set_officer(session, row, pair.public)
        return SignedIn(row.id, "", guard.OFFICER, unit_id, "", "", 0.0, pair.private, unit_keys={unit_id: private})


def tip_of(office: Office, referral: str) -> str:
    with office.core.db.reading() as session:
        return session.get(Referral, referral).tip_id


def rows(office: Office, tip: str, kind: str) -> dict[str, TipKey]:
    with office.core.db.reading() as session:
        query = select(TipKey).where(TipKey.tip_id == tip, TipKey.holder.startswith(f"{kind}:"))
        return {row.holder.removeprefix(f"{kind}:"): row for row in session.execute(query).scalars()}


def write(office: Office, tip: str, holder: str, sealed: bytes, mark: bytes | None = None) -> None:
    with office.core.db.transaction() as session:
        session.execute(delete(TipKey).where(TipKey.tip_id == tip, TipKey.holder == holder))
        session.add(TipKey(tip_id=tip, holder=holder, sealed=sealed, mark=mark))


def note(office: Office, by: SignedIn, referral: str, words: str = WORDS) -> None:
    with office.core.db.transaction() as session:
        notes.add(session, by, referral, words, office.now)


def read(office: Office, by: SignedIn, tip: str) -> list[str]:
    with office.core.db.reading() as session:
        return [one.text for one in notes.read(session, by, tip)]


def hand_on(office: Office, by: SignedIn, referral: str, unit_id: str, reason: str) -> str:
    with office.core.db.transaction() as session:
        return transfers.transfer(session, by, office.core.clocks, referral, unit_id, reason, office.now)


def test_a_unit_written_among_the_holders_is_not_given_the_notes(office):
    _, referral = office.tip(UNIT)
    tip = tip_of(office, referral)
    write(office, tip, f"unit:{OTHER}", sealing.seal_to(STRANGER.public, b"x" * 32))
    note(office, officer(office, "anphu", UNIT), referral)
    assert set(rows(office, tip, "note")) == {UNIT, ABOVE}


def test_a_mark_of_another_holder_or_another_tip_makes_no_holder(office):
    _, referral = office.tip(UNIT)
    _, second = office.tip(UNIT)
    tip = tip_of(office, referral)
    for source in (rows(office, tip, "unit")[UNIT], rows(office, tip_of(office, second), "unit")[UNIT]):
        write(office, tip, f"unit:{OTHER}", source.sealed, source.mark)
        with office.core.db.reading() as session:
            assert not holders.is_sound(session, rows(office, tip, "unit")[OTHER])


def test_a_notes_key_of_the_writers_own_is_not_used(office):
    """They seal a key they know to the unit, before the first note, and wait for words under it."""
    _, referral = office.tip(UNIT)
    tip, known = tip_of(office, referral), sealing.new_key()
    with office.core.db.reading() as session:
        public = session.get(Unit, UNIT).public_key
    write(office, tip, f"note:{UNIT}", sealing.seal_to(public, known))
    by = officer(office, "anphu", UNIT)
    note(office, by, referral)
    with office.core.db.reading() as session:
        (row,) = session.execute(select(TipNote)).scalars()
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal_json(known, row.body, f"note:{tip}")
    assert read(office, by, tip) == [WORDS]
    note(office, by, referral, "thêm")
    write(office, tip, f"note:{UNIT}", sealing.seal_to(public, known))
    with pytest.raises(NotAllowed):  # with notes there, in the place of the true one
        note(office, by, referral, "lời thứ ba")


def test_who_gave_the_tip_up_does_not_come_back_by_its_older_row(office):
    _, referral = office.tip(UNIT)
    tip, giver = tip_of(office, referral), officer(office, "anphu", UNIT)
    old = rows(office, tip, "unit")[UNIT]
    fresh = hand_on(office, giver, referral, ABOVE, transfers.CONFLICT)
    write(office, tip, old.holder, old.sealed, old.mark)
    note(office, officer(office, "haiphong", ABOVE), fresh)
    assert UNIT not in rows(office, tip, "note")
    assert read(office, giver, tip) == []


def test_a_changed_and_a_missing_note_are_named_everywhere(office):
    _, referral = office.tip(UNIT)
    tip, by = tip_of(office, referral), officer(office, "anphu", UNIT)
    note(office, by, referral)
    note(office, by, referral, "thêm")
    with office.core.db.reading() as session:
        assert notes.doubtful(session) == ()
        last = session.execute(select(TipNote.id).order_by(TipNote.id.desc())).scalars().first()
    for change in (update(TipNote).values(officer_id="somebody"), delete(TipNote).where(TipNote.id == last)):
        with office.core.db.transaction() as session:
            session.execute(change)
        with office.core.db.reading() as session:
            assert notes.doubtful(session) == (tip,)
            assert desk_checks._notes(session).mark is Mark.BAD
            assert audit.verify(session).ok
    env = os.environ | environment(office.core.settings.data_dir)
    told = commands.run("audit", "verify", env=env)
    assert told.returncode == 1
    assert f"Ghi chú của tin {tip}" in told.stderr


def test_a_transfer_without_the_notes_key_takes_it_from_the_old_unit_and_gives_it_on_at_a_sign_in(office):
    _, referral = office.tip(UNIT)
    tip, holder, above = tip_of(office, referral), officer(office, "anphu", UNIT), officer(office, "haiphong", ABOVE)
    note(office, holder, referral)
    with office.core.db.transaction() as session:  # as when the unit above had no key of its own yet
        session.execute(delete(TipKey).where(TipKey.holder == f"note:{ABOVE}"))
    fresh = hand_on(office, above, referral, OTHER, "other_place")
    other = officer(office, _login(office, OTHER), OTHER)
    with office.core.db.reading() as session:
        assert notes.unread(session, other, tip) == 1, "the new unit is told that there is something"
    assert read(office, other, tip) == read(office, holder, tip) == []
    with pytest.raises(LaChanError):
        note(office, holder, referral)
    with office.core.db.transaction() as session:
        assert notes.pass_on(session, other, office.now) == 0
        assert notes.pass_on(session, holder, office.now) == 1
        assert notes.pass_on(session, holder, office.now) == 0
    assert read(office, other, tip) == [WORDS]
    assert read(office, holder, tip) == []
    assert UNIT not in {**rows(office, tip, "note"), **rows(office, tip, "left")}
    note(office, other, fresh, "thêm")


def _login(office: Office, unit_id: str) -> str:
    with office.core.db.reading() as session:
        return session.execute(select(Officer.login).where(Officer.unit_id == unit_id)).scalars().first()


def test_who_has_a_tip_opens_nothing_and_names_nobody_who_is_off(office):
    """The column is in clear and without a mark: what is written there gives no right."""
    _, referral = office.tip(UNIT)
    tip = tip_of(office, referral)
    with office.core.db.transaction() as session:
        stranger = office.account(session, _login(office, OTHER))
        session.add(Assignment(referral_id=referral, officer_id=stranger.id, by_id=stranger.id, at=office.now))
    other = officer(office, _login(office, OTHER), OTHER)
    with office.core.db.transaction() as session:
        for act in (
            lambda: owners.assign(session, other, referral, other.officer_id, office.now),
            lambda: notes.add(session, other, referral, WORDS, office.now),
            lambda: owners.keep_draft(session, other, referral, "x", office.now),
        ):
            with pytest.raises(NotAllowed):
                act()
        assert notes.held_key(session, other, tip) is None
        assert owners.owner(session, referral).id == stranger.id
        row = session.get(Officer, stranger.id)
        row.active = False
        posts.set_officer(session, row)
        audit.record(session, office.now, "system", "officer_off", row.id)
    with office.core.db.transaction() as session:
        session.execute(update(Officer).where(Officer.id == stranger.id).values(active=True))
        assert owners.owner(session, referral) is None
        assert stranger.id not in {one.id for one in owners.colleagues(session, OTHER)}


def test_an_answer_that_was_sent_leaves_no_draft_in_the_files(office):
    _, referral = office.tip(UNIT)
    by, pieces = officer(office, "anphu", UNIT), []
    for words in ("Chào bạn", "Chào bạn, mai chúng tôi gọi"):
        with office.core.db.transaction() as session:
            owners.keep_draft(session, by, referral, words, office.now)
        with office.core.db.reading() as session:
            pieces.append(session.execute(select(AnswerDraft.body)).scalar_one())
    assert found(office.core, pieces) > 0
    with office.core.db.transaction() as session:
        owners.drop_draft(session, by, referral)
    assert live.wait_for(lambda: found(office.core, pieces) == 0)
