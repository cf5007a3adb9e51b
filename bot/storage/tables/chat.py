"""Conversations, the durable inbox and the outbox. Words are sealed; people are keyed hashes.

Times are seconds since the epoch (float); rows about people are rounded where noted.
"""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class Contact(SQLModel, table=True):
    """The contact vault: how to reach the person behind a conversation. Opened only by the sender."""

    __tablename__ = "contact"
    conversation_id: str = Field(primary_key=True, max_length=64)
    channel: str = Field(max_length=16)
    address: bytes  # sealed under the vault key: {"sender", "reply_to", "channel"}
    stopped: bool = False  # blocked, unfollowed or asked to be left alone


class Conversation(SQLModel, table=True):
    """One person on one channel, by keyed hash. `state` holds everything said in a flow that is not finished."""

    __tablename__ = "conversation"
    id: str = Field(primary_key=True, max_length=64)
    channel: str = Field(max_length=16)
    state: bytes | None = None  # sealed under the server key
    version: int = 0
    updated_at: float = Field(default=0.0, index=True)
    lease_owner: str = Field(default="", max_length=40)
    lease_until: float = 0.0
    quiet_until: float = 0.0  # a human operator is talking; the bot waits
    ended: bool = False  # a web session that was closed by its person
    listening: bool = False  # the open question is answered in words, which may come in several messages


class Inbox(SQLModel, table=True):
    """A received message. When done, only the hash of its id stays, for 48 hours, to recognise repeats."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "message_hash"),
        Index("ix_inbox_pending", "status", "conversation_id", "id"),
    )
    id: int = Field(default=None, primary_key=True)
    channel: str = Field(max_length=16)
    message_hash: str = Field(max_length=64)
    conversation_id: str = Field(max_length=64)
    payload: bytes | None = None  # sealed InboundMessage; erased when done
    status: str = Field(default="pending", max_length=8)  # pending | done | dead
    attempts: int = 0
    next_at: float = 0.0
    received_at: float = 0.0  # exact while it waits, then of the quarter of an hour: answers name the message
    blamed: bool = False  # its last turn failed by itself, not for want of an engine: it holds nothing back
    due_at: float = 0.0  # not before, unless something that does not wait comes behind it: more may follow
    with_id: int = 0  # the first message of the turn that answered this one too, where several were taken together
    alone: bool = False  # its turn failed together with other messages': from now on each is tried by itself
    cries: bool = False  # while it waits: danger was heard at the door, so that its conversation comes before others


class Outbox(SQLModel, table=True):
    """A message to a person, written in the transaction that decided it and sent afterwards."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("dedupe"),
        Index("ix_outbox_due", "status", "channel", "priority", "next_at"),
        Index("ix_outbox_conversation", "conversation_id", "id"),
    )
    id: int = Field(default=None, primary_key=True)
    conversation_id: str = Field(max_length=64)
    channel: str = Field(max_length=16)
    inbox_id: int | None = Field(default=None, index=True)
    dedupe: str = Field(max_length=80)  # the idempotency key
    payload: bytes | None = None  # OutboundMessage, sealed to this conversation and channel; erased when sent
    priority: int = 0  # -1 answer to a cry for help, 0 reply, 1 notice, 2 bulk
    # pending | sending | sent | unknown | dead | dropped ; web rows go to `sent` when fetched or expired
    status: str = Field(default="pending", max_length=8)
    attempts: int = 0
    unsure: int = 0  # tries after which nobody knew whether it had arrived
    parts_sent: int = 0  # of a message that takes several platform calls; those are not repeated
    next_at: float = 0.0
    claimed_at: float = 0.0
    created_at: float = 0.0
    error: str = Field(default="", max_length=40)  # the platform's error code, never a text
