"""The check itself: which signs an offer shows, in whose words, and how worrying that is together.

The risk is high, medium, low or unknown. It is never "safe": an honest-looking text proves nothing. "low" takes what an
honest employer shows (a contract, a licence, insurance, no fees), next to no bad sign and the lowest band of the learned model;
a text that merely shows no bad sign is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.offers.found import Flag, Page, assured, page_of, says, signs
from bot.core.offers.model import Learned
from bot.core.offers.reading import Words
from bot.core.offers.signals import SignalBook
from bot.core.offers.trace import Trace, joined
from bot.core.offers.wording import clauses

MAX_CHARS = 10_000  # longer texts are read to here
MIN_WORDS = 8  # an offer shorter than this says too little to call anything but unknown
FEWEST_WORDS = 5  # different words that the learned model needs
_SAFEGUARDS = frozenset({"contract", "licence", "insurance"})  # ids in content/offers/scoring.yml
_LESSER_PROOF = frozenset({"no_fee", "address", "interview", "benefits"})  # two of them prove what one safeguard does
_LITTLE = 2.0  # points of bad signs that a proof of honesty outweighs
_DISGUISED = "disguised_words"  # the sign that is seen in the letters, not in the words
_AUTHORITY = "fake_authority"  # speaks of crimes and courts as a warning does
_PLACES = frozenset({"risk_place", "going_abroad", "over_there"})  # alone they say where, not that anything is offered
_IMPOSTOR = re.compile(r"(?<![^ ])(?:gia danh|mao danh|gia mao|tu xung)(?![^ ])")
_PUBLIC_NUMBER = re.compile(r"(?<![^ ])(?:11[1-5]|1[89]00\d*)(?: \d+)?(?![^ ])")
_WORDING = "familiar_wording"  # the sign for words that only the learned model knows
_OFFERED = 0.5  # probability of an offer or of one told, from which a text is one
MAX_PIECES = 4  # earlier pieces that count with the one at hand


@dataclass(frozen=True)
class Verdict:
    """risk: high | medium | low | unknown. flags: worst first. general: questions worth asking about any offer.

    kind: "offer"; "warning" for a warning, a news report or a law about such offers; "nothing" when no offer is seen. trace: what may
    count when more of the same offer is pasted; without any words of it.
    """

    risk: str
    flags: tuple[Flag, ...]
    score: float
    general: Mapping[str, Sequence[str]] = field(default_factory=dict)
    kind: str = "offer"
    trace: Trace | None = None

    def questions(self, language: str, limit: int = 3) -> tuple[str, ...]:
        """Two or three questions to put to the recruiter: from the worst signs first, filled up with general ones."""
        rows = [flag.signal.questions.get(language, ()) for flag in self.flags]
        found = [row[depth] for depth in range(max(map(len, rows), default=0)) for row in rows if depth < len(row)]
        if len(set(found)) < 2:
            found.extend(self.general.get(language, ()))
        return tuple(dict.fromkeys(found))[:limit]


@dataclass(frozen=True)
class Rules:
    """What the patterns make of a text. flags: worst first. assured: ids of what an honest employer shows. grave: one sign is
    enough for "high"."""

    flags: tuple[Flag, ...]
    assured: frozenset[str]
    score: float
    grave: bool


def read_rules(page: Page, book: SignalBook) -> Rules:
    """Ask the patterns alone."""
    flags = signs(page, book)
    grave = any(flag.signal.grave and flag.weight >= flag.signal.weight for flag in flags)
    found = assured(page, book)
    return Rules(tuple(flags), found, _score({flag.signal.id: flag.weight for flag in flags}, found, book), grave)


def check_offer(text: str, book: SignalBook, before: Sequence[Trace] = ()) -> Verdict:
    """Read an advert or a description of an offer. Any string is fine; nothing of it is kept.

    before: what earlier pieces of the same offer left, oldest first; their signs count with those of this one.
    """
    page = page_of(text[:MAX_CHARS])
    rules = read_rules(page, book)
    learned = book.model.read(clauses(page.words) if _speaks(page.words) else ())
    if _is_warning(rules, learned, page, book):
        return Verdict("unknown", (), 0.0, book.general_questions, "warning")
    trace = joined((*before[-MAX_PIECES:], trace_of(rules, learned)))
    score = _score(trace.signs, trace.assured, book)
    risk = book.model.risk(trace.evidence(score))
    if not trace.grave and _is_nothing(rules, learned, risk, page.words, book):
        return Verdict("unknown", rules.flags, 0.0, book.general_questions, "nothing", trace)
    word = _risk(trace, score, risk, book)
    flags = _shown(rules, learned, word, page, book)
    return Verdict(word, flags, round(score, 2), book.general_questions, "offer", trace)


def trace_of(rules: Rules, learned: Learned) -> Trace:
    """What this text leaves for the next piece of the same offer."""
    likely = max((p for _, p, _ in learned.signals), default=0.0)
    weights = {flag.signal.id: flag.weight for flag in rules.flags}
    return Trace(weights, rules.assured, learned.wording, likely, rules.grave)


def _risk(trace: Trace, score: float, risk: float, book: SignalBook) -> str:
    """The word of the verdict. "low" takes what an honest employer shows, hardly a bad sign, and the model's lowest band."""
    model = book.model
    if trace.grave or risk >= model.high or (score >= book.high and risk >= model.medium):
        return "high"
    if risk >= model.medium or score >= book.medium:
        return "medium"
    shown = bool(trace.assured & _SAFEGUARDS) or len(trace.assured & _LESSER_PROOF) > 1
    return "low" if shown and sum(trace.signs.values()) <= _LITTLE and risk < model.low else "unknown"


