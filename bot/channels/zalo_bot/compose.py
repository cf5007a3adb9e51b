"""What one message becomes on the Zalo Bot Platform: no buttons, so choices are numbered lines; pictures by public link."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.base import first_number, numbered, split_text
from bot.channels.zalo_bot.limits import MAX_CAPTION, MAX_TEXT
from bot.core.messages import OutboundMessage


@dataclass(frozen=True)
class Part:
    """One call: a text, or a picture (path of a content picture) with its caption."""

    text: str
    image: str = ""


def parts(message: OutboundMessage, *, pictures: bool) -> list[Part]:
    """`pictures`: whether our pictures have a public https address; Zalo fetches them itself."""
    text = numbered(message.text, message.choices, first_number(message))
    calls = [Part(piece) for piece in split_text(text, MAX_TEXT)]
    if message.image and pictures:
        calls.insert(0, Part(message.image_alt[:MAX_CAPTION], message.image))
    return calls
