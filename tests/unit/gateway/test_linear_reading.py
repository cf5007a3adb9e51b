"""No text of a citizen stalls the event loop: what reads it grows no faster than the text."""

from __future__ import annotations

import ast
import asyncio
import re
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels import base
from bot.channels.telegram import compose as telegram_compose
from bot.channels.telegram import payload as telegram_payload
from bot.channels.zalo_oa import compose as zalo_compose
from bot.channels.zalo_oa import payload as zalo_payload
from bot.content.offers import load_signal_book
from bot.content.places.built import CONTENT
from bot.content.places.compile import compile_gazetteer
from bot.core import language
from bot.core.campaigns import optout
from bot.core.content import english
from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.core.offers.check import check_offer
from bot.core.places.gazetteer import Gazetteer
from bot.core.text import clean, excerpt, fold, nfc, normalise, tokens
from bot.core.tips import receipt
from bot.dialogue import category, numbered, triage
from bot.dialogue.emergency import after_card
from bot.dialogue.heard import TurnInput
from bot.dialogue.interview import intake
from bot.dialogue.interview.draft import Message
from bot.dialogue.interview.extract import extract
from bot.dialogue.reading import pages
from bot.dialogue.reading.message import Reader
from bot.dialogue.reading.places import PlacesReader
from bot.dialogue.state import Card, ConversationState, Receipt
from bot.gateway.conductor import Conductor
from bot.phrases.receipt_words import WORDS
from bot.services.messaging.language_detect import detect
from bot.settings import ROOT
from tests.support.hostile import grows_too_fast

PLACES = PlacesReader(Gazetteer(compile_gazetteer(CONTENT)))
BOOK = load_signal_book()
RENDERER: Any = SimpleNamespace(has_item=lambda name: False, book=lambda code: SimpleNamespace(intents={}))
READER = Reader(RENDERER, detect)
SAMPLED = {"reader", "reader in the form", "interview", "offer", "places", "places, abroad"}
EVERY, EVERY_SLOW = 6, 24  # which texts are tried: each reader begins elsewhere, so that together they see all
PLAIN_DIGITS = str.maketrans("①⁴", "14")  # whether the offer check reads them at all is another question than how fast
PICKING = {"done": ["where"], "where": {"status": "foreign", "country": "Campuchia", "codes": []}}


