"""The reporter's own number among the words of a tip: it is contact, sealed apart, and no trace of anybody else.

"Liên lạc với tôi qua 0912…", "số em 0912…", "em tên Hoa, sđt 0912…" are the reporter's. "Nó gọi em bằng số 0912…",
"số của em gái tôi 0912…" are not. The words are content/interview/own_number.yml. Pure; Python 3.10-compatible; linear time.
"""

from __future__ import annotations

import re

from bot.core.disguise import see
from bot.core.text import fold
from bot.phrases.books import book

_GAP = r"[ .\-·•‧∙_()]{0,3}"  # between the digits of a number
_DATE = r"(?!\d{1,2}[ .\-]\d{1,2}[ .\-](?:19|20)\d\d(?!\d))"
# From abroad with its country; from here ten digits, with gaps or without; nine to eleven in one piece.
PHONE = re.compile(
    rf"(?<![\d.])(?:(?:\+{_GAP}|00 ?)[1-9](?:{_GAP}\d){{6,13}}|\(?\+?84\)?{_GAP}[1-9](?:{_GAP}\d){{8}}|0\d{{8,10}}"
    rf"|{_DATE}0{_GAP}[35789](?:{_GAP}\d){{8}}|{_DATE}0{_GAP}[1246](?:{_GAP}\d){{8,9}})(?!\d)"
)
LINK = re.compile(
    r"(?i)\b(?:https?://|www\.|(?:t\.me|zalo\.me|fb\.com|facebook\.com|m\.me|tiktok\.com|wa\.me)/)[^\s<>\"]{2,200}"
)
HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z][\w.]{3,31}")
_MAIL = re.compile(r"[\w.+\-]{1,60}@[\w\-]{1,60}(?:\.[\w\-]{1,20}){1,3}")
HIDDEN = "…"

_BOOK = book("interview/own_number")
# What leads up to the reporter's own number; searched in the folded words of the same sentence before the number.
_OWN = _BOOK.anywhere("own")
# Somebody else is the one who calls or owns it.
_OTHERS = _BOOK.words("others")
_OFFICERS = _BOOK.words("officers")
_SENTENCE = re.compile(r"[.!?\n;]\s|\n|[!?;]")
_ELDERS = frozenset(_BOOK.entries("elders"))  # words that stand before names too
_WINDOW = 90  # characters before a number in which its owner is named
# What is said of a number right after it.
_AFTER_MINE = _BOOK.anywhere("after_mine")
_AFTER_THEIRS = _BOOK.anywhere("after_theirs")
_NOT_MINE = _BOOK.anywhere("not_mine")
_NOT_THEIRS = _BOOK.anywhere("not_theirs")
# And right before it.
_THEIRS = _BOOK.anywhere("theirs")
_SURELY_THEIRS = _BOOK.anywhere("surely_theirs")
_OWN_REFUSED = _BOOK.anywhere("refused")
_AM = _BOOK.anywhere("introduced")
MINE, THEIRS, UNCLEAR = "mine", "theirs", ""
_INTRODUCED = re.compile(
    rf"\b{_BOOK.part('my_name')} ([^\W\d_]+(?: [^\W\d_]+){{0,3}}?)(?:\W{{1,4}}"
    rf"|\W{{0,2}}\b{_BOOK.part('is_number')}\W{{0,4}}(?:{_BOOK.part('being')} )?)+$"
)
# Two numbers of one owner, and where the words turn to the next one.
_JOINED = re.compile(rf"\s*(?:,|{_BOOK.part('and_number')}|/|-)?\s*(?:{_BOOK.part('called_number')})?\s*")
_NEXT_ONE = re.compile(rf",|\b{_BOOK.part('next_one')}\b")
_POINTED, _OF, _THAT_IS_MINE = _BOOK.words("pointed_number"), _BOOK.words("of"), _BOOK.begun("that_is_mine")


def find(text: str) -> tuple[tuple[int, int], ...]:
    """Where the reporter's own numbers, addresses and handles stand in `text`: (start, end), in order."""
    return tuple((start, end) for start, end, whose in owners(text) if whose == MINE)


def owners(text: str) -> tuple[tuple[int, int, str], ...]:
    """Each number, address and handle in `text`, in order, and whose it is said to be: MINE, THEIRS or UNCLEAR.

    Read as the eye reads it ("O9l2 34S 678"); the places are those in `text` as it was written.
    """
    seen = see(text)
    return tuple((*seen.span(start, end), whose) for start, end, whose in _owners(seen.text))


