"""In which form a receipt code is shown: its 21 digits, or the same code as seven words. Pure; Python 3.10-compatible.

The words come first for whoever is in danger and for a child who tells of what is done to it: nothing to type back, and on the
screen they look like a shopping list. Everybody else sees the digits first; each form is one tap away from the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.core.tips import receipt
from bot.dialogue.reading.speaker import tells_of_myself
from bot.dialogue.triage import followup
from bot.phrases.receipt_words import WORDS

AS_WORDS = "as_words"  # in the draft, while the code is asked about
_FORMS = ("{}", "{}_words")  # digits, words
SHOWN = tuple(form.format("receipt_shown") for form in _FORMS)
AGAIN = tuple(form.format("receipt_again") for form in _FORMS)
_IN_WORDS = frozenset(
    {"receipt_again", "receipt_no_place", "tip_receipt", "tip_receipt_short", "tip_receipt_idle"}
)  # lines that have a second form


def words_first(draft: dict[str, Any], language: str) -> bool:
    """Whether this reporter is shown the words. language: only who writes Vietnamese can keep Vietnamese words."""
    if language != "vi":
        return False
    if draft.get("short") or draft.get("other"):
        return bool(draft.get("short"))
    said = [str(text) for _, text in draft.get("said") or ()]
    return any(map(_captive, said)) or (bool(draft.get("child")) and any(map(tells_of_myself, said)))


def _captive(text: str) -> bool:
    """Whether whoever writes says that they are held or in danger now, where no cry was heard that shortened the interview."""
    return tells_of_myself(text) and followup.pressing(text)


def fitted(line: str, *, as_words: bool) -> str:
    """The name of a line about the code, in the form the code is shown in."""
    return f"{line}_words" if as_words and line in _IN_WORDS else line


def places(wrong: Iterable[int]) -> str:
    """The places of words that are in no list, as they are said: "2, 5"."""
    return ", ".join(map(str, wrong))


def shown(line: str, code: str) -> str:
    """The code as the line `line` shows it."""
    return WORDS.pretty(code) if line.endswith("_words") else receipt.pretty(code)
