"""Golden conversations: what people write, and which lines and items the bot answers with. Real engine, real database.

A file holds conversations by name; a conversation is a list of turns, each `[what the person did, item, item, ...]`.
What they did is their text, or `!id` for a tapped button, `@lat,lon` for a shared position, `*` for a sticker; `{code}`
stands for the receipt code the conversation was given, `{wrong}` for the same with one digit changed, `{words}` for the same as
words, `{slip}` for these with the third mistyped. Items are names of
lines and content items, not their words, which editors change. In files named `asked_*` every turn is a conversation of
its own: the same question in several styles of writing. Files named `telegram_*` are held on Telegram, the others on the web.
"""

from __future__ import annotations

import asyncio
import difflib
import itertools
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.app import Core
from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.core.tips import receipt
from bot.dialogue.emergency.after_card import EMERGENCY_ITEMS, STAYING
from bot.dialogue.reading import codes
from bot.gateway.asgi import build
from bot.phrases.receipt_words import WORDS
from bot.services.messaging import turns
from bot.services.units import demo
from bot.storage.tables import Conversation

START_SECONDS = 250
LONGEST = 2_000  # characters of a bubble; Zalo takes no more
CALL_FIRST = 60  # the number to call stands within so many characters...
CALL_AFTER_THANKS = 120  # ...or these, where one short sentence of thanks comes before (content/STYLE.md)
_CODE = re.compile(r"\d{3}(?: \d{3}){6}")
_NUMBERS = ("113", "115", "111", "+84 981")
_URGENT = EMERGENCY_ITEMS | STAYING | {"emergency_line", "tip_urgent_intro", "tip_urgent_kept"}
Answer = list[OutboundMessage]


@dataclass(frozen=True)
class Talk:
    """One golden conversation as its file has it. `apart`: every turn begins anew."""

    path: Path
    name: str
    turns: list[list[str]]

    @property
    def apart(self) -> bool:
        return self.path.stem.startswith("asked_")

    @property
    def channel(self) -> Channel:
        return Channel.TELEGRAM if self.path.stem.startswith("telegram_") else Channel.WEB


class Stage:
    """One product for many conversations."""

    def __init__(self, core: Core) -> None:
        self.core, self.parts = core, build(core)
        self._loop = asyncio.new_event_loop()
        raw = (core.settings.content_dir / "units" / "demo.csv").read_bytes()
        with core.db.transaction() as session:
            demo.seed(session, core.vault, raw, core.now())
        self._run(self._start())

    def _run(self, work: Any) -> Any:
        return self._loop.run_until_complete(work)

    async def _start(self) -> None:
        await self.parts.engine.start()
        await self.parts.engine.wait_ready(START_SECONDS)

    def close(self) -> None:
        self._run(self.parts.engine.stop())
        self._loop.close()

    def perform(self, talk: Talk) -> list[Answer]:
        """The answers to each turn of a golden conversation."""
        deeds = [turn[0] for turn in talk.turns]
        return [self.play([deed])[0] for deed in deeds] if talk.apart else self.play(deeds, talk.channel)

    def play(self, deeds: list[str], channel: Channel = Channel.WEB) -> list[Answer]:
        """The answers to each deed of a fresh conversation."""
        person = secrets.token_urlsafe(32)
        conversation = self.core.vault.conversation_id(channel, person)
        with self.core.db.transaction() as session:
            session.add(Conversation(id=conversation, channel=channel.value, updated_at=self.core.now()))
        answers: list[Answer] = []
        for number, deed in enumerate(deeds):
            told = "\n".join(reply.text for answer in answers for reply in answer)
            filled = _filled(deed, _CODE.findall(told), _words(answers))
            answers.append(self._run(self._turn(_message(channel, person, number, filled), conversation)))
        return answers

    async def _turn(self, message: InboundMessage, conversation: str) -> Answer:
        (accepted,) = await self.parts.intake.accept([message])
        await self.parts.dispatcher.run(conversation)
        found = await self.parts.db.read(
            lambda s: turns.replies_to(s, self.core.vault, accepted.conversation_id, accepted.inbox_id)
        )
        return [reply for _, reply in found]


def _filled(deed: str, shown: list[str], words: list[str]) -> str:
    filled = deed.replace("{code}", shown[-1] if shown else "").replace("{wrong}", _wrong(shown))
    slip = [*words[:2], "con zum", *words[3:]]
    return filled.replace("{words}", ", ".join(words)).replace("{slip}", ", ".join(slip))


