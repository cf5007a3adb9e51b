"""How many people are in danger, from what is said of them: "3 đứa", "em với 2 bạn nữa", "có mình nó". Pure; Python 3.10-compatible.

Read only in words about those in danger: "nhóm 5 thằng" are the others. A guess, shown at the read-back and put right there.
"""

from __future__ import annotations

import re

from bot.core.text import fold

_WORDS = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
_BARE = {fold(word): number for word, number in _WORDS.items()}
_WHO = (
    r"(?:người|nguoi|ng|đứa|dua|em|bé|be|cháu|chau|cô|co|chị|chi|anh|bạn|ban|bn|con|thằng|thang|nhỏ|nho|nhóc|nhoc|thanh niên|thanh nien|"
    r"phụ nữ|phu nu|nạn nhân|nan nhan|nam|nữ|nu|mạng|mang|công nhân|cong nhan|học sinh|hoc sinh|trẻ|tre|lao động|lao dong)"
)
_NUMBER = rf"(?P<n>\d{{1,3}}|{'|'.join([*_WORDS, *_BARE])})"
_COUNT = re.compile(rf"(?<![\w.,/])(?P<lead>(?:\w+\s+){{0,2}}){_NUMBER}\s+{_WHO}(?!\w)(?P<tail>(?:\s+\w+){{0,4}})")
_TOTAL = re.compile(
    rf"(?:tổng cộng|tong cong|tất cả|tat ca|cả thảy|ca thay|hết thảy|het thay)\s+(?:là\s+|la\s+|có\s+|co\s+)?{_NUMBER}(?!\w)"
    rf"|(?:là|la)\s+(?P<m>\d{{1,3}})\s+(?:\w+\s+)?(?:tất cả|tat ca|cả thảy|ca thay)"
)
_MORE = re.compile(r"\b(?:nua|khac)\b")
_BESIDE = re.compile(r"\b(?:voi|vs|va|cung|them|w|with)\s*$")
_ALONE = re.compile(
    r"\b(?:mot minh|co minh|chi co|chi minh|moi minh) (?:no|em|e|minh|toi|tui|con|chau|be|chi|anh|co|ban)\b"
    r"|\b(?:em|no|minh|toi|tui|e) (?:mot minh|thoi)\b"
)
_ONE = re.compile(r"\b(?:no|em|ban|bn|chi|con|chau|anh|be|co|bestie)\b(?: \w+){0,2} ten\b|\bten (?:la )?\w+")
_SEVERAL = re.compile(
    r"\b(?:va|voi|nua|may|nhieu|cac|nhung|tui no|ca nhom|lu|dam|doi|cap|vo chong|hai|ba|bon|\d+ (?:dua|nguoi|em|ban))\b"
)


def count(words: str, known: int | None = None) -> int | None:
    """The number of people `words` speak of, given how many were spoken of before; None where they say nothing of it."""
    said = words.lower()
    total = _TOTAL.search(said)
    if total:
        return _value(total["n"] or total["m"])
    base, added = 0, 0
    for match in _COUNT.finditer(said):
        number = _value(match["n"])
        one = match["n"] in {"một", "mot", "1"}
        more = bool(_MORE.search(fold(match["tail"])[:14])) or bool(_BESIDE.search(fold(match["lead"]).strip()))
        if one and not more and base:
            continue  # "10 người, có một bé gái"
        if more:
            added += number
        else:
            base = max(base, number)
    if base or added:
        start = base or known or (1 if added else 0)
        return max(start, known or 0) + added if not base else max(base + added, known or 0)
    folded = fold(words)
    if _ALONE.search(folded) or (not known and _ONE.search(folded) and not _SEVERAL.search(folded)):
        return known or 1
    return None


def _value(word: str) -> int:
    return int(word) if word.isdigit() else _WORDS.get(word) or _BARE[word]
