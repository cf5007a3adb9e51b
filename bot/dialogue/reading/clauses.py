"""A message cut where people pause, each piece with its place in the message."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 40  # clauses of one message; the rest stays one piece
# A full stop or comma between digits belongs to a number ("0906.000.471", "3,5 triệu").
_PAUSE = re.compile(r"\s*(?:[\n;!?…]+|(?<!\d)[.,]+|[.,]+(?!\d))\s*")


@dataclass(frozen=True)
class Clause:
    """`text` stands at message[start:end]."""

    text: str
    start: int
    end: int


def clauses(message: str) -> list[Clause]:
    """The pieces of `message` with a letter or digit in them, in order. Joined they leave out nothing but pauses."""
    found: list[Clause] = []
    begin = 0
    for pause in [*_PAUSE.finditer(message), None]:
        end = pause.start() if pause else len(message)
        last = len(found) == MOST - 1
        if last:
            end = len(message)
        piece = message[begin:end]
        start = begin + len(piece) - len(piece.lstrip())
        if any(char.isalnum() for char in piece):
            found.append(Clause(piece.strip(), start, start + len(piece.strip())))
        begin = pause.end() if pause else end
        if last:
            break
    return found
