"""What a reporter left to be reached by: opened by an act of its own, with a reason that the unit above can read."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput
from bot.core.written import written
from bot.services import audit
from bot.services.tips import record, referrals
from bot.services.units import hierarchy
from bot.services.units.notices import queue_notice
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import ContactOpening, Officer, Unit

MIN_REASON = 10  # characters


def reveal(session: Session, officer: SignedIn, referral_id: str, reason: str, now: float) -> str:
    """Open the contact; the unit above is told that it happened and reads the reason on the tip's page.

    The audit entry says that and when, the reason's words are kept under the tip's own key. Raises NotAllowed,
    InvalidInput('reason_needed' | 'no_contact'), TooLarge.
    """
    referral, tip, opened = referrals.open_tip(session, officer, referral_id)
    reason = written_reason(reason)
    if tip.contact is None:
        raise InvalidInput("no_contact")
    key = referrals.key_of(session, officer, tip.id, "contact")
    sealed = sealing.seal(opened.key, reason.encode(), f"opening:{tip.id}")
    session.add(ContactOpening(tip_id=tip.id, officer_id=officer.officer_id, reason=sealed, created_at=now))
    audit.record(session, now, officer.officer_id, "contact_revealed", tip.id, f"referral={referral.id}")
    above = told_above(session, referral.unit_id, officer.unit_id)
    if above:
        queue_notice(session, above, referral.id, "contact", now)
    return sealing.unseal(key, tip.contact, f"contact:{tip.id}").decode()


def written_reason(reason: str) -> str:
    """The reason as it is kept. Raises InvalidInput('reason_needed'), TooLarge."""
    reason = written(reason).strip()
    if len(reason) < MIN_REASON:
        raise InvalidInput("reason_needed")
    return reason


def told_above(session: Session, unit_id: str, opened_by: str) -> str:
    """The unit above; one further up when it was the unit above that opened it, and the central desk above all."""
    above = hierarchy.above(session, unit_id)
    if above == opened_by:
        above = hierarchy.above(session, above)
    above = above or hierarchy.central_desk(session)
    return above if above != opened_by else ""


@dataclass(frozen=True)
class Opening:
    """When, by whom, of which unit, and why."""

    at: float
    officer: str
    unit: str
    reason: str = field(repr=False)


def openings(session: Session, opened: record.OpenTip, *, originals: bool = False) -> list[Opening]:
    """All openings of an opened tip's contact, oldest first; or those of the originals of its files."""
    query = (
        select(ContactOpening, col(Officer.name), col(Unit.name))
        .join(Officer, col(Officer.id) == col(ContactOpening.officer_id), isouter=True)
        .join(Unit, col(Unit.id) == col(Officer.unit_id), isouter=True)
        .where(col(ContactOpening.tip_id) == opened.tip_id, (col(ContactOpening.file_id) != "") == originals)
        .order_by(col(ContactOpening.id))
    )
    return [
        Opening(row.created_at, officer or "", unit or "",
                sealing.unseal(opened.key, row.reason, f"opening:{opened.tip_id}").decode())
        for row, officer, unit in session.execute(query)
    ]  # fmt: skip
