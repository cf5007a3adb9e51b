"""Golden conversations: what people write, and which lines and items the bot answers with. Real engine, real database.

A file holds conversations by name; a conversation is a list of turns, each `[what the person did, item, item, ...]`.
What they did is their text, or `!id` for a tapped button, `@lat,lon` for a shared position; `{code}` stands for the
receipt code the conversation was given. Items are names of lines and content items, not their words, which editors change.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from pathlib import Path
from typing import Any

import yaml

from bot.app import Core
from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.gateway.asgi import build
from bot.services import demo, turns
from bot.storage.tables import Conversation

START_SECONDS = 60
_CODE = re.compile(r"\d{3}(?: \d{3}){6}")


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

    def play(self, deeds: list[str]) -> list[list[OutboundMessage]]:
        """The answers to each deed of a fresh conversation."""
        person = secrets.token_urlsafe(32)
        conversation = self.core.vault.conversation_id(Channel.WEB, person)
        with self.core.db.transaction() as session:
            session.add(Conversation(id=conversation, channel=Channel.WEB.value, updated_at=self.core.now()))
        answers: list[list[OutboundMessage]] = []
        for number, deed in enumerate(deeds):
            told = "\n".join(reply.text for answer in answers for reply in answer)
            codes = _CODE.findall(told)
            filled = deed.replace("{code}", codes[-1] if codes else "").replace("{wrong}", _wrong(codes))
            answers.append(self._run(self._turn(person, conversation, number, filled)))
        return answers

    async def _turn(self, person: str, conversation: str, number: int, deed: str) -> list[OutboundMessage]:
        (accepted,) = await self.parts.intake.accept([_message(person, number, deed)])
        await self.parts.dispatcher.run(conversation)
        found = await self.parts.db.read(lambda s: turns.replies_to(s, self.core.vault, accepted.inbox_id))
        return [reply for _, reply in found]


def _wrong(codes: list[str]) -> str:
    return f"{(int(codes[-1][0]) + 1) % 10}{codes[-1][1:]}" if codes else ""


def _message(person: str, number: int, deed: str) -> InboundMessage:
    base: dict[str, Any] = {"channel": Channel.WEB, "sender": person, "message_id": f"m{number}"}
    if deed.startswith("!"):
        return InboundMessage(kind=InboundKind.CHOICE, choice=deed[1:], **base)
    if deed.startswith("@"):
        latitude, longitude = deed[1:].split(",")
        return InboundMessage(kind=InboundKind.LOCATION, latitude=float(latitude), longitude=float(longitude), **base)
    return InboundMessage(kind=InboundKind.TEXT, text=deed, **base)


def load(folder: Path) -> dict[str, tuple[Path, list[list[str]]]]:
    """All conversations by 'file: name'."""
    found = {}
    for path in sorted(folder.glob("*.yml")):
        for name, talk in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            found[f"{path.stem}: {name}"] = (path, [[str(part) for part in turn] for turn in talk])
    return found


def update(path: Path, name: str, talk: list[list[str]]) -> None:
    """Write what was answered as what is expected."""
    conversations = yaml.safe_load(path.read_text(encoding="utf-8"))
    conversations[name] = talk
    lines = []
    for title, rows in conversations.items():
        lines.append(f"{title}:")
        for row in rows:
            lines.append(
                "- "
                + yaml.safe_dump(
                    [str(p) for p in row], allow_unicode=True, default_flow_style=True, width=10_000
                ).strip()
            )
        lines.append("")
    path.write_text("\n".join(lines), encoding="utf-8")
