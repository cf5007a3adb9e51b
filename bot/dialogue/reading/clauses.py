"""A message cut where people pause, each piece with its place in the message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST = 40  # clauses of one message; the rest stays one piece
# A full stop or comma between digits belongs to a number ("0906.000.471", "3,5 triệu").
_PAUSE = re.compile(r"\s*(?:[\n;!?…]+|(?<!\d)[.,]+|[.,]+(?!\d))\s*")

# Letters without marks around full stops, with a digit, "_" or "@" somewhere: a name on a platform, an address.
_HANDLE = re.compile(r"(?=[^\s]*[\d_@/])@?[a-z0-9_/\-]*[a-z][a-z0-9_/\-]*(?:[.@][a-z0-9_/\-]+)+", re.IGNORECASE)
_LONGEST_HANDLE = 60
_LINK = ("http://", "https://", "www.")


@dataclass(frozen=True)
class Clause:
    """`text` stands at message[start:end]."""

    text: str
    start: int
    end: int


def _pauses(message: str) -> Iterator[re.Match[str]]:
    """The pauses of a message, without a full stop inside a name on a platform or a link: "minhkhoa.dl99", "https://t.me/x"."""
    for pause in _PAUSE.finditer(message):
        if pause.group() in {".", "?"} and _inside_handle(message, pause.start()):
            continue
        yield pause


def _inside_handle(message: str, at: int) -> bool:
    begin = max(message.rfind(space, 0, at) for space in (" ", "\n", "\t")) + 1
    token = message[begin : at + _LONGEST_HANDLE].split(maxsplit=1)[0]
    return token.lower().startswith(_LINK) or bool(_HANDLE.fullmatch(token.rstrip(".,;:!?)")))


def clauses(message: str) -> list[Clause]:
    """The pieces of `message` with a letter or digit in them, in order. Joined they leave out nothing but pauses."""
    found: list[Clause] = []
    begin = 0
    for pause in [*_pauses(message), None]:
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
