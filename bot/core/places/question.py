"""The one question that decides between candidates, and what the answer means. Asked at most twice.

ask = question(("03390", "03394", ...), asked=0, gazetteer)
left = answer(resolver, codes, ask, text="gần bản bo")
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass

from bot.core.messages import MAX_CHOICE_TITLE, Choice
from bot.core.places.gazetteer import Gazetteer
from bot.core.places.model import Commune, Resolution, Status
from bot.core.places.resolver import Resolver
from bot.core.places.syllables import tokens
from bot.core.text import clean, fold, normalise

MAX_ASKED = 2
MAX_OPTIONS = 4  # with "không biết" that makes the five buttons a channel can show
UNKNOWN = "place:unknown"

# text_id -> the line of content/dialogue that asks it: see bot/gateway/places_reader.py
ASK_COMMUNE = "place.ask_commune"  # the province is known, nothing smaller
ASK_NEAREST = "place.ask_nearest"  # communes of one old district or old commune: "gần đâu hơn?"
ASK_PROVINCE = "place.ask_province"  # the same name in several provinces
ASK_WHERE = "place.ask_where"  # nothing is known
UNKNOWN_TITLE = "Mình không biết"


@dataclass(frozen=True)
class Question:
    """text_id: which sentence. choices: at most five. groups: for each choice the communes it stands for (none for
    "không biết"). Free text is always an answer too."""

    text_id: str
    choices: tuple[Choice, ...]
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Answer:
    """codes: communes still possible (one: decided). province: the one they share. unknown: the person does not know.

    changed: the answer named another place than those asked about; `resolution` then says which.
    """

    codes: tuple[str, ...]
    province: str | None = None
    unknown: bool = False
    changed: bool = False
    resolution: Resolution | None = None


def question(codes: tuple[str, ...], asked: int, gazetteer: Gazetteer, province: str | None = None) -> Question | None:
    """What to ask next about these communes; None when one is left or when it was asked twice already.

    With no codes the place itself is asked for, in `province` if that much is known.
    """
    if asked >= MAX_ASKED or len(codes) == 1:
        return None
    if not codes:
        return Question(ASK_COMMUNE if province else ASK_WHERE, (Choice(UNKNOWN, UNKNOWN_TITLE),), ((),))
    by_province: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        by_province[gazetteer.communes[code].province].append(code)
    if len(by_province) > 1:
        return _ask_province(by_province, gazetteer)
    communes = [gazetteer.communes[code] for code in codes]
    groups: list[tuple[str, ...]] = [(c.code,) for c in communes]
    if len(groups) > MAX_OPTIONS:
        groups = _clusters(communes)
    titles = [", ".join(gazetteer.communes[code].full_name for code in group) for group in groups]
    return _build(ASK_NEAREST, titles, groups)


def _ask_province(by_province: dict[str, list[str]], gazetteer: Gazetteer) -> Question:
    """Up to four provinces as buttons; more are put together with their neighbours."""
    provinces = list(by_province)
    parts: list[tuple[str, ...]] = [(p,) for p in provinces]
    if len(provinces) > MAX_OPTIONS:
        points = [(gazetteer.provinces[p].lat, gazetteer.provinces[p].lon, p) for p in provinces]
        parts = _cluster_points(points)
    titles = [", ".join(gazetteer.provinces[p].name for p in part) for part in parts]
    groups = [tuple(code for p in part for code in by_province[p]) for part in parts]
    return _build(ASK_PROVINCE, titles, groups)


def _build(text_id: str, titles: list[str], groups: list[tuple[str, ...]]) -> Question:
    choices = [Choice(f"place:{n}", _short(title)) for n, title in enumerate(titles)]
    return Question(text_id, (*choices, Choice(UNKNOWN, UNKNOWN_TITLE)), (*groups, ()))


def _short(title: str) -> str:
    """A button's title within the channels' limit, cut at a name."""
    if len(title) <= MAX_CHOICE_TITLE:
        return title
    return title[: MAX_CHOICE_TITLE - 2].rsplit(",", 1)[0] + "…"


def _clusters(communes: list[Commune]) -> list[tuple[str, ...]]:
    """At most four groups of neighbouring communes, so that a second question can end it."""
    return _cluster_points([(c.lat, c.lon, c.code) for c in communes])


def _cluster_points(points: list[tuple[float, float, str]]) -> list[tuple[str, ...]]:
    """Cut in two along the longer side, twice: four groups of about equal size, each holding neighbours."""
    groups = []
    for half in _halves(points):
        groups += [tuple(key for _, _, key in quarter) for quarter in _halves(half)]
    return [group for group in groups if group]


def _halves(
    points: list[tuple[float, float, str]],
) -> tuple[list[tuple[float, float, str]], list[tuple[float, float, str]]]:
    if len(points) < 2:
        return points, []
    tall = max(p[0] for p in points) - min(p[0] for p in points)
    wide = (max(p[1] for p in points) - min(p[1] for p in points)) * math.cos(math.radians(points[0][0]))
    ordered = sorted(points, key=lambda p: (-p[0], p[1]) if tall >= wide else (p[1], -p[0]))
    middle = (len(ordered) + 1) // 2
    return ordered[:middle], ordered[middle:]


_DO_NOT_KNOW = re.compile(
    r"\b(?:khong|chua|chang|cha|deo) (?:co )?(?:biet|ro|nho|chac|hieu)\b|\bchiu\b|\bquen (?:roi|mat)\b|^(?:khong|bo qua)$|\bsao cung duoc\b"
)
_ORDINAL = re.compile(
    r"^(?:(?:cai|so|y|chon|lua chon|phuong an|thu|nut) )*([1-4]|nhat|mot|hai|ba|tu|bon|dau tien|dau|tren cung)"
    r"(?: (?:di|nha|nhe|a|ban|do|ay|kia|em|anh|chi))*$"
)
_UNIT = re.compile(r"\b(?:(?<!thi )xa|phuong|thi tran)\b")
_DISTRICT = re.compile(r"\b(?:quan|huyen|thi xa|thanh pho|tp|tx|q|h)\b")
_BARE = 1  # words beside a name that is all the answer
_NUMBERS = {"nhat": 1, "dau tien": 1, "dau": 1, "tren cung": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4}


def answer(resolver: Resolver, codes: tuple[str, ...], asked: Question, text: str = "", choice: str = "") -> Answer:
    """What an answer leaves of `codes`. A button, a number, a name among those offered, another place, "không biết"."""
    gazetteer = resolver.gazetteer
    for offered, group in zip(asked.choices, asked.groups, strict=True):
        if choice == offered.id:
            return _left(group, gazetteer) if group else Answer(codes, gazetteer.province_of(codes), unknown=True)
    folded = normalise(text)
    number = _ORDINAL.match(folded)
    if number:
        position = _NUMBERS.get(number[1]) or int(number[1])
        if position <= len(asked.groups) and asked.groups[position - 1]:
            return _left(asked.groups[position - 1], gazetteer)
    resolution = resolver.resolve(text)
    inside = _inside(codes, resolution, gazetteer)
    named = _named_among(_bounded(codes, resolution, gazetteer), text, gazetteer)
    if len(inside) > 1 and _means_district(resolution, named, asked, folded, gazetteer):
        named = ()
    if len(named) == 1:
        return _left(named, gazetteer)
    if not inside and asked.text_id == ASK_PROVINCE and resolution.province and not _UNIT.search(folded):
        # "long an cũ, nay tây ninh" names a commune too, but a province was asked for
        inside = tuple(code for code in codes if gazetteer.communes[code].province == resolution.province)
    if inside and named:
        inside = tuple(code for code in inside if code in named) or inside
    if inside or named:
        return _left(inside or named, gazetteer)
    if resolution.status is not Status.NONE:
        return Answer(resolution.codes, resolution.province, changed=True, resolution=resolution)
    return Answer(codes, gazetteer.province_of(codes), unknown=_DO_NOT_KNOW.search(folded) is not None)


def _bounded(codes: tuple[str, ...], resolution: Resolution, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Of the candidates those in the province the answer names: a name elsewhere is not meant, however well it fits."""
    provinces = {resolution.province} if resolution.province else set(resolution.provinces)
    return tuple(code for code in codes if not provinces or gazetteer.communes[code].province in provinces)


