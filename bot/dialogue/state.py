"""The state of a conversation between two messages. Pure; Python 3.10-compatible.

It is sealed with the server's key, read by the modules that a field names and by nobody else, and ends as the field says; an
hour without a message ends all of it but the mark that a draft is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from bot.core.messages import MAX_ATTACHMENTS
from bot.dialogue import carried_over
from bot.dialogue.kept import (
    End,
    copied,
    count,
    ended,
    flag,
    kept,
    many,
    name,
    number,
    octets,
    octets_of,
    opaque,
    part,
    read_part,
    words,
    written,
)

VERSION = (
    3  # 1: one flat object with some thirty keys, without a version; 2: of a person only "abroad", "mute", "young"
)
IDLE_SECONDS = 3600.0  # a conversation that rests longer forgets what was being written
_LONGEST_FILE = 2_000  # characters of a packed reference
_CARDS = "dialogue.emergency.after_card"
_AT_ONCE = "dialogue.emergency.at_once"
_LEADS = "dialogue.emergency.leads"
_HARMED = "dialogue.emergency.harmed"
_OFFER = "dialogue.after_offer"


def asked(engine: Mapping[str, Any] | None) -> str:
    """The slot that an open form asks for in a state of the engine, or ''."""
    events = (engine or {}).get("events")
    for event in reversed(events if isinstance(events, list) else []):
        if isinstance(event, Mapping) and event.get("event") == "slot" and event.get("name") == "requested_slot":
            return str(event.get("value") or "")
    return ""


def draft_of(engine: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What has been told in a form, in a state of the engine; {} when nothing was."""
    draft = (engine or {}).get("draft")
    return draft if isinstance(draft, Mapping) else {}


def formed(engine: Mapping[str, Any] | None) -> bool:
    """Whether a form is open or a draft begun, in a state of the engine."""
    return bool(asked(engine) or draft_of(engine))


def sent(engine: Mapping[str, Any] | None) -> bool:
    """Whether what is left of a draft, in a state of the engine, is the road after sending: nothing of a tip is lost with it."""
    return "sent" in draft_of(engine)


@dataclass(slots=True)
class Told:
    """One message told or sent before an interview."""

    at: float = kept(0.0, number, "When, in seconds since the epoch.", "dialogue.memory", needed=True)
    text: str = kept("", words(12_000), "The words.", "dialogue.memory")
    place: Mapping[str, Any] = kept(
        dict, opaque, "What they say about a place, as the reader of places says it.", "dialogue.memory"
    )
    files: tuple[str, ...] = kept(
        (),
        many(name(_LONGEST_FILE), MAX_ATTACHMENTS),
        "Packed references of files.",
        "dialogue.memory gateway.originals",
    )
    tells: bool = kept(False, flag, "Whether it is a story.", "dialogue.memory")
    asked: bool = kept(
        False, flag, "Whether the bot just asked what to do with the file or position.", "dialogue.memory"
    )
    clauses: tuple[Mapping[str, Any], ...] = kept(
        (), many(opaque, 1_000), "What the fact tagger saw.", "dialogue.memory"
    )
    waits: bool = kept(
        False, flag, "Whether it was told of a tip that was sent, and waits for its code.", "dialogue.after_sent"
    )

    def wire(self) -> dict[str, Any]:
        """As the interview gets it from the gateway: every field, and the clauses where there are any."""
        found = {
            "at": self.at,
            "text": self.text,
            "place": dict(self.place),
            "files": list(self.files),
            "tells": self.tells,
        }
        return found | ({"clauses": [dict(clause) for clause in self.clauses]} if self.clauses else {})


