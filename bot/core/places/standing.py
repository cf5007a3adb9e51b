"""May a name without a unit word be taken for a place where it stands? The guard against inventing places.

Ordinary words are names of communes (hòa bình, quyết tâm, văn hóa), people are called like communes, streets and firms
too; without diacritics hundreds of everyday phrases spell one. A bare name therefore needs a sign: "ở" before it, a
capital, or that nothing else is said. Everything refused here can still be held up by a district or province beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.places import lexicon as lex
from bot.core.places.gazetteer import Gazetteer
from bot.core.places.model import PROVINCE_LEVEL, Entry, Kind
from bot.core.places.reading import Reading
from bot.core.places.syllables import Token
from bot.core.syllables import LEGAL


@dataclass(slots=True)
class Bare:
    """A name without a unit word. start, end: token positions. entries: what it may be. exact: all marks typed.

    street: it belongs to the name of a street, firm or hamlet. odd: a unit word that does not fit stands before it.
    """

    reading: Reading
    gazetteer: Gazetteer
    start: int
    end: int
    entries: tuple[Entry, ...]
    exact: bool
    street: bool
    odd: bool

    @property
    def tokens(self) -> list[Token]:
        return self.reading.tokens[self.start : self.end]

    @property
    def before(self) -> Token | None:
        """The word right before, in the same phrase."""
        if self.start == 0 or self.reading.tokens[self.start].gap not in ("", " "):
            return None
        return self.reading.tokens[self.start - 1]

    @property
    def capitals(self) -> bool:
        """Every word of it has a capital, in a text that is not all capitals."""
        return not self.reading.shouting and all(t.capital for t in self.tokens)

    @property
    def common(self) -> bool:
        """It is also an ordinary word, as far as the marks typed can tell."""
        if self.reading.accented:
            return " ".join(f"{t.shape}{t.tone}" for t in self.tokens) in self.gazetteer.common_marked
        return self.entries[0].name.key in self.gazetteer.common_keys

    def some(self, *kinds: Kind) -> tuple[Entry, ...]:
        """The entries of these kinds."""
        return tuple(e for e in self.entries if e.kind in kinds)


def is_whole(bare: Bare) -> bool:
    """The name is all there is, but for a polite word or two: the answer to "where?"."""
    tokens = bare.reading.tokens
    if len(tokens) - (bare.end - bare.start) > 2:
        return False
    return all(t.base in lex.POLITE for i, t in enumerate(tokens) if not bare.start <= i < bare.end)


def is_after_person(bare: Bare) -> bool:
    """A word for a person stands before it, so it is somebody's name; but not in "quê em Mù Cang Chải"."""
    before = bare.before
    return before is not None and lex.is_person(before, bare.reading.accented) and not is_home_of(bare)


def is_home_of(bare: Bare) -> bool:
    """quê em, nhà cháu: what follows is a place."""
    tokens, start = bare.reading.tokens, bare.start
    before = bare.before
    if before is None or start < 2 or not lex.is_person(before, bare.reading.accented):
        return False
    return lex.is_home(tokens[start - 2], bare.reading.accented) and tokens[start - 1].gap == " "


def is_inside_a_name(bare: Bare) -> bool:
    """Written with capitals, and the word before it too: part of a longer name (Nguyễn Bình Minh)."""
    before = bare.before
    return (
        before is not None
        and bare.start > 1
        and bare.capitals
        and before.capital
        and before.gap != "."
        and before.base in LEGAL
        and before.base not in lex.LINKS_BARE
        and (before.base,) not in lex.PREFIXES
        and not lex.is_here(before, bare.reading.accented)
        and bare.entries[0].name.key not in lex.NO_ONES_NAME
    )


def is_clear_syllable(bare: Bare) -> bool:
    """One syllable that may be a name at all: a district (Vinh, Chũ), a word with a capital, or no Vietnamese word
    (Hra, M'Đrắk). It still needs a province beside it."""
    token = bare.tokens[0]
    if token.base not in LEGAL or any(not e.weak for e in bare.some(Kind.DISTRICT)):
        return True
    return bare.exact and ((token.capital and len(token.base) > 2) or token.marked)


def names_a_site(bare: Bare) -> bool:
    """A town's market, station, hospital...: "bến xe Móng Cái" is in Móng Cái; border posts and islands bear names of communes."""
    site, small = lex.site_before(bare.reading.tokens, bare.start, bare.reading.accented)
    if not site or bare.common or bare.end - bare.start < 2 or not (bare.exact or not bare.reading.accented):
        return False
    if any(e.kind in PROVINCE_LEVEL for e in bare.entries):
        return False
    return any(not e.weak for e in bare.some(Kind.DISTRICT)) or (small and bool(bare.some(Kind.NEW)))


def stands_alone(bare: Bare) -> bool:
    """The decision for one bare name."""
    if names_a_site(bare):
        return True
    whole = is_whole(bare)
    before = bare.before
    here = is_home_of(bare) or (before is not None and lex.is_here(before, bare.reading.accented))
    provinces = any(e.kind in PROVINCE_LEVEL for e in bare.entries)
    foreign = bool(bare.some(Kind.FOREIGN))
    if _belongs_to_a_street(bare, provinces):
        return False
    if provinces:
        return _province(bare, here, whole)
    if foreign:
        return _foreign(bare, whole)
    return not bare.odd and not is_after_person(bare) and _unit(bare, here, whole)


