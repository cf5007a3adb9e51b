"""How the report of a crime was decided, in the terms of BLTTHS Đ.145 to 148: with the decision's number and date, for officers.

A later decision (one was suspended, then prosecuted) stands beside the earlier; figures and clocks follow the last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.campaigns.schedule import VIETNAM
from bot.core.clocks import Clocks
from bot.core.errors import InvalidInput
from bot.core.referrals.escalation import decide
from bot.core.referrals.states import FINAL, VERIFIABLE, Decision, State
from bot.services import audit
from bot.services.minutes import minute
from bot.services.tips import record, referrals
from bot.services.tips.clocks import standing
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import DecisionMade, Officer, Unit

MOST_NUMBER = 60  # characters
MOST_DECISIONS = 20  # of one tip
_EARLIEST = date(2016, 1, 1)


@dataclass(frozen=True)
class Made:
    """A decision as officers of the tip read it. on: its own date; at: when it was written down, by whom."""

    kind: str
    on: date | None
    at: float
    officer: str
    number: str = field(repr=False)


def make(
    session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, kind: str, number: str, on: date, now: float
) -> None:
    """Write a decision down. It ends the clock of the decision, and not the tip.

    Raises NotAllowed, InvalidInput('act_not_possible' | 'decision_needed' | 'decision_number' | 'decision_date'), Conflict.
    """
    referral, tip, opened = referrals.open_tip(session, officer, referral_id)
    if State(referral.state) not in VERIFIABLE:
        raise InvalidInput("act_not_possible")
    if kind not in {one.value for one in Decision}:
        raise InvalidInput("decision_needed")
    if not 1 <= len(number) <= MOST_NUMBER:
        raise InvalidInput("decision_number")
    if not _EARLIEST <= on <= datetime.fromtimestamp(now, VIETNAM).date():
        raise InvalidInput("decision_date")
    referrals.change(session, referral, {})
    if (
        len(session.execute(select(col(DecisionMade.id)).where(col(DecisionMade.tip_id) == tip.id)).all())
        >= MOST_DECISIONS
    ):
        raise InvalidInput("act_not_possible")
    body = sealing.seal_json(opened.key, {"number": number, "on": on.isoformat()}, f"decision:{tip.id}")
    session.add(
        DecisionMade(tip_id=tip.id, officer_id=officer.officer_id, kind=kind, body=body, created_at=minute(now))
    )
    tip.decision, tip.decided_at = kind, now
    session.flush()
    session.refresh(referral)
    if State(referral.state) not in FINAL:
        unit = session.get(Unit, referral.unit_id)
        referral.next_clock_at = decide(standing(referral, tip, bool(unit and unit.remote)), clocks, now).next_clock_at
    audit.record(session, now, officer.officer_id, "decided", tip.id, f"referral={referral.id} decision={kind}")


def made(session: Session, opened: record.OpenTip) -> list[Made]:
    """The decisions on an opened tip, oldest first."""
    query = (
        select(DecisionMade, col(Officer.name))
        .outerjoin(Officer, col(Officer.id) == col(DecisionMade.officer_id))
        .where(col(DecisionMade.tip_id) == opened.tip_id)
        .order_by(col(DecisionMade.id))
    )
    return [_made(opened, row, name or "") for row, name in session.execute(query)]


def _made(opened: record.OpenTip, row: DecisionMade, officer: str) -> Made:
    try:
        said = sealing.unseal_json(opened.key, row.body, f"decision:{opened.tip_id}")
    except sealing.CannotOpen:
        return Made(row.kind, None, row.created_at, officer, "")
    return Made(row.kind, date.fromisoformat(said["on"]), row.created_at, officer, str(said["number"]))
