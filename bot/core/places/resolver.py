"""From free text to a commune, the full set of candidates, a province, a foreign country, or nothing.

    Resolver(load_gazetteer()).resolve("nhà nó ở xã An Phú hải phòng đó anh")

It never picks one of several silently. Pure and read-only: one Resolver serves all threads.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.disguise import plain
from bot.core.places.addresses import Found, read_group
from bot.core.places.gazetteer import Gazetteer
from bot.core.places.grouping import Group, choose, group, supported
from bot.core.places.mentions import find_spans
from bot.core.places.model import PROVINCE_LEVEL, Kind, Resolution, Status
from bot.core.places.reading import Reading, Span, linked, read
from bot.core.places.speech import listen
from bot.core.places.syllables import tokens
from bot.core.places.typing_repair import repair
from bot.core.places.typos import with_typos
from bot.core.text import clean

MAX_PLACES = 40  # different addresses in one text; nobody names more, and each is compared with the others
MAX_CHARS = 8_000  # twice the longest message; the rest is not read


class Resolver:
    """Finds places in text by one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def resolve(self, text: str) -> Resolution:
        """What `text` says about where, as the eye reads it; any string is accepted. Time is linear in its length."""
        reading = read(tokens(repair(clean(plain(text[:MAX_CHARS])))))
        if not reading.tokens:
            return Resolution()
        heard = listen(reading, self._groups(reading))
        groups = _drop_contradicted(reading, heard.groups)
        abroad = _countries(groups)
        found = _decide(_read(groups), abroad, self.gazetteer)
        if not (heard.corrects or heard.whole):
            return found
        denied = [*_countries(heard.denied), *(code for f in _read(heard.denied) for code in f.codes or f.provinces)]
        return replace(found, corrects=heard.corrects, denied=tuple(dict.fromkeys(denied)), whole=heard.whole)

    def _groups(self, reading: Reading) -> list[Group]:
        spans = find_spans(reading, self.gazetteer)
        spans = with_typos(reading, spans, self.gazetteer)
        chosen = choose(reading, supported(reading, spans))
        chosen = _swallow_foreign(reading, chosen)
        return group(reading, chosen)


def _read(groups: list[Group]) -> list[Found]:
    """What each address at home leaves."""
    found = [read_group(g) for g in _distinct(groups) if not _is_abroad(g)]
    return [f for f in found if f is not None]


def _distinct(groups: list[Group]) -> list[Group]:
    """Each address once, however often it is repeated; at most MAX_PLACES."""
    kept = {tuple((s.entries, s.type) for s in one.spans): one for one in reversed(groups)}
    return list(reversed(kept.values()))[:MAX_PLACES]


def _swallow_foreign(reading: Reading, spans: list[Span]) -> list[Span]:
    """ "Đông Hưng, Trung Quốc", "Hà Nam - Trung Quốc": a bare name right before a country lies in that country."""
    kept: list[Span] = []
    for position, span in enumerate(spans):
        following = spans[position + 1] if position + 1 < len(spans) else None
        if following is None or span.type or following.start != span.end:
            kept.append(span)
            continue
        abroad_next = all(e.kind is Kind.FOREIGN for e in following.entries)
        if all(e.kind is Kind.FOREIGN and e.unit != following.entries[0].unit for e in span.entries):
            abroad_next = False  # two countries, one after the other
        if abroad_next and linked(reading, span, following):
            continue
        kept.append(span)
    return kept


def _drop_contradicted(reading: Reading, groups: list[Group]) -> list[Group]:
    """ "phường Bắc An, Thái Nguyên" when there is none in Thái Nguyên: the name is a slip, the province stands."""
    kept: list[Group] = []
    for position, left in enumerate(groups):
        right = groups[position + 1] if position + 1 < len(groups) else None
        province_next = right is not None and all(e.kind in PROVINCE_LEVEL for s in right.spans for e in s.entries)
        if right is not None and province_next and _is_small(left) and linked(reading, left.spans[-1], right.spans[0]):
            continue
        kept.append(left)
    return kept


def _is_small(one: Group) -> bool:
    """No province in the group."""
    return not any(e.kind in PROVINCE_LEVEL or e.kind is Kind.FOREIGN for span in one.spans for e in span.entries)


def _is_abroad(one: Group) -> bool:
    return all(e.kind is Kind.FOREIGN for span in one.spans for e in span.entries)


def _countries(groups: list[Group]) -> list[str]:
    """Countries named, in order, each once."""
    names = [span.entries[0].unit for one in groups if _is_abroad(one) for span in one.spans]
    return list(dict.fromkeys(names))


def _decide(found: list[Found], abroad: list[str], gazetteer: Gazetteer) -> Resolution:
    """One answer from all the places of a text. More specific beats less; two equally specific are both offered."""
    country = abroad[-1] if abroad else ""
    small = [f for f in found if f.codes]
    large = [f for f in found if not f.codes and f.provinces]
    if small:
        small = _narrow(small, large)
        return _small(small, country, gazetteer)
    provinces = tuple(dict.fromkeys(p for f in large for p in f.provinces))
    if country:
        return Resolution(
            Status.FOREIGN, province=provinces[0] if len(provinces) == 1 else None, country=country, provinces=provinces
        )
    if len(provinces) == 1:
        return Resolution(Status.PROVINCE, province=provinces[0], provinces=provinces, old_provinces=_old(large))
    if provinces:
        return Resolution(Status.CANDIDATES, provinces=provinces)
    return Resolution()


def _old(large: list[Found]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for f in large for code in f.old_provinces))


def _narrow(small: list[Found], large: list[Found]) -> list[Found]:
    """A province or district named elsewhere in the text settles which of many communes is meant, when only it can.

    Also: a district beside a commune inside it says nothing new.
    """
    result = []
    for one in small:
        if len(one.codes) > 1 and not one.placed:
            fits = {f.provinces[0]: one.within(f) for f in large if len(f.provinces) == 1}
            fits = {province: codes for province, codes in fits.items() if codes}
            if len(fits) == 1:
                one = one.only(next(iter(fits.values())))
        result.append(one)
    for one in list(result):
        if any(other is not one and set(other.codes) < set(one.codes) for other in result):
            result.remove(one)
    return result


def _small(small: list[Found], country: str, gazetteer: Gazetteer) -> Resolution:
    """Commune or candidates. Mentions with a unit word or an address around them push out bare ones."""
    if any(f.strong for f in small):
        small = [f for f in small if f.strong]
    codes = tuple(dict.fromkeys(code for f in small for code in f.codes))
    alternatives = tuple(dict.fromkeys(code for f in small for code in f.alternatives if code not in codes))
    districts = tuple(dict.fromkeys(code for f in small for code in f.districts))
    sure = len(codes) == 1 and not all(f.doubtful for f in small)
    status = Status.COMMUNE if sure else Status.CANDIDATES
    return Resolution(status, codes, gazetteer.province_of(codes), country, alternatives, old_districts=districts)