def _belongs_to_a_street(bare: Bare, province: bool) -> bool:
    """Inside the name of a street or firm; a province at its end is where that is ("KCN VSIP Bắc Ninh")."""
    if not bare.street or bare.some(Kind.LANDMARK, Kind.FOREIGN):
        return False
    before = bare.before
    return not province or before is None or lex.is_not_unit(before, bare.reading.accented)


def _unit(bare: Bare, here: bool, whole: bool) -> bool:
    """A commune, district or landmark."""
    accented = bare.reading.accented
    if all(e.weak for e in bare.entries):
        return here and bare.capitals
    if all(e.kind is Kind.FORMER for e in bare.entries):
        return False
    if whole and bare.common and not bare.capitals:
        return bool(bare.some(Kind.NEW))  # "bình minh" may answer "where?", "đồng ý" does not
    if whole:  # an answer to "where?"; a name of before only when it is written as a name
        return (
            bare.capitals
            or (accented and bare.exact)
            or (not accented and bool(bare.some(Kind.NEW, Kind.DISTRICT, Kind.LANDMARK)))
        )
    if bare.common:
        return here and bare.capitals and bare.exact
    if bare.end - bare.start == 1:
        known = any(e.kind is not Kind.OLD for e in bare.entries)
        return here and bare.exact and bare.capitals and accented and known
    if here and accented and bare.exact:
        return True
    if here and not accented:
        everyday = bare.tokens[0].base in lex.EVERYDAY_FIRST and not bare.some(Kind.DISTRICT, Kind.LANDMARK)
        return bare.capitals or not everyday or len(bare.reading.tokens) <= lex.ANSWER
    return bare.capitals and bare.exact and bool(bare.some(Kind.DISTRICT, Kind.LANDMARK))


def _province(bare: Bare, here: bool, whole: bool) -> bool:
    """A province of today or before."""
    provinces = tuple(e for e in bare.entries if e.kind in PROVINCE_LEVEL)
    key = provinces[0].name.key
    if all(e.weak for e in provinces):
        return here or (whole and (bare.capitals or key in lex.PLAIN_SHORT))
    if whole or here:
        return True
    if key == "ho chi minh" and len(bare.reading.tokens) > lex.SHORT:
        return False  # the president, more often than the city
    if bare.capitals and bare.exact:
        return True
    if bare.reading.accented:
        return bare.exact and not bare.common and (bare.end - bare.start > 1 or bare.tokens[0].marked)
    if bare.exact and bare.end - bare.start > 1 and any(t.marked for t in bare.tokens):
        return True  # "karaoke mai lan hải phòng": the marks of the name itself count, however few the rest has
    if key in lex.RISKY_PROVINCES:
        return bare.start > 0 and bare.reading.tokens[bare.start - 1].base in lex.PROVINCE_BEFORE_BARE
    return True


def _foreign(bare: Bare, whole: bool) -> bool:
    """A country or a town abroad."""
    if whole:
        return True
    tokens = bare.reading.tokens
    before = tokens[bare.start - 1] if bare.start else None
    going = before is not None and before.base in lex.ABROAD_BEFORE_BARE
    going_marked = before is not None and lex.form(before) in lex.ABROAD_BEFORE
    weak = all(e.weak for e in bare.some(Kind.FOREIGN))
    key = bare.entries[0].name.key
    if bare.reading.accented and not bare.exact:  # "bị bán qua trung quoc": marks dropped in one word only
        unmarked = not any(t.marked for t in bare.tokens)
        return going_marked and unmarked and not weak and bare.end - bare.start > 1
    if key.startswith("nuoc "):  # nhà nước pháp quyền is not France
        return going or tokens[bare.end - 1].capital
    if not bare.reading.accented and key in lex.RISKY_ABROAD and not all(t.capital for t in bare.tokens):
        return going
    if not weak:
        return True
    if before is None or not bare.reading.accented or not bare.exact or not going_marked:
        return False
    return bare.tokens[0].capital or before.base in ("sang", "qua", "nuoc", "ben")


def may_be_everyday(
    reading: Reading, start: int, head: int, word: str, entries: tuple[Entry, ...], common: bool
) -> bool:
    """A unit word and a name that may be ordinary words: "xã hội cư xử", "phuong an thanh lap"."""
    tokens = reading.tokens
    first = tokens[head].base
    if len(first) <= 2 and first in "pfhxt" and tokens[start].base.isdigit():
        return True  # f6, p4, h3: a code unless an address stands around it
    compound = tokens[start].base in lex.COMPOUNDS.get(first, ()) and not tokens[start].capital
    if compound and len(tokens) > (lex.ANSWER if tokens[start].base == "hoi" else lex.SHORT):
        return True
    if reading.accented or tokens[head].marked or len(first) == 1:
        return False
    told = head > 0 and tokens[head - 1].base in lex.HERE_BARE  # "o xa an toan": ở xã
    if common and not told and len(tokens) > lex.ANSWER:
        return True
    if len(tokens) <= lex.SHORT:
        return False
    return not any(word in e.types for e in entries)


def goes_on(reading: Reading, end: int) -> bool:
    """A capitalised word follows: "Xã Thuận Mỹ" misspelt must not become Xã Thuận."""
    if end >= len(reading.tokens) or reading.tokens[end].gap != " ":
        return False
    return reading.tokens[end].capital
