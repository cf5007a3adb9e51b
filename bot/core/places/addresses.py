"""Reading one address: which mention is the commune, which the district, which the province, and what they leave.

Rules, in order (docs/places.md, "How a text is read"):
- with an old district, the old commune in it is meant; a commune of today of that name only if there was no old one;
- with a province alone, the commune of today is meant, and old communes of the name are offered beside it;
- a bare name may be a commune or a former district: both are candidates;
- with nothing around it, every commune of today and every old one that leads somewhere is a candidate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

from bot.core.places import lexicon as lex
from bot.core.places.grouping import Group
from bot.core.places.model import COMMUNE_LEVEL, PROVINCE_LEVEL, Entry, Kind
from bot.core.places.reading import Span, inside

_LEVEL = dict.fromkeys(COMMUNE_LEVEL, "c") | dict.fromkeys(PROVINCE_LEVEL, "p") | {Kind.DISTRICT: "d"}


@dataclass(frozen=True, slots=True)
class Found:
    """What one address leaves: communes (best first), other readings, provinces when no commune is named.

    placed: a district or province was named with it. strong: a unit word or such a neighbour supports it.
    """

    codes: tuple[str, ...]
    alternatives: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    old_provinces: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    placed: bool = False
    strong: bool = False
    entries: tuple[Entry, ...] = ()
    doubtful: bool = False  # a slip was forgiven, or only a retired name stands alone...: to be confirmed

    def within(self, larger: Found) -> tuple[str, ...]:
        """The codes of this that lie in the province `larger` names."""
        chosen = []
        for entry in self.entries:
            if larger.old_provinces and not set(larger.old_provinces) & set(entry.old_provinces):
                continue
            if entry.province in larger.provinces:
                chosen += [code for code in entry.codes if code in self.codes]
        return tuple(dict.fromkeys(chosen))

    def only(self, codes: tuple[str, ...]) -> Found:
        """The same with fewer codes."""
        return replace(self, codes=codes, placed=True)


def read_group(one: Group) -> Found | None:
    """The best reading of an address; several equally good ones are united. None when nothing is left."""
    best: list[Found] = []
    best_score = -1
    for roles in product(*(_roles(span) for span in one.spans)):
        if roles.count("c") > 1 or _is_said_twice(one.spans, roles):
            continue
        found = _assign(one.spans, roles)
        if found is None:
            continue
        if any(span.slip for span in one.spans):
            found = replace(found, doubtful=True)  # understood in spite of a slip: said and asked, never silent
        score = len(set(roles)) * 10 + sum(_as_written(span, role) for span, role in zip(one.spans, roles, strict=True))
        if score > best_score:
            best, best_score = [found], score
        elif score == best_score:
            best.append(found)
    if not best and len(one.spans) > 1:
        return read_group(Group(one.spans[:-1]))
    return _unite(one, best)


def _is_said_twice(spans: list[Span], roles: tuple[str, ...]) -> bool:
    """ "Bình Tân, quận Bình Tân": the district, said again; only "phường Bình Tân, quận Bình Tân" is its ward."""
    districts = {e.name.key for span, role in zip(spans, roles, strict=True) if role == "d" for e in span.entries}
    return any(
        role == "c" and not span.type and span.entries[0].name.key in districts
        for span, role in zip(spans, roles, strict=True)
    )


def _roles(span: Span) -> str:
    """Levels the mention may stand for."""
    levels = {_LEVEL[e.kind] for e in span.entries if e.kind in _LEVEL}
    if span.type in lex.COMMUNE_TYPES:
        levels &= {"c"}
    elif span.type in ("huyen", "quan", "thi xa"):
        levels &= {"d"}
    elif span.type == "tinh":
        levels &= {"p"}
    elif span.type == "thanh pho":
        levels &= {"d", "p"}
    return "".join(sorted(levels))


def _as_written(span: Span, role: str) -> bool:
    """ "Thành phố Bắc Ninh" is the province-level city of today before it is the district-level one of before;
    "Tam Nông Phú Thọ" ends with the province before a commune of its name."""
    here = [e for e in span.entries if e.kind is Kind.PROVINCE and (not span.type or span.type in e.types)]
    return role == "p" and bool(here)


def _unite(one: Group, readings: list[Found]) -> Found | None:
    """A lone name that can be a province is the province: it is the larger, and it asks. Else all readings together."""
    if not readings:
        return None
    if len(one.spans) == 1 or all(r.provinces for r in readings):
        large = [r for r in readings if r.provinces and not r.codes]
        if large:
            provinces = tuple(dict.fromkeys(p for r in large for p in r.provinces))
            return replace(large[0], provinces=provinces)
    readings = [r for r in readings if r.codes] or readings
    codes = tuple(dict.fromkeys(code for r in readings for code in r.codes))
    return Found(
        codes,
        tuple(dict.fromkeys(code for r in readings for code in r.alternatives if code not in codes)),
        () if codes else readings[0].provinces,
        readings[0].old_provinces,
        tuple(dict.fromkeys(d for r in readings for d in r.districts)),
        any(r.placed for r in readings),
        any(r.strong for r in readings),
        tuple(e for r in readings for e in r.entries),
        all(r.doubtful for r in readings),
    )


def _assign(spans: list[Span], roles: tuple[str, ...]) -> Found | None:
    """The address read with these roles, or None when its parts do not fit together."""
    parts = {role: [s for s, r in zip(spans, roles, strict=True) if r == role] for role in "cdp"}
    provinces = _province_level(parts["p"])
    if parts["p"] and not provinces:
        return None
    districts = _district_level(parts["d"], provinces)
    if parts["d"] and not districts:
        return None
    strong = len(spans) > 1 or bool(spans[0].type)
    if parts["c"]:
        return _commune_level(parts["c"][0], districts, provinces, strong)
    if districts:
        codes = tuple(dict.fromkeys(code for e in districts for code in e.codes))
        return Found(
            codes,
            districts=tuple({e.unit for e in districts}),
            placed=bool(provinces),
            strong=strong,
            entries=districts,
        )
    olds = tuple(dict.fromkeys(e.unit for e in provinces if e.kind is Kind.OLD_PROVINCE))
    today = tuple(dict.fromkeys(e.province for e in provinces))
    only_old = olds if all(e.kind is Kind.OLD_PROVINCE for e in provinces) else ()
    return Found((), provinces=today, old_provinces=only_old, placed=True, strong=strong, entries=provinces)


def _province_level(spans: list[Span]) -> tuple[Entry, ...]:
    """Entries of the province mentions; two of them must be the old and the new name of one."""
    options = [tuple(e for e in span.entries if e.kind in PROVINCE_LEVEL) for span in spans]
    if not options:
        return ()
    result = options[0]
    for more in options[1:]:
        common = {e.province for e in result} & {e.province for e in more}
        result = tuple(e for e in (*result, *more) if e.province in common)
        olds = tuple(e for e in result if e.kind is Kind.OLD_PROVINCE and e.unit not in {p.unit for p in more})
        result = olds or result
    return result


def _fits(entry: Entry, provinces: tuple[Entry, ...]) -> bool:
    return not provinces or any(inside(entry, p) for p in provinces)


def _district_level(spans: list[Span], provinces: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """District readings inside the provinces; those of the unit word written, if any. Two mentions must agree."""
    result: tuple[Entry, ...] = ()
    for span in spans:
        fits = tuple(e for e in span.entries if e.kind is Kind.DISTRICT and _fits(e, provinces))
        named = tuple(e for e in fits if not e.name.loose) or fits
        if span.type:
            named = tuple(e for e in named if span.type in e.types) or named
        result = tuple(e for e in named if e.unit in {r.unit for r in result}) if result else named
        if not result:
            return ()
    return result


def _commune_level(
    span: Span, districts: tuple[Entry, ...], provinces: tuple[Entry, ...], strong: bool
) -> Found | None:
    """The commune readings, filtered by what stands around, then ranked by the rules at the top."""
    fits = [e for e in span.entries if e.kind in COMMUNE_LEVEL and _fits(e, provinces)]
    strayed = False
    if districts:
        there = [e for e in fits if any(inside(e, d) for d in districts)]
        if not there and span.type and not span.fuzzy:
            # No such commune in that district: the one of this very name elsewhere in its province, to be confirmed.
            olds = {code for d in districts for code in d.old_provinces}
            there = [e for e in fits if not olds.isdisjoint(e.old_provinces)]
            strayed = True
        fits = there
    if not fits:
        return None
    first, others = _ranked(span, fits, bool(districts) and not strayed, bool(provinces) or strayed)
    codes = tuple(dict.fromkeys(code for e in first for code in _codes(e, () if strayed else districts)))
    rest = tuple(dict.fromkeys(code for e in others for code in e.codes if code not in codes))
    placed = bool(districts or provinces)
    doubtful = strayed or (not placed and all(e.kind is Kind.FORMER for e in first))
    return Found(codes, rest if placed else (), placed=placed, strong=strong, entries=tuple(first), doubtful=doubtful)


def _codes(entry: Entry, districts: tuple[Entry, ...]) -> tuple[str, ...]:
    """An entry's communes; those outside the district named are dropped unless that leaves none."""
    if not districts or entry.kind is Kind.OLD:
        return entry.codes
    allowed = {code for d in districts for code in d.codes}
    return tuple(code for code in entry.codes if code in allowed) or entry.codes


