"""What people say about the code they were just shown, when it is not the code. Pure; Python 3.10-compatible.

Reads standard words (`normalise`): no marks, no punctuation, abbreviations written out. The words are
content/interview/receipt.yml.
"""

from __future__ import annotations

import re

from bot.core.text import fold, normalise
from bot.phrases.books import book

MOST_WORDS = 18  # more is a story, in which the words below mean something else
_BOOK = book("interview/receipt")
MISSING = _BOOK.anywhere("missing")
NO_PLACE = _BOOK.anywhere("no_place")
KEPT = _BOOK.anywhere("kept")
_NEGATED = _BOOK.anywhere("negated")


def said(text: str) -> str:
    """ "missing": wants to see the code (again); "no_place": cannot or dare not keep it; "kept": has it; "": none of these."""
    # Abbreviations of Vietnamese are written out in the one; the other is for English, which that would spoil.
    readings = [normalise(text), " ".join(re.findall(r"\w+", fold(text)))]
    if not readings[0] or len(readings[0].split()) > MOST_WORDS:
        return ""
    for pattern, meaning in ((NO_PLACE, "no_place"), (MISSING, "missing")):
        if any(pattern.search(words) for words in readings):
            return meaning
    kept = any(KEPT.search(words) for words in readings)
    return "kept" if kept and not any(_NEGATED.search(words) for words in readings) else ""
