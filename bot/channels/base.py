"""What every push channel is to the rest of the product, and what the channels share.

A channel folder holds `payload.py` (platform dict -> InboundMessage), `verify.py` (is this webhook genuine), `compose.py`
(OutboundMessage -> the platform's calls, no network), `client.py` (makes the calls) and `errors.py` (the platform's
codes -> SendPolicy). Limits are constants with the vendor page they come from.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import yaml

from bot.content import yaml_text
from bot.core.errors import ConfigError
from bot.core.messages import Attachment, Channel, Choice, OutboundMessage
from bot.core.sending import NUMBER_FROM, Address, Judgement, Pace
from bot.core.text import nfc

FETCH = "fetch:"  # prefix of an attachment's `ref` whose bytes are still with the platform
MAX_ID = 200  # characters; longer platform ids are not genuine
MAX_INBOUND_TEXT = 8_000  # code points kept of an incoming text; the conversation itself reads 4,000
MOST_MARKED = 1_800  # characters a text may have to be marked as sent again; below every platform's limit
_VIETNAMESE = re.compile("[ăâđêôơư\u1ea0-\u1ef9]", re.IGNORECASE)
LOUD = (
    "httpx",
    "httpcore",
    "telegram",
    "hpack",
    "urllib3",
)  # libraries that write URLs, tokens or bodies to their logs


class PushChannel(Protocol):
    """A platform that messages are pushed to."""

    channel: Channel
    pace: Pace
    numbers: bool  # whether choices are shown as numbered lines, to be answered by a number
    pauses: frozenset[str]  # error codes that mean: the whole channel, not this message, has to wait

    def parts(self, message: OutboundMessage) -> Sequence[Any]:
        """The platform calls one message takes, in order. Pure."""

    async def send(self, address: Address, part: Any) -> None:
        """Make one call. Raises SendError."""

    async def typing(self, address: Address) -> None:
        """Show that an answer is being written, where the platform can. Never raises."""

    async def fetch(self, ref: str) -> bytes:
        """The bytes of an attachment (`ref` without FETCH). Raises InvalidInput."""

    def judge(self, priority: int, last_heard: float, now: float) -> Judgement:
        """May a message of this priority go to somebody last heard from then?"""

    async def keep_alive(self) -> None:
        """What has to be done now and then without any message, such as renewing a token. Raises SendError."""

    async def close(self) -> None:
        """Close connections."""


def quiet_libraries() -> None:
    """Stop the HTTP libraries from logging: their lines hold URLs with tokens, and sometimes bodies, at any level."""
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL + 10)


def clean_id(value: Any) -> str:
    """A platform id as text; "" when it cannot be one."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value).strip()
    return text if text.isprintable() and len(text) <= MAX_ID and text.isascii() else ""


def clean_words(value: Any) -> str:
    """Somebody's text as it can be stored: NFC, no lone surrogates, no NUL, of bounded length."""
    if not isinstance(value, str):
        return ""
    text = value[: MAX_INBOUND_TEXT * 2].encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    return nfc(text)[:MAX_INBOUND_TEXT]


def clean_position(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    """A position in degrees, or None when it is none."""
    try:
        north, east = float(latitude), float(longitude)
    except (TypeError, ValueError, OverflowError):
        return None
    return (north, east) if -90 <= north <= 90 and -180 <= east <= 180 else None


def to_fetch(ref: str, kind: str, size: Any = 0, name: str = "") -> Attachment:
    """An attachment whose bytes are fetched when its turn comes."""
    try:
        known = max(0, int(size))
    except (TypeError, ValueError, OverflowError):
        known = 0
    return Attachment(ref=FETCH + ref, kind=kind, size=min(known, 1 << 40), name=clean_words(name)[:200])


@dataclass(frozen=True)
class Again:
    """What stands above a copy of a message that may have been lost on the way, by the language of its words."""

    vi: str
    en: str

    def above(self, part: Any) -> Any:
        """`part` (a dataclass with `text`) with the mark; unchanged where there is no room, or nothing but a picture."""
        text = part.text
        if not text or getattr(part, "image", None) or len(text) > MOST_MARKED:
            return part
        # One word in six without a letter that only Vietnamese has is rare; a name in an English sentence is less.
        mark = self.vi if len(_VIETNAMESE.findall(text)) * 6 >= len(text.split()) else self.en
        return replace(part, text=f"{mark}\n{text}")


def load_again(content: Path) -> Again:
    """Raises ConfigError when content/channels.yml is missing or incomplete."""
    try:
        found = yaml_text.load((content / "channels.yml").read_text(encoding="utf-8"))["again"]
        return Again(str(found["vi"]), str(found["en"]))
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        raise ConfigError("content/channels.yml cannot be read or is incomplete") from None


def split_text(text: str, limit: int) -> list[str]:
    """`text` in pieces of at most `limit` code points, cut at a paragraph, line, sentence or word, else anywhere.

    Nothing is lost but white space at the cuts.
    """
    pieces, rest = [], unicodedata.normalize("NFC", text).strip()
    while len(rest) > limit:
        cut = _cut(rest, limit)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _cut(text: str, limit: int) -> int:
    for mark in ("\n\n", "\n", ". ", "? ", "! ", " "):
        at = text.rfind(mark, limit // 2, limit)
        if at > 0:
            return at + len(mark.rstrip())
    return limit


def numbered(text: str, choices: Sequence[Choice], first: int = 1) -> str:
    """Choices as lines of text, each with the number that picks it."""
    if not choices:
        return text
    lines = [f"{number}. {choice.title}" for number, choice in enumerate(choices, first)]
    return f"{text}\n\n" + "\n".join(lines)


def first_number(message: OutboundMessage) -> int:
    """The number of the message's first choice; a turn counts on through all its messages."""
    return int(message.meta.get(NUMBER_FROM) or 1)
