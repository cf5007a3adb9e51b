"""Finding the place names in a text: every span of words that could be one, overlapping ones included.

Linear in the length of the text: at each syllable at most MAX_SYLLABLES windows are looked up, and a span is compared
only with the few spans that end just before it.
"""

from __future__ import annotations

from bot.core.places import lexicon as lex
from bot.core.places import standing
from bot.core.places.gazetteer import MAX_SYLLABLES, Gazetteer
from bot.core.places.model import COMMUNE_LEVEL, PROVINCE_LEVEL, Entry, Kind
from bot.core.places.reading import Reading, Span, prefix_before
from bot.core.places.syllables import Token, agreement


def find_spans(reading: Reading, gazetteer: Gazetteer) -> list[Span]:
    """All spans that could be places, in order of their start; overlapping ones included."""
    spans: list[Span] = []
    streets = _street_zones(reading, gazetteer)
    index, openings, tokens = gazetteer.index, gazetteer.openings, reading.tokens
    for start, token in enumerate(tokens):
        key, end = token.base, start + 1
        if key not in openings and key not in index:
            continue
        while True:
            entries = index.get(key)
            if entries:
                spans += _judge(reading, gazetteer, start, end, entries, start in streets)
            if key not in openings or end - start >= MAX_SYLLABLES or end >= len(tokens):
                break
            following = tokens[end]
            if following.gap == "." or (following.gap == "," and not _hyphenated(key, following, gazetteer)):
                break
            key = f"{key} {following.base}"
            end += 1
    return spans


def _hyphenated(key: str, following: Token, gazetteer: Gazetteer) -> bool:
    """A soft break may stand inside names such as "Bà Rịa - Vũng Tàu"; elsewhere a comma ends a name."""
    return f"{key} {following.base}" in gazetteer.hyphens


def _fitting(reading: Reading, start: int, end: int, entries: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], int]:
    """Entries whose name does not contradict the marks typed; in marked text exact ones push out the rest.

    Also the number of syllables that lack marks (0: exactly as in the name).
    """
    tokens = reading.tokens[start:end]
    judged = [(agreement(tokens, entry.name), entry) for entry in entries]
    fits = [(missing, entry) for missing, entry in judged if missing is not None]
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
            if lex.is_at(here, reading.accented):
                break  # "khách sạn ở Sầm Sơn"
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
            common = typed[0].name.key in gazetteer.common_keys
            spans.append(_prefixed(reading, start, end, head, word, typed, missing == 0, common))
        if typed and not _could_be_a_word(reading, head, start):
            return [s for s in spans if s is not None]
    named = tuple(e for e in kept if not e.name.key.isdigit() and len(e.name.key) > 1)
    if named:
        bare = standing.Bare(reading, gazetteer, start, end, named, missing == 0, street, bool(word))
        spans.append(_unprefixed(bare))
    return [s for s in spans if s is not None]


def _could_be_a_word(reading: Reading, head: int, start: int) -> bool:
    """An unmarked "xa", "quan", "tinh" may end another name: Nho Quan, Bắc Xa."""
    return start - head == 1 and not reading.tokens[head].marked and len(reading.tokens[head].base) > 1


def _of_type(entries: tuple[Entry, ...], word: str) -> tuple[Entry, ...]:
    """The entries a unit word can stand before. Xã and phường are not told apart: they change, and people mix them."""
    if entries[0].name.key.isdigit():  # only phường and quận have numbers
        return tuple(e for e in entries if word in e.types)
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
    reading: Reading, start: int, end: int, head: int, word: str, entries: tuple[Entry, ...], exact: bool, common: bool
) -> Span | None:
    """A name with its unit word. One syllable needs its very type, or marks as in the name: "xa lam" is "xa lắm"."""
    tokens = reading.tokens[start:end]
    if end - start == 1 and not tokens[0].base.isdigit():
        entries = tuple(e for e in entries if word in e.types or e.kind in PROVINCE_LEVEL)
        larger = any(e.kind in PROVINCE_LEVEL or e.kind is Kind.DISTRICT for e in entries)
        clear = (exact and (reading.accented or tokens[0].capital) and not standing.goes_on(reading, end)) or larger
        if not entries:
            return None
        return Span(start, end, head, word, entries, exact, alone=clear, sure=clear)
    bare = reading.accented and not any(t.marked for t in reading.tokens[head:start]) and len(tokens[0].base) > 1
    sure = exact or not reading.accented
    alone = (sure or not bare) and not standing.may_be_everyday(reading, start, head, word, entries, common)
    return Span(start, end, head, word, entries, exact, alone=alone, sure=sure)


def _unprefixed(bare: standing.Bare) -> Span | None:
    """A bare name, with the readings that are possible where it stands."""
    kept = bare.entries
    if bare.street and not standing.names_a_site(bare):
        kept = tuple(e for e in kept if e.kind not in (Kind.NEW, Kind.OLD, Kind.FORMER))
    kept = _here_or_abroad(bare, kept)
    larger = any(e.kind in PROVINCE_LEVEL or e.kind is Kind.FOREIGN for e in kept)
    if standing.is_after_person(bare) and not any(e.kind in PROVINCE_LEVEL for e in kept):
        kept = tuple(e for e in kept if e.kind is not Kind.FORMER)
    if not kept:
        return None
    bare.entries = kept
    if bare.end - bare.start == 1 and not larger and not standing.is_clear_syllable(bare):
        return None
    attached = standing.is_inside_a_name(bare) and not standing.is_whole(bare)
    sure = bare.exact and any(e.kind in PROVINCE_LEVEL for e in kept)
    alone = standing.stands_alone(bare)
    return Span(
        bare.start,
        bare.end,
        bare.start,
        "",
        kept,
        bare.exact,
        alone,
        sure=sure,
        attached=attached,
        common=bare.common and not bare.capitals,
    )


def _here_or_abroad(bare: standing.Bare, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Quảng Châu is a city in China and a commune in Hưng Yên: after "sang", "qua", "bên" it is abroad, and so is a name
    that only a former commune shares with a well-known place; otherwise it is the commune."""
    foreign = tuple(e for e in entries if e.kind is Kind.FOREIGN)
    if not foreign or len(foreign) == len(entries):
        return entries
    before = bare.before
    going = before is not None and before.base in ("sang", "qua", "ben")
    at_home = tuple(e for e in entries if e.kind is not Kind.FOREIGN)
    known = any(e.kind in (Kind.NEW, Kind.DISTRICT) or e.kind in PROVINCE_LEVEL for e in at_home)
    strong = not all(e.weak for e in foreign)
    return foreign if going or (strong and not known) else at_home
