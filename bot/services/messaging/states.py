"""The state of a conversation as it lies in the database: sealed, with the exact time its person was last heard.

In clear that time is rounded (bot.services.minutes), so that it cannot be laid beside the minute of a tip. Whether the idle
hour is over is therefore asked of what is sealed.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.state import IDLE_SECONDS, ConversationState
from bot.storage.tables import Conversation
from bot.storage.vault import Vault

_HEARD = "heard_at"


@dataclass(frozen=True)
class Held:
    """A state that was opened. heard_at: when the person last did something, seconds since the epoch."""

    state: ConversationState
    heard_at: float

    def rests(self, now: float) -> bool:
        """Whether the idle hour is over."""
        return now - self.heard_at > IDLE_SECONDS


def seal(vault: Vault, conversation_id: str, state: ConversationState, heard_at: float) -> bytes | None:
    """None for a state that holds nothing."""
    return None if state.empty else vault.seal_state(conversation_id, state.to_json() | {_HEARD: heard_at})


def held(vault: Vault, conversation_id: str, sealed: bytes | None, updated_at: float) -> Held:
    """What lies in a row of the conversation table; states of an older release have no time of their own.

    Raises CannotOpen for what was sealed under a key that is gone.
    """
    if sealed is None:
        return Held(ConversationState(), updated_at)
    found = vault.open_state(conversation_id, sealed)
    said = found.get(_HEARD)
    return Held(ConversationState.from_json(found), float(said) if isinstance(said, int | float) else updated_at)


def of(vault: Vault, row: Conversation) -> Held:
    """`held` of a row. Raises CannotOpen."""
    return held(vault, row.id, row.state, row.updated_at)
