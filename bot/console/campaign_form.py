"""The form of a campaign: what its fields hold, and the parameters they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData, UploadFile

from bot.core.campaigns import params as params_module
from bot.core.campaigns.audience import AGES, CHANNELS, LANGUAGES, TOPICS, UNKNOWN_AGE, make
from bot.core.campaigns.kit import Kit
from bot.core.campaigns.params import KIT, WEEKLY, Params
from bot.core.campaigns.schedule import VIETNAM, read_time
from bot.core.errors import InvalidInput
from bot.core.places.gazetteer import Gazetteer
from bot.core.places.model import Status
from bot.core.places.resolver import Resolver

CHOICES: Mapping[str, tuple[str, ...]] = {
    "topics": TOPICS, "ages": (*AGES, UNKNOWN_AGE), "languages": LANGUAGES, "channels": CHANNELS,
}  # fmt: skip
MOST_PLACE_LINES = 100
FIRST_HOUR = "09:00"
LISTS = ("recipients", "subscribers", "list", "csv", "file")  # nobody is subscribed by somebody else


@dataclass(frozen=True)
class Fields:
    """The form as it was filled in. source: 'kit:ID' or 'item:ID'. places: a province or commune a line."""

    title: str = ""
    source: str = ""
    length: str = "short"
    places: str = ""
    day: str = ""
    hour: str = FIRST_HOUR
    spread: str = "0"
    weekly: str = str(WEEKLY)
    quiet: bool = True
    dry_run: bool = False
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, kind: str, value: str) -> bool:
        """Whether a box is ticked."""
        return value in self.chosen.get(kind, ())


@dataclass(frozen=True)
class Places:
    """What the lines about places say. names: as understood; unknown: lines that are no place, or several."""

    provinces: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def read_fields(form: FormData) -> Fields:
    """The form as it came. Raises InvalidInput('no_lists') for anything like a list of recipients."""
    if any(isinstance(value, UploadFile) for value in form.values()) or any(form.get(name) for name in LISTS):
        raise InvalidInput("no_lists")

    def text(name: str, most: int = 200) -> str:
        return str(form.get(name, "")).strip()[:most]

    chosen = {kind: tuple(str(value)[:20] for value in form.getlist(kind)) for kind in CHOICES}
    return Fields(
        title=text("title", 300), source=text("source", 100), length=text("length", 10), places=text("places", 20_000),
        day=text("day", 10), hour=text("hour", 5), spread=text("spread", 6), weekly=text("weekly", 3),
        quiet=form.get("quiet") == "yes", dry_run=form.get("dry_run") == "yes", chosen=chosen,
    )  # fmt: skip


def to_params(fields: Fields, resolver: Resolver) -> Params:
    """Checked parameters. Raises InvalidInput naming what cannot be used."""
    source, _, source_id = fields.source.partition(":")
    start = read_time(f"{fields.day} {fields.hour}")
    if start is None:
        raise InvalidInput("start")
    places = read_places(fields.places, resolver)
    if places.unknown:
        raise InvalidInput("places")
    audience = make(provinces=places.provinces, communes=places.communes, **fields.chosen)
    return params_module.check(
        Params(
            title=fields.title, source=source, source_id=source_id, length=fields.length, start_at=start,
            audience=audience, spread=_number(fields.spread, "spread"), weekly=_number(fields.weekly, "weekly"),
            quiet=fields.quiet, dry_run=fields.dry_run,
        )
    )  # fmt: skip


def read_places(text: str, resolver: Resolver) -> Places:
    """Each line as one province or one commune of today."""
    provinces: list[str] = []
    communes: list[str] = []
    names: list[str] = []
    unknown: list[str] = []
    book = resolver.gazetteer
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in lines[:MOST_PLACE_LINES]:
        found = resolver.resolve(line[:120])
        if found.status is Status.PROVINCE and found.province:
            provinces.append(found.province)
            names.append(book.provinces[found.province].full_name)
        elif found.status is Status.COMMUNE:
            communes.append(found.codes[0])
            names.append(book.full_name(found.codes[0]))
        else:
            unknown.append(line[:60])
    return Places(tuple(provinces), tuple(communes), tuple(names), (*unknown, *lines[MOST_PLACE_LINES:]))


def fields_of(params: Params, gazetteer: Gazetteer) -> Fields:
    """The form of a campaign that exists."""
    audience, start = params.audience, datetime.fromtimestamp(params.start_at, VIETNAM)
    names = [gazetteer.provinces[code].full_name for code in audience.provinces if code in gazetteer.provinces]
    names += [gazetteer.full_name(code) for code in audience.communes if code in gazetteer.communes]
    return Fields(
        title=params.title, source=f"{params.source}:{params.source_id}", length=params.length, places="\n".join(names),
        day=start.strftime("%Y-%m-%d"), hour=start.strftime("%H:%M"), spread=str(params.spread),
        weekly=str(params.weekly), quiet=params.quiet, dry_run=params.dry_run,
        chosen={kind: getattr(audience, kind) for kind in CHOICES},
    )  # fmt: skip


def prefilled(query: Mapping[str, Any], kits: Mapping[str, Kit], tomorrow: str) -> Fields:
    """An empty form, or one begun from a ready-made campaign or a day of the calendar."""
    day = str(query.get("day", ""))[:10]
    fields = Fields(day=day if read_time(f"{day} {FIRST_HOUR}") else tomorrow)
    kit = kits.get(str(query.get("kit", "")))
    if kit is None:
        return fields
    chosen = {"topics": (kit.topic,)} if kit.topic else {}
    return replace(fields, title=kit.title, source=f"{KIT}:{kit.id}", length="medium", chosen=chosen)


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise InvalidInput(name)
    return int(text)
