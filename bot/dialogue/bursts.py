"""Which messages belong together: people write in quick pieces and send albums. Pure; Python 3.10-compatible.

What waits in one conversation is heard as one message with a line a piece. Words that do something by themselves, buttons, codes
and signs are never part of it: each is heard alone, in its order. docs/adr/0010-pieces-are-one-turn.md says why, with the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import bot.phrases as phrases
from bot.core.campaigns.optout import asks_to_join, asks_to_stop, says_stop
from bot.core.messages import MAX_ATTACHMENTS, MAX_TEXT_CHARS, InboundKind, InboundMessage
from bot.core.old_encodings import repaired
from bot.core.text import clean, excerpt_words, fold
from bot.dialogue import triage
from bot.dialogue.reading import codes
from bot.dialogue.reading.message import ACT_WORDS
from bot.dialogue.state import ConversationState

MOST_PIECES = 10
LONGEST_WAIT = 5.0  # seconds from the first piece; then it is answered, whatever may still come
LONG = 300  # characters; who writes so much in one message does not write in pieces
# Questions that are answered in words, perhaps in several messages. All others have their answer in a word or a button.
LISTENING = frozenset({"tip_what", "tip_where", "tip_when", "tip_who", "tip_behind", "tip_evidence"})
_SPEAKS = frozenset({InboundKind.TEXT, InboundKind.ATTACHMENT, InboundKind.UNSUPPORTED, InboundKind.EDITED})
_PIECES = frozenset({InboundKind.TEXT, InboundKind.ATTACHMENT, InboundKind.LOCATION})
# Meanings of a message that does something by itself, as a button does.
_DOES = (
    "yes", "no", "send", "dont_know", "skip", "back", "stop", "soft_stop", "halt", "pause", "resume", "leave", "refuses",
    "wants_contact", "wants_notices", "code_only", "no_evidence", "that_is_all",
)  # fmt: skip
_READ_FOR_CODES = (300, 300)  # characters from the start and the end of a long message
_READ_FOR_DANGER = (200, 100)  # at the door, for the order of answers alone; the turn reads all of it
_LONGEST_DEED = 200  # characters; a longer message tells something


def _never(message: InboundMessage) -> bool:
    return False


@dataclass(frozen=True)
class Rule:
    """How pieces are taken together. wait: seconds of quiet after a piece (0: never waited).

    alone: more that is heard by itself, which only the gateway knows, such as a number where choices are numbered.
    """

    wait: float = 0.0
    alone: Callable[[InboundMessage], bool] = _never

    def apart(self, message: InboundMessage) -> bool:
        """Whether `message` is a turn of its own."""
        if message.kind not in _PIECES or message.choice or message.after_words or self.alone(message):
            return True
        text = excerpt_words(message.text, *_READ_FOR_CODES).strip()
        return bool(text) and (
            text.startswith("/") or _does(text) or bool(codes.read(text, "", "", expected=False).code)
        )

    def waits(self, message: InboundMessage, *, listening: bool) -> bool:
        """Whether more may follow `message`. listening: the question that is open is one of LISTENING."""
        if not (self.wait and (listening or message.album)) or message.latitude is not None:
            return False
        if len(message.text) > LONG or self.apart(message):
            return False
        return not message.text or triage.assess(message.text).level == "none"


NO_WAIT = Rule()


def _does(text: str) -> bool:
    if len(text) > _LONGEST_DEED:
        return False
    if fold(text).strip(" .!/") in ACT_WORDS:
        return True
    return (
        phrases.means(text, *_DOES, beside=("small_talk",))
        or asks_to_stop(text)
        or says_stop(text)
        or asks_to_join(text)
    )


def cries(message: InboundMessage) -> bool:
    """Whether the rules hear danger in a message at the door, in bounded time: such a message is answered before others."""
    if message.kind not in _SPEAKS or not message.text.strip():
        return False
    return triage.assess(clean(repaired(excerpt_words(message.text, *_READ_FOR_DANGER))).strip()).level == "emergency"


def words_first(message: InboundMessage) -> tuple[InboundMessage, ...]:
    """A cry that came with files as two messages: its words, which are answered at once, and its files, which take their time.

    Why files were refused already is told with the words.
    """
    if not (message.attachments and message.text.strip()):
        return (message,)
    name = f"{message.message_id}+files" if message.message_id else ""
    words = words_of(message)
    files = replace(message, message_id=name, text="", latitude=None, longitude=None, refused=(), after_words=True)
    return words, files


def files_left(message: InboundMessage, *, original: bool) -> InboundMessage:
    """What is left of a message whose words were answered before its files were there. original: see InboundMessage."""
    return replace(message, text="", refused=(), original=original, worded=True)


def words_of(message: InboundMessage) -> InboundMessage:
    """The part of a message that needs no files: its words, and why files of it were refused already."""
    return replace(message, kind=InboundKind.TEXT, attachments=(), album="")


def together(state: ConversationState) -> bool:
    """Whether pieces may be joined in this state: not where a code, or one answer of a list after the other, is awaited."""
    asked_one_by_one = state.asked in {"status_code", "screening_answer"} or state.signup is not None
    return not (state.receipt.code or state.receipt.part or asked_one_by_one)


def listens(state: ConversationState) -> bool:
    """Whether the answer to what was asked last may come in pieces."""
    return state.asked in LISTENING and together(state)


def fits(pieces: Sequence[InboundMessage], more: InboundMessage) -> bool:
    """Whether one turn holds `more` too, and it is answered on the same way back.

    A position answers "where?" by itself and replaces the one before; beside words an interview would read only one of the two.
    """
    first = pieces[0]
    chars = sum(len(piece.text) + 1 for piece in pieces) + len(more.text)
    files = sum(len(piece.attachments) for piece in pieces) + len(more.attachments)
    small = len(pieces) < MOST_PIECES and chars <= MAX_TEXT_CHARS and files <= MAX_ATTACHMENTS
    alike = more.reply_to == first.reply_to and (more.latitude is None) == (first.latitude is None)
    return small and alike


def joined(pieces: Sequence[InboundMessage]) -> InboundMessage:
    """One message with a line a piece and every file; of several positions the last."""
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return first
    files = tuple(file for piece in pieces for file in piece.attachments)
    refused = tuple(dict.fromkeys(code for piece in pieces for code in piece.refused))
    kind = InboundKind.ATTACHMENT if files or refused else first.kind
    return replace(
        first,
        kind=kind,
        text="\n".join(piece.text.strip() for piece in pieces if piece.text.strip()),
        attachments=files,
        refused=refused,
        latitude=last.latitude,
        longitude=last.longitude,
        original=any(piece.original for piece in pieces),
        at=last.at,
    )
