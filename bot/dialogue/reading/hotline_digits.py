"""Whether the digits of a hotline stand for it: in a plate, a telephone number or a sum they do not. Pure; Python 3.10-compatible."""

from __future__ import annotations

import re

_HOTLINES = frozenset({"111", "112", "113", "114", "115"})
# Digits and what is written on to them: "98A-111.23", "0912 111 345", "111.000đ", "111tr".
_RUN = re.compile(r"[+\w]*\d\w*(?:[ .,/\-]{1,2}\d\w*)*")
_APART = re.compile(r"[ .,/\-]+")
_UNIT = re.compile(
    r"\s?(?:tri[eệ]u|tr|k|ngh[iì]n|ng[aà]n|t[yỷ]|đ[oồ]ng|vnđ|vnd|usd|đô|do|%|củ|chai|ng[uư][oờ]i)\b", re.IGNORECASE
)


def masked(text: str) -> str:
    """The text without the numbers that only hold a hotline's digits."""
    return _RUN.sub(lambda run: run.group() if _stays(run, text) else " ", text)


def _stays(run: re.Match[str], text: str) -> bool:
    digits = re.sub(r"\D", "", run.group())
    if not any(number in digits for number in _HOTLINES):
        return True
    alone = all(part in _HOTLINES for part in _APART.split(run.group()) if part)
    return alone and not _UNIT.match(text, run.end())


def only_inside(text: str) -> bool:
    """Whether a hotline's digits are in the text, and nowhere by themselves."""
    return masked(text) != text and not any(number in masked(text) for number in _HOTLINES)
