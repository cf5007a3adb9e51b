"""Phrases made from the tables, in the forms citizens use, each with what it should resolve to.

Only names that leave no doubt are used, so that a wrong answer is the resolver's fault and not the phrase's.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.core.places.gazetteer import Gazetteer
from bot.core.places.model import Commune
from bot.core.text import fold

_SHORT = {"Xã": "x.", "Phường": "p.", "Thị trấn": "tt.", "Huyện": "h.", "Quận": "q.", "Thị xã": "tx", "Thành phố": "tp"}
_SENTENCES = (
    "nhà nó ở {} đó anh",
    "em ở {}, có người rủ em đi làm xa",
    "báo tin: tại {} có nhóm môi giới lạ",
    "chị họ tôi quê {} mất liên lạc ba hôm rồi",
    "tôi muốn tố giác một người ở {} hay đưa người qua biên giới",
    "cháu bị giữ giấy tờ, cháu đang ở {} ạ",
)
_PROVINCE_SHORT = {"79": ["TPHCM", "tp.hcm", "Sài Gòn", "sg", "HCM"], "01": ["HN", "hn"], "31": ["HP", "hp"]}


@dataclass(frozen=True)
class Phrase:
    """A text, the form it was made in, the status and the codes expected (any order)."""

    text: str
    form: str
    status: str
    codes: frozenset[str]


class Maker:
    """Makes phrases from a gazetteer; the same seed makes the same phrases."""

    def __init__(self, gazetteer: Gazetteer, seed: int = 7) -> None:
        self.gazetteer = gazetteer
        self.random = random.Random(seed)
        self.in_province: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.old_in_province: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.district_names: dict[str, set[str]] = defaultdict(set)
        self.sources: dict[str, list[str]] = defaultdict(list)
        for commune in gazetteer.communes.values():
            self.in_province[commune.province, fold(commune.name)].add(commune.code)
        for code, (_, name, _, leads) in gazetteer.old_communes.items():
            for target in leads.split():
                self.old_in_province[gazetteer.communes[target].province, fold(name)].update(leads.split())
                self.sources[target].append(code)
        for _, name, _ in gazetteer.old_districts.values():
            self.district_names[fold(name)].add(name)

    def clear(self, commune: Commune) -> bool:
        """Type and name leave one commune in its province, with or without marks, today's or old."""
        key = (commune.province, fold(commune.name))
        return len(self.in_province[key] | self.old_in_province[key]) == 1 and len(commune.name) > 3

    def province(self, code: str) -> str:
        return self.gazetteer.provinces[code].name

    def new_forms(self, commune: Commune) -> Iterator[tuple[str, str]]:
        """(form, text) for a commune of today."""
        name, kind, province = commune.name, commune.type, self.province(commune.province)
        full = self.gazetteer.provinces[commune.province]
        say = self.random.choice(_SENTENCES)
        yield "full", f"{kind} {name}, {full.full_name}"
        yield "plain", f"{kind} {name}, {province}"
        yield "lower", f"{kind} {name} {province}".lower()
        yield "bare letters", fold(f"{kind} {name} {province}")
        yield "short type", f"{_SHORT.get(kind, kind)} {name}, {province}"
        yield "short type bare", fold(f"{_SHORT.get(kind, kind)}{name} {province}")
        yield "reversed", f"{province}, {kind} {name}"
        yield "reversed lower", f"{province} {kind} {name}".lower()
        yield "sentence", say.format(f"{kind} {name}, {province}")
        yield "sentence lower", say.format(f"{kind} {name} {province}").lower()
        yield "sentence bare", fold(say.format(f"{kind} {name} {province}"))
        yield "telex", telex(f"{kind} {name} {province}")
        yield "vni", vni(f"{kind} {name} {province}".lower())
        if commune.province in _PROVINCE_SHORT:
            yield "province short", f"{kind} {name} {self.random.choice(_PROVINCE_SHORT[commune.province])}"
        if not self.district_names.get(fold(name)):
            yield "no type", f"{name}, {province}"
            yield "no type lower", f"{name} {province}".lower()
            yield "no type bare", fold(f"ở {name} {province}")
        if len(name) > 6:
            yield "typo", f"{kind} {typo(name, self.random)}, {province}"
            yield "typo bare", fold(f"{kind} {typo(name, self.random)} {province}")

    def old_forms(self, code: str) -> Iterator[tuple[str, str]]:
        """(form, text) for a commune as it stood before July 2025."""
        kind, name, district_code, _ = self.gazetteer.old_communes[code]
        dkind, district, province_code = self.gazetteer.old_districts[district_code]
        pkind, province = self.gazetteer.old_provinces[province_code]
        say = self.random.choice(_SENTENCES)
        yield "old full", f"{kind} {name}, {dkind} {district}, {pkind} {province}"
        yield "old plain", f"{kind} {name}, {dkind.lower()} {district}, {province}"
        yield "old bare letters", fold(f"{kind} {name} {dkind} {district} {province}")
        yield "old short", f"{_SHORT[kind]} {name}, {_SHORT[dkind]} {district}, {province}"
        yield "old reversed", f"{province}, {dkind} {district}, {kind} {name}"
        yield "old sentence", say.format(f"{kind} {name}, {dkind.lower()} {district}, {province}")
        yield "old sentence bare", fold(say.format(f"{kind} {name} {dkind} {district} {province}"))
        yield "old without province", f"{kind} {name}, {dkind.lower()} {district}"
        if not name.isdigit() and not district.isdigit():
            yield "old no types", f"{name}, {district}, {province}"
            yield "old no types lower", f"{name} {district} {province}".lower()
        yield "old telex", telex(f"{kind} {name} {dkind} {district} {province}")

    def new_with_old(self, commune: Commune) -> Iterator[tuple[str, str]]:
        """A commune of today, written with the district or province of before."""
        source = self.random.choice(self.sources[commune.code])
        district = self.gazetteer.old_communes[source][2]
        dkind, dname, pcode = self.gazetteer.old_districts[district]
        province = self.gazetteer.old_provinces[pcode][1]
        yield "new with old district", f"{commune.type} {commune.name}, {dkind.lower()} {dname}, {province}"
        yield "new with old province", f"{commune.type} {commune.name}, {province}"


