"""Sentences written by hand, as citizens write them, with what each must resolve to (place_sentences.tsv)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.core.places.gazetteer import Gazetteer
from bot.core.places.model import Resolution, Status

_FILE = Path(__file__).with_name("place_sentences.tsv")


@dataclass(frozen=True)
class Sentence:
    """text, expected status, expected communes; extra: province code or country."""

    text: str
    status: str
    codes: frozenset[str]
    extra: str = ""

    def verdict(self, found: Resolution) -> str:
        """right, wrong (a place that is not meant), silent (one picked of several), incomplete, invented or missed."""
        got, status = frozenset(found.codes), found.status.value
        if self.status == "none":
            return "right" if status == "none" else "invented"
        if self.status == "province":
            return "right" if status == "province" and found.province == self.extra else _other(status)
        if self.status == "foreign":
            return "right" if status == "foreign" and found.country == self.extra else _other(status)
        if self.status == "commune":
            return "right" if found.status is Status.COMMUNE and got == self.codes else _other(status)
        if status == "commune":
            return "silent"
        return "right" if status == "candidates" and self.codes <= got else "incomplete"


def _other(status: str) -> str:
    return "wrong" if status == "commune" else "missed"


def load(gazetteer: Gazetteer) -> list[Sentence]:
    """All sentences; raises KeyError when a label names a unit that does not exist."""
    sentences = []
    for line in _FILE.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, status, label = line.split("\t")
        if status in ("province", "foreign", "none"):
            sentences.append(Sentence(text, status, frozenset(), "" if status == "none" else label))
        else:
            sentences.append(Sentence(text, status, _codes(label, gazetteer)))
    return sentences


def _codes(label: str, gazetteer: Gazetteer) -> frozenset[str]:
    """The communes a label stands for; see the head of the file."""
    if label.startswith("n:") and " n:" in label:
        return frozenset().union(*(_codes("n:" + part, gazetteer) for part in label[2:].split(" n:")))
    if label.startswith("o:"):
        named, district, province = label[2:].split("/")
        return _one(
            frozenset(leads.split())
            for kind, name, code, leads in gazetteer.old_communes.values()
            if f"{kind} {name}" == named and _is_district(gazetteer, code, district, province)
        )
    if label.startswith("d:"):
        named, province = label[2:].split("/")
        found = {
            target
            for _, _, code, leads in gazetteer.old_communes.values()
            for target in leads.split()
            if " ".join(gazetteer.old_districts[code][:2]) == named and _is_district(gazetteer, code, "", province)
        }
        return _one([frozenset(found)] if found else [])
    if label.startswith("n:"):
        name, _, province = label[2:].partition("@")
        return _named(name, province, gazetteer)
    return _one(frozenset({code}) for code in gazetteer.communes if gazetteer.full_name(code) == label)


def _is_district(gazetteer: Gazetteer, code: str, district: str, province: str) -> bool:
    _, name, province_code = gazetteer.old_districts[code]
    return district in ("", name) and gazetteer.old_provinces[province_code][1] == province


def _named(name: str, province: str, gazetteer: Gazetteer) -> frozenset[str]:
    """Every commune of today of that name, in a province if given; without one also where old communes of it lead."""
    codes = {
        c.code
        for c in gazetteer.communes.values()
        if c.name == name and province in ("", gazetteer.provinces[c.province].name)
    }
    if not province:
        codes.update(t for _, old, _, leads in gazetteer.old_communes.values() if old == name for t in leads.split())
    return _one([frozenset(codes)] if codes else [])


def _one(options) -> frozenset[str]:  # type: ignore[no-untyped-def]
    found = list(options)
    if len(found) != 1:
        raise KeyError("a label must name exactly one unit")
    return found[0]