@dataclass(slots=True)
class Card:
    """The emergency card that was shown, and the steps after it."""

    near: int = kept(
        0, count(0, 20), "Turns in which a message is still read as an answer to it.",
        f"{_CARDS} {_HARMED} {_AT_ONCE} dialogue.invite dialogue.reading.message"
        " gateway.conductor gateway.downloads gateway.originals gateway.signup",
    )  # fmt: skip
    item: str = kept("", name(), "Its content item.", f"{_CARDS} {_HARMED} {_AT_ONCE} gateway.conductor")
    cry: str = kept("", words(1_000), "The words it answered.", f"{_CARDS} gateway.conductor", End.TIP)
    step: int = kept(0, count(), "Small steps said after it.", f"{_CARDS} {_HARMED}")
    despair: str = kept(
        "",
        name(),
        "What despair was heard: pills taken, a cut, a wish to die that holds a form still, a friend.",
        f"{_CARDS} {_HARMED}",
    )
    paid: bool = kept(False, flag, "Whether money has gone to who blackmails or pretends.", f"{_CARDS} {_AT_ONCE}")
    shown: tuple[str, ...] = kept(
        (),
        many(name(), 500),
        "Items said since, none of which is said twice.",
        f"{_CARDS} {_HARMED} {_AT_ONCE} dialogue.emergency.hindrances",
    )


@dataclass(slots=True)
class Signs:
    """Who writes, where the danger is and what they can, without the words that told it. The later word replaces the earlier."""

    speaker: str = kept(
        "", name(), "Who writes: oneself, a child, a relative, a witness...",
        f"{_CARDS} {_LEADS} {_AT_ONCE} dialogue.emergency.hindrances dialogue.composing.answer", End.INTERVIEW,
    )  # fmt: skip
    trade: str = kept("", name(), "What a professional is: teacher, health, hotel, village.", _LEADS, End.INTERVIEW)
    whom: str = kept("", name(), "Of whom a relative or friend tells.", _LEADS, End.INTERVIEW)
    place: str = kept("", name(), "In which country, or at sea, the danger is.", f"{_CARDS} {_LEADS}")
    mute: bool = kept(False, flag, "Who writes cannot call.", _LEADS)
    placed: bool = kept(False, flag, "It was said which commune, or which boat.", f"{_CARDS} {_LEADS}", End.INTERVIEW)
    watched: bool = kept(False, flag, "Somebody stands beside who writes.", _LEADS)


@dataclass(slots=True)
class Topic:
    """A warning that is no alarm, spoken of just now."""

    near: int = kept(0, count(0, 20), "Turns in which a message still belongs to it.", _CARDS)
    step: int = kept(0, count(), "Small steps said about it.", _CARDS)


@dataclass(slots=True)
class Offer:
    """An offer that was looked at just now, without a word of it."""

    near: int = kept(0, count(0, 20), "Turns in which few words still go on about it.", _OFFER)
    risk: str = kept("", name(20), "How grave it looked: high, medium, low, unknown, or nothing.", _OFFER)
    shown: tuple[str, ...] = kept((), many(name(), 20), "Steps said about it, none of which is said twice.", _OFFER)


@dataclass(slots=True)
class Receipt:
    """The receipt code while it is asked back. It opens the tip: nothing else of the state is as secret."""

    code: str = kept(
        "", name(40), "The code.",
        "dialogue.after_sent dialogue.bursts dialogue.invite dialogue.reading.message gateway.receipts gateway.signup services.messaging.commands",
    )  # fmt: skip
    part: str = kept(
        "",
        name(40),
        "Digits typed back so far, or of another code.",
        "dialogue.bursts dialogue.reading.message gateway.conductor",
    )
    row: str = kept("", name(), "The outbox row that carries the code.", "gateway.receipts")


@dataclass(slots=True)
class Clock:
    """Within what time the police of the tip just sent have to act."""

    urgent: bool = kept(False, flag, "Whether the tip is urgent.", "gateway.closing")
    hours: int = kept(24, count(0, 10_000), "Hours.", "gateway.closing")


@dataclass(slots=True)
class Sent:
    """The tip just sent, while what is told still belongs to it. Nothing of it can be read with this."""

    tip: str = kept("", name(), "Its id.", "services.messaging.commands", needed=True)
    adding: bytes = kept(
        b"", octets_of(32), "The half of its key that can only add.", "services.messaging.commands", needed=True
    )


