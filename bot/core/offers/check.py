"""The check itself: which signs an offer shows, in whose words, and how worrying that is together.

The risk is high, medium, low or unknown. It is never "safe": an honest-looking text proves nothing. "low" takes what an
honest employer shows (a contract, a licence, insurance, no fees) and next to no bad sign; a text that merely shows no bad
sign is unknown. Words are read as the eye reads them (bot.core.disguise), and hiding them is a sign of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.disguise import Seen, see
from bot.core.offers.pay import highest_pay
from bot.core.offers.reading import PAUSE, STOP, Words, read
from bot.core.offers.signals import Signal, SignalBook
from bot.core.text import nfc

MAX_CHARS = 10_000  # longer texts are read to here
MAX_QUOTE = 120
MIN_WORDS = 8  # an offer shorter than this says too little to call anything but unknown
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
_SAFEGUARDS = frozenset({"contract", "licence", "insurance"})  # ids in content/offers/scoring.yml
_LESSER_PROOF = frozenset({"no_fee", "address", "interview", "benefits"})  # two of them prove what one safeguard does
_LITTLE = 2.0  # points of bad signs that a proof of honesty outweighs
_DISGUISED = "disguised_words"  # the sign that is seen in the letters, not in the words
_AUTHORITY = "fake_authority"  # speaks of crimes and courts as a warning does
_PLACES = frozenset({"risk_place", "going_abroad", "over_there"})  # alone they say where, not that anything is offered
_PUBLIC_NUMBER = re.compile(r"(?<![^ ])(?:11[1-5]|1[89]00\d*)(?: \d+)?(?![^ ])")
_UNDO = frozenset({"khong", "khoi", "chua"})  # "không hợp đồng", "khỏi bảo hiểm"


@dataclass(frozen=True)
class Flag:
    """A sign found. quote: the person's own words, as written. weight: its points."""

    signal: Signal
    quote: str
    weight: float


@dataclass(frozen=True)
class Verdict:
    """risk: high | medium | low | unknown. flags: worst first. general: questions worth asking about any offer.

    kind: "offer"; "warning" for a warning, a news report or a law about such offers; "nothing" when no offer is seen.
    """

    risk: str
    flags: tuple[Flag, ...]
    score: float
    general: Mapping[str, Sequence[str]] = field(default_factory=dict)
    kind: str = "offer"

    def questions(self, language: str, limit: int = 3) -> tuple[str, ...]:
        """Two or three questions to put to the recruiter: from the worst signs first, filled up with general ones."""
        rows = [flag.signal.questions.get(language, ()) for flag in self.flags]
        found = [row[depth] for depth in range(max(map(len, rows), default=0)) for row in rows if depth < len(row)]
        if len(set(found)) < 2:
            found.extend(self.general.get(language, ()))
        return tuple(dict.fromkeys(found))[:limit]


@dataclass(frozen=True)
class _Page:
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


def check_offer(text: str, book: SignalBook) -> Verdict:
    """Read an advert or a description of an offer. Any string is fine; nothing of it is kept."""
    text = text[:MAX_CHARS]
    seen = see(text)
    page = _Page(text, seen, read(seen.text))
    flags = [flag for signal in book.signals if (flag := _found(signal, page)) is not None]
    flags.sort(key=lambda flag: -flag.weight)
    if _is_warning(flags, page, book):
        return Verdict("unknown", (), 0.0, book.general_questions, "warning")
    grave = any(flag.signal.grave and flag.weight >= flag.signal.weight for flag in flags)
    if not grave and not _says_enough(flags, page.words, book):
        return Verdict("unknown", tuple(flags), 0.0, book.general_questions, "nothing")
    found = frozenset(r.id for r in book.reassurances if _assured(r.patterns, page.words))
    score = _score(flags, found, book)
    risk = "high" if grave or score >= book.high else "medium" if score >= book.medium else _calm(flags, found)
    return Verdict(risk, tuple(flags), round(score, 2), book.general_questions)


def _found(signal: Signal, page: _Page) -> Flag | None:
    if signal.id != _DISGUISED:
        return _find(signal, page)
    trick = page.seen.trick
    return Flag(signal, _short(page.original[trick[0] : trick[1]]), signal.weight) if trick else None


def _is_warning(flags: list[Flag], page: _Page, book: SignalBook) -> bool:
    """Whether the text speaks about such offers (a warning, the news, a law) and makes none itself.

    Nobody who asks "is this a trick?" and nobody who wants to be written to counts: criminals quote warnings too.
    """
    if "?" in page.text or any(flag.signal.id in (_AUTHORITY, _DISGUISED) for flag in flags):
        return False
    if not _any(book.warnings, page.words):
        return False
    others = _PUBLIC_NUMBER.sub("", page.words.joined)  # "gọi 113" is what a warning says
    return not any(pattern.search(others) for pattern in book.recruiting)


def _says_enough(flags: list[Flag], words: Words, book: SignalBook) -> bool:
    """Whether there is an offer to judge: a sign that is not just a subject, several signs, or an advert's words."""
    if _any(book.cues, words):
        return bool(flags) or len(words.words) >= MIN_WORDS
    if any(flag.weight >= book.medium and flag.signal.id not in _PLACES for flag in flags):
        return True
    return len(flags) > 1 or any(not flag.signal.topical and flag.weight >= 1 for flag in flags)


def _calm(flags: list[Flag], found: frozenset[str]) -> str:
    """ "low" where honesty is shown and hardly anything speaks against it; otherwise nobody knows."""
    shown = bool(found & _SAFEGUARDS) or len(found & _LESSER_PROOF) > 1
    return "low" if shown and sum(flag.weight for flag in flags) <= _LITTLE else "unknown"


def _score(flags: list[Flag], found: frozenset[str], book: SignalBook) -> float:
    present = {flag.signal.id for flag in flags}
    assured = bool(found & _SAFEGUARDS)
    score = sum(flag.weight for flag in flags)
    for combination in book.combinations:
        if all(group & present for group in combination.groups) and not (combination.unless_assured and assured):
            score += combination.weight
    return score - min(sum(r.weight for r in book.reassurances if r.id in found), book.max_relief)


def _any(patterns: tuple[re.Pattern[str], ...], words: Words) -> bool:
    return any(pattern.search(words.joined) for pattern in patterns)


def _assured(patterns: tuple[re.Pattern[str], ...], words: Words) -> bool:
    """Whether a reassuring word stands there without "không" or "khỏi" right before it."""
    for pattern in patterns:
        for match in pattern.finditer(words.joined):
            first, _ = words.word_range(match.start(), match.end())
            if not first or words.words[first - 1] not in _UNDO:
                return True
    return False


def _find(signal: Signal, page: _Page) -> Flag | None:
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


def _pay_flag(signal: Signal, page: _Page) -> Flag | None:
    pay = highest_pay(page.words, page.text)
    if pay is None:
        return None
    points = max((points for million, points in signal.steps if pay.million >= million), default=0.0)
    return Flag(signal, page.quote(pay.first, pay.last), points) if points else None


def _first(signal: Signal, pattern: re.Pattern[str], page: _Page, exact: bool) -> tuple[int, int] | None:
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
