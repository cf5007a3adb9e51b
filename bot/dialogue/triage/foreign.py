"""Cries for help in other languages: the danger words people near our borders would write.

The words are content/danger/foreign.yml, short lists on purpose: a foreign message gets the emergency card on a danger
word, and nobody is hurt by a card too many.
"""

from __future__ import annotations

from bot.core import language, text
from bot.phrases.books import book

_BOOK = book("danger/foreign")
_ORDER = (
    ("harm", "self_harm_distress"), ("pictures", "sextortion"), ("police", "fake_police_call"), ("ransom", "ransom_demand"),
    ("danger", "emergency_in_danger"),
)  # fmt: skip
# Cries in other languages typed in Latin letters, which no script gives away.
_ROMANISED, _SOMEONE = _BOOK.words("romanised"), _BOOK.words("someone_en")
# By kind and language: danger_km, calm_fr...
_PATTERNS = {
    name: _BOOK.anywhere(name)
    for name in _BOOK.names()
    if name.partition("_")[0] in {"harm", "pictures", "police", "ransom", "danger", "child", "calm"}
}


def _found(name: str, code: str, message: str) -> bool:
    pattern = _PATTERNS.get(f"{name}_{code}")
    return pattern is not None and pattern.search(message) is not None


def cry(message: str, code: str) -> tuple[str, str]:
    """(level, kind) of a message in language `code`, or in English mixed in; ("none", "") when there is no danger word."""
    visible = text.clean(text.excerpt(message, 1_400, 500)).lower()
    if _ROMANISED.search(visible):
        return "emergency", "emergency_in_danger"
    codes = (code,) if code == "en" else (code, "en")
    calm = any(_found("calm", c, visible) for c in codes)
    for name, kind in _ORDER:
        if any(_found(name, c, visible) for c in codes):
            if name == "danger" and any(_found("child", c, visible) for c in codes):
                kind = "child_in_danger"
            elif name == "danger" and _SOMEONE.search(visible):
                kind = "emergency_other_person"
            return ("possible" if calm else "emergency"), kind
    return "none", ""


def language_of(message: str) -> str:
    """The language when it is sure and not Vietnamese, "und" for a cry in romanised letters, or ""."""
    code = language.rule(message)
    if code in ("vi", ""):
        return language.UNKNOWN if _ROMANISED.search(text.clean(message[:600]).lower()) else ""
    return "" if code == language.UNKNOWN else code
