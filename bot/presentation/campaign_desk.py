"""What the campaign pages read: a campaign with its words, its people and its standing, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.app import Core
from bot.content.picture_cards import read_card
from bot.core.campaigns import rules
from bot.core.campaigns.audience import Audience
from bot.core.campaigns.kit import Kit
from bot.core.campaigns.params import ITEM, KIT, Params
from bot.core.campaigns.schedule import VIETNAM
from bot.core.campaigns.states import State
from bot.core.content.model import Kind
from bot.core.errors import NotAllowed
from bot.core.messages import OutboundMessage
from bot.presentation import posters
from bot.presentation.campaign_preview import Locked, Preview, locked, previews
from bot.presentation.words import words
from bot.services.campaigns import acts, report, subscribers
from bot.services.campaigns.acts import Desk
from bot.services.campaigns.report import Progress
from bot.services.campaigns.words import Sources, content_problem, messages, sources, thaw
from bot.settings import Settings
from bot.storage.tables import Campaign, CampaignTest, Officer

MAKERS = frozenset({"supervisor", "central"})  # roles that may write a campaign, and agree to somebody else's
FIRST_DRAFT = 0  # number of a campaign that is only looked at


@dataclass(frozen=True)
class Shown:
    """A message as it would be sent, by language, on each channel, and on a locked phone."""

    by_language: Mapping[str, tuple[Preview, ...]]
    locked: tuple[Locked, ...]


@dataclass(frozen=True)
class View:
    """One campaign. people: channel -> subscribers now. problems: codes. test: this officer's last test, or None.

    own: this officer wrote on it. beyond: it goes further than this officer may agree to.
    """

    row: Campaign
    params: Params
    shown: Shown | None
    people: Mapping[str, int]
    problems: tuple[str, ...]
    progress: Progress
    names: Mapping[str, str]
    test: CampaignTest | None
    own: bool
    beyond: bool


def desk(core: Core) -> Desk:
    """What the acts on campaigns need, as things are now."""
    return Desk(sources(core), acts.channels_on(core.settings), core.now(), core.province_of)


def today(core: Core) -> date:
    """The date in Viet Nam."""
    return datetime.fromtimestamp(core.now(), VIETNAM).date()


def view(session: Session, core: Core, campaign_id: int, officer_id: str) -> View:
    """Everything about one campaign. Raises NotAllowed."""
    house, row = desk(core), acts.get(session, campaign_id)
    params = acts.params_of(row)
    waiting = row.state in {State.DRAFT.value, State.SUBMITTED.value}
    query = select(CampaignTest).where(
        col(CampaignTest.campaign_id) == row.id, col(CampaignTest.officer_id) == officer_id
    )
    return View(
        row=row,
        params=params,
        shown=_shown_of(house.sources, row, params, core.settings),
        people=subscribers.count(session, params.audience, house.on),
        problems=tuple(acts.problems(session, house, params)) if waiting else (),
        progress=report.progress(session, row, core.now()),
        names=officer_names(session, {row.created_by, row.submitted_by, row.approved_by}),
        test=session.execute(query.order_by(col(CampaignTest.id).desc()).limit(1)).scalars().first(),
        own=officer_id in {row.created_by, row.submitted_by},
        beyond=row.state == State.SUBMITTED.value and acts.beyond_reach(session, house, row, officer_id),
    )


def officer_names(session: Session, ids: set[str]) -> dict[str, str]:
    """Names of officers by id."""
    query = select(col(Officer.id), col(Officer.name)).where(col(Officer.id).in_(ids - {""}))
    return {row[0]: row[1] for row in session.execute(query)}


def draft_shown(found: Sources, content: str, length: str, settings: Settings, day: date) -> Shown | None:
    """The message of a form that is being filled in ("kit:NAME", "short"), or None while it names none."""
    source, _, source_id = content.partition(":")
    params = Params("-", source, source_id, length, 1.0)
    if source not in {KIT, ITEM} or content_problem(found, params, day) == "content_missing":
        return None
    if source == KIT and length not in found.kits[source_id].texts["vi"]:
        return None
    return _shown(messages(found, params, FIRST_DRAFT), settings)


def people(session: Session, core: Core, audience: Audience) -> dict[str, int]:
    """How many subscribers an audience has now, by channel that is on."""
    return subscribers.count(session, audience, acts.channels_on(core.settings))


def choices_of_content(core: Core, found: Sources) -> list[tuple[str, list[tuple[str, str]]]]:
    """Ready-made campaigns, then answers that may be sent today, as (group, [(value, title)])."""
    day = today(core)
    kits = [(f"{KIT}:{kit.id}", kit.title) for kit in found.kits.values()]
    items = [
        (f"{ITEM}:{item.id}", item.title)
        for item in found.library.in_language("vi")
        if item.kind is Kind.ANSWER and item.may_be_sent(day) and item.id not in rules.FOR_ONE_PERSON
    ]
    return [("Bộ soạn sẵn", kits), ("Mục trong kho câu trả lời", sorted(items, key=lambda row: row[1]))]


def kit_of(core: Core, name: str) -> Kit:
    """A ready-made campaign. Raises NotAllowed."""
    kit = sources(core).kits.get(name)
    if kit is None:
        raise NotAllowed("kit")
    return kit


def place_names(core: Core, audience: Audience) -> list[str]:
    """The places of an audience, in words."""
    book = core.gazetteer
    names = [book.provinces[code].full_name for code in audience.provinces if code in book.provinces]
    return names + [book.full_name(code) for code in audience.communes if code in book.communes]


def progress_json(row: Campaign, found: Progress) -> dict[str, Any]:
    """What the page asks for while a campaign runs."""
    return {
        "state": row.state, "total": found.total, "done": found.done, "share": round(found.share, 4),
        "rate": round(found.rate, 1), "left": None if found.left is None else round(found.left),
        "counts": found.counts, "planned": row.planned,
    }  # fmt: skip


def _shown_of(found: Sources, row: Campaign, params: Params, settings: Settings) -> Shown | None:
    if row.frozen:
        return _shown(thaw(row.frozen), settings)
    if content_problem(found, params, date.min) == "content_missing":
        return None
    return _shown(messages(found, params, row.id), settings)


def _shown(found: Mapping[str, OutboundMessage], settings: Settings) -> Shown:
    by_language = {language: previews(message, settings) for language, message in sorted(found.items(), reverse=True)}
    return Shown(by_language, locked(by_language["vi"]))


def sheet_of(core: Core, kit: Kit) -> posters.Sheet:
    """What the posters and the leaflet of a campaign say. Raises InvalidInput('no_public_address')."""
    said, numbers = words()["campaign"]["poster"], {line.id: line.number for line in core.content.library.hotlines}
    return posters.Sheet(
        kit=kit, card=read_card(core.settings.content_dir, kit.picture), link=posters.link_of(core.settings.public_url, kit),
        numbers=((numbers["police"], said["danger"]), (numbers["anti_trafficking"], said["ask"])),
    )  # fmt: skip
