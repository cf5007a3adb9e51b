"""Somebody who copies the database's files right after words were erased or a key was changed: looks for what was there before."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlmodel import Session

from bot.app import Core
from bot.console import guard
from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.dialogue.state import ConversationState
from bot.services.keeping import erasure
from bot.services.messaging import contacts, inbox, turns
from bot.services.units import enrolment, public_keys, rekey
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import Attempt, Conversation, Outbox, TipKey, Unit, UnitKey
from tests.support import live
from tests.support.office import Office

NOW = 1_800_000_000.0
UNIT = "ca.31.10645"


def found(core: Core, pieces: list[bytes]) -> int:
    """How many of these ciphertexts lie in the files of the database, its log among them."""
    file = Path(core.settings.database_url.removeprefix("sqlite:///"))
    data = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    return sum(piece[:24] in data for piece in pieces)


def told(core: Core) -> tuple[str, list[bytes]]:
    """A conversation, and what lies sealed of it."""
    core.now = lambda: NOW
    message = InboundMessage(Channel.WEB, "s", "m1", InboundKind.TEXT, text="họ nhốt em ở đây")
    with core.db.transaction() as session:
        (met,) = inbox.accept(session, core.vault, [message], NOW)
    with core.db.transaction() as session:
        turn = turns.load(session, core.vault, met.conversation_id, "o", NOW, 30.0)
        assert isinstance(turn, turns.TurnInput)
        end = turns.TurnEnd(ConversationState(unsure=1), [OutboundMessage("em nghe đây")])
        turns.commit(session, core.vault, turn, lambda _: end, NOW)
    with core.db.reading() as session:
        state = session.get(Conversation, met.conversation_id).state
        return met.conversation_id, [state, session.execute(select(Outbox.payload)).scalar_one()]


def test_a_quick_exit_leaves_nothing_in_the_files(core: Core) -> None:
    conversation, pieces = told(core)
    assert found(core, pieces) == len(pieces), "the search finds what is there"
    asyncio.run(core.db.run(lambda session: contacts.forget(session, conversation)))
    assert live.wait_for(lambda: found(core, pieces) == 0)


def test_a_reader_holds_up_the_cut_and_the_cut_holds_up_nobody(core: Core) -> None:
    conversation, pieces = told(core)
    reader = core.db._readers.connect()
    reader.execute(text("SELECT count(*) FROM conversation"))
    with core.db.transaction() as session:
        contacts.forget(session, conversation)
    for number in range(20):  # turns of others go on meanwhile
        with core.db.transaction() as session:
            session.add(Attempt(key=f"x{number}"))
    assert found(core, pieces) > 0, "somebody reads what was there before"
    reader.close()
    assert live.wait_for(lambda: found(core, pieces) == 0)


def test_what_is_rolled_back_cuts_nothing_and_what_stays_is_whole(core: Core) -> None:
    conversation, pieces = told(core)

    def fails(session: Session) -> None:
        contacts.forget(session, conversation)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        asyncio.run(core.db.run(fails))
    assert found(core, pieces) == len(pieces)
    with core.db.reading() as session:
        assert session.get(Conversation, conversation).state == pieces[0]


@pytest.fixture
def office(core: Core) -> Office:
    return Office(core)


def holder(office: Office) -> SignedIn:
    """An officer at the console, by the unit's key that a recovery would bring."""
    with office.core.db.transaction() as session:
        officer, pair = office.account(session, "anphu"), sealing.new_pair()
        unit = session.get(Unit, UNIT)
        private = enrolment.recover_unit(unit, office.officers["anphu"].recovery_key)
        public_keys.set_officer(session, officer, pair.public)
        return SignedIn(officer.id, "", guard.OFFICER, UNIT, "", "", 0.0, pair.private, unit_keys={UNIT: private})


def test_after_a_change_of_the_key_no_copy_for_the_old_one_is_left(office: Office) -> None:
    core = office.core
    office.tip(UNIT)
    by = holder(office)
    with core.db.reading() as session:
        held = select(TipKey.sealed).where(TipKey.holder == f"unit:{UNIT}")
        pieces = [
            *session.execute(held).scalars(),
            *session.execute(select(UnitKey.sealed).where(UnitKey.unit_id == UNIT)).scalars(),
        ]
    assert found(core, pieces) == len(pieces)
    with core.db.transaction() as session:
        rekey.begin(session, by, core.now())
    assert live.wait_for(lambda: found(core, pieces) == 0)


def test_an_erased_tip_leaves_the_files_at_once(office: Office) -> None:
    core = office.core
    _, referral = office.tip(UNIT)
    with core.db.reading() as session:
        pieces = list(session.execute(select(TipKey.sealed)).scalars())
        tip_id = session.execute(select(TipKey.tip_id)).scalars().first()
    assert found(core, pieces) == len(pieces)
    with core.db.transaction() as session:
        erasure.erase_tip(session, tip_id, erasure.REQUEST, core.now())
    assert live.wait_for(lambda: found(core, pieces) == 0)
    assert referral
