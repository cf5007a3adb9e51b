"""A tokenised text prepared for finding places, and how two mentions in it stand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.core.places import lexicon as lex
from bot.core.places.model import COMMUNE_LEVEL, PROVINCE_LEVEL, Entry, Kind
from bot.core.places.syllables import Token

MAX_TOKENS = 1_500  # of a text longer than this only the beginning is read; 4,000 characters hold about 1,000
MAX_LINK = 2  # linking words allowed between two parts of one address


Scope = tuple[frozenset[str], frozenset[str]]  # (units these readings lie in, units they are)
_HIGH = {Kind.PROVINCE: "P", Kind.OLD_PROVINCE: "Q", Kind.DISTRICT: "D"}


@dataclass(slots=True)
class Span:
    """A run of tokens that may be a place. start, end: token positions of the name; head: of its unit word.

    type: unit word written before it, "" if none. entries: what it may be. exact: all marks as in the name.
    alone: can stand without a neighbour. sure: cannot be an ordinary word. fuzzy: found in spite of a typing error.
    """

    start: int
    end: int
    head: int
    type: str
    entries: tuple[Entry, ...]
    exact: bool
    alone: bool
    sure: bool
    fuzzy: bool = False
    slip: bool = False  # letters or marks were forgiven, so that what it names is a guess
    scope: Scope | None = None  # filled on first use
    common: bool = False  # an ordinary word too: an address must be written as one to hold it
    attached: bool = False  # a capitalised word stands right before it: a longer name, unless that word is a place too


@dataclass(slots=True)
class Reading:
    """A tokenised text with what is needed to judge it."""

    tokens: list[Token]
    accented: bool
    shouting: bool
    memo: dict[tuple[str, str], tuple[tuple[Entry, ...], int]] = field(default_factory=dict)
    scopes: dict[tuple[Entry, ...], Scope] = field(default_factory=dict)
    heads: list[tuple[int, str]] = field(default_factory=list)

    def fit(self, left: tuple[Entry, ...], right: tuple[Entry, ...]) -> bool:
        """Some reading of one lies inside some reading of the other; remembered for each set of readings."""
        low_left, high_left = self.scopes.get(left) or self._scope(left)
        low_right, high_right = self.scopes.get(right) or self._scope(right)
        return not (low_left.isdisjoint(high_right) and low_right.isdisjoint(high_left))

    def join(self, left: Span, right: Span) -> bool:
        """`fit` for two spans; each looks its scope up once.

        "ga Đồng Văn, phường Đồng Văn" says one name twice: the first is no district of the second.
        """
        if not left.type and right.type in lex.COMMUNE_TYPES and left.entries[0].name.key == right.entries[0].name.key:
            return False
        low_left, high_left = left.scope or self._scope_of(left)
        low_right, high_right = right.scope or self._scope_of(right)
        fits = not (low_left.isdisjoint(high_right) and low_right.isdisjoint(high_left))
        return fits or strayed(left, right) or strayed(right, left)

    def _scope_of(self, span: Span) -> Scope:
        span.scope = self.scopes.get(span.entries) or self._scope(span.entries)
        return span.scope

    def _scope(self, entries: tuple[Entry, ...]) -> Scope:
        """(what these lie in, what these are), as comparable words."""
        low: set[str] = set()
        high: set[str] = set()
        for entry in entries:
            if entry.kind is Kind.FOREIGN:
                continue
            if entry.kind is not Kind.PROVINCE:
                low.add("P" + entry.province)
            if entry.kind not in PROVINCE_LEVEL:
                low.update("Q" + code for code in entry.old_provinces)
            if entry.kind in COMMUNE_LEVEL:
                low.update("D" + code.removeprefix("~") for code in entry.districts)
            else:
                high.add(_HIGH[entry.kind] + (entry.province if entry.kind is Kind.PROVINCE else entry.unit))
        scope = self.scopes[entries] = (frozenset(low), frozenset(high))
        return scope


def read(tokens: list[Token]) -> Reading:
    """Does the writer use diacritics? Capitals? Asked once for the whole text."""
    tokens = tokens[:MAX_TOKENS]
    letters = [t for t in tokens if not t.base.isdigit()]
    marked = sum(t.marked for t in letters)
    capitals = sum(t.capital for t in letters)
    shouting = len(letters) > 3 and capitals * 5 > len(letters) * 4
    reading = Reading(tokens, marked * 2 >= max(len(letters), 1), shouting)
    reading.heads = [_prefix(reading, start) for start in range(len(tokens))]
    return reading


def prefix_before(reading: Reading, start: int) -> tuple[int, str]:
    """Where the unit word before position `start` begins, and the type; (start, "") when there is none."""
    return reading.heads[start]


def _prefix(reading: Reading, start: int) -> tuple[int, str]:
    tokens = reading.tokens
    if start == 0 or (tokens[start].gap == "." and start > 0 and len(tokens[start - 1].base) > 2):
        return start, ""
    if start >= 2:
        pair = lex.PREFIXES.get((tokens[start - 2].base, tokens[start - 1].base))
        if pair and tokens[start - 1].gap in ("", " ", ",") and all(map(lex.is_prefix_word, tokens[start - 2 : start])):
            return start - 2, pair
    one = tokens[start - 1]
    word = lex.PREFIXES.get((one.base,))
    if word and reading.accented and one.base in lex.SPELT_OUT and not one.marked and not tokens[start].capital:
        word = ""  # who writes marks writes xã, not xa
    if word and lex.is_prefix_word(one) and not (tokens[start].gap == "," and len(one.base) > 2):
        return start - 1, word
    return start, ""


def linked(reading: Reading, left: Span, right: Span) -> bool:
    """The two spans stand side by side as parts of one address: only links, commas and the unit word between."""
    between = reading.tokens[left.end : right.head]
    if len(between) > MAX_LINK or right.head < left.end:
        return False
    if any(t.gap == "." for t in between) or (
        reading.tokens[right.head].gap == "." and len(reading.tokens[right.head - 1].base) > 2
    ):
        return False
    return all(lex.is_link(t, reading.accented) for t in between)


def inside(low: Entry, high: Entry) -> bool:
    """The unit `low` lies in the unit `high` (today's or former)."""
    if high.kind is Kind.DISTRICT:
        if low.kind not in COMMUNE_LEVEL:
            return False
        return (high.unit in low.districts and _shares(low, high)) or f"~{high.unit}" in low.districts
    if high.kind is Kind.PROVINCE:
        return low.kind is not Kind.PROVINCE and low.province == high.province
    if high.kind is Kind.OLD_PROVINCE:
        return low.kind not in PROVINCE_LEVEL and high.unit in low.old_provinces
    return False


def strayed(low: Span, high: Span) -> bool:
    """ "xã A, huyện B" where A lies in another district of that province: districts were redrawn, people remember."""
    if low.fuzzy or not low.exact or low.type not in lex.COMMUNE_TYPES or high.type not in lex.DISTRICT_TYPES:
        return False
    of_communes = {code for e in low.entries if e.kind in COMMUNE_LEVEL for code in e.old_provinces}
    return any(not of_communes.isdisjoint(e.old_provinces) for e in high.entries if e.kind is Kind.DISTRICT)


def _shares(low: Entry, high: Entry) -> bool:
    """For parts of a district (Quận 2 in Thủ Đức): only the communes of that part."""
    return not high.codes or any(code in high.codes for code in low.codes)
