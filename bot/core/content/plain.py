"""Markdown to the plain text of chat bubbles. Zalo and Telegram show our items as text, never as markup."""

from __future__ import annotations

import re

MAX_BUBBLE = 1_900  # characters; Zalo refuses a text over 2,000

_HEADING = re.compile(r"^#{1,6}\s+(.*)$")
_BULLET = re.compile(r"^(\s*)[-*]\s+")
_EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1")
_BLANKS = re.compile(r"\n{3,}")


def plain(markdown: str) -> str:
    """Headings become lines in capitals, bullets become •, emphasis marks vanish. Other text stays."""
    lines = []
    for line in markdown.strip().splitlines():
        heading = _HEADING.match(line)
        text = heading.group(1).strip().upper() if heading else _BULLET.sub(r"\1• ", line.rstrip())
        lines.append(_EMPHASIS.sub(r"\2", text))
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip()


def bubbles(markdown: str, limit: int = MAX_BUBBLE) -> tuple[str, ...]:
    """The plain text cut at paragraph borders into pieces of at most `limit` characters."""
    pieces: list[str] = []
    current = ""
    for paragraph in plain(markdown).split("\n\n"):
        for part in _fitting(paragraph, limit):
            joined = f"{current}\n\n{part}" if current else part
            if len(joined) <= limit:
                current = joined
            else:
                pieces.append(current)
                current = part
    if current:
        pieces.append(current)
    return tuple(pieces)


def _fitting(paragraph: str, limit: int) -> list[str]:
    """A paragraph longer than a bubble is cut at line ends, or hard when a line itself is too long."""
    if len(paragraph) <= limit:
        return [paragraph]
    parts: list[str] = []
    current = ""
    for line in paragraph.split("\n"):
        for start in range(0, max(len(line), 1), limit):
            piece = line[start : start + limit]
            joined = f"{current}\n{piece}" if current else piece
            if len(joined) <= limit:
                current = joined
            else:
                parts.append(current)
                current = piece
    return [*parts, current] if current else parts
