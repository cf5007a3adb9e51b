"""Which units the server itself gave a key of a tip, and which key: rows of `tip_key` carry its mark.

Whoever can only write to the database could otherwise name another unit as a holder and wait for it to be given the key of the
officers' notes, or put a key of their own in the place of the notes' key before the first note. The mark is made over the desk the
tip is on as well, so that a row from before a transfer, put back with its old mark, counts for nothing. The notes' key is given
to marked holders and taken from marked rows; the tip's own key opens the tip or does not.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.referrals.states import State
from bot.storage import marks
from bot.storage.tables import Referral, TipKey


def _said(session: Session, row: TipKey) -> bytes:
    return "\0".join((row.holder, _desk(session, row.tip_id), hashlib.sha256(row.sealed).hexdigest())).encode()


def _desk(session: Session, tip_id: str) -> str:
    """The referral that the tip is on now: of those not handed on the newest."""
    last = select(col(Referral.id)).where(col(Referral.tip_id) == tip_id)
    last = last.order_by(
        (col(Referral.state) == State.TRANSFERRED.value).asc(), col(Referral.created_at).desc(), col(Referral.id)
    )
    return session.execute(last.limit(1)).scalar() or ""


def mark(session: Session, row: TipKey) -> None:
    """Mark a row as it is, when its tip is on the desk it is for."""
    row.mark = marks.mark(session, "holder", row.tip_id, _said(session, row))


def is_sound(session: Session, row: TipKey) -> bool:
    """Whether the server gave this unit this key, for the desk the tip is on now."""
    return marks.is_good(session, "holder", row.tip_id, _said(session, row), row.mark)


def seal_anew(session: Session, row: TipKey, sealed: bytes) -> None:
    """The same key for the same unit, sealed to another key of that unit; what had no mark gets none."""
    sound = is_sound(session, row)
    row.sealed = sealed
    if sound:
        mark(session, row)


def mark_all(session: Session) -> None:
    """Mark every row anew as it is: after the server's own key was lost or changed. For the command line only."""
    for row in session.execute(select(TipKey).order_by(col(TipKey.id))).scalars().all():
        mark(session, row)