def _ranked(span: Span, fits: list[Entry], in_district: bool, in_province: bool) -> tuple[list[Entry], list[Entry]]:
    """(entries meant, other entries)."""

    def typed(entry: Entry) -> bool:
        return not span.type or span.type in entry.types or entry.kind is Kind.LANDMARK

    new = [e for e in fits if e.kind in (Kind.NEW, Kind.LANDMARK)]
    old = [e for e in fits if e.kind is Kind.OLD]
    former = [e for e in fits if e.kind is Kind.FORMER]
    if in_district:
        tiers = [[e for e in old if typed(e)], [*filter(typed, new), *(e for e in old if not typed(e))], new, former]
    elif in_province:
        sure_new = [e for e in new if typed(e)]
        if len({e.name.shapes + e.name.tones for e in new}) > 1:  # Mỹ Tho and Mỹ Thọ: the unit word is not trusted
            sure_new = new
        sure_old = [e for e in old if typed(e)]
        tiers = [sure_new, [*sure_old, *new] if sure_old else new, old, former]
    else:
        tiers = [sorted([*new, *old], key=lambda e: (not typed(e), e.kind is not Kind.NEW)), former]
    for tier in tiers:
        if tier:
            return tier, [e for e in (*new, *old) if e not in tier]
    return [], []
