"""What a message says about where, in the shape the tip interview keeps: a commune, candidates and a question, abroad..."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import bot.phrases as phrases
from bot.core.errors import InvalidInput
from bot.core.places import coordinates
from bot.core.places.gazetteer import Gazetteer
from bot.core.places.gps import Side, locate
from bot.core.places.model import Resolution, Status
from bot.core.places.question import ASK_COMMUNE, ASK_NEAREST, ASK_PROVINCE, UNKNOWN, Question, answer, question
from bot.core.places.resolver import Resolver
from bot.core.text import excerpt_words, fold
from bot.dialogue.reading import place_roles
from bot.dialogue.reading.place_pieces import read_pieces
from bot.phrases.books import book

Place = dict[str, Any]
_LINES = {ASK_NEAREST: "tip_pick", ASK_PROVINCE: "tip_pick_province", ASK_COMMUNE: "tip_pick_commune"}
_GPS_CHOICES = 4
# A run of blanks is looked at once, from its beginning: 4,000 of them would keep everybody waiting otherwise.
_BOOK = book("interview/places")
_ENGLISH_UNIT = re.compile(rf"(?<!\s)\s+{_BOOK.part('english_unit')}\b(?=\s*(?:[,;.]|$))", re.IGNORECASE)


# Of a long story: its beginning, its end, and what stands between them around words that announce a place. Looking up names
# costs more for each word than anything else that is read, and no address needs more.
_HEAD, _TAIL, _BETWEEN = 600, 200, 200
_ANNOUNCED = re.compile(rf"\b{_BOOK.part('announced')}\b\.?.{{0,60}}", re.IGNORECASE)


def part(text: str) -> str:
    """What is read of a text for places: all of a short one, about 1,000 characters of a long one."""
    if len(text) <= _HEAD + _TAIL:
        return text
    between, room = [], _BETWEEN
    for found in _ANNOUNCED.finditer(text, _HEAD - 40, len(text) - _TAIL):
        if len(found[0]) > room:
            break
        between.append(found[0])
        room -= len(found[0])
    shown = excerpt_words(text, _HEAD, _TAIL)
    return shown if not between else shown.replace(" … ", f" … {'. '.join(between)} … ", 1)


_TOLD = 200  # characters of what was told of a place before, read together with what is told now
_ASKED = frozenset({"tip_where", "tip_pick"})  # the questions that a bare name answers
_NO_COMMUNE = frozenset({"", "none", "province"})
_JUST_A_NAME = 6  # words


class PlacesReader:
    """Ties the resolver, the deciding question and GPS together. Stateless; loads the gazetteer once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._resolver = Resolver(gazetteer)

    def read(
        self, text: str, choice: str, latitude: float | None, longitude: float | None, draft: Mapping[str, Any]
    ) -> Place:
        """`draft`: the tip being written; an open question in its `where` is answered by the message. Its "asked" is the
        slot asked for."""
        if latitude is not None and longitude is not None:
            return self._located(latitude, longitude)
        if text and not choice and (position := coordinates.told(text)):
            return self._located(*position)
        text = part(text)
        place = self._read(text, choice, draft)
        if (
            text
            and not choice
            and place.get("status") == "candidates"
            and (led := self._by_roles(text, place["codes"]))
        ):
            place = led
        if draft.get("asked") not in _ASKED or choice or not text or place.get("status", "") not in _NO_COMMUNE:
            return place
        return self._by_pieces(text, draft.get("where") or {}, place) or place

    def _by_roles(self, text: str, among: Collection[str]) -> Place | None:
        """Two communes in one message, "quê ở … bị đưa qua quán ở …": the roles say whose police it is for, and which the
        other is. "also": [role, name] of the others."""
        named = place_roles.apart(text, among, self._resolver.resolve)
        led = place_roles.leading(named)
        if led is None:
            return None
        country = next((one.country for _, one in named if one.country), "")
        place = self._place(replace(led[1], country=country, corrects=False, whole=False), asked=0)
        place["also"] = [[role, self._gazetteer.full_name(one.codes[0])] for role, one in named if one is not led[1]]
        return place

    def _by_pieces(self, text: str, before: Mapping[str, Any], place: Place) -> Place | None:
        """A bare name among other words, where a name was asked for; in the province already known."""
        found = read_pieces(text, self._resolver.resolve)
        if found is None:
            return None
        province = place.get("province") or before.get("province")
        codes = tuple(code for code in found.codes if self._gazetteer.communes[code].province == province)
        if province and not codes and (before.get("province") or not self._is_named_after(found, province)):
            return None
        if codes and len(codes) < len(found.codes):
            status = Status.COMMUNE if len(codes) == 1 else Status.CANDIDATES
            found = replace(found, status=status, codes=codes, province=province)
        country = found.country or str(place.get("country") or before.get("country") or "")
        return self._place(replace(found, country=country, whole=False), asked=0)

    def _is_named_after(self, found: Resolution, province: str) -> bool:
        """The province was only heard in the name of the commune: "Phú Thọ Hoà"."""
        name = fold(self._gazetteer.provinces[province].name)
        return any(name in fold(self._gazetteer.communes[code].name) for code in found.codes)

    def _read(self, text: str, choice: str, draft: Mapping[str, Any]) -> Place:
        before = draft.get("where") or {}
        if text and not choice:
            found = self._nearer(self._resolve(text), before)
            if found.corrects:
                kept = self._kept_right(found, str(before.get("text") or ""))
                return {**self._place(kept, asked=0), **({"kept": True} if kept is not found else {})}
            if together := self._together(before, text, found):
                return together
        if "pick" not in draft.get("done", ()) and before.get("status") in {"candidates", "province", "foreign"}:
            return self._answered(before, int(draft.get("picks") or 0), text, choice)
        if choice or not text:
            return {}
        return self._place(self._resolve(text), asked=0)

    def _together(self, before: Mapping[str, Any], text: str, found: Resolution) -> Place | None:
        """A place told in pieces ("Đông Thụy Anh", then "Thái Bình cũ"), read as one where a piece alone says too little."""
        told = str(before.get("text") or "")[-_TOLD:]
        if not told or before.get("code") or found.status is Status.COMMUNE:
            return None
        for pieces in (f"{told}, {text}", f"{text}, {told}"):
            whole = self._resolver.resolve(pieces)
            if whole.status is not Status.COMMUNE and len(text.split()) <= _JUST_A_NAME:
                whole = read_pieces(pieces, self._resolver.resolve) or whole
            fits = found.province in {None, whole.province} and set(whole.codes) <= set(found.codes or whole.codes)
            if whole.status is Status.COMMUNE and fits:
                country = whole.country or found.country or str(before.get("country") or "")
                return self._place(replace(whole, country=country, whole=False), asked=0)
        return None

    def _nearer(self, found: Resolution, before: Mapping[str, Any]) -> Resolution:
        """What corrects a place, read where the place it corrects lies: "không phải An Phú mà là An Lão" in Hải Phòng."""
        province = before.get("province")
        codes = tuple(code for code in found.codes if self._gazetteer.communes[code].province == province)
        if not found.corrects or found.province or not codes:
            return found
        status = Status.COMMUNE if len(codes) == 1 else Status.CANDIDATES
        return replace(found, status=status, codes=codes, province=province)

    def _kept_right(self, found: Resolution, told: str) -> Resolution:
        """ "TP.HCM chứ không phải Vĩnh Long", "sao lại Vĩnh Long": what was told before, read again in the province that is
        meant, or without what is denied."""
        if found.codes or found.country or not told:
            return found
        before = self._resolve(told[-_TOLD:])
        if found.province:
            codes = tuple(code for code in before.codes if self._gazetteer.communes[code].province == found.province)
        else:
            denied = set(found.denied)
            codes = tuple(c for c in before.codes if not denied & {c, self._gazetteer.communes[c].province})
        if not codes:
            return found
        status = Status.COMMUNE if len(codes) == 1 and before.status is Status.COMMUNE else Status.CANDIDATES
        province = self._gazetteer.province_of(codes)
        return replace(found, status=status, codes=codes, province=province, whole=True)

    def _resolve(self, text: str) -> Resolution:
        """The resolver's word; "Hai Chau ward, Da Nang city" is read without its English unit words if that says more."""
        found = self._resolver.resolve(text)
        bare = _ENGLISH_UNIT.sub("", text)
        if bare == text or found.status is Status.COMMUNE:
            return found
        other = self._resolver.resolve(bare)
        more = other.status is Status.COMMUNE or (other.province is not None and found.province is None)
        return other if more else found

    def name(self, commune: str, province: str) -> str:
        """The full name of a commune, or of a province, or ''."""
        if commune in self._gazetteer.communes:
            return self._gazetteer.full_name(commune)
        return self._gazetteer.provinces[province].full_name if province in self._gazetteer.provinces else ""

    def _answered(self, before: Mapping[str, Any], asked: int, text: str, choice: str) -> Place:
        if before["status"] == "foreign":
            found = self._resolve(text) if text else Resolution()
            if (
                found.codes
            ):  # a commune at home is where it began, and whose police it is for; the country stays beside it
                return self._place(replace(found, country=found.country or str(before.get("country") or "")), asked=1)
            return {**before, "province": found.province, "question": {}} if found.province else {}
        codes = tuple(before.get("codes") or ())
        if len(codes) == 1:
            return self._confirmed(codes[0], text, choice)
        put = question(codes, asked, self._gazetteer, before.get("province"))
        if put is None:
            return self._place(self._resolve(text), asked + 1) if text else {}
        left = answer(self._resolver, codes, put, text=text, choice=choice)
        if left.unknown or choice == UNKNOWN:
            return {}
        if left.changed and left.resolution is not None:
            return self._place(left.resolution, asked + 1)
        if left.codes and set(left.codes) != set(codes):
            return self._codes(left.codes, left.province, "", 0)  # nearer: how often it is asked the draft counts
        return {}

    def _place(self, found: Resolution, asked: int) -> Place:
        place = self._of_status(found, asked)
        if found.corrects:
            place["corrects"], place["denied"] = True, list(found.denied)
        if found.whole:
            place["whole"] = True
        return place

    def _of_status(self, found: Resolution, asked: int) -> Place:
        if found.status is Status.NONE:
            return {"status": "none"}
        if found.status is Status.FOREIGN:
            place: Place = {
                "status": "foreign",
                "country": found.country,
                "province": found.province,
                "name": found.country,
            }
            if not found.province:
                place["question"] = {"line": "tip_pick_abroad", "options": []}
            return place
        if found.status is Status.PROVINCE:
            return self._codes((), found.province, found.country, asked)
        if found.status is Status.CANDIDATES and len(found.codes) == 1:
            return {**self._to_confirm(found.codes[0]), "country": found.country}
        return self._codes(found.codes, found.province, found.country, asked)

    def _codes(self, codes: tuple[str, ...], province: str | None, country: str, asked: int) -> Place:
        if len(codes) == 1:
            code = codes[0]
            home = self._gazetteer.communes[code].province
            return {"status": "commune", "code": code, "codes": [code], "province": home, "country": country,
                    "name": self._gazetteer.full_name(code), "question": {}}  # fmt: skip
        put = question(codes, asked, self._gazetteer, province)
        name = self._gazetteer.provinces[province].full_name if province else ""
        return {
            "status": "candidates" if codes else "province", "code": "", "codes": list(codes), "province": province,
            "country": country, "name": name, "question": _shape(put),
        }  # fmt: skip

    def _to_confirm(self, code: str) -> Place:
        """A name that was retired leads to one commune of today, but only perhaps: say it and ask."""
        name = self._gazetteer.full_name(code)
        place = self._codes((code,), None, "", 0)
        options = [{"id": "place:0", "title": name[:100]}]
        return {
            **place,
            "status": "candidates",
            "code": "",
            "question": {"line": "tip_pick_confirm", "options": options},
        }

    def _confirmed(self, code: str, text: str, choice: str) -> Place:
        if choice == "place:0" or (text and phrases.is_yes(text)):
            return self._codes((code,), None, "", 0)
        if choice == UNKNOWN or not text or phrases.does_not_know(text) or phrases.is_no(text):
            return {}
        found = self._resolve(text)
        home = self._gazetteer.communes[code].province
        named = found.codes == (code,) or (found.status is Status.PROVINCE and found.province == home)
        return self._codes((code,), None, "", 0) if named else self._place(found, asked=1)

    def _located(self, latitude: float, longitude: float) -> Place:
        try:
            found = locate(latitude, longitude, self._gazetteer)
        except InvalidInput:
            return {"status": "none"}
        if found.side is Side.ABROAD:
            return self._place(Resolution(Status.FOREIGN, country=found.country or "nước ngoài"), asked=0)
        place = self._codes(found.codes[:_GPS_CHOICES], self._gazetteer.province_of(found.codes[:1]), "", asked=0)
        place["question"]["line"] = "tip_pick_location"
        place["name"] = self._gazetteer.full_name(found.codes[0])
        return place


def _shape(put: Question | None) -> dict[str, Any]:
    if put is None:
        return {}
    options = [{"id": c.id, "title": c.title} for c in put.choices if c.id != UNKNOWN]
    return {"line": _LINES.get(put.text_id, "tip_pick_commune"), "options": options}