def _owners(text: str) -> tuple[tuple[int, int, str], ...]:
    found: list[tuple[int, int, str]] = []
    candidates = sorted({m.span() for pattern in (PHONE, _MAIL, LINK, HANDLE) for m in pattern.finditer(text)})
    if not candidates:
        return ()
    folded = fold(text)
    same = len(folded) == len(text)  # on text that was cleaned, always
    before = 0
    for start, end in candidates:
        if start < before:
            continue
        # A number right after an own one ("0912… hoặc 0987…") has the same owner.
        lead = folded[max(0, start - _WINDOW, before) : start] if same else ""
        cut = [m.end() for m in _SENTENCE.finditer(lead)]
        clause = lead[cut[-1] :] if cut else lead
        joined = bool(found) and found[-1][1] == before and _JOINED.fullmatch(clause) is not None
        whose = found[-1][2] if joined else _whose(clause, text[start - len(clause) : start], _said_after(folded[end:]))
        name = _INTRODUCED.search(clause) if whose == MINE else None
        found.append((start - len(clause) + name.start(1) if name else start, end, whose))
        before = end
    return tuple(found)


def _said_after(rest: str) -> str:
    """Whose a number is by the words after it, up to the next number."""
    after = re.split(r"[.!?\n;]", rest[:_WINDOW], maxsplit=1)[0]
    following = re.search(rf"\d{{6}}|{HIDDEN}", after)
    if following:  # "…, con 0901… la cua Tuan": what begins a clause there is said of the next one
        after = _NEXT_ONE.split(after[: following.start()], maxsplit=1)[0]
    if _NOT_MINE.search(after):
        return THEIRS
    if _NOT_THEIRS.search(after) or _AFTER_MINE.search(after):
        return MINE
    return THEIRS if _AFTER_THEIRS.search(after) else UNCLEAR


def _whose(clause: str, written: str, after: str) -> str:
    if after:
        return after
    theirs = _THEIRS.search(clause)
    if _is_own(clause, written, theirs.start() if theirs else -1):
        return MINE
    return THEIRS if theirs else UNCLEAR


def _is_own(clause: str, written: str, theirs: int) -> bool:
    """clause: the folded words before a number in the same sentence, `written` the same as written; theirs: where words
    begin that say it is somebody else's, or -1."""
    leads = list(_OWN.finditer(clause))
    found = leads[-1] if leads else _AM.search(clause)
    if found is None or found.end() <= theirs:
        return False
    if theirs >= 0 and found.start() <= theirs:
        return False
    between = clause[found.end() :]
    if re.match(r"\s+[^\W\d_a-zà-ỹ]", written[found.end() :]) and found.group().split()[-1] in _ELDERS:
        return False  # "số em Lan": hers
    if len(between.split()) > 8 or _OTHERS.search(between):
        return False
    return not _OTHERS.search(clause[: found.start()].rsplit(",", 1)[-1]) or bool(
        _OFFICERS.search(clause[: found.start()])
    )


def split(text: str) -> tuple[str, str]:
    """(`text` with the reporter's own contact left out, the contact with the name beside it or '')."""
    spans = find(text)
    if not spans:
        return text, ""
    kept, own, at = [], [], 0
    for start, end in spans:
        kept += [text[at:start], HIDDEN]
        own.append(text[start:end].strip())
        at = end
    return "".join([*kept, text[at:]]), "; ".join(dict.fromkeys(own))


def sort_at_contact(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is written where the reporter's own number is asked for: (their own, somebody else's).

    "Số của bà là…" is an old woman's own there, unless she says that hers is not to be had.
    """
    found, folded = owners(text), fold(text)
    refused = bool(_OWN_REFUSED.search(folded))
    mine: list[str] = []
    theirs: list[str] = []
    for start, end, whose in found:
        said = text[start:end].strip()
        lead = folded[max(0, start - _WINDOW) : start]
        other = whose == THEIRS and (
            len(found) > 1 or _SURELY_THEIRS.search(lead) or _said_after(folded[end:]) == THEIRS
        )
        (theirs if other or (refused and whose != MINE) else mine).append(said)
    return tuple(mine), tuple(theirs)


def refuses_own(text: str) -> bool:
    """ "số tôi không cho", "số em thì thôi"."""
    return bool(_OWN_REFUSED.search(fold(text)))


def pointed(text: str) -> str:
    """Whose "this number" is, said without writing it again: MINE, THEIRS or UNCLEAR."""
    folded = fold(text)
    if PHONE.search(text) or not _POINTED.search(folded):
        return UNCLEAR
    if _NOT_MINE.search(folded):
        return THEIRS
    if _OF.search(folded) and _NOT_THEIRS.search(folded):
        return MINE
    return MINE if _THAT_IS_MINE.search(folded) else UNCLEAR
