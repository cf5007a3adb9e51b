"""What is kept how long. Every function works in the caller's transaction, may run at any time and twice at once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.sql.dml import Delete, Update
from sqlmodel import Session, col

from bot.core.clocks import DAY, HOUR, Clocks
from bot.core.errors import InvalidInput
from bot.core.sending import REPLY
from bot.dialogue.state import IDLE_SECONDS
from bot.services import audit, throttle
from bot.services.messaging import states
from bot.services.minutes import QUARTER, part_of_day, part_of_day_sql
from bot.services.moments import due, stale
from bot.services.tips import record
from bot.services.units import signin
from bot.services.units.notices import once, queue_once
from bot.storage.database import changed
from bot.storage.sealing import CannotOpen
from bot.storage.tables import (
    AnswerDraft,
    Assignment,
    Attempt,
    CampaignTest,
    ConsoleSession,
    Contact,
    Conversation,
    DecisionMade,
    Inbox,
    Notice,
    NoticeDelivery,
    Officer,
    Outbox,
    PressedAct,
    Referral,
    SupportCopy,
    Tip,
    TipEntry,
    TipKey,
    TipNote,
)
from bot.storage.vault import Vault

QUEUE_AGE = 48 * HOUR  # done inbox rows (hash of the id only) and finished outbox rows
DEAD_AGE = 7 * DAY  # rows of dead letters; their words go after QUEUE_AGE
NOTICE_AGE = 30 * DAY
ATTEMPT_AGE = DAY  # the longest window of the throttle is a quarter of an hour
RECEIVER_AGE = 60.0  # more than any channel's pace for one person
BLUR_WITHIN = 40 * DAY
MARK_AGE = DAY  # how long a conversation remembers that a draft was forgotten, and nothing else
WEB_AGE = 7 * DAY  # a web session's token lives in one open page; nobody comes back to it later
WORDLESS_SECONDS = 2 * HOUR  # a web session in which nothing was ever sent
MOST_WORDLESS = 20_000
MOST_KEPT_DAYS = 365  # by one extension
KEEP_REASONS = ("investigation", "court", "victim_support", "complaint")
_FINISHED = ("sent", "dropped")


@dataclass(frozen=True)
class Page:
    """Where to go on, and how many states were forgotten. `after` is None at the end."""

    after: tuple[float, str] | None
    forgotten: int


def forget_states(
    session: Session, vault: Vault, now: float, after: tuple[float, str] | None = None, limit: int = 300
) -> Page:
    """Erase what was said in conversations that rest since an hour. Turns under way are left alone.

    The column's time is rounded down, so that it finds conversations up to a quarter of an hour early; the sealed time decides.
    """
    query = select(col(Conversation.id), col(Conversation.state), col(Conversation.updated_at)).where(
        col(Conversation.state).is_not(None),
        stale(col(Conversation.updated_at), now, IDLE_SECONDS),
        due(col(Conversation.lease_until), now, 60.0),
    )
    if after is not None:
        seen, last = after
        query = query.where(
            or_(
                col(Conversation.updated_at) > seen,
                and_(col(Conversation.updated_at) == seen, col(Conversation.id) > last),
            )
        )
    rows = session.execute(query.order_by(col(Conversation.updated_at), col(Conversation.id)).limit(limit)).all()
    forgotten = 0
    for conversation_id, sealed, updated_at in rows:
        left = _left_of(vault, conversation_id, sealed, updated_at, now) if now - updated_at < MARK_AGE else None
        if left == sealed:
            continue
        done = changed(session, update(Conversation)
            .where(
                col(Conversation.id) == conversation_id, col(Conversation.updated_at) == updated_at, due(col(Conversation.lease_until), now, 60.0)
            )
            .values(state=left, listening=False, updated_at=part_of_day(updated_at), version=0)
        )  # fmt: skip
        forgotten += done
    return Page((rows[-1].updated_at, rows[-1].id) if len(rows) == limit else None, forgotten)


def _left_of(vault: Vault, conversation_id: str, sealed: bytes, updated_at: float, now: float) -> bytes | None:
    try:
        held = states.held(vault, conversation_id, sealed, updated_at)
    except CannotOpen:
        return None
    if 0 <= now - held.heard_at <= IDLE_SECONDS:
        return sealed
    left = held.state.rested()
    if left == held.state and held.heard_at == part_of_day(held.heard_at):
        return sealed
    return states.seal(vault, conversation_id, left, part_of_day(held.heard_at))


def blur_rested(session: Session, now: float) -> int:
    """Of conversations that rest and hold nothing: when they were is kept to six hours. Returns how many changed."""
    coarse = part_of_day_sql(col(Conversation.updated_at))
    exact = and_(
        col(Conversation.state).is_(None),
        col(Conversation.updated_at) > now - BLUR_WITHIN,
        col(Conversation.updated_at) < now - IDLE_SECONDS - QUARTER,
        col(Conversation.updated_at) != coarse,
    )
    return _run(session, update(Conversation).where(exact).values(updated_at=coarse, version=0))


def forget_receivers(session: Session, now: float) -> int:
    """To whom a message went is forgotten a minute after it was sent: no row of the outbox says any more who was written to,
    and when. Its key stays, so that nothing is written twice. Returns how many.

    The pace of sending to one person is judged by the rows of the last seconds, which are left alone.
    """
    done = and_(
        col(Outbox.conversation_id) > "",
        col(Outbox.channel) != "web",
        col(Outbox.status).in_(_FINISHED),
        stale(col(Outbox.claimed_at), now, RECEIVER_AGE),
    )
    return _run(session, update(Outbox).where(done).values(conversation_id="", inbox_id=None))


def clear_queues(session: Session, now: float) -> int:
    """Erase words that were delivered or fetched, and rows that are old. Returns how many rows changed."""
    at_rest = now - IDLE_SECONDS - QUARTER
    idle = select(col(Conversation.id)).where(col(Conversation.updated_at) < at_rest)
    read = and_(
        col(Outbox.priority) <= REPLY,
        col(Outbox.created_at) < at_rest,
        col(Outbox.conversation_id).in_(idle),
    )
    old_web = and_(col(Outbox.channel) == "web", or_(read, col(Outbox.created_at) < now - QUEUE_AGE))
    delivered = and_(col(Outbox.channel) != "web", col(Outbox.status).in_(_FINISHED))
    dead = and_(col(Outbox.status).in_(("dead", "unknown")), col(Outbox.created_at) < now - QUEUE_AGE)
    # The newest row always stays: SQLite would give its id out again, and ids are part of idempotency keys.
    old = or_(
        and_(col(Outbox.status).in_((*_FINISHED, "unknown")), col(Outbox.created_at) < now - QUEUE_AGE),
        col(Outbox.created_at) < now - DEAD_AGE,
    )
    return _run(
        session,
        update(Outbox).where(col(Outbox.payload).is_not(None), or_(delivered, dead)).values(payload=None),
        update(Outbox)
        .where(col(Outbox.conversation_id) > "", old_web)
        .values(payload=None, conversation_id="", inbox_id=None),
        update(Inbox)
        .where(col(Inbox.payload).is_not(None), col(Inbox.status) != "pending", col(Inbox.received_at) < now - QUEUE_AGE)
        .values(payload=None, conversation_id=""),
        delete(Inbox).where(
            col(Inbox.status) != "pending", col(Inbox.received_at) < now - QUEUE_AGE, col(Inbox.id) < _newest(Inbox)
        ),
        delete(Outbox).where(col(Outbox.status) != "sending", old, col(Outbox.id) < _newest(Outbox)),
    )  # fmt: skip


def clear_web_sessions(session: Session, now: float) -> int:
    """Forget that web conversations took place at all, a week after their last message. Returns how many."""
    waiting = select(col(Inbox.conversation_id)).where(col(Inbox.status) == "pending")
    old = and_(
        col(Conversation.channel) == "web",
        col(Conversation.updated_at) < now - WEB_AGE,
        col(Conversation.id).not_in(waiting),
    )
    ids = select(col(Conversation.id)).where(old)
    _run(session, delete(Outbox).where(col(Outbox.conversation_id).in_(ids), col(Outbox.id) < _newest(Outbox)))
    _run(session, delete(Contact).where(col(Contact.conversation_id).in_(ids)))
    return _run(session, delete(Conversation).where(old))


def clear_wordless(session: Session, now: float) -> int:
    """Forget web conversations that were opened and in which nothing was ever sent. Returns how many.

    A page opens one when it has something to send, so these are mostly a script's. The newest stay, however fast they come.
    """
    spoken = select(col(Contact.conversation_id))  # the way back is kept with the first message
    wordless = and_(col(Conversation.channel) == "web", col(Conversation.id).not_in(spoken))
    done = _run(session, delete(Conversation).where(wordless, col(Conversation.updated_at) < now - WORDLESS_SECONDS))
    newest = select(col(Conversation.updated_at)).where(wordless).order_by(col(Conversation.updated_at).desc())
    last = session.execute(newest.offset(MOST_WORDLESS).limit(1)).scalar_one_or_none()
    if last is not None:
        done += _run(session, delete(Conversation).where(wordless, col(Conversation.updated_at) <= last))
    return done


def _newest(table: type[Inbox] | type[Outbox]):
    return select(func.max(table.id)).scalar_subquery()


def clear_console(session: Session, now: float) -> int:
    """Sessions that have ended, invitations nobody took, counts of failed tries, notices long told."""
    expired = and_(col(Officer.invite_until) > 0, col(Officer.invite_until) < now)
    for officer_id in (
        session.execute(select(col(Officer.id)).where(expired, col(Officer.invite_hash) != "")).scalars().all()
    ):
        audit.record(session, now, "system", "invite_expired", officer_id)
    told = and_(col(Notice.status).in_(["sent", "failed"]), col(Notice.created_at) < now - NOTICE_AGE)
    return _run(
        session,
        delete(ConsoleSession).where(
            or_(col(ConsoleSession.seen_at) < now - signin.IDLE, col(ConsoleSession.created_at) < now - signin.LONGEST)
        ),
        update(Officer).where(expired).values(invite_hash="", invite_key=None, invite_until=0.0),
        delete(CampaignTest).where(col(CampaignTest.created_at) < now - QUEUE_AGE),
        delete(Attempt).where(
            or_(
                col(Attempt.window_start) < now - ATTEMPT_AGE,
                # which conversation tried a receipt code, and when
                and_(
                    col(Attempt.key).startswith(throttle.code_key("")),
                    col(Attempt.window_start) < now - throttle.CODE_PER_PERSON.window,
                ),
            )
        ),
        delete(NoticeDelivery).where(col(NoticeDelivery.notice_id).in_(select(col(Notice.id)).where(told))),
        delete(Notice).where(told),
        # Written while the tip was being erased.
        *(
            delete(table).where(col(table.tip_id).not_in(select(col(Tip.id))))
            for table in (TipEntry, TipNote, TipKey, SupportCopy, DecisionMade)
        ),
        *(
            delete(table).where(col(table.referral_id).not_in(select(col(Referral.id))))
            for table in (Assignment, AnswerDraft, PressedAct)
        ),
    )


def _run(session: Session, *statements: Delete | Update) -> int:
    return sum(changed(session, statement.execution_options(synchronize_session=False)) for statement in statements)


def warn_of_erasure(session: Session, clocks: Clocks, now: float, limit: int = 200) -> int:
    """Tell units of closed tips that are soon erased. One that nobody was warned of in time is kept until they were."""
    soon = session.execute(
        select(col(Tip.id), col(Tip.erase_at))
        .where(col(Tip.erase_at) > 0, col(Tip.erase_at) <= now + clocks.erase_warning, col(Tip.erase_warned).is_(False))
        .order_by(col(Tip.erase_at))
        .limit(limit)
    ).all()
    warned = 0
    for tip_id, erase_at in soon:
        until = max(erase_at, now + clocks.erase_warning)
        done = changed(
            session,
            update(Tip)
            .where(col(Tip.id) == tip_id, col(Tip.erase_at) == erase_at, col(Tip.erase_warned).is_(False))
            .values(erase_warned=True, erase_at=until)
            .execution_options(synchronize_session=False),
        )
        if done != 1:
            continue
        warned += 1
        referral = record.current_referral(session, tip_id)
        if referral is not None:
            queue_once(session, once("erasure", tip_id, f"{until:.0f}"), referral.unit_id, referral.id, "erasure", now)
        audit.record(session, now, "system", "erasure_warned", tip_id)
    return warned


def due_erasures(session: Session, now: float, limit: int = 100) -> list[str]:
    """Ids of tips whose time is over and whose unit was warned."""
    query = select(col(Tip.id)).where(col(Tip.erase_at) > 0, col(Tip.erase_at) <= now, col(Tip.erase_warned))
    return list(session.execute(query.order_by(col(Tip.erase_at)).limit(limit)).scalars())


def keep_longer(session: Session, by: str, tip_id: str, days: int, reason: str, now: float) -> float:
    """An officer keeps a closed tip for `days` more; they are warned again before its end. Returns the new end.

    The caller has checked that the officer may. Raises InvalidInput('not_closed' | 'reason_needed' | 'days').
    """
    tip = session.get(Tip, tip_id)
    if tip is None or not tip.erase_at:
        raise InvalidInput("not_closed")
    if reason not in KEEP_REASONS:
        raise InvalidInput("reason_needed")
    if not 1 <= days <= MOST_KEPT_DAYS:
        raise InvalidInput("days")
    until = max(tip.erase_at, now) + days * DAY
    session.execute(update(Tip).where(col(Tip.id) == tip_id).values(erase_at=until, erase_warned=False))
    audit.record(session, now, by, "kept_longer", tip_id, f"days={days} reason={reason}")
    return until
