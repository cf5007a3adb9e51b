"""Events about a person rather than from them: blocked, gone, taken over by a human, asked to be erased."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from bot.core.messages import EVENT_KINDS, Channel, InboundKind, OutboundMessage
from bot.core.sending import Address
from bot.dialogue.heard import TurnInput
from bot.dialogue.state import ConversationState
from bot.services.campaigns import subscribers
from bot.services.messaging.turns import Finish, TurnEnd, resume
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Contact, Conversation, Inbox, Outbox, TipNotice
from bot.storage.vault import Vault
from bot.storage.write_ahead import leave_no_trace

EVENTS = EVENT_KINDS
QUIET_SECONDS = 1800.0  # after a human operator wrote, the bot waits


def finish_event(vault: Vault, turn: TurnInput, now: float, cry: OutboundMessage | None = None) -> Finish:
    """What closes the turn of such an event, or of a message while the bot is quiet: no answer, only its effect.

    cry: the emergency answer, where the message is a cry for help that nobody may be reading.
    """
    kind = turn.message.kind

    def finish(session: Session) -> TurnEnd:
        if kind is InboundKind.STOPPED:
            stop(session, turn.conversation_id)
        elif kind is InboundKind.RESUMED:
            resume(session, turn.conversation_id)
        elif kind is InboundKind.ERASE:
            forget(session, turn.conversation_id, keep_inbox=turn.inbox_id)
            forget_notices(session, vault, turn.conversation_id)
            return TurnEnd(ConversationState())
        elif kind is InboundKind.HUMAN:
            session.execute(
                update(Conversation)
                .where(col(Conversation.id) == turn.conversation_id)
                .values(quiet_until=now + QUIET_SECONDS)
            )
        else:
            subscribers.end_if_asked(session, turn.conversation_id, turn.message)
            if cry is not None:
                return TurnEnd(replace(turn.state, cried_at=now), [cry])
        return TurnEnd(turn.state)

    return finish


def moved(session: Session, vault: Vault, conversation_id: str, channel: Channel, address: Address) -> None:
    """The chat has a new id: remember it."""
    sealed = vault.seal_contact(
        conversation_id, channel.value, {"sender": address.person, "reply_to": address.reply_to}
    )
    session.execute(update(Contact).where(col(Contact.conversation_id) == conversation_id).values(address=sealed))


def stop(session: Session, conversation_id: str) -> None:
    """Never write to this person again unless they write first; campaigns not even then, unless they ask again."""
    subscribers.stop(session, conversation_id)
    session.execute(update(Contact).where(col(Contact.conversation_id) == conversation_id).values(stopped=True))
    session.execute(
        update(Outbox)
        .where(col(Outbox.conversation_id) == conversation_id, col(Outbox.status) == "pending")
        .values(status="dropped", payload=None)
    )


def forget(session: Session, conversation_id: str, keep_inbox: int | None = None) -> None:
    """Erase a conversation with everything in it: state, queue, contact, subscription. Tips are not linked to it."""
    leave_no_trace(session)
    subscribers.forget(session, conversation_id)
    session.execute(delete(Outbox).where(col(Outbox.conversation_id) == conversation_id))
    session.execute(
        delete(Inbox).where(
            col(Inbox.conversation_id) == conversation_id,
            col(Inbox.status) != "done",
            col(Inbox.id) != (keep_inbox or -1),
        )
    )
    session.execute(delete(Contact).where(col(Contact.conversation_id) == conversation_id))
    session.execute(
        update(Conversation)
        .where(col(Conversation.id) == conversation_id)
        .values(state=None, ended=True, quiet_until=0.0, listening=False)
    )


def forget_notices(session: Session, vault: Vault, conversation_id: str) -> int:
    """Forget which tips this conversation asked to be told about. Returns how many; the tips stay.

    Who asked is sealed, so every pointer is opened: a request for erasure is rare and may take a second.
    """
    found = []
    for row in session.execute(select(TipNotice).execution_options(yield_per=1000)).scalars():
        try:
            if vault.open_pointer(row.tip_id, row.pointer) == conversation_id:
                found.append(row.tip_id)
        except CannotOpen:
            continue  # sealed under a key that is gone: it leads nowhere
    session.execute(delete(TipNotice).where(col(TipNotice.tip_id).in_(found)))
    return len(found)
