"""What waits to be sent: claimed in order, at the platform's pace, and settled by the policy its error carries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from bot.core import sending
from bot.core.errors import SendError
from bot.core.messages import Channel, OutboundMessage
from bot.core.moments import SKEW
from bot.core.sending import BULK, Address, Fate, Pace, Settled, repeat_after
from bot.services.messaging import contacts, pacing, turned
from bot.services.moments import stale, within
from bot.storage.database import changed
from bot.storage.sealing import CannotOpen
from bot.storage.tables import ChannelMeter, Contact, Conversation, Outbox
from bot.storage.vault import Vault

STALE_SECONDS = 120.0  # a claim this old belongs to a process that died
MOST_AGE = 48 * 3_600.0  # an answer this late helps nobody


@dataclass(frozen=True)
class Due:
    """A claimed message and where it goes. last_heard: when the person last wrote, by our clock."""

    id: int
    conversation_id: str
    address: Address
    message: OutboundMessage
    priority: int
    attempts: int
    unsure: int
    parts_sent: int
    created_at: float
    last_heard: float


def claim(session: Session, vault: Vault, channel: Channel, pace: Pace, now: float, room: int) -> list[Due]:
    """Take up to `room` messages that may be sent now, replies first, one of each conversation.

    A conversation whose message is under way, or got one less than `pace.per_chat` seconds ago, has to wait.
    """
    bucket = pacing.meter(session, pacing.channel_key(channel))
    granted = min(room, pacing.available(bucket, pace.per_second, float(pace.burst), now))
    if granted < 1:
        return []
    rows = session.execute(_candidates(channel, now, now - pace.per_chat).limit(granted)).scalars().all()
    taken = [row for row in rows if _take(session, row.id, now)]
    bucket.tokens -= len(taken)
    found = [_open(session, vault, row, now) for row in taken]
    return [due for due in found if due is not None]


def anything_due(session: Session, channel: Channel, now: float) -> bool:
    """A look without a lock: whether claiming is worth while."""
    waiting = select(col(Outbox.id)).where(
        or_(
            and_(col(Outbox.status) == "pending", _come(Outbox, now)),
            and_(col(Outbox.status) == "sending", stale(col(Outbox.claimed_at), now, STALE_SECONDS)),
        ),
        col(Outbox.channel) == channel.value,
    )
    return session.execute(waiting.limit(1)).first() is not None


def recover(session: Session, channel: Channel, now: float) -> int:
    """Claims of a process that died: nobody knows whether they were delivered. Returns how many there were."""
    held = and_(
        col(Outbox.channel) == channel.value,
        col(Outbox.status) == "sending",
        stale(col(Outbox.claimed_at), now, STALE_SECONDS),
    )
    lost = session.execute(select(col(Outbox.id), col(Outbox.priority), col(Outbox.unsure)).where(held)).all()
    for row in lost:  # whether it costs money is asked when it is sent: see the sender
        _unsure(session, row.id, row.priority, row.unsure, "process_lost", now, paid=False)
    return len(lost)


def _come(row, now: float):
    """A try was set by the same clock that had claimed the message; if that one ran ahead, the try is due."""
    return or_(row.next_at <= now, row.claimed_at > now + SKEW)


def _candidates(channel: Channel, now: float, recent: float):
    other = aliased(Outbox)
    earlier = or_(
        col(other.priority) < col(Outbox.priority),
        and_(col(other.priority) == col(Outbox.priority), col(other.id) < col(Outbox.id)),
    )
    blocked = exists().where(
        col(other.conversation_id) == col(Outbox.conversation_id),
        col(other.id) != col(Outbox.id),
        or_(
            col(other.status) == "sending",
            and_(col(other.status) == "pending", earlier),
            within(col(other.claimed_at), recent, now),
        ),
    )
    return (
        select(Outbox)
        .where(col(Outbox.status) == "pending", col(Outbox.channel) == channel.value, _come(Outbox, now), ~blocked)
        .order_by(col(Outbox.priority), col(Outbox.next_at), col(Outbox.id))
    )


def _take(session: Session, row_id: int, now: float) -> bool:
    done = changed(
        session,
        update(Outbox)
        .where(col(Outbox.id) == row_id, col(Outbox.status) == "pending")
        .values(status="sending", claimed_at=now),
    )
    return done == 1


def _open(session: Session, vault: Vault, row: Outbox, now: float) -> Due | None:
    contact = session.get(Contact, row.conversation_id)
    if contact is None or contact.stopped or row.payload is None:
        _end(session, row.id, "dropped", "gone")
        return None
    message = turned.outbound(vault, row, row.conversation_id)
    try:
        found = vault.open_contact(row.conversation_id, row.channel, contact.address)
    except CannotOpen:
        message = None
    if message is None:
        turned.refuse_outbound(session, row, now)
        return None
    heard = session.execute(
        select(col(Conversation.updated_at)).where(col(Conversation.id) == row.conversation_id)
    ).scalar()
    return Due(
        id=row.id, conversation_id=row.conversation_id, address=Address(found["sender"], found.get("reply_to", "")),
        message=message, priority=row.priority, attempts=row.attempts, unsure=row.unsure,
        parts_sent=row.parts_sent, created_at=row.created_at, last_heard=heard or row.created_at,
    )  # fmt: skip


def part_sent(session: Session, row_id: int, parts: int) -> None:
    """Remember that the first `parts` calls of a message are done, so that a retry does not repeat them."""
    session.execute(update(Outbox).where(col(Outbox.id) == row_id).values(parts_sent=parts))


def sent(session: Session, row_id: int) -> None:
    """Delivered to the platform; the words are erased."""
    _end(session, row_id, "sent", "")


def give_up(session: Session, row_id: int, code: str) -> None:
    """A dead letter: kept sealed, shown in the console by its code."""
    session.execute(update(Outbox).where(col(Outbox.id) == row_id).values(status="dead", error=code[:40]))


def put_back(session: Session, row_id: int, next_at: float, code: str = "") -> None:
    """Not now, and not the message's fault: no try is counted."""
    session.execute(
        update(Outbox)
        .where(col(Outbox.id) == row_id, col(Outbox.status) == "sending")
        .values(status="pending", next_at=next_at, error=code[:40])
    )