def _shown(rules: Rules, learned: Learned, word: str, page: Page, book: SignalBook) -> tuple[Flag, ...]:
    """The signs to show: those of the rules, those the model is sure of in a clause, or at least the clause that weighs most."""
    flags = list(rules.flags)
    if word not in ("high", "medium"):
        return rules.flags
    known = {signal.id: signal for signal in book.signals}
    bars = dict(zip(book.model.signals, book.model.bars, strict=True))
    for sign, p, clause in sorted(learned.signals, key=lambda found: -found[1]):
        if p >= bars[sign] and sign in known and all(flag.signal.id != sign for flag in flags):
            flags.append(Flag(known[sign], page.quote(clause.first, clause.last), known[sign].weak_weight))
    if not flags and learned.heaviest is not None:
        flags.append(
            Flag(known[_WORDING], page.quote(learned.heaviest.first, learned.heaviest.last), known[_WORDING].weight)
        )
    return tuple(sorted(flags, key=lambda flag: -flag.weight))


def _is_warning(rules: Rules, learned: Learned, page: Page, book: SignalBook) -> bool:
    """Whether the text speaks about such offers (a warning, the news, a law) and makes none itself.

    Nobody who asks "is this a trick?" and nobody who wants to be written to counts: criminals quote warnings too.
    """
    present = {flag.signal.id for flag in rules.flags}
    posed = _AUTHORITY in present and not _IMPOSTOR.search(page.words.joined)
    if "?" in page.text or posed or _DISGUISED in present:
        return False
    if not says(book.warnings, page.words) and learned.frames["warning"] < book.model.warning:
        return False
    others = _PUBLIC_NUMBER.sub("", page.words.joined)  # "gọi 113" is what a warning says
    return not any(pattern.search(others) for pattern in book.recruiting)


def _speaks(words: Words) -> bool:
    """Whether there are enough different words for the learned model, which would make much of a single one."""
    return len({word for word in words.words if word.isalpha()}) >= FEWEST_WORDS


def _is_nothing(rules: Rules, learned: Learned, risk: float, words: Words, book: SignalBook) -> bool:
    """Whether there is no offer to judge: too little said, or everyday words. What looks dangerous is judged whatever it is."""
    if learned.frames["none"] >= book.model.nothing and not any(flag.weight >= book.medium for flag in rules.flags):
        return True
    if risk >= book.model.medium or _says_enough(rules.flags, words, book):
        return False
    return learned.frames["offer"] + learned.frames["told"] < _OFFERED or len(words.words) < MIN_WORDS


def _says_enough(flags: Sequence[Flag], words: Words, book: SignalBook) -> bool:
    """Whether the rules see an offer: a sign that is not just a subject, several signs, or an advert's words."""
    if says(book.cues, words):
        return bool(flags) or len(words.words) >= MIN_WORDS
    if any(flag.weight >= book.medium and flag.signal.id not in _PLACES for flag in flags):
        return True
    return len(flags) > 1 or any(not flag.signal.topical and flag.weight >= 1 for flag in flags)


def _score(weights: Mapping[str, float], found: frozenset[str], book: SignalBook) -> float:
    safe = bool(found & _SAFEGUARDS)
    score = sum(weights.values())
    for combination in book.combinations:
        if all(group & weights.keys() for group in combination.groups) and not (combination.unless_assured and safe):
            score += combination.weight
    return score - min(sum(r.weight for r in book.reassurances if r.id in found), book.max_relief)