def _words(answers: list[Answer]) -> list[str]:
    """The words of the code that was shown last, in words or in digits."""
    texts = [reply.text for answer in answers for reply in answer]
    found = [code for text in texts if receipt.is_well_formed(code := codes.find(text) or "")]
    return list(WORDS.words_of(found[-1])) if found else []


def _wrong(codes: list[str]) -> str:
    return f"{(int(codes[-1][0]) + 1) % 10}{codes[-1][1:]}" if codes else ""


def _message(channel: Channel, person: str, number: int, deed: str) -> InboundMessage:
    base: dict[str, Any] = {"channel": channel, "sender": person, "message_id": f"{person[:8]}.{number}"}
    if deed.startswith("!"):
        return InboundMessage(kind=InboundKind.CHOICE, choice=deed[1:], **base)
    if deed.startswith("@"):
        latitude, longitude = deed[1:].split(",")
        return InboundMessage(kind=InboundKind.LOCATION, latitude=float(latitude), longitude=float(longitude), **base)
    if deed == "*":
        return InboundMessage(kind=InboundKind.UNSUPPORTED, **base)
    return InboundMessage(kind=InboundKind.TEXT, text=deed, **base)


def seen(talk: Talk, answers: list[Answer]) -> list[list[str]]:
    """The conversation as it went, in the form of the files."""
    return [
        [turn[0], *(reply.meta.get("item", "?") for reply in answer if "part" not in reply.meta)]
        for turn, answer in zip(talk.turns, answers, strict=True)
    ]


def faults(answers: list[Answer]) -> list[str]:
    """What no answer may be, whatever it says: silent, too long, said twice, a dead end, an alarm without a number."""
    found = []
    for answer in answers:
        if not answer:
            return ["silence"]
        names = [reply.meta.get("item", "?") for reply in answer]
        texts = [reply.text for reply in answer]
        found += [f"too long: {name}" for name, text in zip(names, texts, strict=True) if len(text) > LONGEST]
        found += [
            f"placeholder left: {name}" for name, text in zip(names, texts, strict=True) if re.search(r"\{\w+\}", text)
        ]
        found += ["said twice" for first, second in itertools.pairwise(texts) if first == second]
        if (
            not answer[-1].choices
            and "?" not in texts[-1]
            and not re.search(r"\bbạn (?:\w+ ){1,4}(?:nhé|giúp)", texts[-1], re.I)
        ):
            found.append(f"a dead end: {names[-1]}")
        if any(name in _URGENT for name in names) and not call_first(answer[0]):
            found.append(f"no number first: {names[0]}")
        if len({choice.id for choice in answer[-1].choices}) != len(answer[-1].choices):
            found.append(f"the same button twice: {names[-1]}")
    return found


def call_first(reply: OutboundMessage) -> bool:
    """Whether a number to call stands at the very beginning of an alarm."""
    within = CALL_AFTER_THANKS if "distress" in reply.meta.get("item", "") else CALL_FIRST
    return any(number in reply.text[:within] for number in _NUMBERS)


def difference(expected: list[list[str]], found: list[list[str]]) -> str:
    """For reading: the conversation with the lines that came out otherwise."""
    return "\n".join(difflib.ndiff([_row(turn) for turn in expected], [_row(turn) for turn in found]))


def _row(turn: list[str]) -> str:
    return f"{turn[0]}  ->  {', '.join(turn[1:])}"


def load(folder: Path) -> dict[str, Talk]:
    """All conversations by 'file: name'. Raises ValueError for a name used twice, yaml.YAMLError for a broken file."""
    found: dict[str, Talk] = {}
    for path in sorted(folder.glob("*.yml")):
        names = re.findall(r"^(\S.*):$", path.read_text(encoding="utf-8"), re.MULTILINE)
        if len(names) != len(set(names)):
            raise ValueError(f"{path.name}: a name is used twice")
        for name, turns_ in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            found[f"{path.stem}: {name}"] = Talk(path, name, [[str(part) for part in turn] for turn in turns_])
    return found


def update(talk: Talk, turns_: list[list[str]]) -> None:
    """Write what was answered as what is expected."""
    text = talk.path.read_text(encoding="utf-8")
    conversations = yaml.safe_load(text)
    conversations[talk.name] = turns_
    lines = [line for line in text.splitlines() if line.startswith("#")]
    for title, rows in conversations.items():
        lines.append(f"{title}:")
        for row in rows:
            parts = [str(part) for part in row]
            written = yaml.safe_dump(parts, allow_unicode=True, default_flow_style=True, width=10_000)
            lines.append(f"- {written.strip()}")
        lines.append("")
    talk.path.write_text("\n".join(lines), encoding="utf-8")