@dataclass(slots=True)
class View:
    """A tip that its reporter opened with the receipt code, to read and write without typing it again."""

    tip: str = kept("", name(), "Its id.", "services.messaging.commands services.tips.reporter_files", needed=True)
    key: bytes = kept(b"", octets, "Its key.", "services.messaging.commands services.tips.reporter_files", needed=True)


@dataclass(slots=True)
class Unclean:
    """One file kept as it came, which the button under its own message takes back."""

    id: str = kept("", name(), "Its id.", "gateway.originals", needed=True)
    kind: str = kept("", name(), "image, audio, video or file.", "gateway.originals")
    mark: str = kept("", name(), "What the button under its message says of it.", "gateway.originals")
    at: float = kept(0.0, number, "When its message came, in seconds since the epoch.", "gateway.originals")


def _unclean(value: Any) -> Unclean:
    """As stored; states of before the button told one message from another hold the bare id."""
    found: Unclean = part(Unclean)({"id": value} if isinstance(value, str) else value)
    return found


@dataclass(slots=True)
class Files:
    """What was said and asked about files of this conversation."""

    originals_until: float = kept(0.0, number, "Until when pictures are kept as they come.", "gateway.originals")
    told: tuple[str, ...] = kept((), many(name(), 20), "Notes about files that were given.", "gateway.originals")
    unclean: tuple[Unclean, ...] = kept(
        (), many(_unclean, 20), "Files kept as they came, newest last.", "gateway.originals"
    )


@dataclass(slots=True)
class Offered:
    """The choices of the last answer, which a number may pick."""

    choices: tuple[str, ...] = kept((), many(name(), 20), "Their ids, in order.", "dialogue.numbered gateway.closing")
    at: float = kept(0.0, number, "When they were offered with numbers.", "dialogue.numbered gateway.closing")


@dataclass(slots=True)
class SignUp:
    """The open questions of the newsletter. What was chosen stands in the subscription, not here."""

    ask: str = kept("", name(), "The question that is open.", "gateway.signup")
    guided: bool = kept(False, flag, "Whether the other questions follow.", "gateway.signup")
    topics: tuple[str, ...] = kept((), many(name(), 50), "Topics ticked so far.", "gateway.signup")
    missed: bool = kept(False, flag, "Whether the place was asked for again.", "gateway.signup")
    place: Mapping[str, Any] = kept(
        dict, opaque, "Places to pick from, as the reader of places says them.", "gateway.signup"
    )
    picks: int = kept(0, count(), "How often a pick was asked for.", "gateway.signup")


@dataclass(slots=True)
class Repeat:
    """A text that came before, as a short digest."""

    digest: str = kept("", name(64), "The digest.", "dialogue.loop_guard", needed=True)
    count: int = kept(0, count(), "How often.", "dialogue.loop_guard")
    since: float = kept(0.0, number, "Since when.", "dialogue.loop_guard")