def settle(
    session: Session, due: Due, error: SendError, now: float, *, pauses: bool, paid: bool = False
) -> tuple[str, Settled]:
    """Store what the error's policy means. Returns the word for the metrics, and what was decided.

    pauses: the platform asked the whole channel to wait. paid: each copy of the message costs money.
    """
    repeat = repeat_after(due.priority, due.unsure, paid=paid)
    patience = sending.URGENT_MESSAGES if due.priority <= sending.URGENT else sending.MESSAGES
    found = sending.settle(error, due.attempts, patience, repeat=repeat, pauses=pauses)
    if found.fate in {Fate.UNKNOWN, Fate.REPEAT}:
        return _unsure(session, due.id, due.priority, due.unsure, error.code, now, paid=paid), found
    if found.fate is Fate.STOPPED:
        _end(session, due.id, "dropped", error.code)
        contacts.stop(session, due.conversation_id)
        return "stopped", found
    if found.fate in {Fate.REFUSED, Fate.EXHAUSTED}:
        give_up(session, due.id, error.code)
        return "dead", found
    if found.fate is Fate.WAITS:
        put_back(session, due.id, now + found.wait, error.code)
        return "waiting", found
    session.execute(
        update(Outbox)
        .where(col(Outbox.id) == due.id)
        .values(status="pending", attempts=found.attempts, next_at=now + found.wait, error=error.code[:40])
    )
    return "retry", found


def _unsure(session: Session, row_id: int, priority: int, unsure: int, code: str, now: float, *, paid: bool) -> str:
    """It may have arrived. Returns "repeat" when it will be sent once more, else "unknown"."""
    wait = repeat_after(priority, unsure, paid=paid)
    if wait is None:
        # An answer keeps its words for those who look after the channel: they may send it by hand.
        kept = {} if priority < BULK and not paid else {"payload": None}
        session.execute(
            update(Outbox).where(col(Outbox.id) == row_id).values(status="unknown", error=code[:40], **kept)
        )
        return "unknown"
    session.execute(
        update(Outbox)
        .where(col(Outbox.id) == row_id)
        .values(status="pending", unsure=unsure + 1, next_at=now + wait, error=code[:40])
    )
    return "repeat"


def may_not_repeat(session: Session, due: Due) -> None:
    """A message that may have arrived costs money by now: it stays as it is."""
    _end(session, due.id, "unknown", "billed")


def _end(session: Session, row_id: int, status: str, code: str) -> None:
    session.execute(update(Outbox).where(col(Outbox.id) == row_id).values(status=status, error=code[:40], payload=None))


def hold(session: Session, row_id: int, now: float) -> None:
    """A message under way counts as claimed anew: what comes after it waits `pace.per_chat` from its last part on."""
    session.execute(
        update(Outbox).where(col(Outbox.id) == row_id, col(Outbox.status) == "sending").values(claimed_at=now)
    )


def pause(session: Session, channel: Channel, until: float) -> None:
    """Nobody sends on this channel until then."""
    row = pacing.meter(session, pacing.channel_key(channel))
    row.paused_until = max(row.paused_until, until)


def count_month(session: Session, channel: Channel, month: str, most: int) -> bool:
    """Count one message of `month` ("2026-11"). False when `most` have been sent."""
    row = pacing.meter(session, f"month:{channel.value}:{month}")
    if row.count >= most:
        return False
    row.count += 1
    return True


def month_count(session: Session, channel: Channel, month: str) -> int:
    """Messages counted in `month`."""
    row = session.get(ChannelMeter, f"month:{channel.value}:{month}")
    return row.count if row else 0


def mark(session: Session, key: str) -> None:
    """Keep a fact about a channel for every process."""
    pacing.meter(session, key).count = 1


def is_marked(session: Session, key: str) -> bool:
    """Whether `mark` was called with `key`."""
    row = session.get(ChannelMeter, key, populate_existing=True)
    return row is not None and row.count > 0
