"""Vietnamese text as people type it: the one normaliser. Standard library only, Python 3.10-compatible."""

from __future__ import annotations

import unicodedata

_D = str.maketrans({"đ": "d", "Đ": "d"})


def nfc(text: str) -> str:
    """Canonical composition; some phones send decomposed letters."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case, without diacritics, đ as d. Whitespace and punctuation stay."""
    decomposed = unicodedata.normalize("NFD", text.lower().translate(_D))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