def patterns_of(path: Path) -> list[re.Pattern[str]]:
    """The patterns a module of the engine compiles; itself it can be imported in the engine's Python only."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    wanted = [call for call in calls if ast.unparse(call.func) == "re.compile"]
    return [re.compile(str(ast.literal_eval(call.args[0]))) for call in wanted]


QUESTIONS = [
    *patterns_of(ROOT / "actions" / "reading.py"),
    *patterns_of(ROOT / "actions" / "screening_form.py"),
]


def said(text: str) -> TurnInput:
    message = InboundMessage(Channel.WEB, "p", "m", InboundKind.TEXT, text=text)
    return TurnInput(1, "c", Channel.WEB, message, ConversationState(), 1, False, 0, False)


def form(slot: str) -> ConversationState:
    events = [{"event": "slot", "name": "requested_slot", "value": slot}]
    engine = {"events": events, "draft": {"done": []}}
    return ConversationState(engine=engine, receipt=Receipt("1" * 21))


def ask_each(text: str) -> None:
    """The text as the answer to each question of the interview, and as its beginning."""
    intake.begin(Message(text=text))
    for question in ("safe", "where", "reply", "confirm", "receipt"):  # those with a reading of their own
        intake.answer({"done": [], "where": {}}, question, Message(text=text))


def telegram(text: str) -> None:
    person = {"id": 7, "is_bot": False, "first_name": text[:50]}
    message = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "from": person, "text": text}
    telegram_payload.read({"update_id": 1, "message": message})


def zalo(text: str) -> None:
    link = {"type": "link", "payload": {"description": text, "url": text}}
    for event in ("user_send_text", "user_send_link"):
        body = {
            "event_name": event,
            "sender": {"id": "1"},
            "message": {"text": text, "msg_id": "m", "attachments": [link]},
        }
        zalo_payload.messages(body)


def wishes(text: str) -> None:
    for entry in (optout.asks_to_join, optout.means_newsletter, optout.asks_to_stop, optout.says_stop):
        entry(text)


def forms_of(text: str) -> None:
    for work in (clean, nfc, fold, tokens, lambda t: excerpt(t, 300, 300)):
        work(text)


READERS: dict[str, Callable[[str], object]] = {
    "forms": forms_of,
    "normalise": normalise,
    "triage": triage.assess,
    "language": detect,
    "language without a library": language.fallback,
    "english": english.intent_of,
    "places": lambda text: PLACES.read(text, "", None, None, {}),
    "places, abroad": lambda text: PLACES.read(text, "", None, None, PICKING),
    "traces": extract,
    "category": category.categorise,
    "receipt": lambda text: (receipt.find(text), receipt.hide(text)),
    "receipt words": lambda text: (WORDS.find(text), WORDS.hide(text), WORDS.piece(text)),
    "receipt words, expected": lambda text: (
        WORDS.find(text, expected=True, known="7" * 21),
        WORDS.hide(text, expected=True),
    ),
    "receipt, expected": lambda text: (receipt.find(text, expected=True), receipt.hide(text, expected=True)),
    "reader": lambda text: READER.read(said(text), ConversationState()),
    "reader in the form": lambda text: READER.read(said(text), form("tip_what")),
    "interview": ask_each,
    "newsletter": wishes,
    "after the card": lambda text: (
        after_card.answers_card(text, {}, ConversationState(card=Card(near=2))),
        after_card.stay([], text, {"carded": 2}),
    ),
    "numbers": lambda text: numbered.picked(said(text), numbers=True),
    "offer": lambda text: check_offer(text.translate(PLAIN_DIGITS), BOOK),
    "pages, unsure": lambda text: pages.item_of(pages.UNSURE, text),
    "pages, signs": lambda text: pages.item_of("ask_signs_of_trafficking", text),
    "questions": lambda text: [pattern.search(fold(text)) for pattern in QUESTIONS],
    "telegram": telegram,
    "zalo": zalo,
    "ids": lambda text: (base.clean_id(text), base.clean_words(text), base.clean_position(text, text)),
    "pieces": lambda text: (
        base.split_text(text, 900),
        telegram_compose.split_units(text),
        zalo_compose.parts(OutboundMessage(text), buttons=True),
        zalo_compose.read_payload(text),
    ),
}


@pytest.mark.parametrize("name", READERS)
def test_reading_grows_no_faster_than_the_text(name):
    # What is made of the others, or slow though linear, gets a sample: its parts are tried with every text, or it takes minutes.
    every = EVERY_SLOW if name in SAMPLED else EVERY
    assert grows_too_fast(READERS[name], every=every, first=list(READERS).index(name) % every) == []


CROWDS = ("x\n", "50tr/tháng ", "xã An Phú, huyện A, tỉnh B, ", "a.", "1 2 3 4 5 ", "số em ")


@pytest.mark.parametrize("unit", CROWDS)
def test_places_and_language_read_a_part_of_a_long_text(unit):
    """What costs most for each word costs no more for the longest text than for a quarter of it."""
    from tests.support.hostile import cpu

    long, short = (unit * 4_000)[:4_000], (unit * 4_000)[:1_000]
    for name in ("places", "language"):
        assert cpu(READERS[name], long, 2) < 2.5 * cpu(READERS[name], short, 3) + 0.005, name


@pytest.mark.parametrize("at", [0, 900, 2_000, 3_950])
def test_a_place_is_found_wherever_a_long_story_names_it(at):
    filler = "anh ta nói sẽ trả lương cao rồi lấy giấy tờ của em, em không biết làm sao. " * 60
    place = " ở xã An Phú, thành phố Hải Phòng. "
    told = (filler[:at] + place + filler[at:])[:4_000]
    assert PLACES.read(told, "", None, None, {})["code"] == PLACES.read(place, "", None, None, {})["code"] != ""


def test_a_long_text_is_read_beside_the_loop_and_a_short_one_at_once():
    conductor = Conductor(SimpleNamespace(renderer=RENDERER, detect=detect, places=PLACES))

    async def where(text: str) -> str:
        return await conductor.aside(said(text), lambda: threading.current_thread().name)

    assert asyncio.run(where("cứu em với")) == threading.main_thread().name
    assert asyncio.run(where("x\n" * 2_000)).startswith("reading")


def test_four_thousand_blanks_are_looked_at_once():
    """The text that stopped the hotline for everybody: compared with the same number of letters."""
    from tests.support.hostile import cpu

    reader = READERS["places"]
    blanks = cpu(reader, "x" + " " * 3_990 + "y", 3)
    words = cpu(reader, "xa an phu hai phong " * 200, 3)
    assert blanks < words
