"""Plates of cars and motorcycles, at home and abroad, and registrations of boats. Words: content/interview/traces.yml. Pure; linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.text import fold
from bot.phrases.books import book
from bot.phrases.numbers import DIGITS

_BOOK = book("interview/traces")
# A province, a series, four or five digits (Circular 79/2024/TT-BCA): "51F-123.45", "51F12345", "29-A1 123.45", "29MĐ1-123.45".
_PLATE = re.compile(
    r"(?<![\w.])(?P<province>1[1-9]|[2-9]\d)\s?-?\s?(?P<series>[A-Z]{1,2}Đ?\d?)(?P<gap>\s?[-.\u00b7 ]?\s?)"
    r"(?P<number>\d{3}\s?[.\-]?\s?\d{2}|\d{3} \d{2}|\d{4})(?!\w)"
)
# Of embassies and organisations, and of the forces: two letters, four digits.
_DIPLOMATIC = re.compile(r"(?<!\w)\d{2}\s?-?\s?(?:NG|NN|QT|CV)\s?-?\s?\d{3}\s?[-.]?\s?\d{2}(?!\w)")
_MILITARY = re.compile(r"(?<!\w)[A-Z]{2}\s?-?\s?\d{2}[-.]\d{2}(?!\w)")
# Cambodia "2AB-1234"; China by its province's sign.
_CAMBODIAN = re.compile(r"(?<!\w)\d[A-Z]{1,2}[- ]?\d{4}(?!\w)")
_CHINESE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][\u00b7. ]?[A-Z0-9]{5,6}(?![A-Za-z0-9])"
)
_CUE = _BOOK.words("plate_cue")
_BEFORE, _CLOSE = 40, 25  # characters in which a vehicle or a plate is named
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
# "biển số năm mốt ép một hai ba bốn năm"
_LETTERS = dict(entry.rsplit(" ", 1) for entry in _BOOK.entries("letter_names"))
_SPOKEN = re.compile(
    rf"\b{_BOOK.part('plate_said')}\W{{1,3}}(?:la )?"
    rf"(?P<said>(?:(?:{'|'.join(sorted({*DIGITS, *_LETTERS, 'muoi'}, key=len, reverse=True))}|\d)(?:[ ,.-]{{1,2}}|\b)){{6,14}})"
)
_WHOLE = re.compile(r"\d{2}[A-Z]\d?\d{4,5}")


def vehicles(text: str, folded: str) -> tuple[str, ...]:
    """Plates and registrations, in the writer's spelling (plates in capitals)."""
    found = [*_plates(text, folded), *(m.group() for m in _BOAT_TS.finditer(text))]
    if _OF_BOATS.search(folded):
        found += [m.group() for m in _BOAT.finditer(text) if not any(m.group() in known for known in found)]
    found = found or list(_spoken(folded)) or [m.group().strip() for m in _HALF_PLATE.finditer(text[:2_000])]
    return tuple(dict.fromkeys(found))


def _plates(text: str, folded: str) -> Iterator[str]:
    upper = text.upper()
    if len(upper) != len(text):  # a few foreign letters have longer capitals
        upper = "".join(c.upper() if len(c.upper()) == 1 else c for c in text)
    before = folded if len(folded) == len(text) else fold(text)[: len(text)]
    for match in _PLATE.finditer(upper):
        if _sure(match, text) or _CUE.search(before[max(0, match.start() - _BEFORE) : match.start()]):
            yield match.group()
    yield from (m.group() for m in _DIPLOMATIC.finditer(text))
    yield from (m.group() for m in _CHINESE.finditer(text))
    for pattern in (_MILITARY, _CAMBODIAN):
        for match in pattern.finditer(text):
            if _CUE.search(before[max(0, match.start() - _CLOSE) : match.start()]):
                yield match.group()


def _sure(match: re.Match[str], text: str) -> bool:
    """Whether it is a plate with no word for one before it: "30k 2025" and "12B 1205" are none."""
    capitals = text[slice(*match.span("series"))].isupper()
    gap = match["gap"].strip()
    if gap:
        return True
    told = match["series"][-1].isdigit() or len(re.sub(r"\D", "", match["number"])) > 4
    return capitals and told


def _spoken(folded: str) -> Iterator[str]:
    for match in _SPOKEN.finditer(folded):
        words = re.findall(r"\w+", match["said"])
        read = []
        for number, word in enumerate(words):
            if word == "muoi":  # "hai mươi chín", "mười lăm"
                read.append("" if number else "1")
            else:
                read.append(DIGITS.get(word) or _LETTERS.get(word, word).upper())
        if whole := _WHOLE.match("".join(read)):
            yield whole.group()
