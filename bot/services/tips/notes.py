"""What officers write for themselves: notes, and the note that goes along when a tip is handed over.

The reporter's code opens the tip's own key, so notes have a second one, made with the first note and sealed to the units that
hold the tip, never to the reporter. A note's writer, time and words carry the server's mark: who can only write to the
database cannot put words into an officer's mouth.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput, NotAllowed, TooLarge
from bot.core.referrals.states import State
from bot.services import audit
from bot.services.minutes import minute
from bot.services.tips import record, referrals
from bot.services.units import posts, public_keys
from bot.services.units.signin import SignedIn
from bot.storage import marks, sealing
from bot.storage.tables import Officer, Tip, TipKey, TipNote, Unit

NOTE, HANDOVER = "note", "handover"
MOST_CHARS = 4000
MOST_NOTES = 200  # of one tip


@dataclass(frozen=True)
class Note:
    """kind: NOTE or HANDOVER. unit: of the writer, today. sound: False when the row was changed behind the product's back; then
    neither writer nor time can be believed."""

    kind: str
    at: float
    officer: str
    unit: str
    text: str = field(repr=False)
    sound: bool = True


def add(session: Session, officer: SignedIn, referral_id: str, text: str, now: float, kind: str = NOTE) -> None:
    """Write a note. Raises NotAllowed, InvalidInput('empty' | 'act_not_possible' | 'too_many_notes'), TooLarge."""
    referral, tip, _ = referrals.open_tip(session, officer, referral_id)
    if not text:
        raise InvalidInput("empty")
    if len(text) > MOST_CHARS:
        raise TooLarge("too_large")
    if referral.state == State.TRANSFERRED.value:
        raise InvalidInput("act_not_possible")  # the live referral of the tip is another one
    session.execute(select(col(Tip.id)).where(col(Tip.id) == tip.id).with_for_update())
    written = session.execute(select(col(TipNote.id)).where(col(TipNote.tip_id) == tip.id)).all()
    if len(written) >= MOST_NOTES:
        raise InvalidInput("too_many_notes")
    key = held_key(session, officer, tip.id) or _new_key(session, tip.id)
    body, at = sealing.seal_json(key, {"text": text}, f"note:{tip.id}"), minute(now)
    mark = marks.mark(session, "note", tip.id, _facts(officer.officer_id, kind, at, body))
    session.add(TipNote(tip_id=tip.id, officer_id=officer.officer_id, kind=kind, body=body, created_at=at, mark=mark))
    audit.record(session, now, officer.officer_id, "note_added", tip.id, f"referral={referral.id} kind={kind}")


def read(session: Session, officer: SignedIn, tip_id: str) -> list[Note]:
    """The notes of a tip, oldest first. None are shown to who holds no key of them."""
    key = held_key(session, officer, tip_id)
    if key is None:
        return []
    query = (
        select(TipNote, col(Officer.name), col(Unit.name))
        .outerjoin(Officer, col(Officer.id) == col(TipNote.officer_id))
        .outerjoin(Unit, col(Unit.id) == col(Officer.unit_id))
        .where(col(TipNote.tip_id) == tip_id)
    )
    found = []
    for row, name, unit in session.execute(query.order_by(col(TipNote.id))):
        said = _facts(row.officer_id, row.kind, row.created_at, row.body)
        sound = marks.is_good(session, "note", tip_id, said, row.mark)
        try:
            text = str(sealing.unseal_json(key, row.body, f"note:{tip_id}")["text"])
        except sealing.CannotOpen:
            text, sound = "", False
        found.append(Note(row.kind, row.created_at, name or "", unit or "", text, sound))
    return found


def _facts(officer_id: str, kind: str, at: float, body: bytes) -> bytes:
    return f"{officer_id}\0{kind}\0{at:.0f}\0{hashlib.sha256(body).hexdigest()}".encode()


def mark_all(session: Session) -> None:
    """Mark every note anew as it is: after the server's own key was lost or changed. For the command line only."""
    for row in session.execute(select(TipNote).order_by(col(TipNote.id))).scalars().all():
        row.mark = marks.mark(session, "note", row.tip_id, _facts(row.officer_id, row.kind, row.created_at, row.body))


def held_key(session: Session, officer: SignedIn, tip_id: str) -> bytes | None:
    """The key of a tip's notes; None while there are none, or none for this officer's units."""
    try:
        return referrals.key_of(session, officer, tip_id, "note")
    except (NotAllowed, sealing.CannotOpen):  # none is ours, or a row that somebody else wrote
        return None


def adding_half(session: Session, officer: SignedIn, tip_id: str) -> str:
    """What adds words to a tip for those who hold its notes, and opens none of them; as hex digits. "" where its notes are under a key
    that is not this officer's."""
    try:
        key = held_key(session, officer, tip_id) or _new_key(session, tip_id)
    except NotAllowed:
        return ""
    return sealing.adding_half(key).hex()


def _new_key(session: Session, tip_id: str) -> bytes:
    """A key for whoever holds the tip now. Raises NotAllowed where there are notes already, under a key that is not ours."""
    held = select(col(TipKey.id)).where(col(TipKey.tip_id) == tip_id, col(TipKey.holder).startswith("note:"))
    if session.execute(held).first() is not None:
        raise NotAllowed("notes")
    rows = session.execute(
        select(col(TipKey.holder)).where(col(TipKey.tip_id) == tip_id, col(TipKey.holder).startswith("unit:"))
    ).scalars()
    units = [session.get(Unit, holder.removeprefix("unit:")) for holder in rows]
    key = sealing.new_key()
    record.give_keys(
        session,
        tip_id,
        "note",
        key,
        [
            unit
            for unit in units
            if unit is not None and public_keys.is_sound(session, unit) and posts.is_unit_sound(session, unit)
        ],
    )
    return key
