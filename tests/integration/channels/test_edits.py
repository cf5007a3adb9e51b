"""An edited message is never taken for an answer: its writer is told, and a cry put into it is heard."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from bot.app import Core
from bot.core.messages import Channel, InboundKind, InboundMessage
from bot.gateway.asgi import build
from bot.services.messaging import turns
from tests.integration.channels.test_web_stream import IdleEngine


class Asked(IdleEngine):
    """An engine that notes what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def turn(self, **request: Any) -> Any:
        self.texts.append(request["text"])
        return SimpleNamespace(state={}, replies=[{"say": "unsure", "args": {}}], commands=[], nlu={})


@pytest.mark.parametrize(
    ("text", "items", "texts"),
    [
        ("à nhầm, 0912345679", ["edited_unread"], []),
        ("289 695 123 456 789 012 345", ["edited_unread"], []),
        ("cứu em với, em bị nhốt", ["emergency_in_danger"], ["cứu em với, em bị nhốt"]),
    ],
)  # fmt: skip
def test_an_edit(on: Core, text: str, items: list[str], texts: list[str]):
    engine = Asked()
    parts = build(on, engine=engine, pushes={})
    message = InboundMessage(Channel.TELEGRAM, "9", "e1", InboundKind.EDITED, text=text)

    async def run() -> list[str]:
        (accepted,) = await parts.intake.accept([message])
        await parts.dispatcher.run(on.vault.conversation_id(Channel.TELEGRAM, "9"))
        found = await on.db.read(lambda s: turns.replies_to(s, on.vault, accepted.conversation_id, accepted.inbox_id))
        return [reply.meta.get("item", "") for _, reply in found]

    said = asyncio.run(run())
    assert said[: len(items)] == items
    assert engine.texts == texts
