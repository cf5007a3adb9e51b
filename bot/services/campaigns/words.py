"""The words of a campaign as they will be sent: rendered once, frozen, the same for everybody of a language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from bot.content.files import ContentFiles
from bot.content.kits import read_kits
from bot.content.phrasebooks import Phrasebook
from bot.core.campaigns import rules
from bot.core.campaigns.audience import LANGUAGES
from bot.core.campaigns.kit import Kit
from bot.core.campaigns.params import KIT, Params
from bot.core.content.library import ContentLibrary
from bot.core.messages import MAX_CHOICES, Choice, OutboundMessage
from bot.core.sending import ONCE
from bot.settings import Settings

TAP = "camp"  # first part of a campaign button's id: camp:<campaign>:<the button's own id>


@dataclass(frozen=True)
class Sources:
    """Where words come from."""

    kits: Mapping[str, Kit]
    library: ContentLibrary
    books: Mapping[str, Phrasebook]


class House(Protocol):
    """What `bot.app.Core` is here."""

    settings: Settings

    @property
    def content(self) -> ContentFiles: ...

    @property
    def books(self) -> Mapping[str, Phrasebook]: ...


def sources(core: House) -> Sources:
    """Where the words of campaigns come from, as the files are now."""
    return Sources(read_kits(core.settings.content_dir), core.content.library, core.books)


def content_problem(sources: Sources, params: Params, day: date) -> str:
    """'' when the words may be sent on `day`, else 'content_missing', 'content_draft', 'content_expired', 'content_telling'."""
    if params.source == KIT:
        kit = sources.kits.get(params.source_id)
        if kit is None:
            return "content_missing"
        return kit_problem(kit, day)
    item = sources.library.items.get((params.source_id, "vi"))
    if item is None or params.length != "short":
        return "content_missing"
    if params.source_id in rules.FOR_ONE_PERSON or rules.reveals(item.short) == "personal":
        return "content_telling"
    if item.may_be_sent(day):
        return ""
    return "content_expired" if day > item.expires else "content_draft"


def kit_problem(kit: Kit, day: date) -> str:
    """'' when a kit's words may be used on `day`, by us or by people who run a medium by hand, else why not."""
    if not kit.reviewed_status:
        return "content_draft"
    return "" if day <= kit.expires else "content_expired"


def messages(sources: Sources, params: Params, campaign_id: int) -> dict[str, OutboundMessage]:
    """The message in each language, with a neutral first line, how to stop, and buttons that count their taps."""
    return {language: _message(sources, params, campaign_id, language) for language in LANGUAGES}


def _message(sources: Sources, params: Params, campaign_id: int, language: str) -> OutboundMessage:
    book = sources.books[language]
    if params.source == KIT:
        kit = sources.kits[params.source_id]
        text, choices = kit.texts[language][params.length], kit.buttons[language]
        image, alt = kit.picture, kit.picture_alt[language]
    else:
        item = sources.library.items.get((params.source_id, language)) or sources.library.items[params.source_id, "vi"]
        text, choices, image, alt = item.short.strip(), item.buttons, item.picture, item.picture_alt
    header, footer = book.lines["campaign_header"].text, book.lines["campaign_footer"].text
    stop = Choice("do:unsubscribe", book.intents["unsubscribe"])
    kept = [choice for choice in choices if choice.id not in {"do:subscribe", stop.id}][: MAX_CHOICES - 1]
    return OutboundMessage(
        text=f"{header}\n\n{text.strip()}\n\n{footer}",
        choices=tuple(replace(choice, id=f"{TAP}:{campaign_id}:{choice.id}") for choice in (*kept, stop)),
        image=image,
        image_alt=alt,
        meta={"item": f"campaign_{params.source_id}", ONCE: "1"},
    )


def as_sent(message: OutboundMessage, *, numbers: bool) -> OutboundMessage:
    """The message as it goes to a channel: no choices where they would be `numbers`, which mean nothing when typed later."""
    if not numbers:
        return message
    return OutboundMessage(text=message.text, image=message.image, image_alt=message.image_alt)


def freeze(found: Mapping[str, OutboundMessage]) -> str:
    """Canonical JSON of the messages."""
    body: dict[str, Any] = {language: message.to_json() for language, message in found.items()}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thaw(frozen: str) -> dict[str, OutboundMessage]:
    """The messages as they were frozen."""
    return {language: OutboundMessage.from_json(body) for language, body in json.loads(frozen).items()}


def split_tap(choice: str) -> tuple[int, str]:
    """(campaign, the button's own id) of a tapped button; (0, the id itself) when it is no campaign's."""
    verb, _, rest = choice.partition(":")
    number, _, own = rest.partition(":")
    if verb == TAP and number.isascii() and number.isdigit() and len(number) < 10 and own:
        return int(number), own
    return 0, choice
