"""What officers write for themselves: notes, and the note that goes along when a tip is handed over.

The reporter's code opens the tip's own key, so notes have a second one, made with the first note and sealed to the units that
hold the tip, never to the reporter. A note's writer, time and words carry the server's mark: who can only write to the
database cannot put words into an officer's mouth.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import delete, func, or_, select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput, NotAllowed, TooLarge
from bot.core.referrals.states import State
from bot.services import audit
from bot.services.minutes import minute
from bot.services.tips import record, referrals
from bot.services.units import holders, posts, public_keys
from bot.services.units.signin import SignedIn
from bot.storage import marks, sealing
from bot.storage.tables import Audit, Officer, Tip, TipKey, TipNote, Unit
from bot.storage.write_ahead import leave_no_trace

NOTE, HANDOVER = "note", "handover"
MOST_CHARS = 4000
MOST_NOTES = 200  # of one tip
LEFT = "left:"  # and the unit: the notes' key of a tip that went on without it, until `pass_on`
MOST_PASSED_ON = 50  # tips at one sign-in


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
    key = held_key(session, officer, tip.id) or _new_key(session, officer, tip.id)
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
    """The key of a tip's notes; None while there are none, or none that the server gave this officer's units."""
    for row in _rows(session, tip_id, "note"):
        unit_id = row.holder.removeprefix("note:")
        if unit_id in officer.unit_keys and holders.is_sound(session, row):
            with contextlib.suppress(sealing.CannotOpen):
                return officer.open(unit_id, row.sealed)
    return None


def adding_half(session: Session, officer: SignedIn, tip_id: str) -> str:
    """What adds words to a tip for those who hold its notes, and opens none of them; as hex digits. "" where its notes are under a key
    that is not this officer's."""
    session.execute(select(col(Tip.id)).where(col(Tip.id) == tip_id).with_for_update())  # one key, whoever is first
    try:
        key = held_key(session, officer, tip_id) or _new_key(session, officer, tip_id)
    except NotAllowed:
        return ""
    return sealing.adding_half(key).hex()


def _rows(session: Session, tip_id: str, kind: str) -> list[TipKey]:
    query = select(TipKey).where(col(TipKey.tip_id) == tip_id, col(TipKey.holder).startswith(f"{kind}:"))
    return list(session.execute(query.order_by(col(TipKey.id))).scalars())


def _new_key(session: Session, officer: SignedIn, tip_id: str) -> bytes:
    """A key for whoever holds the tip now. Raises NotAllowed where there are notes already, under a key that is not ours, and
    where the server gave this officer's units no key of the tip."""
    rows = _rows(session, tip_id, "note")
    left = [
        row for row in _rows(session, tip_id, "left") if holders.is_sound(session, row)
    ]  # comes back with `pass_on`
    if left or any(holders.is_sound(session, row) for row in rows) or unread(session, officer, tip_id):
        raise NotAllowed("notes")
    for row in rows:  # somebody else's, and of no note
        session.delete(row)
    session.flush()
    readers = _readers(session, tip_id)
    if not {unit.id for unit in readers} & set(officer.unit_keys):
        raise NotAllowed("notes")
    key = sealing.new_key()
    record.give_keys(session, tip_id, "note", key, readers)
    return key


def _readers(session: Session, tip_id: str) -> list[Unit]:
    """The units that the server gave the tip, as far as anything may be sealed to them."""
    rows = [row for row in _rows(session, tip_id, "unit") if holders.is_sound(session, row)]
    units = [session.get(Unit, row.holder.removeprefix("unit:")) for row in rows]
    return [
        unit
        for unit in units
        if unit is not None and public_keys.is_sound(session, unit) and posts.is_unit_sound(session, unit)
    ]


def unread(session: Session, officer: SignedIn, tip_id: str) -> int:
    """How many notes there are under a key that this officer's units do not hold."""
    if held_key(session, officer, tip_id) is not None:
        return 0
    return len(session.execute(select(col(TipNote.id)).where(col(TipNote.tip_id) == tip_id)).all())


def held_elsewhere(session: Session, tip_id: str) -> list[TipKey]:
    """The rows with the notes' key of a tip, as the server wrote them; to be asked while the tip is on its old desk."""
    rows = [*_rows(session, tip_id, "note"), *_rows(session, tip_id, "left")]
    return [row for row in rows if holders.is_sound(session, row)]


def leave_behind(session: Session, tip_id: str, held: list[TipKey]) -> None:
    """The tip went on by somebody without the notes' key: who has it (`held`) keeps it, for `pass_on` and nothing else."""
    for row in [*_rows(session, tip_id, "note"), *_rows(session, tip_id, "left")]:
        if row not in held:
            session.delete(row)
            continue
        row.holder = f"{LEFT}{row.holder.partition(':')[2]}"
        holders.mark(session, row)


def pass_on(session: Session, officer: SignedIn, now: float) -> int:
    """Give the notes' keys of tips that went on without them to whoever has the tips now, and let go of them. Of how many tips.

    Called when an officer signs in whose unit holds such a key.
    """
    names = [f"{LEFT}{unit_id}" for unit_id in officer.unit_keys]
    query = select(TipKey).where(col(TipKey.holder).in_(names)).order_by(col(TipKey.id)).limit(MOST_PASSED_ON)
    passed = 0
    for tip_id in [row.tip_id for row in session.execute(query).scalars().all()]:
        session.execute(select(col(Tip.id)).where(col(Tip.id) == tip_id).with_for_update())
        still = select(TipKey).where(col(TipKey.holder).in_(names), col(TipKey.tip_id) == tip_id)
        row = session.execute(still.execution_options(populate_existing=True)).scalars().first()
        readers = _readers(session, tip_id)
        if row is None or not readers or not holders.is_sound(session, row):
            continue  # a colleague who signed in at the same moment has done it
        try:
            key = officer.open(row.holder.removeprefix(LEFT), row.sealed)
        except sealing.CannotOpen:
            continue
        leave_no_trace(session)
        every = or_(col(TipKey.holder).startswith("note:"), col(TipKey.holder).startswith(LEFT))
        session.execute(delete(TipKey).where(col(TipKey.tip_id) == row.tip_id, every))
        record.give_keys(session, row.tip_id, "note", key, readers)
        audit.record(session, now, officer.officer_id, "notes_passed_on", row.tip_id)
        passed += 1
    return passed


def doubtful(session: Session) -> tuple[str, ...]:
    """Ids of tips of which a note was changed behind the product's back, or taken away: the log knows how many were written."""
    wrong = set[str]()
    there: Counter[str] = Counter()
    for row in session.execute(select(TipNote).order_by(col(TipNote.id))).scalars():
        there[row.tip_id] += 1
        if not marks.is_good(
            session, "note", row.tip_id, _facts(row.officer_id, row.kind, row.created_at, row.body), row.mark
        ):
            wrong.add(row.tip_id)
    written = (
        select(col(Audit.subject), func.count()).where(col(Audit.action) == "note_added").group_by(col(Audit.subject))
    )
    kept = set(session.execute(select(col(Tip.id))).scalars())
    wrong |= {tip_id for tip_id, count in session.execute(written) if tip_id in kept and there[tip_id] != count}
    return tuple(sorted(wrong))