def phrases(gazetteer: Gazetteer, count: int, seed: int = 7) -> list[Phrase]:
    """About `count` phrases of each form for communes of today, as many for old ones, and the ambiguous ones."""
    maker = Maker(gazetteer, seed)
    made: list[Phrase] = []
    new = [c for c in gazetteer.communes.values() if maker.clear(c)]
    for commune in maker.random.sample(new, min(count, len(new))):
        for form, text in [
            *maker.new_forms(commune),
            *(maker.new_with_old(commune) if maker.sources[commune.code] else ()),
        ]:
            made.append(Phrase(text, form, "commune", frozenset({commune.code})))
    olds = list(gazetteer.old_communes)
    for code in maker.random.sample(olds, min(count, len(olds))):
        leads = frozenset(gazetteer.old_communes[code][3].split())
        for form, text in maker.old_forms(code):
            made.append(Phrase(text, form, "commune" if len(leads) == 1 else "candidates", leads))
    made += _ambiguous(gazetteer, maker)
    return made


def _ambiguous(gazetteer: Gazetteer, maker: Maker) -> Iterator[Phrase]:
    """Names of several units, and districts."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for commune in gazetteer.communes.values():
        by_name[commune.name].add(commune.code)
    for _, name, _, leads in gazetteer.old_communes.values():
        by_name[name].update(leads.split())
    several = sorted(name for name, codes in by_name.items() if len(codes) > 1 and not name.isdigit() and " " in name)
    for name in maker.random.sample(several, 150):
        for form, text in (("name", f"xã {name}"), ("name here", f"em ở {name}"), ("name bare", fold(f"xã {name}"))):
            yield Phrase(text, form, "candidates", frozenset(by_name[name]))
    districts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, _, district, leads in gazetteer.old_communes.values():
        kind, name, _ = gazetteer.old_districts[district]
        districts[kind, name].update(leads.split())
    for kind, name in maker.random.sample(sorted(districts), 150):
        codes = frozenset(districts[kind, name])
        if len(codes) > 1:
            yield Phrase(f"{kind.lower()} {name}", "district", "candidates", codes)
            yield Phrase(fold(f"o {kind} {name}"), "district bare", "candidates", codes)


def typo(name: str, rng: random.Random) -> str:
    """One slip of the finger: a letter dropped, doubled or swapped with its neighbour; never the first."""
    at = rng.randrange(1, len(name) - 1)
    while not name[at].isalpha() or not name[at + 1].isalpha():
        at = rng.randrange(1, len(name) - 1)
    changes: list[Callable[[], str]] = [
        lambda: name[:at] + name[at + 1 :],
        lambda: name[: at + 1] + name[at:],
        lambda: name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    ]
    return rng.choice(changes)()


_TELEX = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_VNI = {"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5"}


def _typed(text: str, tones: dict[str, str], shapes: dict[str, str], dbar: str) -> str:
    import unicodedata

    words = []
    for word in text.split(" "):
        body, tone = "", ""
        for letter in unicodedata.normalize("NFD", word):
            if letter in tones:
                tone = tones[letter]
            elif letter in shapes:
                body += body[-1] if shapes[letter] == "=" else shapes[letter]
            elif letter in "đĐ":
                body += ("d" if letter == "đ" else "D") + dbar
            else:
                body += letter
        words.append(body + tone)
    return " ".join(words)


def telex(text: str) -> str:
    """As a keyboard in the wrong mode sends it."""
    return _typed(text, _TELEX, {"\u0302": "=", "\u0306": "w", "\u031b": "w"}, "d")


def vni(text: str) -> str:
    """The same with digits."""
    return _typed(text, _VNI, {"\u0302": "6", "\u0306": "8", "\u031b": "7"}, "9")
