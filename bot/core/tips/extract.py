"""Phones, accounts, links, vehicles and numbers of people in what a citizen wrote. Shown back to them, never logged."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.text import fold

_PHONE = re.compile(r"(?<![\d.])(?:\+?84|0)(?:[ .\-]?\d){8,10}(?!\d)")
_LINK = re.compile(
    r"(?i)\b(?:https?://|www\.|(?:t\.me|zalo\.me|fb\.com|facebook\.com|m\.me|tiktok\.com|wa\.me)/)[^\s<>\"]{2,200}"
)
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z][\w.]{3,31}")
_PLATE = re.compile(r"\b\d{2}\s?-?\s?[A-Z]{1,2}\d?\s?[-. ]\s?(?:\d{3}[. ]?\d{2}|\d{4,5})\b")
_ACCOUNT_CUE = re.compile(r"(?:stk|so tai khoan|tai khoan|so tk|tk)[^\d\n]{0,30}(\d(?:[ .]?\d){6,18})")

_NUMBER_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "vai": 3, "may": 3, "chuc": 10,
}  # fmt: skip
_PEOPLE = r"(?:nguoi|dua|em|be|chau|co gai|con gai|co be|thanh nien|ban|chi em|phu nu|nan nhan|lao dong|nam|nu|thieu nu|tre em|tre)"
_COUNT = re.compile(rf"\b(\d{{1,3}}|{'|'.join(_NUMBER_WORDS)})\s+{_PEOPLE}\b")
_CHILD = re.compile(
    r"\b(?:tre em|tre con|tre nho|dua tre|em be|be gai|be trai|chau be|hoc sinh|hoc tro|tre vi thanh nien|vi thanh nien|"
    r"thieu nu|thieu nien|con nit|so sinh|bao thai|duoi 18|chua du 18|chua 18|lop [1-9]\b|lop 1[0-2]\b|con be|thang be|dua be|"
    r"cap (?:2|3|hai|ba)|dua con gai|may dua nho)"
)
_AGE = re.compile(r"\b(?:moi |chi |khoang |tam |co |chung |hon |gan )?(\d{1,2})\s*(?:tuoi|t\b)")
_OFFICIAL_CONFLICT = re.compile(
    r"\b(?:cong an (?:xa|phuong|thi tran|huyen|o do|dia phuong)|can bo (?:xa|phuong)|truong cong an|chu tich (?:xa|phuong))\b"
    r"[^.!?\n]{0,60}\b(?:lien quan|bao ke|cau ket|tiep tay|dung sau|cung phe|bao che|an tien|an hoi lo|nhan tien|tham gia|ho hang|"
    r"la nguoi nha|nguoi quen cua)"
    r"|\b(?:bao ke|cau ket|tiep tay|cung phe|nguoi nha)\b[^.!?\n]{0,40}\b(?:cong an (?:xa|phuong)|can bo (?:xa|phuong))"
)
_STILL = re.compile(
    r"\b(?:dang bi|dang nhot|dang giu|dang giam|dang o trong|van bi|van dang|van con|con bi|bay gio|hien (?:dang|gio|tai)|ngay luc nay|luc nay)\b"
)


@dataclass(frozen=True)
class Found:
    """What was recognised, in the writer's own spelling; each tuple without repeats."""

    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()
    people: int | None = None
    child: bool = False
    still_in_danger: bool = False
    official_conflict: bool = False  # someone of the local police or commune is said to be involved

    @property
    def traces(self) -> tuple[str, ...]:
        """All that points at who is behind it."""
        return self.phones + self.accounts + self.links + self.vehicles


def extract(text: str) -> Found:
    """Read `text` (any length up to the message cap) once. Linear time."""
    folded = fold(text)
    accounts = tuple(dict.fromkeys(m.group(1) for m in _ACCOUNT_CUE.finditer(folded)))
    phones = tuple(dict.fromkeys(m.group().strip() for m in _PHONE.finditer(text) if m.group().strip() not in accounts))
    links = tuple(dict.fromkeys([m.group().rstrip(".,;)") for m in _LINK.finditer(text)] + _HANDLE.findall(text)))
    return Found(
        phones=phones,
        links=links,
        accounts=accounts,
        vehicles=tuple(dict.fromkeys(m.group() for m in _PLATE.finditer(text.upper()))),
        people=_people(folded),
        child=mentions_child(folded),
        still_in_danger=bool(_STILL.search(folded)),
        official_conflict=bool(_OFFICIAL_CONFLICT.search(folded)),
    )


def mentions_child(folded: str) -> bool:
    """Whether folded text speaks of somebody under 18."""
    return bool(_CHILD.search(folded)) or any(0 < int(m.group(1)) < 18 for m in _AGE.finditer(folded))


def _people(folded: str) -> int | None:
    match = _COUNT.search(folded)
    if not match:
        return None
    word = match.group(1)
    return int(word) if word.isdigit() else _NUMBER_WORDS[word]
