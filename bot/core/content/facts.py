"""Numbers, laws and figures that people read, each in one place, and what a text must not say by hand.

A text names them by placeholder: `{fact:housing_days}`, `{hotline:police}`, and `{dial:consular}` where a number has no spaces. What
stands for them is filled in when the text is read. Pure; linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

UNVERIFIED = "unverified"
STATISTICS = frozenset({"share", "count"})
PLACEHOLDER = re.compile(r"\{(fact|hotline|dial):([a-z0-9_]+)\}")

_NUMBER = re.compile(r"(?<![\w.,/%])\+?\d[\d .]*\d(?![\w/%])")
_QUOTED = re.compile('“[^”]*”|"[^"]*"')  # what somebody else says is quoted as it was said
_N = r"(?<![\w.,/])\d{1,4}(?:[.,]\d+)*"
_UNITS = "năm|tháng|ngày|triệu|tỉ|tỷ|đồng|vụ|nạn nhân|bé|ca ghép|years?|months?|days?|million|billion|dong|cases|victims|babies|transplants"
_FIGURES = re.compile(
    rf"\d ?%|{_N} ?(?:phần trăm|percent)\b|(?<!ngày ){_N} (?:{_UNITS})\b|{_N} (?:đến|to) {_N} (?:{_UNITS})\b"
    r"|\b\d+/(?:\d{4}/)?(?:QH|NĐ|ND|QĐ|QD|TT)\w*|\b(?:Điều|Articles?) \d+|\b(?:Nghị định|Decree) \d+/\d+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fact:
    """A number, law or figure. value, value_en: as written in a Vietnamese and in an English text.

    kind: share | count | money | term | law | number. base, period: of what and when it was counted. told_with: words one of which must
    stand in the same text, so that the figure is not told without its base. words: what an unverified fact would be told in.
    """

    id: str
    kind: str
    value: str
    value_en: str
    status: str
    told_with: tuple[tuple[str, ...], ...] = ()
    words: tuple[str, ...] = ()
    check_again: date = date.max


@dataclass(frozen=True)
class FactBook:
    """All facts by id, and the numbers of the hotlines by id: as read, and as dialled."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    hotlines: Mapping[str, str] = field(default_factory=dict)
    dials: Mapping[str, str] = field(default_factory=dict)

    def fill(self, text: str, language: str) -> str:
        """`text` with every placeholder that may be told filled in; one that may not stays and is named by `unfilled`."""
        return PLACEHOLDER.sub(lambda found: self._value(found[1], found[2], language) or found[0], text)

    def _value(self, kind: str, name: str, language: str) -> str:
        if kind != "fact":
            return (self.hotlines if kind == "hotline" else self.dials).get(name, "")
        fact = self.facts.get(name)
        if fact is None or fact.status == UNVERIFIED:
            return ""
        return fact.value_en if language == "en" else fact.value

    def hotline_of(self, written: str, digits: str) -> str:
        """The placeholder of the hotline with these digits, so that it is read as it was written; "" when there is none."""
        name = next((name for name, number in self.dials.items() if number == digits), "")
        return f"{{{'hotline' if written == self.hotlines[name] else 'dial'}:{name}}}" if name else ""

    def unfilled(self, text: str) -> Iterator[str]:
        """Why a placeholder cannot be filled, for each that cannot."""
        for kind, name in PLACEHOLDER.findall(text):
            if self._value(kind, name, "vi"):
                continue
            if kind != "fact":
                yield f"{{{kind}:{name}}}: no such hotline; take an id of hotlines.yml"
            elif name in self.facts:
                yield f"{{fact:{name}}}: unverified in facts.yml; leave it out, or find a source and set its status"
            else:
                yield f"{{fact:{name}}}: no such fact; give it a row in facts.yml"


def phone_numbers(text: str) -> Iterator[str]:
    """Digits (with a leading +) of everything in the text that a reader would take for a telephone number."""
    yield from (digits for digits, _ in _phones(text))


def _phones(text: str) -> Iterator[tuple[str, str]]:
    for match in _NUMBER.finditer(text):
        digits = re.sub(r"[ .]", "", match[0])
        short = re.fullmatch(r"11\d", digits)
        long_one = re.fullmatch(r"\+\d{8,14}|0\d{8,11}|1[89]00\d{4,8}", digits)
        if short or long_one:
            yield digits, match[0]


def hotlines_by_hand(text: str, book: FactBook) -> Iterator[tuple[str, str]]:
    """(as written, its placeholder) of every hotline written out in a text before it is filled."""
    for digits, written in _phones(text):
        if placeholder := book.hotline_of(written, digits):
            yield written, placeholder


def figures_by_hand(text: str) -> Iterator[str]:
    """Percentages, sums, terms, counts and laws written out, outside quotation marks, in a text before it is filled."""
    yield from (found[0] for found in _FIGURES.finditer(_QUOTED.sub("", PLACEHOLDER.sub("", text))))


def told_alone(text: str, book: FactBook) -> Iterator[tuple[str, str]]:
    """(where, what to do) for figures told without the words that give their base and time, and for unverified facts told."""
    filled = book.fill(text, "vi").lower()
    for kind, name in PLACEHOLDER.findall(text):
        fact = book.facts.get(name) if kind == "fact" else None
        for words in fact.told_with if fact else ():
            if not any(word.lower() in filled for word in words):
                where = f"{{fact:{name}}}"
                yield (
                    where,
                    f"{where} is told without its base or time: one of {', '.join(words)} must stand in the same text",
                )
    for fact in book.facts.values():
        for said in fact.words if fact.status == UNVERIFIED else ():
            if said.lower() in filled:
                yield said, f"{said!r} tells the unverified fact {fact.id}; leave it out, or say whom to ask"
