"""Sentences made equally long, so that whoever sees only a size learns nothing.

Equal in code points, in UTF-8 bytes, in JSON and in a URL-encoded form: each class of characters is filled up to the same
number with blanks of that class.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLAIN = re.compile(r"[A-Za-z0-9 .-]")
_FILL = (" ", "\u00a0", "\u2003")  # one, two and three bytes in UTF-8; all three survive NFC


def same_size(lines: Mapping[str, str]) -> dict[str, str]:
    """`lines` with blanks at the end. Raises ValueError for characters that take unequal room in different encodings."""
    counted = {name: _classes(line) for name, line in lines.items()}
    most = [max(counts[kind] for counts in counted.values()) for kind in range(len(_FILL))] if counted else []
    return {
        name: line + "".join(blank * (most[kind] - counted[name][kind]) for kind, blank in enumerate(_FILL))
        for name, line in lines.items()
    }


def _classes(line: str) -> tuple[int, int, int]:
    counts = [0, 0, 0]
    for char in line:
        size = len(char.encode())
        if size > 3 or (size == 1 and not _PLAIN.match(char)):
            raise ValueError("only letters, digits, spaces, '.' and '-'")
        counts[size - 1] += 1
    return counts[0], counts[1], counts[2]
