"""Which signs stand in an offer, by the patterns of content/offers, in the person's own words.

Words are read as the eye reads them (bot.core.disguise), and hiding them is a sign of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.disguise import Seen, see
from bot.core.offers.pay import highest_pay
from bot.core.offers.reading import PAUSE, STOP, Words, read
from bot.core.offers.signals import Signal, SignalBook
from bot.core.text import nfc

MAX_QUOTE = 120
MAX_TRIES = 20  # occurrences of one pattern looked at before giving up on an un-negated one
_NEGATORS: dict[str, str] = {
    "khong": "",
    "chua": "chưa",
    "chang": "chẳng",
    "cam": "cấm",
    "dung": "đừng",
    "mien": "miễn",
}
_NEGATORS.update({"never": "", "not": "", "without": ""})
_NOT_A_NEGATION_AFTER = frozenset({"tuyen", "su", "ung", "xay", "ap", "vat", "noi"})  # tuyển dụng, sử dụng...
_NEGATION_REACH = 3
_DISGUISED = "disguised_words"  # the sign that is seen in the letters, not in the words
_UNDO = frozenset({"khong", "khoi", "chua"})  # "không hợp đồng", "khỏi bảo hiểm"


@dataclass(frozen=True)
class Flag:
    """A sign found. quote: the person's own words, as written. weight: its points."""

    signal: Signal
    quote: str
    weight: float


@dataclass(frozen=True)
class Page:
    """A text as it is read. text: without disguise; the spans of `words` are places in it. original: as it was written."""

    original: str
    seen: Seen
    words: Words

    @property
    def text(self) -> str:
        return self.seen.text

    def quote(self, first: int, last: int) -> str:
        """The words from `first` to `last` as they were written."""
        start, end = self.seen.span(self.words.spans[first][0], self.words.spans[last][1])
        return _short(self.original[start:end])


def page_of(text: str) -> Page:
    """Read a text once, for everything that looks at it."""
    seen = see(text)
    return Page(text, seen, read(seen.text))


def signs(page: Page, book: SignalBook) -> list[Flag]:
    """The signs found, worst first."""
    flags = [flag for signal in book.signals if (flag := _found(signal, page)) is not None]
    return sorted(flags, key=lambda flag: -flag.weight)


def assured(page: Page, book: SignalBook) -> frozenset[str]:
    """Ids of what an honest employer shows."""
    return frozenset(r.id for r in book.reassurances if _assured(r.patterns, page.words))


def says(patterns: tuple[re.Pattern[str], ...], words: Words) -> bool:
    return any(pattern.search(words.joined) for pattern in patterns)


def _assured(patterns: tuple[re.Pattern[str], ...], words: Words) -> bool:
    """Whether a reassuring word stands there without "không" or "khỏi" right before it."""
    for pattern in patterns:
        for match in pattern.finditer(words.joined):
            first, _ = words.word_range(match.start(), match.end())
            if not first or words.words[first - 1] not in _UNDO:
                return True
    return False


def _found(signal: Signal, page: Page) -> Flag | None:
    if signal.id != _DISGUISED:
        return _find(signal, page)
    trick = page.seen.trick
    return Flag(signal, _short(page.original[trick[0] : trick[1]]), signal.weight) if trick else None


def _find(signal: Signal, page: Page) -> Flag | None:
    if signal.steps:
        paid = _pay_flag(signal, page)
        if paid is not None:
            return paid
    rows = (
        (signal.exact, signal.weight, True),
        (signal.strong, signal.weight, False),
        (signal.weak, signal.weak_weight, False),
    )
    for patterns, weight, exact in rows:
        for pattern in patterns:
            place = _first(signal, pattern, page, exact)
            if place is not None:
                return Flag(signal, page.quote(*place), weight)
    return None


def _pay_flag(signal: Signal, page: Page) -> Flag | None:
    pay = highest_pay(page.words, page.text)
    if pay is None:
        return None
    points = max((points for million, points in signal.steps if pay.million >= million), default=0.0)
    return Flag(signal, page.quote(pay.first, pay.last), points) if points else None


def _first(signal: Signal, pattern: re.Pattern[str], page: Page, exact: bool) -> tuple[int, int] | None:
    words, text = page.words, page.text
    for tried, match in enumerate(pattern.finditer(words.joined)):
        if tried >= MAX_TRIES:
            return None
        first, last = words.word_range(match.start(), match.end())
        if signal.negatable and _negated(signal, words, text, first):
            continue
        if signal.spelled and not _spelled(signal, words, text, first, last, exact):
            continue
        return first, last
    return None


def _negated(signal: Signal, words: Words, text: str, first: int) -> bool:
    if first and words.words[first - 1] in signal.cancelled_by:
        return True
    for i in range(first - 1, max(-1, first - 1 - _NEGATION_REACH), -1):
        word = words.words[i]
        if word in (STOP, PAUSE):
            return False
        if word not in _NEGATORS:
            continue
        start, end = words.spans[i]
        written, spelling = text[start:end].lower(), _NEGATORS[word]
        if spelling and not written.isascii() and written != spelling:
            continue  # "dụng" and "đừng" fold to the same letters
        if word == "dung" and i and words.words[i - 1] in _NOT_A_NEGATION_AFTER:
            continue
        return True
    return False


def _spelled(signal: Signal, words: Words, text: str, first: int, last: int, exact: bool) -> bool:
    """Without this, "bản thân" (myself) would read as "bán thận" (sell a kidney)."""
    for i in range(first, last + 1):
        allowed = signal.spelled.get(words.words[i])
        if allowed is None:
            continue
        start, end = words.spans[i]
        written = nfc(text[start:end]).lower()
        if written not in allowed and (exact or not written.isascii()):
            return False
    return True


def _short(words: str) -> str:
    quote = " ".join(words.split())
    return quote if len(quote) <= MAX_QUOTE else quote[: MAX_QUOTE - 1].rstrip() + "…"
