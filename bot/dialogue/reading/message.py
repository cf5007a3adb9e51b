"""How the gateway reads a message before the engine does: its language, its danger, a receipt code, a plain act."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import bot.phrases as phrases
from bot.core import teencode
from bot.core.content import english
from bot.core.language import asked_for
from bot.core.messages import MAX_TEXT_CHARS, InboundKind
from bot.core.offers.request import asks_check
from bot.core.old_encodings import repaired
from bot.core.syllables import LEGAL
from bot.core.text import clean, excerpt_words, fold, normalise
from bot.dialogue import triage
from bot.dialogue.heard import TurnInput
from bot.dialogue.interview import receipt_talk, safety
from bot.dialogue.interview.intake import TELLING
from bot.dialogue.interview.phrases import waits
from bot.dialogue.reading import codes
from bot.dialogue.says import Texts
from bot.dialogue.state import ConversationState
from bot.phrases.books import book

_DO = {
    "report_tip": "report_tip", "urgent_tip": "report_tip", "report_tip_status": "report_tip_status",
    "check_offer": "check_offer", "self_screening": "self_screening", "subscribe": "subscribe", "unsubscribe": "unsubscribe",
    "ask_human": "ask_human", "menu": "menu",
}  # fmt: skip
# One word that asks for something to be done.
ACT_WORDS = dict.fromkeys(("menu", "start", "bat dau", "huong dan", "danh muc"), "menu")
# The commands of Telegram's menu, typed where there is no menu, as they are written or as they are spelt.
COMMANDS = {"baocao": "report_tip", "tracuu": "report_tip_status", "dangky": "subscribe", "dung": "unsubscribe"}
_SHORT_WISH = 9  # words; "cho tôi tiếng Mông" is one, a story in which a language is named is not
_SPOKEN = LEGAL | frozenset(" ".join(teencode.SLANG.values()).split()) | {"haha"}
_FAVOUR = book("interview/answers").anywhere("favour")
READ_FOR_WORDS = (600, 200)  # characters from the start and the end: a language shows in less
_POLITE = frozenset({"cry", "weak_cry", "past", "story", "question", "trivial", "advert", "hypothetical", "suspicion"})
_SAVE = book("interview/answers").words("save")
_KINDS = {
    InboundKind.LOCATION: "send_location", InboundKind.ATTACHMENT: "send_files", InboundKind.UNSUPPORTED: "unsupported",
    InboundKind.FOLLOW: "greet",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """The message as the engine gets it. `code`: a receipt code in it, kept from the engine.

    answers_card: it says where, after an emergency card asked for it. said: what of a receipt code is in it, whole or in
    part. asks_check: it asks to have an offer looked at, and its "giúp em với" is no cry for help. cried: one of several
    messages taken together is a cry for help, which does not show in all of them read as one.
    """

    text: str
    choice: str
    intent: str
    code: str
    receipt: str
    language: str
    danger: triage.Triage
    answers_card: bool = False
    asks_check: bool = False
    said: codes.Said = codes.NOTHING
    cried: bool = False

    @property
    def part(self) -> str:
        """What came of a receipt code so far, when it comes in several messages."""
        return self.said.part


class Reader:
    """Reads messages. `detect` gives the language of a text. Holds no state of a conversation."""

    def __init__(self, texts: Texts, detect: Callable[[str], str]) -> None:
        self._texts = texts
        self._detect = detect

    def read(self, turn: TurnInput, state: ConversationState) -> Reading:
        message = turn.message
        text = clean(repaired(message.text))[:MAX_TEXT_CHARS].strip()
        choice = message.choice if message.kind is InboundKind.CHOICE else ""
        pending = state.receipt.code
        expected = (bool(pending) and not state.asks_more) or state.asked == "status_code"
        said = codes.read(text, state.receipt.part, pending, expected=expected)
        code, shown = said.code, said.shown
        compared = "part" if said.part and pending else ""
        if pending and code:
            compared = "match" if hmac.compare_digest(code, pending) else "mismatch"
        intent = self._intent(message.kind, text, choice, state)
        if code and not compared and (state.asks_more or not state.in_form):
            intent = "report_tip_status"
        danger = _danger(shown, state)
        cried = False
        if danger.level != "emergency":
            for piece in turn.pieces:  # what is said around a cry for help takes nothing away from it
                found = _danger(clean(repaired(piece)).strip(), state)
                if found.level == "emergency":
                    danger, cried = found, True
                    break
        if intent == "unsupported" and danger.level == "emergency":
            intent = ""  # "🆘" alone has no letters and says enough
        language = self._language(shown, state)
        wanted = "" if state.in_form or choice or danger.level == "emergency" else asked_for(shown)
        if wanted and len(shown.split()) <= _SHORT_WISH:
            language, intent = wanted, intent or "non_vietnamese"
        if choice and not state.language:
            language = message.language or language  # a button of the page, before a word was said
        asks = bool(shown) and not intent and _politely(danger, shown) and asks_check(shown)
        if asks:
            danger = triage.NOTHING
            intent = "" if state.in_form else "check_offer"
        if not intent and not state.in_form and language != "vi" and danger.level != "emergency":
            intent = english.intent_of(shown) if language == "en" else "non_vietnamese"
        if (
            not intent
            and not state.in_form
            and language == "vi"
            and danger.level == "none"
            and not _has_words(excerpt_words(shown, *READ_FOR_WORDS))
        ):
            # Keys hit at random, or one English word; a classifier would still see a meaning in them.
            intent = english.intent_of(shown) or "nlu_fallback"
        return Reading(
            shown,
            choice,
            intent,
            code,
            compared,
            language,
            danger,
            asks_check=asks,
            said=said,
            cried=cried and not asks,
        )

    def _language(self, text: str, state: ConversationState) -> str:
        known = state.language or "vi"
        # A name, a number or "ok" must not switch the language, least of all in the middle of an interview.
        if state.in_form and len([word for word in text.split() if word.isalpha()]) < 6:
            return known
        if len(text.split()) < 2 and known != "vi" and text.isascii():
            return known
        if state.card.near and text.isascii() and len(text.split()) <= 8:
            return known  # "I am in Da Nang"
        found = self._detect(excerpt_words(text, *READ_FOR_WORDS))
        # Three odd Latin words are more likely a slip of the hand than Polish.
        guess = found in {"und", "vi", "en"} or not text.isascii() or len(text.split()) >= 4
        return known if found == "und" or not guess else found

    def _intent(self, kind: InboundKind, text: str, choice: str, state: ConversationState) -> str:
        if kind in _KINDS:
            named = kind is InboundKind.LOCATION  # a position with the name of the place is a position
            return _KINDS[kind] if named or not text else ""
        if not choice and not state.in_form:
            word = fold(text).strip(" .!/")
            if word in ACT_WORDS:
                return ACT_WORDS[word]
            if text.startswith("/") and word in COMMANDS:
                return COMMANDS[word]
        if kind is not InboundKind.CHOICE:
            # Emoji, dots, nothing at all: not for a classifier that would guess.
            return "" if any(char.isalnum() for char in text) else "unsupported"
        verb, _, name = choice.partition(":")
        if verb in {"say", "more"} and self._texts.has_item(name):
            return "show_item"
        if verb == "do":
            return _DO.get(name, "choose")
        if verb == "intent" and name in self._texts.book("vi").intents:
            return name
        return "choose"


def _danger(shown: str, state: ConversationState) -> triage.Triage:
    """What the rules say, with what the open question makes of it."""
    if not shown or (state.asked == "tip_safe" and safety.calm(shown)):
        return triage.NOTHING  # "da em an toan": "dạ", not "đá"
    danger = triage.assess(shown)
    if state.receipt.code and danger.level == "emergency" and receipt_talk.said(shown) == "missing":
        danger = triage.assess(_FAVOUR.sub("", fold(shown)))  # "gửi lại mã giúp em" cries for nothing but the code
    if state.asked == "tip_confirm" and danger.level == "emergency" and _only_sends(shown):
        return triage.NOTHING  # "đúng rồi, gửi giúp mình" asks for nothing but the sending
    return danger


def _only_sends(text: str) -> bool:
    """Whether words to the read-back are nothing but a yes or "send it"; "giúp em" is a small word there."""
    return phrases.means(text, "send", beside=("yes", "small_talk"))


def _politely(danger: triage.Triage, text: str) -> bool:
    """Whether nothing but "giúp em với" made the rules think of danger."""
    return danger.level == "none" or (set(danger.reasons) <= _POLITE and not _SAVE.search(fold(text)))


def _has_words(text: str) -> bool:
    """Whether anything in `text` is a syllable of Vietnamese once abbreviations are written out."""
    return any(word in _SPOKEN for word in normalise(text).split())


def is_emergency(nlu: Mapping[str, Any], reading: Reading, slot: str, *, sent: bool = False) -> bool:
    """Whether to show the card. The engine weighs the rules with the classifier; without its word, the rules count.

    They also count alone for short answers to a question of a form: "hai đứa, 15 tuổi" is no cry for help, and neither is
    "tôi vẫn khỏe mạnh" to "are you safe?". sent: the tip is with its readers, and what is asked since is answered in short pieces.
    """
    by_rules = reading.danger.level == "emergency"
    if reading.asks_check or (slot and not by_rules and waits(reading.text)):
        return False  # "có người vào" asks us to wait
    if reading.cried:
        return True
    if slot == "tip_safe" and safety.calm(reading.text):
        return False
    if slot == "tip_safe" and (safety.read(reading.text) or len(reading.text.split()) <= safety.SHORT):
        return by_rules  # a few words to that question are an answer to it: no guess turns them into a cry
    return by_rules if sent or slot not in TELLING else bool(nlu.get("emergency", by_rules))
