"""An offer as a row of normal words that remember where they stood in the original text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from bot.core.text import tokens

_END = re.compile(r"[.!?;\n•…]")
_PAUSE = re.compile(r"[,:()/–—|]| - ")
STOP = "."  # end of a sentence in `joined`
PAUSE = ","  # comma, colon, bracket


@dataclass(frozen=True)
class Words:
    """words: normal forms, with STOP and PAUSE between and a STOP at the end. spans: (start, end) of each in the text. joined: with spaces;
    offsets: where each word begins in `joined`."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    joined: str
    offsets: tuple[int, ...]

    def word_range(self, start: int, end: int) -> tuple[int, int]:
        """First and last word of the slice joined[start:end]."""
        return bisect_right(self.offsets, start) - 1, bisect_left(self.offsets, end) - 1


def read(text: str) -> Words:
    """Split and normalise. Linear in the length of the text."""
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    previous_end = 0
    for token in tokens(text):
        between = text[previous_end : token.start]
        mark = STOP if _is_end(between, text, token.start) else PAUSE if _PAUSE.search(between) else ""
        if mark and words:
            words.append(mark)
            spans.append((previous_end, previous_end))
        for part in token.norm.split():
            words.append(part)
            spans.append((token.start, token.end))
        previous_end = token.end
    if words:
        words.append(STOP)
        spans.append((previous_end, previous_end))
    offsets: list[int] = []
    position = 0
    for word in words:
        offsets.append(position)
        position += len(word) + 1
    return Words(tuple(words), tuple(spans), " ".join(words), tuple(offsets))


def _is_end(between: str, text: str, start: int) -> bool:
    """A full stop between digits (12.000.000) ends nothing."""
    if between == "." and start >= 2 and text[start - 2].isdecimal() and text[start].isdecimal():
        return False
    return bool(_END.search(between))
