"""The words of a content item and of the hotline table, as plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from bot.core.messages import Choice

HOTLINE_CARD = "hotline_card"  # the one item that is sent whatever its dates say
EMERGENCY_CARD = "card_emergency"  # one per foreign language; the only item that may be sent machine-drafted
MAIN_LANGUAGES = ("vi", "en")  # complete libraries; other languages have only the emergency card


class Status(str, Enum):
    DRAFT = "draft"  # never sent
    REVIEWED = "reviewed"  # sent until it expires
    DRAFT_EMERGENCY = "draft-emergency"  # machine-drafted, awaiting a native reviewer: sent as emergency card only


class Kind(str, Enum):
    ANSWER = "answer"  # a topic: facts, so sources are required
    EMERGENCY = "emergency"  # opens with the numbers to call
    CARD = "card"  # hotline cards
    DIALOGUE = "dialogue"  # greetings and other small talk: no facts


@dataclass(frozen=True)
class ContentItem:
    """One thing the bot can say in one language.

    short: what chat sends, under 500 characters. long: the Markdown body, "" when there is none.
    buttons: next steps, ids in the grammar of bot.core.content.buttons, at most five.
    picture: file name below content/pictures or ""; picture_alt is its text for people who cannot see it.
    audience: who it is written for (names fixed by the schema). sources: law, plan or news, in words.
    author, reviewer: roles, never people. expires: last day it may be sent.
    """

    id: str
    language: str
    kind: Kind
    topic: str
    title: str
    short: str
    long: str
    buttons: tuple[Choice, ...]
    picture: str
    picture_alt: str
    audience: tuple[str, ...]
    sources: tuple[str, ...]
    author: str
    reviewer: str
    reviewed: date
    expires: date
    status: Status
    notice: str = (
        ""  # of a machine-drafted card: that it is one, in its own language; said under it until somebody reviewed it
    )

    def may_be_sent(self, today: date) -> bool:
        """Drafts and expired items are never sent, except the hotline card: a person must never get silence."""
        if self.id == HOTLINE_CARD:
            return True
        if self.status is Status.DRAFT_EMERGENCY:
            return self.id == EMERGENCY_CARD and today <= self.expires
        return self.status is Status.REVIEWED and today <= self.expires

    def long_buttons(self) -> tuple[Choice, ...]:
        """The next steps under the long answer: the same, without the button that asks for it."""
        return tuple(b for b in self.buttons if b.id != f"more:{self.id}")


@dataclass(frozen=True)
class Hotline:
    """A number the bot may name. dial: digits as dialled; name and use: by language; source in words.

    checked: the day somebody looked at the source; check_again: the last day the number may rest on that look.
    """

    id: str
    number: str
    dial: str
    name: dict[str, str]
    use: dict[str, str]
    hours: str
    free: bool
    recorded: bool
    reachable: str  # viet_nam | abroad
    source: str
    checked: str
    check_again: str