@dataclass(slots=True)
class ConversationState:
    """What is known between two messages. `engine` belongs to the engine and is opaque but for `asked` and `draft`."""

    language: str = kept(
        "",
        name(20),
        "The language of the last message.",
        "dialogue.reading.message dialogue.emergency.leads dialogue.composing.answer gateway.conductor gateway.unheard",
    )
    engine: dict[str, Any] | None = kept(
        None, opaque, "The engine's own state: events without words, and the draft with them.",
        "gateway.conductor gateway.closing gateway.originals", End.SAID,
    )  # fmt: skip
    draft_forgotten: bool = kept(
        False, flag, "That a draft was begun and is gone, and nothing of it.", "services.messaging.turns", End.DAY
    )
    unsure: int = kept(
        0, count(), "Answers in a row that understood nothing.", "gateway.conductor gateway.closing", End.SAID
    )
    asked_about: int = kept(
        0, count(-1), "Answers about a trick; -1: the newsletter is offered no more.", "dialogue.invite"
    )
    card: Card = kept(Card, part(Card), "The card that stands.", f"{_CARDS} gateway.conductor", End.CARD)
    interview_cards: tuple[str, ...] = kept(
        (), many(name(), 50), "Cards shown whole in this interview.", f"{_CARDS} {_AT_ONCE}", End.INTERVIEW
    )
    signs: Signs = kept(Signs, part(Signs), "Where somebody is and what they can.", f"{_CARDS} {_LEADS} {_AT_ONCE}")
    lure: Topic = kept(Topic, part(Topic), "A lover met online who invites to the border.", _CARDS)
    offend: Topic = kept(Topic, part(Topic), "Being made to do wrong.", _CARDS)
    offer: Offer = kept(Offer, part(Offer), "A job offer that was looked at.", _OFFER)
    said: tuple[str, ...] = kept(
        (), many(name(), 120), "Pages and first lines said, none of which is said twice.", "dialogue.composing.answer"
    )
    before: tuple[Told, ...] = kept(
        (),
        many(part(Told), 10),
        "The last messages before an interview.",
        "dialogue.memory dialogue.after_sent gateway.originals",
        End.TIP,
    )
    sent_at: float = kept(0.0, number, "When a tip was sent whose code was let go.", "dialogue.after_sent")
    receipt: Receipt = kept(
        Receipt, part(Receipt), "The receipt code while it is asked back.", "gateway.receipts", End.RECEIPT
    )
    sent: Sent | None = kept(
        None, part(Sent), "The tip just sent, while the interview about it goes on.",
        "services.messaging.commands gateway.conductor gateway.closing", End.SAID,
    )  # fmt: skip
    clock: Clock | None = kept(
        None, part(Clock), "Of the tip sent last.", "gateway.closing dialogue.invite services.messaging.commands"
    )
    view: View | None = kept(
        None, part(View), "The tip that is open to its reporter.",
        "services.messaging.commands services.tips.reporter_files gateway.conductor gateway.closing gateway.signup "
        "dialogue.after_sent dialogue.invite",
        End.SAID,
    )  # fmt: skip
    files: Files = kept(Files, part(Files), "What was said about files.", "gateway.originals")
    offered: Offered = kept(Offered, part(Offered), "What a number may pick.", "dialogue.numbered", End.SAID)
    signup: SignUp | None = kept(
        None, part(SignUp), "The newsletter's open question.", "gateway.signup dialogue.bursts", End.SAID
    )
    repeats: tuple[Repeat, ...] = kept(
        (), many(part(Repeat), 6), "Texts that came again.", "dialogue.loop_guard", End.SAID
    )
    cried_at: float = kept(
        0.0, number, "When a cry was answered although a human has the conversation.", "gateway.unheard", End.SAID
    )

    @classmethod
    def from_json(cls, stored: Any) -> ConversationState:
        """The state that was stored, of this or an earlier version. Never raises; what cannot be read is left out."""
        return read_part(cls, carried_over.up_to_date(stored)) if isinstance(stored, Mapping) else cls()

    def to_json(self) -> dict[str, Any]:
        """What is sealed: the version and every field that is not empty."""
        return {"version": VERSION, **written(self)}

    @property
    def empty(self) -> bool:
        """Whether nothing is left to store."""
        return self == ConversationState()

    @property
    def asked(self) -> str:
        """The slot that an open form asks for, or ''."""
        return asked(self.engine)

    @property
    def draft(self) -> Mapping[str, Any]:
        """What has been told in the open form; {} when nothing was."""
        return draft_of(self.engine)

    @property
    def in_form(self) -> bool:
        """Whether a form is open or a draft begun."""
        return formed(self.engine)

    @property
    def asks_more(self) -> bool:
        """Whether a question is open about a tip that was sent; whoever leaves it leaves no word behind."""
        return sent(self.engine) and self.asked.startswith("tip_") and self.asked != "tip_receipt"

    def copy(self) -> ConversationState:
        """A state that can be changed without changing this one."""
        return copied(self)

    def forget(self, end: End) -> None:
        """Empty what `end` ends."""
        left = ended(self, end)
        for one in fields(left):
            setattr(self, one.name, getattr(left, one.name))

    def rested(self) -> ConversationState:
        """What is left after an hour without a message: at most that a draft was there that nobody sent."""
        unsent = bool(self.draft) and not sent(self.engine)
        return ended(replace(self, draft_forgotten=self.draft_forgotten or unsent), End.REST)
