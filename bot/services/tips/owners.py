"""Who of a unit has a tip, who looked at it last, and answers that are begun and not sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput, NotAllowed, TooLarge
from bot.core.messages import MAX_TEXT_CHARS
from bot.core.referrals.states import FINAL, State
from bot.services import audit
from bot.services.tips import referrals
from bot.services.units import posts
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import AnswerDraft, Assignment, Audit, Officer, Referral, Tip, UnitKey
from bot.storage.write_ahead import leave_no_trace

LOOKING_SECONDS = 600.0


def colleagues(session: Session, unit_id: str) -> list[Officer]:
    """Officers of a unit who can open its tips: who may be given one."""
    held = select(col(UnitKey.officer_id)).where(col(UnitKey.unit_id) == unit_id)
    query = select(Officer).where(col(Officer.unit_id) == unit_id, col(Officer.active), col(Officer.id).in_(held))
    found = session.execute(query.order_by(col(Officer.name), col(Officer.login))).scalars()
    return [one for one in found if posts.works(session, one)]


def assign(session: Session, officer: SignedIn, referral_id: str, to: str, now: float) -> None:
    """Give a tip to an officer of the unit that has it, or to nobody (""). Only that unit says who.

    Raises NotAllowed, InvalidInput('not_a_colleague' | 'act_not_possible').
    """
    referral, tip, _ = referrals.open_tip(session, officer, referral_id)
    if referral.unit_id not in officer.unit_keys:
        raise NotAllowed("assign")
    if referral.state == State.TRANSFERRED.value:
        raise InvalidInput("act_not_possible")
    if to and to not in {one.id for one in colleagues(session, referral.unit_id)}:
        raise InvalidInput("not_a_colleague")
    session.execute(select(col(Tip.id)).where(col(Tip.id) == tip.id).with_for_update())
    row = session.get(Assignment, referral_id)
    if row is not None and not to:
        session.delete(row)
    elif row is not None:
        row.officer_id, row.by_id, row.at = to, officer.officer_id, now
    elif to:
        session.add(Assignment(referral_id=referral_id, officer_id=to, by_id=officer.officer_id, at=now))
    audit.record(session, now, officer.officer_id, "assigned", tip.id, f"referral={referral_id} to={to or 'nobody'}")


def owner(session: Session, referral_id: str) -> Officer | None:
    """Who has a tip; None where nobody does, or whoever did is switched off."""
    query = select(Officer).join(Assignment, col(Assignment.officer_id) == col(Officer.id))
    found = session.execute(query.where(col(Assignment.referral_id) == referral_id)).scalar_one_or_none()
    return found if posts.works(session, found) else None


@dataclass(frozen=True)
class Looking:
    """Another officer opened the tip a moment ago."""

    officer: str
    at: float


def others(session: Session, officer: SignedIn, referral: Referral, now: float) -> list[Looking]:
    """Who else opened the tip in the last minutes, by the log of views, the latest first."""
    if State(referral.state) in FINAL:
        return []
    query: Any = (
        select(col(Officer.name), col(Audit.at), col(Officer.id))
        .join(Officer, col(Officer.id) == col(Audit.actor))
        .where(
            col(Audit.subject) == referral.tip_id, col(Audit.action) == "tip_read",
            col(Audit.at) > now - LOOKING_SECONDS, col(Audit.actor) != officer.officer_id,
        )
    )  # fmt: skip
    found: dict[str, Looking] = {}
    for name, at, officer_id in session.execute(query.order_by(col(Audit.seq).desc())):
        found.setdefault(officer_id, Looking(name, at))
    return list(found.values())


def keep_draft(session: Session, officer: SignedIn, referral_id: str, text: str, now: float) -> None:
    """Keep an answer that is begun, sealed to its writer; "" throws it away. Raises NotAllowed, TooLarge."""
    referrals.open_tip(session, officer, referral_id)
    if len(text) > MAX_TEXT_CHARS:
        raise TooLarge("too_large")
    if not text:
        drop_draft(session, officer, referral_id)
        return
    _drop(session, officer, referral_id)
    body = sealing.seal_json(_draft_key(officer), text, f"draft:{referral_id}")
    session.add(AnswerDraft(referral_id=referral_id, officer_id=officer.officer_id, body=body, saved_at=now))


def draft(session: Session, officer: SignedIn, referral_id: str) -> tuple[str, float]:
    """(what this officer has begun to answer, when it was kept), ("", 0.0) without one or after a new key of the account."""
    query = select(AnswerDraft).where(
        col(AnswerDraft.referral_id) == referral_id, col(AnswerDraft.officer_id) == officer.officer_id
    )
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        return "", 0.0
    try:
        return str(sealing.unseal_json(_draft_key(officer), row.body, f"draft:{referral_id}")), row.saved_at
    except sealing.CannotOpen:
        return "", 0.0


def _draft_key(officer: SignedIn) -> bytes:
    """Made of the officer's private key, which lies in the database only under their password."""
    return sealing.subkey(officer.private_key, "answer-drafts")


def drop_draft(session: Session, officer: SignedIn, referral_id: str) -> None:
    """Throw an officer's draft away, what was kept of it before too."""
    leave_no_trace(session)
    _drop(session, officer, referral_id)


def _drop(session: Session, officer: SignedIn, referral_id: str) -> None:
    session.execute(
        delete(AnswerDraft)
        .where(col(AnswerDraft.referral_id) == referral_id, col(AnswerDraft.officer_id) == officer.officer_id)
        .execution_options(synchronize_session=False)
    )


def leave(session: Session, referral_id: str) -> None:
    """The referral is another unit's from now on: nobody here has it, and nothing is being answered."""
    for table in (Assignment, AnswerDraft):
        session.execute(
            delete(table).where(col(table.referral_id) == referral_id).execution_options(synchronize_session=False)
        )
