"""Tells that a unit's place in the directory, or an account, was changed behind the product's back."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col

from bot.services import audit
from bot.services.units import hierarchy, notices, posts
from bot.storage import marks
from bot.storage.tables import Notice, Officer, Unit


def alarm(session: Session, now: float) -> int:
    """Tell the unit and the central desk, once for each change. Returns how many rows are not as the server wrote them.

    Whom the row itself names above the unit is not asked.
    """
    found = posts.doubtful(session, against_log=False)
    desk = hierarchy.central_desk(session)
    for unit in session.execute(select(Unit).where(col(Unit.id).in_(found.units))).scalars().all():
        _tell(session, f"unit={unit.id}", "", posts.unit_said(unit), {unit.id, desk}, now)
    for one in session.execute(select(Officer).where(col(Officer.login).in_(found.accounts))).scalars().all():
        _tell(session, "", one.id, posts.officer_said(one), {one.unit_id, desk}, now)
    return len(found.units) + len(found.accounts)


def _tell(session: Session, detail: str, subject: str, said: bytes, told: set[str], now: float) -> None:
    state = marks.mark(session, "post-seen", subject or detail, said).hex()
    fresh = False
    for unit_id in told - {""}:
        key = notices.once("post", state, unit_id)
        if session.get(Notice, key) is None:
            fresh = True
            notices.queue_once(session, key, unit_id, "", "post", now)
    if fresh:
        audit.record(session, now, "system", "post_doubtful", subject, detail)
