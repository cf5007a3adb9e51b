"""One turn of a conversation: load what is needed, and later store all its effects in one transaction.

Between `load` and `commit` nothing is locked and nothing is written; a crash there repeats the turn.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.core.errors import Conflict
from bot.core.messages import EVENT_KINDS, Channel, InboundMessage, OutboundMessage
from bot.core.moments import ahead
from bot.core.sending import REPLY, URGENT
from bot.dialogue import bursts
from bot.dialogue.bursts import LONGEST_WAIT, MOST_PIECES, NO_WAIT, Rule
from bot.dialogue.heard import TurnInput
from bot.dialogue.state import ConversationState
from bot.services import throttle
from bot.services.campaigns import subscribers
from bot.services.messaging import inbox, states, turned
from bot.services.minutes import quarter, quarter_sql
from bot.storage.database import changed
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Contact, Conversation, Inbox, Outbox
from bot.storage.vault import Vault

QUIET_LONGEST = 3600.0  # no operator's silence is longer; a later moment was set by a clock that ran ahead
# Answers to a cry for help: they go out before anything else that waits, above all what waits for another try.
URGENT_ITEMS = frozenset({
    "emergency_in_danger", "emergency_other_person", "child_in_danger", "missing_person", "ransom_demand",
    "sextortion", "fake_police_call", "self_harm_distress", "card_emergency", "emergency_line", "hotline_card",
})  # fmt: skip


@dataclass(frozen=True)
class TurnEnd:
    """What a turn leaves behind: the state to seal (empty: forget) and the bubbles to send."""

    state: ConversationState
    replies: Sequence[OutboundMessage] = ()


@dataclass(frozen=True)
class Waits:
    """More may follow what was said; until when that is waited for, in seconds since the epoch."""

    until: float


# Runs inside the closing transaction: carries out the commands and says what came of them.
Finish = Callable[[Session], TurnEnd]


# What is left of a message whose words were answered before its files were there.
FilesLeft = Callable[[InboundMessage], InboundMessage]

# What to tell somebody whose message could not be read.
Unread = Callable[[TurnInput], OutboundMessage]


def load(
    session: Session, vault: Vault, conversation_id: str, owner: str, now: float, lease: float,
    unread: Unread | None = None, rule: Rule = NO_WAIT,
) -> TurnInput | Waits | None:  # fmt: skip
    """Take the lease and read the oldest pending message, with those behind it that belong to it.

    None when there is nothing to do or another has the lease; Waits, and no lease, while more may follow.
    unread: says that a message is set aside. One that failed by itself holds back none of those after it.
    """
    if not inbox.lease_one(session, conversation_id, owner, now, lease):
        return None
    rows = _danger_first(session, vault, _next(session, vault, conversation_id, now, unread), now)
    # A message that waits for an engine holds back the ones after it: order matters more than speed.
    if not rows or _waits(rows[0].next_at, now) or rows[0].payload is None:
        inbox.release(session, conversation_id, owner)
        return None
    turn = _input(session, vault, rows[0], now)
    together, complete = _together(vault, rows, turn, rule, now)
    until = 0.0 if complete else _quiet_until([row for row, _ in together])
    if until > now and not ahead(until, now, LONGEST_WAIT):
        _look_again(session, [row for row, _ in together], until)
        inbox.release(session, conversation_id, owner)
        return Waits(until)
    turn = replace(turn, cries=any(row.cries for row in rows))
    if len(together) == 1:
        return turn
    pieces = [message for _, message in together]
    message = bursts.joined(pieces)
    return replace(
        turn, message=message, refused=message.refused, also=tuple(row.id for row, _ in together[1:]),
        pieces=tuple(piece.text for piece in pieces if piece.text.strip()),
        file_rows=tuple(row.id for row, piece in together for _ in piece.attachments),
    )  # fmt: skip


def _danger_first(session: Session, vault: Vault, rows: list[Inbox], now: float) -> list[Inbox]:
    """Danger does not wait for files without words that came before it: they are drawn in their turn, and answered after it."""
    message = turned.inbound(vault, rows[0]) if rows else None
    if message is None or not message.attachments or message.text.strip():
        return rows
    crying = select(Inbox).where(
        col(Inbox.status) == "pending", col(Inbox.conversation_id) == rows[0].conversation_id, col(Inbox.cries)
    )
    first = session.execute(crying.order_by(col(Inbox.id)).limit(1)).scalar_one_or_none()
    if first is None or _waits(first.next_at, now) or turned.inbound(vault, first) is None:
        return rows
    return [first]


def _together(
    vault: Vault, rows: Sequence[Inbox], turn: TurnInput, rule: Rule, now: float
) -> tuple[list[tuple[Inbox, InboundMessage]], bool]:
    """The oldest messages that are one turn, and whether no more can come to them."""
    first, found = rows[0], [(rows[0], turn.message)]
    if (len(rows) == 1 and not first.due_at) or first.alone or turn.quiet or not bursts.together(turn.state):
        return found, True
    if not first.due_at and rule.apart(turn.message):  # what waits was looked at when it came
        return found, True
    for row in rows[1:]:
        tried = row.alone or row.blamed or bool(row.attempts) != bool(first.attempts) or _waits(row.next_at, now)
        if tried or row.payload is None:
            return found, True
        message = turned.inbound(vault, row)
        if message is None:  # dealt with when it comes first
            return found, True
        apart = not row.due_at and rule.apart(message)
        if apart or not bursts.fits([piece for _, piece in found], message):
            return found, True
        found.append((row, message))
    return found, len(found) == MOST_PIECES


def _quiet_until(rows: Sequence[Inbox]) -> float:
    """When the newest piece has been followed by nothing for long enough; 0.0 when one of them is not to wait."""
    if not all(row.due_at for row in rows):
        return 0.0
    return min(max(row.due_at for row in rows), rows[0].received_at + LONGEST_WAIT)


def _look_again(session: Session, rows: Sequence[Inbox], until: float) -> None:
    early = [row.id for row in rows if row.due_at < until]
    if early:
        session.execute(update(Inbox).where(col(Inbox.id).in_(early)).values(due_at=until))


def _waits(next_at: float, now: float) -> bool:
    """Whether a retry is still to come; one that a clock ahead of time has set is due."""
    return next_at > now and not ahead(next_at, now, inbox.RETRY_SECONDS[-1])


def _next(session: Session, vault: Vault, conversation_id: str, now: float, unread: Unread | None) -> list[Inbox]:
    """The oldest pending messages, those that failed by themselves set aside as soon as another one waits behind them."""
    oldest = (
        select(Inbox)
        .where(col(Inbox.status) == "pending", col(Inbox.conversation_id) == conversation_id)
        .order_by(col(Inbox.id))
    )
    while True:
        rows = list(session.execute(oldest.limit(MOST_PIECES)).scalars())
        if rows and rows[0].payload is not None and turned.inbound(vault, rows[0]) is None:
            turned.refuse_inbound(session, rows[0], now)
            continue
        if len(rows) < 2 or not rows[0].blamed or unread is None or rows[0].payload is None:
            return rows
        _tell_unread(session, vault, _input(session, vault, rows[0], now), unread, now)
        inbox.set_aside(rows[0])  # kept sealed for a while, and counted on the page about the channels
        session.add(rows[0])
        session.flush()


def _tell_unread(session: Session, vault: Vault, turn: TurnInput, unread: Unread, now: float) -> None:
    put_replies(session, vault, turn, [unread(turn)], now, part="a")


def _input(session: Session, vault: Vault, row: Inbox, now: float) -> TurnInput:
    conversation = session.get_one(Conversation, row.conversation_id)
    state, expired, heard_at = _state(vault, conversation, now)
    message = turned.inbound(vault, row)
    if message is None:
        raise CannotOpen("cannot open")
    codes = throttle.code_key(row.conversation_id)
    return TurnInput(
        inbox_id=row.id,
        conversation_id=row.conversation_id,
        channel=Channel(row.channel),
        message=message,
        state=state,
        version=conversation.version,
        expired=expired,
        attempts=row.attempts,
        quiet=now < conversation.quiet_until <= now + QUIET_LONGEST,
        refused=message.refused,
        subscriber=subscribers.is_active(session, row.conversation_id),
        received_at=row.received_at,
        heard_at=heard_at,
        code_wait=throttle.blocked_for(session, codes, throttle.CODE_PER_PERSON, now),
        code_failures=throttle.failures(session, codes, throttle.CODE_PER_PERSON, now),
    )


def card_blocked(
    session: Session,
    vault: Vault,
    conversation_id: str,
    card: Callable[[TurnInput], OutboundMessage | None],
    now: float,
) -> Channel | None:
    """Messages behind one that waits for its retry get their card too, once each: a cry for help must not wait in line.

    card: gives it, made before; None for a message that came meanwhile. Returns the channel where any were written.
    """
    written: Channel | None = None
    for row, until in _behind(session, vault, conversation_id, now):
        turn = _input(session, vault, row, now)
        made = card(turn)
        if made is None:
            continue
        put_replies(session, vault, turn, [made], now, part="f")
        subscribers.end_if_asked(session, conversation_id, turn.message)
        row.attempts, row.next_at = 1, until
        session.add(row)
        written = turn.channel
    return written


def blocked(session: Session, vault: Vault, conversation_id: str, now: float) -> list[TurnInput]:
    """Messages behind one that waits for its retry, which were told nothing yet."""
    return [_input(session, vault, row, now) for row, _ in _behind(session, vault, conversation_id, now)]


def _behind(session: Session, vault: Vault, conversation_id: str, now: float) -> list[tuple[Inbox, float]]:
    """Such messages, and until when the one before them waits."""
    query = (
        select(Inbox)
        .where(col(Inbox.status) == "pending", col(Inbox.conversation_id) == conversation_id)
        .order_by(col(Inbox.id))
    )
    rows = list(session.execute(query.limit(50)).scalars())
    if not rows or not _waits(rows[0].next_at, now):
        return []
    waiting = [row for row in rows[1:] if row.attempts == 0]
    return [(row, rows[0].next_at) for row in waiting if turned.inbound(vault, row) is not None]


def _state(vault: Vault, conversation: Conversation, now: float) -> tuple[ConversationState, bool, float]:
    """The state that counts now, whether a draft was forgotten because of the idle hour, and when the person was last heard."""
    try:
        held = states.of(vault, conversation)
    except CannotOpen:  # sealed under a key that is gone: begin anew rather than fail for ever
        return ConversationState(), False, conversation.updated_at
    if held.rests(now):
        return ConversationState(), held.state.rested().draft_forgotten, held.heard_at
    return held.state, False, held.heard_at


def commit(
    session: Session, vault: Vault, turn: TurnInput, finish: Finish, now: float, files_left: FilesLeft | None = None
) -> bool:
    """Run the commands, store state and replies, and mark every message of the turn done. All or nothing.

    files_left: only the words were answered, and each message with files stays where it was with what this makes of it.
    Returns whether more messages of the conversation wait. Raises Conflict when the turn was already taken elsewhere.
    """
    left = set() if files_left is None else _leave_files(session, vault, turn, files_left)
    answered = [inbox_id for inbox_id in turn.inbox_ids if inbox_id not in left]
    done = changed(
        session,
        update(Inbox)
        .where(col(Inbox.id).in_(answered), col(Inbox.status) == "pending")
        .values(
            # An answer names the message it is to: when that came, to the second, would say who was writing at a tip's minute.
            status="done",
            payload=None,
            conversation_id="",
            with_id=turn.inbox_id if turn.also else 0,
            received_at=quarter_sql(col(Inbox.received_at)),
            next_at=0.0,
            due_at=0.0,
            cries=False,
        ),
    )
    if done != len(answered):
        raise Conflict("turn")
    end = finish(session)
    # Only what the person does opens a platform's window for answers and keeps a draft awake.
    heard_at = turn.heard_at if turn.message.kind in EVENT_KINDS else now
    moved = changed(
        session,
        update(Conversation)
        .where(col(Conversation.id) == turn.conversation_id, col(Conversation.version) == turn.version)
        .values(
            state=states.seal(vault, turn.conversation_id, end.state, heard_at),
            version=secrets.randbits(31),  # another one than before; a count would show who had much to tell
            listening=bursts.listens(end.state),
            updated_at=quarter(heard_at),
            lease_owner="",
            lease_until=0.0,
        ),
    )
    if moved != 1:
        raise Conflict("turn")
    if turn.channel is not Channel.WEB and turn.message.kind not in EVENT_KINDS:
        resume(session, turn.conversation_id)
    put_replies(session, vault, turn, end.replies, now)
    waiting = (
        select(col(Inbox.id))
        .where(col(Inbox.status) == "pending", col(Inbox.conversation_id) == turn.conversation_id)
        .limit(1)
    )
    return session.execute(waiting).first() is not None


def _leave_files(session: Session, vault: Vault, turn: TurnInput, files_left: FilesLeft) -> set[int]:
    """The messages of a turn that had files, which wait for them from now on without their words. Raises Conflict."""
    query = select(Inbox).where(col(Inbox.id).in_(turn.inbox_ids), col(Inbox.status) == "pending").with_for_update()
    left = set[int]()
    for row in session.execute(query).scalars():
        message = turned.inbound(vault, row)
        if message is None:
            raise Conflict("turn")
        if message.attachments:
            row.payload, row.due_at, row.cries = vault.seal_inbound(row.message_hash, files_left(message)), 0.0, False
            left.add(row.id)
    session.flush()
    return left


def resume(session: Session, conversation_id: str) -> None:
    """They opened the door again, or wrote: they may be written to."""
    session.execute(
        update(Contact)
        .where(col(Contact.conversation_id) == conversation_id, col(Contact.stopped))
        .values(stopped=False)
    )


def put_replies(
    session: Session, vault: Vault, turn: TurnInput, replies: Sequence[OutboundMessage], now: float, part: str = ""
) -> list[int]:
    """Outbox rows for the answers to one message. The dedupe key makes a repeated turn write the same rows once."""
    rows = []
    for number, reply in enumerate(replies):
        dedupe = turn.answer_name(number, part)
        row = Outbox(
            conversation_id=turn.conversation_id,
            channel=turn.channel.value,
            inbox_id=turn.inbox_id,
            dedupe=dedupe,
            payload=vault.seal_outbound(turn.conversation_id, turn.channel.value, dedupe, reply),
            priority=URGENT if reply.meta.get("item") in URGENT_ITEMS else REPLY,
            # The web page fetches its answers; nothing has to be pushed.
            status="sent" if turn.channel is Channel.WEB else "pending",
            created_at=quarter(now),
        )
        session.add(row)
        rows.append(row)
    session.flush()
    return [row.id for row in rows if row.id is not None]


def fail(
    session: Session, vault: Vault, turn: TurnInput, owner: str, fallback: OutboundMessage, now: float, *, blame: bool,
    unread: Unread | None = None,
) -> str:  # fmt: skip
    """The engine gave no answer: the person gets `fallback` at once, once; the message is tried again later.

    blame: see inbox.postpone. unread: see load. Returns the message's status afterwards: 'pending', or 'dead' when it was
    the last try.
    """
    if turn.also:
        status = inbox.postpone_together(session, turn.inbox_ids, now, blame=blame)
    else:
        status = inbox.postpone(session, turn.inbox_id, now, blame=blame)
    if turn.attempts == 0:
        put_replies(session, vault, turn, [fallback], now, part="f")
    if status == "dead" and unread is not None:
        _tell_unread(session, vault, turn, unread, now)
    inbox.release(session, turn.conversation_id, owner)
    return status


def replies_to(
    session: Session, vault: Vault, conversation_id: str, inbox_id: int
) -> list[tuple[int, OutboundMessage]]:
    """What has been answered to one message of this conversation so far, oldest first; rows of others are passed over."""
    rows = session.execute(select(Outbox).where(col(Outbox.inbox_id) == inbox_id).order_by(col(Outbox.id))).scalars()
    return _shown(vault, conversation_id, rows)


def later_replies(
    session: Session, vault: Vault, conversation_id: str, after: int
) -> list[tuple[int, OutboundMessage]]:
    """Everything for one conversation with an id above `after`."""
    rows = session.execute(
        select(Outbox)
        .where(col(Outbox.conversation_id) == conversation_id, col(Outbox.id) > after)
        .order_by(col(Outbox.id))
        .limit(200)
    ).scalars()
    return _shown(vault, conversation_id, rows)


def _shown(vault: Vault, conversation_id: str, rows: Iterable[Outbox]) -> list[tuple[int, OutboundMessage]]:
    """What opens for this conversation. Which rows those are is a plain column: the seal decides whose they are."""
    opened = ((row.id, turned.outbound(vault, row, conversation_id)) for row in rows)
    return [(number, message) for number, message in opened if message is not None]


def outcome(
    session: Session, vault: Vault, conversation_id: str, inbox_id: int
) -> tuple[list[tuple[int, OutboundMessage]], bool]:
    """What has been answered to a message, or to those it was taken together with, and whether nothing more will come."""
    row = session.execute(select(col(Inbox.status), col(Inbox.with_id)).where(col(Inbox.id) == inbox_id)).one_or_none()
    found = replies_to(session, vault, conversation_id, row.with_id if row is not None and row.with_id else inbox_id)
    return found, bool(found) or row is None or row.status != "pending"
