"""Finding the place names in a text: every candidate span first, then the best set that does not overlap.

Linear in the length of the text: at each syllable at most MAX_SYLLABLES windows are looked up, and a span is compared
only with the few spans that end just before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.core.places import lexicon as lex
from bot.core.places.gazetteer import MAX_SYLLABLES, Gazetteer
from bot.core.places.model import COMMUNE_LEVEL, PROVINCE_LEVEL, Entry, Kind
from bot.core.places.syllables import Token, agreement
from bot.core.syllables import LEGAL

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
    scope: Scope | None = None  # filled on first use
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
        """`fit` for two spans; each looks its scope up once."""
        low_left, high_left = left.scope or self._scope_of(left)
        low_right, high_right = right.scope or self._scope_of(right)
        return not (low_left.isdisjoint(high_right) and low_right.isdisjoint(high_left))

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
                low.update("D" + code for code in entry.districts)
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


def find_spans(reading: Reading, gazetteer: Gazetteer) -> list[Span]:
    """All spans that could be places, in order of their start; overlapping ones included."""
    spans: list[Span] = []
    streets = _street_zones(reading, gazetteer)
    for start, token in enumerate(reading.tokens):
        key, end = token.base, start + 1
        while True:
            entries = gazetteer.index.get(key)
            if entries:
                spans += _judge(reading, gazetteer, start, end, entries, start in streets)
            if key not in gazetteer.openings or end - start >= MAX_SYLLABLES or end >= len(reading.tokens):
                break
            following = reading.tokens[end]
            if following.gap == "." or (following.gap == "," and not _hyphenated(key, following, gazetteer)):
                break
            key = f"{key} {following.base}"
            end += 1
    return spans


def _hyphenated(key: str, following: Token, gazetteer: Gazetteer) -> bool:
    """A soft break may stand inside names such as "Bà Rịa - Vũng Tàu"; elsewhere a comma ends a name."""
    return f"{key} {following.base}" in gazetteer.hyphens


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
    if word and reading.accented and len(one.base) > 2 and not one.marked and not tokens[start].capital:
        word = ""  # who writes marks writes xã, not xa
    if word and lex.is_prefix_word(one) and not (tokens[start].gap == "," and len(one.base) > 2):
        return start - 1, word
    return start, ""


def _fitting(reading: Reading, start: int, end: int, entries: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], int]:
    """Entries whose name does not contradict the marks typed; in marked text exact ones push out the rest.

    Also the number of syllables that lack marks (0: exactly as in the name).
    """
    tokens = reading.tokens[start:end]
    fits = [(agreement(tokens, entry.name), entry) for entry in entries]
    fits = [(missing, entry) for missing, entry in fits if missing is not None]
    if not fits:
        return (), 0
    best = min(missing for missing, _ in fits)
    if best == 0 and (reading.accented or any(t.marked for t in tokens)):
        fits = [(missing, entry) for missing, entry in fits if missing == 0]
    return tuple(entry for _, entry in fits), best


def _street_zones(reading: Reading, gazetteer: Gazetteer) -> frozenset[int]:
    """Positions that belong to the name of a street, firm, hamlet...: up to four words after such a word.

    "đường Nguyễn Thị Minh Khai" is not Minh Khai. A house number ends the zone at once ("xóm 3 Nghi Kim").
    """
    tokens, zone = reading.tokens, set()
    for at, token in enumerate(tokens[:-1]):
        if not lex.is_not_unit(token, reading.accented):
            continue
        if at and f"{tokens[at - 1].base} {token.base}" in gazetteer.index:
            continue  # the end of a name: Bình Dương, Cẩm Phô
        for position in range(at + 1, min(at + 5, len(tokens))):
            here = tokens[position]
            if here.gap not in ("", " ") or here.base.isdigit() or prefix_before(reading, position)[1]:
                break
            if position > at + 1 and tokens[at + 1].capital and not here.capital and not reading.shouting:
                break
            zone.add(position)
    return frozenset(zone)


def _judge(
    reading: Reading, gazetteer: Gazetteer, start: int, end: int, entries: tuple[Entry, ...], street: bool
) -> list[Span]:
    """The readings that are possible here: with the unit word before it, and without where that may be another word."""
    tokens = reading.tokens[start:end]
    memo_key = (entries[0].name.key, "|".join(f"{t.shape}{t.tone}" for t in tokens))
    fitting = reading.memo.get(memo_key)
    if fitting is None:
        fitting = reading.memo[memo_key] = _fitting(reading, start, end, entries)
    kept, missing = fitting
    if not kept:
        return []
    spans: list[Span | None] = []
    head, word = prefix_before(reading, start)
    if word:
        typed = _of_type(kept, word)
        if typed:
            spans.append(_prefixed(reading, start, end, head, word, typed, missing == 0))
        if typed and not _could_be_a_word(reading, head, start):
            return [s for s in spans if s is not None]
    named = tuple(e for e in kept if not e.name.key.isdigit())
    if named:
        spans.append(_unprefixed(reading, gazetteer, start, end, named, missing == 0, bool(word), street))
    return [s for s in spans if s is not None]


def _could_be_a_word(reading: Reading, head: int, start: int) -> bool:
    """An unmarked "xa", "quan", "tinh" may end another name: Nho Quan, Bắc Xa."""
    return start - head == 1 and not reading.tokens[head].marked and len(reading.tokens[head].base) > 1


def _of_type(entries: tuple[Entry, ...], word: str) -> tuple[Entry, ...]:
    """The entries a unit word can stand before. Xã and phường are not told apart: they change, and people mix them."""
    kept = []
    for entry in entries:
        if entry.kind in COMMUNE_LEVEL:
            fits = word in lex.COMMUNE_TYPES and bool(entry.types)
        elif entry.kind is Kind.DISTRICT:
            fits = word in lex.DISTRICT_TYPES
        elif entry.kind in PROVINCE_LEVEL:
            fits = (
                word in entry.types
                or (word == "tinh" and not entry.weak)
                or (entry.weak and word in lex.PROVINCE_TYPES)
            )
        else:
            fits = False
        if fits:
            kept.append(entry)
    return tuple(kept)


def _prefixed(
    reading: Reading, start: int, end: int, head: int, word: str, entries: tuple[Entry, ...], exact: bool
) -> Span | None:
    """A name with its unit word. One syllable needs its very type, or marks as in the name: "xa lam" is "xa lắm"."""
    tokens = reading.tokens[start:end]
    if end - start == 1 and not tokens[0].base.isdigit():
        entries = tuple(e for e in entries if word in e.types or e.kind in PROVINCE_LEVEL)
        larger = any(e.kind in PROVINCE_LEVEL or e.kind is Kind.DISTRICT for e in entries)
        clear = (exact and (reading.accented or tokens[0].capital) and not _goes_on(reading, end)) or larger
        if not entries:
            return None
        return Span(start, end, head, word, entries, exact, alone=clear, sure=clear)
    bare = reading.accented and not any(t.marked for t in reading.tokens[head:start]) and len(tokens[0].base) > 1
    sure = exact or not reading.accented
    alone = (sure or not bare) and not _everyday(reading, start, head, word, entries)
    return Span(start, end, head, word, entries, exact, alone=alone, sure=sure)


def _everyday(reading: Reading, start: int, head: int, word: str, entries: tuple[Entry, ...]) -> bool:
    """The unit word and the name may be ordinary words: "xã hội cư xử", "phuong an thanh lap", "nhan dan xa loi..."."""
    tokens = reading.tokens
    first = tokens[head].base
    compound = tokens[start].base in lex.COMPOUNDS.get(first, ()) and not tokens[start].capital
    if compound and (len(tokens) > lex.SHORT or (first, tokens[start].base) == ("xa", "hoi")):
        return True
    if reading.accented or tokens[head].marked or len(tokens) <= lex.SHORT or len(first) == 1:
        return False
    return not any(word in e.types for e in entries)


def _goes_on(reading: Reading, end: int) -> bool:
    """A capitalised word follows: "Xã Thuận Mỹ" misspelt must not become Xã Thuận."""
    if end >= len(reading.tokens) or reading.tokens[end].gap != " ":
        return False
    return any(letter.isupper() for letter in reading.tokens[end].shape) or reading.tokens[end].capital


def _unprefixed(
    reading: Reading,
    gazetteer: Gazetteer,
    start: int,
    end: int,
    kept: tuple[Entry, ...],
    exact: bool,
    odd_prefix: bool,
    street: bool,
) -> Span | None:
    """A bare name: judged by what stands around it."""
    tokens = reading.tokens
    before = tokens[start - 1] if start and tokens[start].gap != "." else None
    beside = before is not None and tokens[start].gap in ("", " ")
    if street:
        kept = tuple(e for e in kept if e.kind not in (Kind.NEW, Kind.OLD, Kind.FORMER))
    provinces = tuple(e for e in kept if e.kind in PROVINCE_LEVEL)
    foreign = tuple(e for e in kept if e.kind is Kind.FOREIGN)
    if not kept:
        return None
    if end - start == 1 and not (provinces or foreign) and not _clear_syllable(tokens[start], kept, exact):
        return None
    here = beside and lex.is_here(before, reading.accented)
    whole = _is_whole(reading, start, end)
    named = beside and lex.is_person(before, reading.accented)
    if named and start > 1 and tokens[start - 2].base in lex.HOME_OF and tokens[start - 1].gap == " ":
        named, here = False, True  # "quê em Mù Cang Chải"
    if foreign and not provinces:
        alone = _foreign_alone(reading, start, end, foreign, exact, whole)
    elif provinces:
        alone = _province_alone(reading, gazetteer, start, end, provinces, exact, here, whole)
    else:
        alone = not odd_prefix and _name_alone(reading, gazetteer, start, end, kept, exact, here, whole)
    street = street and not any(e.kind in (Kind.LANDMARK, Kind.FOREIGN) for e in kept)
    street = street and not (provinces and not lex.is_not_unit(before, reading.accented))  # "KCN VSIP Bắc Ninh"
    if street or (named and not provinces and not foreign) or (_inside_a_name(reading, start, end) and not whole):
        alone = False
    if named and not provinces:
        kept = tuple(e for e in kept if e.kind is not Kind.FORMER)
    attached = _inside_a_name(reading, start, end) and not whole
    return (
        Span(start, end, start, "", kept, exact, alone, sure=bool(provinces) and exact, attached=attached)
        if kept
        else None
    )


def _clear_syllable(token: Token, kept: tuple[Entry, ...], exact: bool) -> bool:
    """A name of one syllable without a unit word: a district (Vinh, Chũ), a name by its capital, or no Vietnamese
    word at all (Hra, M'Đrắk). It still needs a province beside it."""
    if token.base not in LEGAL or any(e.kind is Kind.DISTRICT and not e.weak for e in kept):
        return True
    return exact and ((token.capital and len(token.base) > 2) or token.marked)


def _capitals(reading: Reading, start: int, end: int) -> bool:
    """Every word of the name has a capital, in a text that is not all capitals."""
    return not reading.shouting and all(t.capital for t in reading.tokens[start:end])


def _is_whole(reading: Reading, start: int, end: int) -> bool:
    """The name is all there is, but for a polite word or two: the answer to "where?"."""
    if len(reading.tokens) - (end - start) > 2:
        return False
    return all(t.base in lex.POLITE for i, t in enumerate(reading.tokens) if not start <= i < end)


def _inside_a_name(reading: Reading, start: int, end: int) -> bool:
    """Written with capitals, and the word beside it too: part of a longer name (Nguyễn Bình Minh, Hòa Bình Green)."""
    if not _capitals(reading, start, end):
        return False
    tokens = reading.tokens
    first = start - 1
    return (
        first > 0
        and tokens[start].gap == " "
        and tokens[first].capital
        and tokens[first].gap != "."
        and tokens[first].base in LEGAL
        and not lex.is_here(tokens[first], reading.accented)
        and tokens[first].base not in lex.LINKS_BARE
        and (tokens[first].base,) not in lex.PREFIXES
    )


def _is_common(reading: Reading, gazetteer: Gazetteer, start: int, end: int) -> bool:
    """The name is also an ordinary word, as far as the marks typed can tell."""
    tokens = reading.tokens[start:end]
    if reading.accented:
        return " ".join(f"{t.shape}{t.tone}" for t in tokens) in gazetteer.common_marked
    return " ".join(t.base for t in tokens) in gazetteer.common_keys


def _name_alone(
    reading: Reading,
    gazetteer: Gazetteer,
    start: int,
    end: int,
    kept: tuple[Entry, ...],
    exact: bool,
    here: bool,
    whole: bool,
) -> bool:
    """May a bare commune or district name stand on its own?"""
    if all(e.weak for e in kept):
        return here and _capitals(reading, start, end)
    capitals = _capitals(reading, start, end)
    if whole:
        return exact or not reading.accented or capitals
    if all(e.kind is Kind.FORMER for e in kept):
        return False
    if _is_common(reading, gazetteer, start, end):
        return here and capitals and exact
    if end - start == 1:
        return here and exact and capitals and reading.accented and any(e.kind is not Kind.OLD for e in kept)
    if here and (exact or not reading.accented):
        return True
    famous = any(e.kind in (Kind.DISTRICT, Kind.LANDMARK) for e in kept)
    return capitals and exact and famous


def _province_alone(
    reading: Reading,
    gazetteer: Gazetteer,
    start: int,
    end: int,
    provinces: tuple[Entry, ...],
    exact: bool,
    here: bool,
    whole: bool,
) -> bool:
    """May a bare province name stand on its own?"""
    tokens = reading.tokens
    capitals = _capitals(reading, start, end)
    if all(e.weak for e in provinces):
        return whole or here
    if whole or here:
        return True
    if provinces[0].name.key == "ho chi minh" and len(tokens) > lex.SHORT:
        return False  # the president, more often than the city
    if capitals and exact:
        return True
    if reading.accented:
        common = _is_common(reading, gazetteer, start, end)
        return exact and not common and (end - start > 1 or tokens[start].marked)
    if provinces[0].name.key in lex.RISKY_PROVINCES:
        return start > 0 and tokens[start - 1].base in lex.PROVINCE_BEFORE_BARE
    return True


def _foreign_alone(
    reading: Reading, start: int, end: int, foreign: tuple[Entry, ...], exact: bool, whole: bool
) -> bool:
    """May the name of a country or a foreign town stand on its own?"""
    tokens = reading.tokens
    if reading.accented and not exact:
        sure = start > 0 and lex.form(tokens[start - 1]) in lex.ABROAD_BEFORE and end - start > 1
        return whole or (sure and not any(t.marked for t in tokens[start:end]) and not all(e.weak for e in foreign))
    if whole:
        return True
    if foreign[0].name.key.startswith("nuoc "):  # nhà nước pháp quyền is not France
        away = start > 0 and tokens[start - 1].base in lex.ABROAD_BEFORE_BARE
        return away or tokens[end - 1].capital
    if (
        not reading.accented
        and foreign[0].name.key in lex.RISKY_ABROAD
        and not all(t.capital for t in tokens[start:end])
    ):
        return start > 0 and tokens[start - 1].base in lex.ABROAD_BEFORE_BARE
    if not all(e.weak for e in foreign):
        return True
    if start == 0:
        return False
    before = tokens[start - 1]
    marked_before = lex.form(before) in lex.ABROAD_BEFORE
    if not reading.accented:
        return False
    return exact and marked_before and (tokens[start].capital or before.base in ("sang", "qua", "nuoc", "ben"))


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
        return low.kind in COMMUNE_LEVEL and high.unit in low.districts and _shares(low, high)
    if high.kind is Kind.PROVINCE:
        return low.kind is not Kind.PROVINCE and low.province == high.province
    if high.kind is Kind.OLD_PROVINCE:
        return low.kind not in PROVINCE_LEVEL and high.unit in low.old_provinces
    return False


def _shares(low: Entry, high: Entry) -> bool:
    """For parts of a district (Quận 2 in Thủ Đức): only the communes of that part."""
    return not high.codes or any(code in high.codes for code in low.codes)
