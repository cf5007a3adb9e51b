"""What somebody typed, as it is kept: its length is looked at before any work on it, and once more after."""

from __future__ import annotations

from bot.core.errors import TooLarge
from bot.core.messages import MAX_TEXT_CHARS
from bot.core.text import nfc

MOST_MARKS = 4  # code points that a letter of any script may take before it is composed


def written(raw: str, most: int = MAX_TEXT_CHARS) -> str:
    """`raw` composed (NFC), without what no database keeps: NUL, halves of surrogates.

    most: code points of the result. Raises TooLarge, for what is far too long before it is even looked at.
    """
    if len(raw) > MOST_MARKS * most:
        raise TooLarge("too_large")
    text = nfc(raw.encode("utf-8", "replace").decode("utf-8").replace("\x00", ""))
    if len(text) > most:
        raise TooLarge("too_large")
    return text
