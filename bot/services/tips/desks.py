"""A referral that somebody turned in the database is put right: whose desk it was on is found again.

Its mark is made over the unit, the way it came and why, so the true unit is the one that fits the mark; where more was
changed, the audit log says to whom each referral of the tip was given. What neither knows stays as it is, and its tip goes nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput
from bot.services import audit
from bot.services.tips import binding
from bot.services.units.notices import queue_notice
from bot.storage import marks
from bot.storage.tables import Audit, Referral, Unit

TRANSFER = "transfer_"  # and the reason: why a referral stands on a desk it was handed to
_SAID = re.compile(r"(\w+)=(\S*)")


@dataclass(frozen=True)
class _Desk:
    unit_id: str
    route_reason: str
    previous_id: str


def put_right(session: Session, actor: str, tip_id: str, now: float) -> None:
    """Write down again on which desks a tip was and is; the unit it was turned to and the true one are told.

    Raises InvalidInput('tip_doubtful') where that cannot be known; then nothing is written.
    """
    rows = session.execute(select(Referral).where(col(Referral.tip_id) == tip_id).order_by(col(Referral.id))).scalars()
    wrong = [row for row in rows.all() if not marks.is_good(session, "desk", row.id, binding.desk(row), row.mark)]
    found = [(row, _by_mark(session, row) or _by_log(session, row)) for row in wrong]
    if any(desk is None for _, desk in found):
        raise InvalidInput("tip_doubtful")
    for row, desk in found:
        assert desk is not None
        told = sorted({row.unit_id, desk.unit_id})
        row.unit_id, row.route_reason, row.previous_id = desk.unit_id, desk.route_reason, desk.previous_id
        binding.bind_desk(session, row)
        audit.record(session, now, actor, "desk_righted", tip_id, f"referral={row.id} unit={row.unit_id}")
        for unit_id in told:
            if session.get(Unit, unit_id) is not None:
                queue_notice(session, unit_id, row.id, "changed", now)
    session.flush()


def _by_mark(session: Session, row: Referral) -> _Desk | None:
    """The desk that a row's own mark is made over, where another unit alone was written there."""
    for unit_id in session.execute(select(col(Unit.id)).order_by(col(Unit.id))).scalars():
        desk = _Desk(unit_id, row.route_reason, row.previous_id)
        said = "\0".join((row.tip_id, desk.unit_id, desk.route_reason, desk.previous_id)).encode()
        if marks.is_good(session, "desk", row.id, said, row.mark):
            return desk
    return None


def _by_log(session: Session, row: Referral) -> _Desk | None:
    """The desk that the audit log gave this referral to."""
    acts = ("tip_created", "transfer", "resealed")
    query = select(col(Audit.action), col(Audit.detail)).where(
        col(Audit.subject) == row.tip_id, col(Audit.action).in_(acts)
    )
    before, created = dict[str, str](), _Desk("", "", "")
    later = dict[str, _Desk]()
    for action, detail in session.execute(query.order_by(col(Audit.seq))):
        said = dict(_SAID.findall(detail))
        if action == "tip_created":
            created = _Desk(said.get("unit", ""), said.get("reason", ""), "")
        elif action == "transfer":
            before = said
        else:
            unit_id = said.get("holders", "").partition(",")[0]
            later[said.get("referral", "")] = _Desk(
                unit_id, f"{TRANSFER}{before.get('reason', '')}", before.get("referral", "")
            )
    ids = set(session.execute(select(col(Referral.id)).where(col(Referral.tip_id) == row.tip_id)).scalars())
    first = ids - set(later)  # more than one: somebody added a row
    desk = later.get(row.id) or (created if first == {row.id} else None)
    return desk if desk is not None and desk.unit_id else None
