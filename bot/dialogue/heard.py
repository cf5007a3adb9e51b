"""What a person did, typed once at the door, with the state it meets."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.messages import Channel, InboundMessage
from bot.dialogue.state import ConversationState


@dataclass(frozen=True)
class TurnInput:
    """The message to answer and the state it meets. `expired`: a draft was forgotten because of the idle hour.

    refused: why files that came with the message were not taken, as codes of the phrasebook's errors.
    subscriber: whether this person gets the newsletter. received_at: when the message reached us. heard_at: when the person was
    heard before. code_wait: seconds this person has to wait before another receipt code may be tried. code_failures: how many
    wrong ones they tried lately.
    also: other messages in the inbox that this turn answers, where several were taken together; `inbox_id` and `received_at`
    are of the first. pieces: their texts, each by itself; () where it is one message. cries: whether danger was heard at the door in
    this or in what waits behind it. file_rows: of each file, the message of the inbox that it came with; () where it is one message.
    """

    inbox_id: int
    conversation_id: str
    channel: Channel
    message: InboundMessage
    state: ConversationState
    version: int
    expired: bool
    attempts: int
    quiet: bool
    refused: tuple[str, ...] = ()
    subscriber: bool = False
    received_at: float = 0.0
    heard_at: float = 0.0
    code_wait: float = 0.0
    code_failures: int = 0
    also: tuple[int, ...] = ()
    pieces: tuple[str, ...] = ()
    cries: bool = False
    file_rows: tuple[int, ...] = ()

    @property
    def inbox_ids(self) -> tuple[int, ...]:
        """Every message of the inbox that this turn answers, in the order they came."""
        return (self.inbox_id, *self.also)

    def answer_name(self, number: int, part: str = "") -> str:
        """What names an answer to this message in the outbox, so that a repeated turn writes it once. part: see turns.put_replies."""
        return f"in{self.inbox_id}{part or ('l' if self.message.worded else '')}:{number}"
