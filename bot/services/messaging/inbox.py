"""Taking messages in: sealed, once each, and only then acknowledged."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import case, func, select, update
from sqlmodel import Session, col

from bot.core.messages import InboundMessage
from bot.dialogue.bursts import LONGEST_WAIT, NO_WAIT, Rule
from bot.dialogue.state import IDLE_SECONDS
from bot.services.minutes import QUARTER, quarter
from bot.services.moments import due
from bot.storage.database import changed, insert_ignore
from bot.storage.tables import Contact, Conversation, Inbox
from bot.storage.vault import Vault

MAX_ATTEMPTS = 5  # turns that failed before a message is set aside for a person to look at
NO_ID_SECONDS = 4.0  # without an id, the same content from one person within so long is one message delivered twice
_NO_ID_STEP = 0.25  # how fine that is: the moment is part of the id, because the row's own is rounded
FOR_THE_REST = 4  # of so many places one is for conversations without danger: strangers who all cry keep nobody out
RETRY_SECONDS = (2.0, 10.0, 60.0, 300.0)


@dataclass(frozen=True)
class Accepted:
    """Where a message lies. `fresh` is False when it had been delivered before. due_at: until when more is waited for, or 0.0.

    cries: whether there is danger in it, so that it is answered before others.
    """

    inbox_id: int
    conversation_id: str
    fresh: bool
    status: str
    due_at: float = 0.0
    cries: bool = False


def accept(
    session: Session, vault: Vault, messages: Sequence[InboundMessage], now: float, rule: Rule = NO_WAIT,
    crying: Sequence[bool] = (),
) -> list[Accepted]:  # fmt: skip
    """Store `messages` and the way back to their senders; a message id seen before changes nothing.

    rule: says after which messages more may follow. crying: of each message, whether danger was heard in it; none when left out.
    Returns one entry a message, in order. Nothing is acknowledged before this transaction commits.
    """
    if not messages:
        return []
    rows: list[dict] = []
    fresh: dict[tuple[str, str], dict] = {}
    conversations: dict[str, dict] = {}
    contacts: dict[str, dict] = {}
    moved: dict[str, dict] = {}
    said: dict[tuple[str, str], InboundMessage] = {}
    for received, cries in zip(messages, crying or [False] * len(messages), strict=True):
        message = received if received.message_id else _with_id(session, vault, received, rows, now)
        conversation = vault.conversation_id(message.channel, message.sender)
        digest = vault.message_hash(message)
        key = (message.channel.value, digest)
        if key in fresh:  # copies often come together; sealing them would be work for nothing
            rows.append(fresh[key])
            continue
        fresh[key] = {
            "channel": message.channel.value, "message_hash": digest, "conversation_id": conversation,
            "payload": vault.seal_inbound(digest, message), "status": "pending", "attempts": 0, "next_at": 0.0,
            "received_at": now, "blamed": False, "due_at": 0.0, "with_id": 0,
            "alone": False, "cries": cries,
        }  # fmt: skip
        rows.append(fresh[key])
        said[conversation, digest] = message
        conversations[conversation] = {
            "id": conversation, "channel": message.channel.value, "version": 0, "updated_at": quarter(now), "lease_owner": "",
            "lease_until": 0.0, "quiet_until": 0.0, "ended": False, "listening": False,
        }  # fmt: skip
        if message.reply_to or conversation not in contacts:
            contacts[conversation] = {
                "conversation_id": conversation, "channel": message.channel.value, "stopped": False,
                "address": vault.seal_contact(
                    conversation, message.channel.value, {"sender": message.sender, "reply_to": message.reply_to}
                ),
            }  # fmt: skip
        if message.reply_to:
            moved[conversation] = contacts[conversation]["address"]
    _wait_for_more(session, rows, said, rule, now)
    before = session.execute(select(func.coalesce(func.max(col(Inbox.id)), 0))).scalar_one()
    insert_ignore(session, Conversation, list(conversations.values()))
    insert_ignore(session, Contact, list(contacts.values()))
    for conversation, address in moved.items():  # the way back may be another than last time
        session.execute(update(Contact).where(col(Contact.conversation_id) == conversation).values(address=address))
    insert_ignore(session, Inbox, list(fresh.values()))
    return _where(session, rows, before)


def _with_id(session: Session, vault: Vault, message: InboundMessage, rows: list[dict], now: float) -> InboundMessage:
    """`message` with an id made of who, what and when; that of a twin received less than four seconds ago."""
    files = [(a.kind, a.ref) for a in message.attachments]
    content = json.dumps([message.sender, message.kind.value, message.text, message.choice, message.latitude,
                          message.longitude, files])  # fmt: skip
    bucket = int(now // _NO_ID_STEP)
    twins = [
        replace(message, message_id=f"noid:{bucket - back}:{content}")
        for back in range(int(NO_ID_SECONDS / _NO_ID_STEP))
    ]
    by_hash = {vault.message_hash(twin): twin for twin in twins}
    known = select(col(Inbox.message_hash)).where(
        col(Inbox.channel) == message.channel.value, col(Inbox.message_hash).in_(by_hash)
    )
    found = {*session.execute(known).scalars(), *(row["message_hash"] for row in rows)}
    return next((twin for digest, twin in by_hash.items() if digest in found), twins[0])


def _wait_for_more(
    session: Session, rows: list[dict], said: dict[tuple[str, str], InboundMessage], rule: Rule, now: float
) -> None:
    """Note in the rows until when more is waited for: nothing is held meanwhile, they are only not due before."""
    if not rule.wait:
        return
    listening = set(
        session.execute(
            select(col(Conversation.id)).where(
                col(Conversation.id).in_({conversation for conversation, _ in said}),
                col(Conversation.listening),
                col(Conversation.updated_at) > now - IDLE_SECONDS - QUARTER,
            )
        ).scalars()
    )
    for row in rows:
        conversation = row["conversation_id"]
        if rule.waits(said[conversation, row["message_hash"]], listening=conversation in listening):
            row["due_at"] = now + rule.wait


def _where(session: Session, rows: list[dict], before: int) -> list[Accepted]:
    hashes = {row["message_hash"] for row in rows}
    found = session.execute(
        select(col(Inbox.channel), col(Inbox.message_hash), col(Inbox.id), col(Inbox.status), col(Inbox.due_at)).where(
            col(Inbox.message_hash).in_(hashes)
        )
    )
    at = {(row.channel, row.message_hash): row for row in found}
    accepted = []
    for row in rows:
        where = at[row["channel"], row["message_hash"]]
        accepted.append(Accepted(where.id, row["conversation_id"], where.id > before, where.status, where.due_at))
    return accepted


def claim(
    session: Session, owner: str, now: float, lease: float, limit: int, without: Collection[str] = ()
) -> list[str]:
    """Lease up to `limit` conversations that have something to do: those with danger in what waits, then the oldest, which keep
    a quarter of the places whoever cries. Returns their ids.

    without: conversations that are not looked at, because the owner is at work on them.
    """
    ids = _waiting(session, now, lease, limit - limit // FOR_THE_REST, without, crying=True)
    ids += _waiting(session, now, lease, limit - len(ids), {*without, *ids}, crying=False)
    return [conversation for conversation in ids if lease_one(session, conversation, owner, now, lease)]


def _waiting(
    session: Session, now: float, lease: float, limit: int, without: Collection[str], *, crying: bool
) -> list[str]:
    """Conversations that have something to do, oldest first. crying: only those with danger in what waits."""
    waiting = (
        select(col(Inbox.conversation_id), func.min(col(Inbox.id)).label("first"))
        .join(Conversation, col(Conversation.id) == col(Inbox.conversation_id))
        .where(
            col(Inbox.status) == "pending",
            due(col(Inbox.next_at), now, RETRY_SECONDS[-1]),
            due(col(Inbox.due_at), now, LONGEST_WAIT),
            due(col(Conversation.lease_until), now, lease),
            col(Inbox.conversation_id).not_in(without),
            *([col(Inbox.cries)] if crying else []),
        )
        .group_by(col(Inbox.conversation_id))
        .order_by("first")
        .limit(limit)
    )
    return [row.conversation_id for row in session.execute(waiting)]


def crying(session: Session, conversations: Sequence[str], now: float) -> set[str]:
    """Those of `conversations` with danger in what waits and is not waiting for another try."""
    query = select(col(Inbox.conversation_id)).where(
        col(Inbox.status) == "pending", col(Inbox.cries), due(col(Inbox.next_at), now, RETRY_SECONDS[-1]),
        col(Inbox.conversation_id).in_(conversations),
    )  # fmt: skip
    return set(session.execute(query).scalars()) if conversations else set()


def lease_one(session: Session, conversation: str, owner: str, now: float, lease: float) -> bool:
    """Take the right to run turns of one conversation until now + lease. False while another process has it."""
    taken = changed(
        session,
        update(Conversation)
        .where(
            col(Conversation.id) == conversation,
            due(col(Conversation.lease_until), now, lease) | (col(Conversation.lease_owner) == owner),
        )
        .values(lease_owner=owner, lease_until=now + lease),
    )
    return taken == 1


def release(session: Session, conversation: str, owner: str) -> None:
    """Give the lease back."""
    session.execute(
        update(Conversation)
        .where(col(Conversation.id) == conversation, col(Conversation.lease_owner) == owner)
        .values(lease_owner="", lease_until=0.0)
    )


def postpone_together(session: Session, inbox_ids: Sequence[int], now: float, *, blame: bool) -> str:
    """A turn of several messages failed: try them again later, or each by itself at once where one of them may be the cause.

    Which one it was nobody knows yet, so that none is blamed.
    """
    session.execute(
        update(Inbox)
        .where(col(Inbox.id).in_(inbox_ids), col(Inbox.status) == "pending")
        .values(
            attempts=case((col(Inbox.attempts) < 1, 1), else_=col(Inbox.attempts)),
            next_at=now if blame else now + RETRY_SECONDS[0],
            alone=blame,
            with_id=inbox_ids[0],
        )
    )
    return "pending"


def postpone(session: Session, inbox_id: int, now: float, *, blame: bool) -> str:
    """A turn failed: try again later. Returns the new status.

    blame: the message itself may be the cause; after MAX_ATTEMPTS it is set aside for a person to look at. Otherwise
    (no engine was there) it waits as long as it takes.
    """
    row = session.get(Inbox, inbox_id)
    if row is None or row.status != "pending":
        return "done"
    row.blamed = blame
    if not blame:
        row.attempts, row.next_at = max(row.attempts, 1), now + RETRY_SECONDS[0]
    elif row.attempts + 1 >= MAX_ATTEMPTS:
        row.attempts += 1
        set_aside(row)
    else:
        row.attempts += 1
        row.next_at = now + RETRY_SECONDS[min(row.attempts, len(RETRY_SECONDS)) - 1]
    session.add(row)
    return row.status


def set_aside(row: Inbox) -> None:
    """No more tries: kept sealed for a while. When it came is kept as coarse as everything beside a conversation."""
    row.status, row.received_at, row.next_at, row.due_at = "dead", quarter(row.received_at), 0.0, 0.0
    row.cries = False
