"""Whether officers can be told at all. Where they cannot, every page of the console says so: silence would look like calm."""

from __future__ import annotations

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from bot.core.clocks import DAY, MINUTE
from bot.services import heartbeat
from bot.services.units.signin import SignedIn
from bot.settings import Settings
from bot.storage.tables import Notice, NoticeDelivery, Officer

# Codes of what is wrong; their sentences are the console's. NO_ADDRESS concerns one unit, the others everybody.
NOT_CONFIGURED, STOPPED, STUCK, FAILING, NO_ADDRESS = "not_configured", "stopped", "stuck", "failing", "no_address"
WAITING = 5 * MINUTE  # a notice that nobody took up for so long
FEW = 3  # refused deliveries in a row; one may be one officer's wrong address
_READERS = ("officer", "supervisor", "central")


def configured(settings: Settings) -> bool:
    """Whether there is any way to send notices: e-mail, Telegram or Zalo Bot."""
    mail = settings.mail
    return bool((mail.host and mail.sender) or settings.telegram.token or settings.zalo_bot.token)


def trouble(session: Session, settings: Settings, officer: SignedIn, now: float) -> str:
    """Why notices do not reach people, as one of the codes above, or "" while they do."""
    if not configured(settings):
        return NOT_CONFIGURED
    age = heartbeat.ages(session, now)["notices"]
    if age is None or age > heartbeat.LATE["notices"]:
        return STOPPED
    old = and_(col(Notice.status) == "pending", col(Notice.created_at) < now - WAITING)
    if session.execute(select(col(Notice.id)).where(old).limit(1)).first():
        return STUCK
    if _failing(session, now):
        return FAILING
    reads = officer.role in _READERS and officer.unit_id
    return NO_ADDRESS if reads and not _reachable(session, officer.unit_id) else ""


def _failing(session: Session, now: float) -> bool:
    """Nothing went out since it began to fail: one that is tried again and again, or several that were refused."""
    sent = select(func.max(col(NoticeDelivery.claimed_at))).where(col(NoticeDelivery.status) == "sent")
    since = max(session.execute(sent).scalar() or 0.0, now - DAY)
    again = and_(col(NoticeDelivery.status) == "pending", col(NoticeDelivery.attempts) >= 2)
    refused = and_(col(NoticeDelivery.status).in_(["failed", "unknown"]), col(NoticeDelivery.code) != "no_address")
    bad = session.execute(
        select(col(NoticeDelivery.status), func.count())
        .where(or_(again, refused), col(NoticeDelivery.claimed_at) > since)
        .group_by(col(NoticeDelivery.status))
    ).all()
    counts = {row[0]: row[1] for row in bad}
    return counts.pop("pending", 0) > 0 or sum(counts.values()) >= FEW


def _reachable(session: Session, unit_id: str) -> bool:
    """Somebody of the unit has said where to be told."""
    address = or_(col(Officer.notify_email).is_not(None), col(Officer.notify_channel).is_not(None))
    mine = and_(col(Officer.unit_id) == unit_id, col(Officer.active), col(Officer.role).in_(_READERS), address)
    return session.execute(select(col(Officer.id)).where(mine).limit(1)).first() is not None
