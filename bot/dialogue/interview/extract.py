"""Phones, accounts, links, vehicles and numbers of people in what a citizen wrote. Shown back to them, never logged."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.text import fold
from bot.dialogue.interview import own_contact, traces
from bot.dialogue.interview.police import conflicted

# Exact numbers only, and no "một": "một người" is as often who lured them.
_NUMBER_WORDS = {"hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10}
_SPOKEN = {
    fold(word): number for word, number in _NUMBER_WORDS.items() if word != "sáu"
}  # "sau nguoi" may be "sau người"
_PEOPLE = (
    r"(?:nguoi|ng|dua|em|be|chau|co gai|con gai|co be|co|nho|nhoc|con nho|thang nhoc|thanh nien|ban|bn|chi em|chi|phu nu|nan nhan|lao dong"
    r"|cong nhan|hoc sinh|nam|nu|thieu nu|tre em|tre)"
)
# After a number in words not every word for people: "ba em" is as often somebody's father.
_COUNTED = (
    r"(?:người|đứa|cháu|cô gái|con gái|cô bé|bé gái|bé trai|em nhỏ|em gái|em bé|bạn nữ|bạn nam|chị em|thanh niên|phụ nữ|nạn nhân|"
    r"lao động|thiếu nữ|trẻ em)"
)
_COUNT = re.compile(rf"\b(\d{{1,3}})\s+{_PEOPLE}\b")
_COUNT_IN_WORDS = re.compile(rf"\b({'|'.join(_NUMBER_WORDS)})\s+{_COUNTED}\b")
_COUNT_BARE = re.compile(rf"\b({'|'.join(_SPOKEN)})\s+{fold(_COUNTED)}\b")
_CHILD = re.compile(
    r"\b(?:tre em|tre con|tre nho|dua tre|em be|be gai|be trai|chau be|hoc sinh|hoc tro|tre vi thanh nien|vi thanh nien|"
    r"thieu nu|thieu nien|con nit|so sinh|bao thai|duoi 18|chua du 18|chua 18|lop [1-9]\b|lop 1[0-2]\b|con be|thang be|dua be|"
    r"(?<!gan truong )(?<!canh truong )(?<!truoc truong )(?<!cong truong )(?<!dien truong )(?<!sau truong )(?<!ben truong )"
    r"cap (?:2|3|hai|ba)|dua con gai|may dua nho)"
)
_AGE = re.compile(r"\b(?:moi |chi |khoang |tam |co |chung |hon |gan )?(\d{1,2})\s*(?:tuoi|t\b)")
_TEENS = r"muoi (?:mot|hai|ba|bon|tu|lam|nam|sau|bay)"
_NO_TENS = "".join(
    rf"(?<!\b{word} )" for word in ("hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi", "ham")
)
_AGE_IN_WORDS = re.compile(
    rf"{_NO_TENS}\b(?:{_TEENS}|(?:nam|sau|bay|tam|chin|muoi)) tuoi\b|{_NO_TENS}\b{_TEENS}(?= {_TEENS} tuoi)"
)
# Bare, in a short answer: "một đứa, mười bảy", "chừng 16".
_AGE_BARE = re.compile(
    rf"{_NO_TENS}\b(?:{_TEENS.replace('|nam|', '|')})\W*$|\b(?:chung|chac|tam|khoang|moi|gan|do|co le|hinh nhu)(?: moi| khoang| chung)? "
    r"(?:1[0-7]|[5-9])\W*$|\b(?:dua|be|chau|em|nhoc|con)\W{1,2}(?:1[0-7]|[5-9])\W*$"
)
_SHORT_ANSWER = 7  # words
_STILL = re.compile(
    r"\b(?:dang bi|dang nhot|dang giu|dang giam|dang o trong|van bi|van dang|van con|con bi|bay gio|hien (?:dang|gio|tai)|ngay luc nay|luc nay)\b"
)


_LETTER_O = re.compile(r"(?<![\w.])[oO](?=[ .\-]?\d(?:[ .\-]?\d){7,9}(?!\d))")


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
    own: str = ""  # the reporter's own number or address: contact, and no trace
    official_conflict: bool = False  # the local police are said to be involved, or must not read this

    @property
    def traces(self) -> tuple[str, ...]:
        """All that points at who is behind it."""
        return self.phones + self.accounts + self.links + self.vehicles


def extract(text: str) -> Found:
    """Read `text` (any length up to the message cap) once. Linear time."""
    text, own = own_contact.split(text)
    text = _LETTER_O.sub("0", text)
    folded = fold(text)
    accounts = traces.accounts(folded)
    return Found(
        phones=traces.phones(text, folded, accounts),
        links=traces.links(text, folded),
        accounts=accounts,
        vehicles=traces.vehicles(text, folded),
        people=_people(text, folded),
        child=mentions_child(folded),
        still_in_danger=bool(_STILL.search(folded)),
        own=own,
        official_conflict=conflicted(text),
    )


def mentions_child(folded: str) -> bool:
    """Whether folded text speaks of somebody under 18."""
    if _AGE_IN_WORDS.search(folded) or (len(folded.split()) <= _SHORT_ANSWER and _AGE_BARE.search(folded)):
        return True
    return bool(_CHILD.search(folded)) or any(0 < int(m.group(1)) < 18 for m in _AGE.finditer(folded))


def _people(text: str, folded: str) -> int | None:
    if match := _COUNT.search(folded):
        return int(match.group(1)) or None
    if match := _COUNT_IN_WORDS.search(text.lower()):
        return _NUMBER_WORDS[match.group(1)]
    match = _COUNT_BARE.search(folded) if text.isascii() else None  # typed without diacritics
    return _SPOKEN[match.group(1)] if match else None
