"""What points at whoever is behind it: phones, accounts and their holders, vehicles and boats, names on platforms.

In the writer's own spelling, without repeats. Shown back to them, never logged.
The words are content/interview/traces.yml. Pure; Python 3.10-compatible; linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.core.text import fold
from bot.dialogue.interview.own_contact import HANDLE, LINK, PHONE
from bot.phrases.books import book
from bot.phrases.numbers import COMMON, DIGITS

_PLATE = re.compile(r"\b\d{2}\s?-?\s?[A-Z]{1,2}\d?\s?[-. ]\s?(?:\d{3}[. ]?\d{2}|\d{4,5})\b")
_BOOK, _COMMON = book("interview/traces"), book(COMMON)
# Fishing boats: the province's letters, four to six digits, "TS" (Circular 23/2018/TT-BNNPTNT, annex VIII).
_BOAT = re.compile(rf"(?<!\w){_BOOK.part('boats')}[ .\-]?\d{{4,6}}(?:[ .\-]?TS)?(?!\w)")
_BOAT_TS = re.compile(rf"(?<!\w){_BOOK.part('boats')}[ .\-]?\d{{4,6}}[ .\-]?TS(?!\w)", re.IGNORECASE)
_OF_BOATS = _BOOK.words("of_boats")
_NO_SEA = "".join(rf"(?<!{words} )" for words in _BOOK.entries("before_sea"))  # "bờ biển 30 phút"
# What is remembered of a plate: "xe 7 chỗ màu bạc biển 29", "xe bán tải đuôi 118".
_HALF_PLATE = re.compile(
    rf"\b{_BOOK.part('vehicle')} (?:[^\W\d]\w*,? |\d{{1,2}} (?=ch)){{0,6}}?{_NO_SEA}{_BOOK.part('plate_begins')}(?: số| so)? "
    rf"\d{{2,5}}[a-z]{{0,2}}\d?\b(?: {_BOOK.part('plate_ends')} \d{{2,5}})?",
    re.IGNORECASE,
)

_ACCOUNT_CUE = re.compile(rf"{_BOOK.part('account')}[^\d\n]{{0,30}}(\d(?:[ .]?\d){{6,18}})")
_AFTER_BANK = re.compile(rf"\b{_BOOK.part('at_bank')}\b[^\d\n.;]{{0,20}}(\d(?:[ .]?\d){{6,18}})")
_ACCOUNT_BEFORE_BANK = re.compile(rf"(?<![\d.])(\d(?:[ .]?\d){{6,18}})\W{{0,4}}{_BOOK.part('bank_after')}\b")
# No phone, written in one piece, and no identity card, which is as often the victim's: an account.
_LONG_NUMBER = re.compile(r"(?<![\w.+\-/])\d{9,19}(?![\w/])")
_IDENTITY = re.compile(rf"\b{_BOOK.part('identity')}\b[^\d]{{0,20}}$")
# "tài khoản … tên LE VAN QUAN": in whose name the money is taken.
_HOLDER = _BOOK.anywhere("holder")
_AFTER_ACCOUNT = re.compile(rf"\d{{6,19}}\W{{0,3}}{_BOOK.part('bank_between')}?\W{{0,3}}")
_MOST_OF_NAME = 6  # words

# The name of an account, page or group: "acc fb tên Thùy Linh Cherry", "nhóm zalo Mẹ Bầu Yêu Thương".
_THEIR = rf"(?:{_BOOK.part('their')}|(?:{_COMMON.part('persons_meant')}|{_COMMON.bare('persons_meant')})\s+{_BOOK.part('that')})"
_OF_NAME = r"[^\s,.;:!?\"”'()]+(?:\.[^\s,.;:!?\"”'()]+)*"  # "minhkhoa.dl99" is one
_NAMED = re.compile(
    rf"(?<!\w)(?P<on>{_BOOK.part('kept_by')}(?:\s+{_BOOK.part('kept_by')})*)(?:\s+(?:{_BOOK.part('kept_by')}|{_THEIR}))*"
    rf"(?:\s+(?P<cue>(?:{_BOOK.part('has')}\s+)?{_BOOK.part('named')}(?:\s+{_BOOK.part('being')})?)\s+[\"“']?|\s*[:\"“']\s*|\s+)"
    rf"(?P<name>{_OF_NAME}(?:\s+{_OF_NAME}){{0,5}})",
    re.IGNORECASE,
)
_JOINS = frozenset(_BOOK.entries("joins"))
_ORDINARY = frozenset(_BOOK.entries("common"))  # words that are no names
_PLATFORMS = frozenset(_BOOK.entries("platforms"))
_LEAST = 2  # characters of a name
_EMAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]{1,60}@[a-z0-9\-]{1,60}(?:\.[a-z]{2,10}){1,2}(?!\w)", re.IGNORECASE)

_SURELY_NAMED = _BOOK.anywhere("surely_named")
_NOUGHT = next(word for word, digit in DIGITS.items() if digit == "0")
_DIGITS_SAID = re.compile(rf"\b(?:0|{_NOUGHT})(?:[ ,.\-]{{1,2}}(?:\d|{'|'.join(DIGITS)})){{8,10}}\b")


def accounts(folded: str) -> tuple[str, ...]:
    """Account numbers: digits after the word for one or a bank, before a bank, or long and in one piece."""
    found = [m.group(1) for m in _ACCOUNT_CUE.finditer(folded)]
    banked = (m.group(1) for pattern in (_AFTER_BANK, _ACCOUNT_BEFORE_BANK) for m in pattern.finditer(folded))
    found += [number for number in banked if not PHONE.fullmatch(number)]
    known = {re.sub(r"\D", "", number) for number in found}
    phones = {re.sub(r"\D", "", m.group()) for m in PHONE.finditer(folded)}
    found += [
        m.group()
        for m in _LONG_NUMBER.finditer(folded)
        if m.group() not in known | phones and not _IDENTITY.search(folded[max(0, m.start() - 40) : m.start()])
    ]
    return tuple(dict.fromkeys(found))


def phones(text: str, folded: str, besides: Iterable[str]) -> tuple[str, ...]:
    """Telephone numbers, in digits or read out digit by digit, that are none of `besides`."""
    others = set(besides)
    written = [m.group().strip() for m in PHONE.finditer(text) if m.group().strip() not in others]
    spoken = [m.group() for m in _DIGITS_SAID.finditer(folded) if any(c.isalpha() for c in m.group())]
    read = ["".join(DIGITS.get(word, word) for word in re.findall(r"\w+", said)) for said in spoken]
    return tuple(dict.fromkeys([*written, *read]))


def links(text: str, folded: str) -> tuple[str, ...]:
    """Addresses and handles, and the names under which somebody is found on a platform or takes money."""
    found = [m.group().rstrip(".,;)") for m in (*LINK.finditer(text), *_EMAIL.finditer(text))]
    found += [name for name in HANDLE.findall(text) if not any(name in known for known in found)]
    named = [name for name in _named(text) if not any(known in name for known in found)]
    return tuple(dict.fromkeys([*found, *named, *_holders(text, folded)]))


def vehicles(text: str, folded: str) -> tuple[str, ...]:
    """Plates of cars and motorcycles, registrations of boats."""
    found = [m.group() for m in _PLATE.finditer(text.upper())] + [m.group() for m in _BOAT_TS.finditer(text)]
    if _OF_BOATS.search(folded):
        found += [m.group() for m in _BOAT.finditer(text) if not any(m.group() in known for known in found)]
    found = found or [m.group().strip() for m in _HALF_PLATE.finditer(text[:2_000])]
    return tuple(dict.fromkeys(found))


def _named(text: str) -> Iterator[str]:
    """Names on a platform, after the word for it: words written as names after the word for the platform; in small letters only after "tên"."""
    for match in _NAMED.finditer(text[:2_000]):
        cue = fold(match["cue"] or "")
        words = match["name"].split()
        name = list(_leading(words, small=False, lone=bool(cue)))
        if not name and _SURELY_NAMED.search(cue):
            name = list(_leading(words, small=True, lone=True))[:4]
        said = " ".join(name)
        if not cue and len(name) < 2 and not re.search(r"[\d_]", said):
            continue  # "Hội Phụ nữ"
        if len(said) > _LEAST and said.lower() not in _PLATFORMS and not PHONE.search(said):
            yield f"{match['on']} {said}"  # a name alone does not say where it is to be looked for


def _leading(words: list[str], *, small: bool, lone: bool) -> Iterator[str]:
    shouted = all(word == word.upper() for word in words)
    for number, word in enumerate(words):
        plain = fold(word).strip("~") in _ORDINARY
        named = word[:1].isupper() or any(char.isdigit() or char == "_" for char in word)
        named = named or (0 < number < len(words) - 1 and word in _JOINS and words[number + 1][:1].isupper())
        if (small or shouted or (number == 0 and not lone)) and plain:
            return
        if not (small or named):
            return
        yield word


def _holders(text: str, folded: str) -> Iterator[str]:
    """The names to which money goes, right after the account."""
    if len(folded) != len(text):
        return
    for match in _HOLDER.finditer(folded):
        yield from _full_name(text[match.end() : match.end() + 60], caps=False)
    for match in _AFTER_ACCOUNT.finditer(folded):
        yield from _full_name(text[match.end() : match.end() + 60], caps=True)


def _full_name(rest: str, *, caps: bool) -> Iterator[str]:
    name: list[str] = []
    for word in rest.split()[:_MOST_OF_NAME]:
        bare = word.strip("().,;:\"'“”")
        if not bare.isalpha() or not (bare.isupper() if caps else bare[:1].isupper()) or len(bare) < _LEAST:
            break
        name.append(bare)
        if bare != word.lstrip("(\"'“"):
            break
    if len(name) >= _LEAST:
        yield " ".join(name)
