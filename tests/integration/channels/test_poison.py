"""A message that fails by itself, on its way through the real dispatcher: nobody waits behind it, nothing is lost in silence."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.core.errors import EngineUnavailable
from bot.core.messages import Channel, InboundKind, InboundMessage
from bot.engine_client.pool import HUNG, TurnFailed, TurnResult
from bot.gateway.asgi import build
from bot.gateway.metrics import METRICS
from bot.services.messaging import inbox
from bot.storage.tables import Inbox, Outbox

POISON = "Tuyển gấp ① lương hai mươi triệu"
NEXT = "xin chào, cho em hỏi số điện thoại"


class Engine:
    """Answers everything but the poison. trouble: raised for the poison, `times` times; None: never answered."""

    def __init__(self, trouble: BaseException, times: int = 99) -> None:
        self.trouble, self.times, self.asked = trouble, times, []

    async def turn(self, *, text: str, **request: Any) -> TurnResult:
        self.asked.append(text)
        if POISON in text and self.times > 0:
            self.times -= 1
            raise self.trouble
        return TurnResult({}, [{"say": "menu", "args": {}}], [], {})


class Talk:
    """One person on Telegram, and a clock that is moved by hand."""

    def __init__(self, core, engine: Engine) -> None:
        self.core, self.now, self.serial = core, core.now(), 0
        object.__setattr__(core, "now", lambda: self.now)
        self.parts = build(core, engine=engine, pushes={})
        self.conversation = ""

    def say(self, *texts: str, wait: float = 0.0) -> None:
        self.now += wait
        for text in texts:
            self.serial += 1
            message = InboundMessage(Channel.TELEGRAM, "p", f"m{self.serial}", InboundKind.TEXT, text=text)
            with self.core.db.transaction() as session:
                self.conversation = inbox.accept(session, self.core.vault, [message], self.now)[0].conversation_id
        self.run()

    def run(self, wait: float = 0.0) -> None:
        self.now += wait
        asyncio.run(self.parts.dispatcher.run(self.conversation))

    def heard(self) -> list[str]:
        with self.core.db.reading() as session:
            rows = session.execute(select(Outbox).order_by(Outbox.id)).scalars().all()
        return [
            self.core.vault.open_outbound(row.conversation_id, row.channel, row.dedupe, row.payload).meta.get(
                "item", ""
            )
            for row in rows
        ]

    def statuses(self) -> list[str]:
        with self.core.db.reading() as session:
            return list(session.execute(select(Inbox.status).order_by(Inbox.id)).scalars())


def set_aside() -> float:
    return METRICS.failed_turns.labels("set_aside")._value.get()


POISONS = [ValueError("boom"), TurnFailed("action"), RecursionError(), TypeError("x")]


@pytest.mark.parametrize("trouble", POISONS, ids=lambda error: type(error).__name__)
def test_the_next_message_is_answered_at_once_and_the_person_told_once(core, trouble, caplog):
    talk, before = Talk(core, Engine(trouble)), set_aside()
    talk.say(POISON)
    talk.say(NEXT, wait=0.5)
    assert talk.heard() == ["hotline_card", "turn_unread", "menu"]
    talk.say("còn ở đó không", wait=1.0)
    talk.run(wait=400.0)
    assert talk.heard() == ["hotline_card", "turn_unread", "menu", "menu"]
    assert talk.statuses() == ["dead", "done", "done"]
    assert set_aside() == before + 1
    assert "triệu" not in caplog.text


def test_all_at_once_or_twice_poisoned(core):
    talk = Talk(core, Engine(ValueError()))
    talk.say(POISON, POISON, NEXT)
    assert talk.heard().count("menu") == 1
    assert talk.heard().count("turn_unread") == 2
    assert talk.statuses() == ["dead", "dead", "done"]


def test_what_failed_once_is_answered_when_nothing_waits_behind_it(core):
    talk = Talk(core, Engine(ValueError(), times=1))
    talk.say(POISON)
    talk.run(wait=3.0)
    assert talk.heard() == ["hotline_card", "menu"]


def test_the_last_try_says_so(core):
    talk = Talk(core, Engine(ValueError()))
    talk.say(POISON)
    for wait in (3.0, 11.0, 61.0, 301.0, 1_000.0):
        talk.run(wait=wait)
    assert talk.heard() == ["hotline_card", "turn_unread"]
    assert talk.statuses() == ["dead"]


@pytest.mark.parametrize("trouble", [EngineUnavailable("x"), OperationalError("x", None, Exception())], ids=str)
def test_without_an_engine_or_a_database_order_is_kept_and_nothing_set_aside(core, trouble):
    engine = Engine(trouble, times=2)
    talk = Talk(core, engine)
    talk.say(POISON)
    talk.say(NEXT, wait=0.5)
    assert "menu" not in talk.heard()
    talk.run(wait=3.0)
    talk.run(wait=3.0)
    assert engine.asked == [POISON, f"{POISON}\n{NEXT}", f"{POISON}\n{NEXT}"]
    assert talk.statuses() == ["done", "done"]
    assert talk.heard().count("menu") == 1, "what waited together is answered together"
    assert "turn_unread" not in talk.heard()


def test_a_message_that_hangs_the_engine_twice_is_set_aside(core):
    talk = Talk(core, Engine(TurnFailed(HUNG)))
    talk.say(POISON)
    talk.say(NEXT, wait=0.5)
    assert "menu" not in talk.heard(), "once may be the machine's fault"
    talk.run(wait=3.0)
    assert talk.heard().count("menu") == 1
    assert talk.statuses() == ["dead", "done"]
