"""The gateway's own knowledge handed to the turn: the route of a new tip, the offer check, the self-check's questions."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from bot.app import Core
from bot.core.offers.check import check_offer as judge
from bot.core.offers.reply import reply_choices, reply_text
from bot.core.screening.checklist import SKIP, STOP, Checklist
from bot.core.units.model import Directory
from bot.core.units.routing import Route
from bot.dialogue.says import Say
from bot.services.tips import router
from bot.services.units import register

_PIECE_WORDS = 40  # words of what may be a piece of an offer
_DIRECTORY_SECONDS = 10.0
# hotline id -> content item shown with the receipt. 111 is named in the receipt's own words, so it needs no card.
_CARDS = {"consular": "consular_card"}


class Router:
    """Routes by the directory in the database, read again every few seconds: 3,400 units are too many for each tip."""

    def __init__(self) -> None:
        self._directory: Directory | None = None
        self._read_at = float("-inf")

    def __call__(self, session: Session, draft: Mapping[str, Any]) -> Route:
        if self._directory is None or time.monotonic() - self._read_at > _DIRECTORY_SECONDS:
            self._directory, self._read_at = register.directory(session), time.monotonic()
        return router.decide(session, self._directory, draft)


def cards(hotlines: tuple[str, ...]) -> list[Say]:
    """Items to show with the receipt, for the hotlines a route names."""
    return [{"say": _CARDS[name], "args": {}} for name in hotlines if name in _CARDS]


def check_offer(core: Core) -> Callable[[str, str, str, Sequence[str]], list[Say]]:
    """The offer check as a command: what to say about an advert. Nothing of it is kept.

    `earlier`, oldest first, are messages just before it: an offer often comes in short pieces, and a whole advert stands alone.
    """

    def check(text: str, topic: str, language: str, earlier: Sequence[str]) -> list[Say]:
        book = core.content.offers
        short = len(text.split()) <= _PIECE_WORDS
        verdicts = (judge(piece, book) for piece in (earlier if short else ()))
        verdict = judge(text, book, [seen.trace for seen in verdicts if seen.trace is not None])
        if verdict.kind != "offer" and topic:
            return [{"say": topic, "args": {}}]
        choices = [[choice.id, choice.title] for choice in reply_choices(verdict, language)]
        args = {"risk": verdict.risk, "text": reply_text(verdict, book, language), "choices": choices}
        return [{"say": "offer_report", "args": args}]

    return check


def screening_context(checklist: Checklist, draft: Mapping[str, Any]) -> dict[str, Any] | None:
    """The open question of the self-check and, for each possible answer, the question that would follow."""
    answers = draft.get("screening")
    if answers is None:
        return None
    given = {name: value for name, value in answers.items() if not name.startswith("_")}
    pending = checklist.next_question(given)
    if pending is None:
        return None
    after: dict[str, str | None] = {}
    for option in (*pending.options, SKIP, STOP):
        following = checklist.next_question({**given, pending.id: option})
        after[option] = following.id if following else None
    return {"pending": pending.id, "after": after}