def _means_district(
    resolution: Resolution, named: tuple[str, ...], asked: Question, folded: str, gazetteer: Gazetteer
) -> bool:
    """ "quận Bình Tân cũ" is all of that district, also where one of its communes has its name; so is the bare name, unless
    that commune stood among the buttons and nothing else was said."""
    districts = {fold(gazetteer.old_districts[code][1]) for code in resolution.old_districts}
    same = {fold(gazetteer.communes[code].name) for code in named} & districts
    if (
        not named
        or not districts
        or (not same and any(f" {name} " in f" {folded} " for name in _names(named, gazetteer)))
    ):
        return False
    rest = min((len(folded.split()) - len(name.split()) for name in same), default=0)
    bare = asked.text_id == ASK_NEAREST and not _DISTRICT.search(folded) and rest <= _BARE
    return not _UNIT.search(folded) and not bare


def _names(codes: tuple[str, ...], gazetteer: Gazetteer) -> set[str]:
    return {fold(gazetteer.communes[code].name) for code in codes}


def _left(codes: tuple[str, ...], gazetteer: Gazetteer) -> Answer:
    return Answer(codes, gazetteer.province_of(codes))


def _named_among(codes: tuple[str, ...], text: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Candidates whose name, or the name of a former commune in them, stands in the answer; longest names first.

    Among a handful of names no unit word or province is needed: "bản bo", "chỗ tả lèng đó".
    """
    written = f" {' '.join(t.base for t in tokens(clean(text[:500])))} "
    found: dict[str, int] = {}
    larger = (
        () if _UNIT.search(written) else gazetteer.province_keys
    )  # "Tân Uyên Bình Dương": not the ward of that name
    for code in codes:
        for key in gazetteer.names_of(code):
            if f" {key} " in written and key not in larger:
                found[code] = max(found.get(code, 0), len(key))
    longest = max(found.values(), default=0)
    return tuple(code for code in codes if found.get(code) == longest) if found else ()


def _inside(codes: tuple[str, ...], resolution: Resolution, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Candidates that the place named in the answer contains."""
    if resolution.codes:
        return tuple(code for code in codes if code in resolution.codes)
    if resolution.status is Status.PROVINCE:
        fits = [code for code in codes if gazetteer.communes[code].province == resolution.province]
        old = [code for code in fits if set(gazetteer.old_provinces_of(code)) & set(resolution.old_provinces)]
        return tuple(old or fits)
    return ()
