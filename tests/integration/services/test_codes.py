"""Receipt codes cannot be tried out; strangers who try hold up nobody else; a wrong one looks like an erased one."""

from __future__ import annotations

import asyncio
import secrets
import threading
from types import SimpleNamespace

from bot.core.messages import Channel, InboundKind, InboundMessage
from bot.core.referrals.states import REASONS
from bot.core.tips import receipt
from bot.dialogue.commands import LookUpTip
from bot.dialogue.state import ConversationState
from bot.gateway.asgi import build
from bot.gateway.conductor import MOST_CODES
from bot.phrases.receipt_words import WORDS
from bot.services import throttle
from bot.services.keeping import erasure
from bot.services.messaging import commands, turns
from bot.services.messaging.commands import Work
from bot.services.tips import record
from bot.storage.tables import Referral
from tests.support.desk import DRAFT, REMOTE, seed, submit

NOW = 1_800_000_000.0
QUARTER = 900.0


def shown(core, code: str) -> tuple[str, str]:
    """The state and the reason that the reporter is told."""
    args = answer(core, code, "the-reporter", NOW + 120)["args"]
    return args["state"], args["reason"]


def look_up(core, code: str, conversation: str, now: float) -> str:
    """What is said to whoever sends `code`: the name of the sentence."""
    return answer(core, code, conversation, now)["say"]


def answer(core, code: str, conversation: str, now: float) -> dict:
    work = Work(
        vault=core.vault, clocks=core.clocks, conversation_id=conversation, channel="web", language="vi", state=ConversationState(),
        route=lambda *_: None, cards=lambda _: [], check_offer=lambda *_: [], code=code, now=now,
    )  # fmt: skip
    commands.prepare(work, 0, LookUpTip())
    with core.db.transaction() as session:
        said = commands.run(session, work, 0, LookUpTip())
    return said[0]


def test_a_reporter_sees_that_a_tip_was_handed_on_and_why(core):
    seed(core)
    code, tip_id, _ = submit(core, NOW)
    with core.db.transaction() as session:
        first = record.current_referral(session, tip_id)
        first.state, first.reason = "transferred", "other_place"
        session.add(
            Referral(id="f" * 32, tip_id=tip_id, unit_id=REMOTE, state="new", route_reason="transfer_other_place",
                     previous_id=first.id, created_at=NOW + 60, next_clock_at=NOW + 90)
        )  # fmt: skip
    assert shown(core, code) == ("transferred", "other_place")
    with core.db.transaction() as session:
        session.get(Referral, "f" * 32).state = "received"
    assert shown(core, code) == ("received", "")


def test_every_reason_a_reporter_can_be_told_has_its_words(core):
    for book in (core.books["vi"], core.books["en"]):
        for reason in {reason for reasons in REASONS.values() for reason in reasons}:
            assert book.lines[f"reason_{reason}"].text


def test_who_has_to_wait_costs_no_slow_hash(core, monkeypatch):
    """Asked before Argon2id: a stranger beyond the limit cannot keep the processor busy either."""
    seed(core)
    code, _, _ = submit(core, NOW)
    gateway = Gateway(core)
    for _ in range(throttle.CODE_PER_PERSON.count):
        assert gateway.tries("stranger", wrong()) == ["status_not_opened"]
    hashed = []
    real = core.vault.receipt_keys
    monkeypatch.setattr(core.vault, "receipt_keys", lambda tried: hashed.append(1) or real(tried))
    for _ in range(3):
        assert gateway.tries("stranger", wrong()) == ["status_slow"]
    assert not hashed
    assert gateway.tries("reporter", code) == ["status_report"]
    assert len(hashed) == 1


def test_a_tip_is_sent_while_strangers_codes_are_still_being_tried(core, monkeypatch):
    """Everybody's threads are taken by slow hashes of codes; sealing a tip has threads of its own."""
    seed(core)
    gateway, go_on = Gateway(core), threading.Event()
    real = core.vault.receipt_keys

    def slow(tried: str):
        if threading.current_thread().name.startswith("codes"):
            assert go_on.wait(250)
        return real(tried)

    monkeypatch.setattr(core.vault, "receipt_keys", slow)

    async def story() -> None:
        strangers = [asyncio.create_task(gateway.turn(f"s{number}", wrong())) for number in range(MOST_CODES)]
        while len(gateway.parts.dispatcher._conductor._codes) < MOST_CODES:
            await asyncio.sleep(0.01)
        assert await gateway.turn("one-too-many", wrong()) == ["status_busy"]
        assert (await gateway.turn("reporter", "", command=SEND))[-1] == "receipt_shown"
        assert not any(task.done() for task in strangers)
        go_on.set()
        assert await asyncio.gather(*strangers) == [["status_not_opened"]] * MOST_CODES

    asyncio.run(story())
    with core.db.reading() as session:
        key = throttle.code_key(core.vault.conversation_id(Channel.WEB, "one-too-many"))
        assert throttle.blocked_for(session, key, throttle.Limit(1, 900.0), NOW) == 0.0


LOOK = {"command": "LookUpTip", "args": {}, "after": 0}
SEND = {"command": "CreateTip", "args": {"draft": DRAFT, "category": "labour", "urgent": False}, "after": 0}


class Obedient:
    """An engine that gives the command it was told to, so that everything around it is the real thing."""

    command: dict = LOOK

    async def turn(self, **request):
        await asyncio.sleep(0)
        return SimpleNamespace(state={}, replies=[], commands=[self.command], nlu={})


class Gateway:
    """The gateway's own thinking around an engine that obeys."""

    def __init__(self, core) -> None:
        core.now = lambda: NOW
        self.core, self.engine, self.number = core, Obedient(), 0
        self.parts = build(core, engine=self.engine, pushes={})

    def tries(self, person: str, code: str) -> list[str]:
        return asyncio.run(self.turn(person, code))

    async def turn(self, person: str, code: str, command: dict = LOOK) -> list[str]:
        """What is said to whoever writes `code`."""
        self.number += 1
        message = InboundMessage(
            channel=Channel.WEB, sender=person, message_id=f"m{self.number}", kind=InboundKind.TEXT, text=code or "gửi"
        )
        self.engine.command = command
        (accepted,) = await self.parts.intake.accept([message])
        await self.parts.dispatcher.run(self.core.vault.conversation_id(Channel.WEB, person))
        found = await self.core.db.read(
            lambda s: turns.replies_to(s, self.core.vault, accepted.conversation_id, accepted.inbox_id)
        )
        return [reply.meta.get("item", "") for _, reply in found]


def wrong() -> str:
    digits = f"{secrets.randbelow(10**20):020d}"
    return digits + str(receipt.check_digit(digits))


def test_the_words_open_the_tip_under_the_same_limit(core):
    """The words become the digits before anything is tried."""
    seed(core)
    code, _, _ = submit(core, NOW)
    gateway, seven = Gateway(core), WORDS.words_of(code)
    assert gateway.tries("reporter", "\n".join(seven)) == ["status_report"]
    for _ in range(throttle.CODE_PER_PERSON.count):
        assert gateway.tries("stranger", " ".join(WORDS.words_of(wrong()))) == ["status_not_opened"]
    assert gateway.tries("stranger", " ".join(seven)) == ["status_slow"]


def test_thousands_of_wrong_codes_of_strangers_lock_nobody_else(core):
    seed(core)
    code, _, _ = submit(core, NOW)
    said = [look_up(core, wrong(), f"conversation-{number // 6}", NOW + number / 100) for number in range(2400)]
    assert said == (["status_not_opened"] * 5 + ["status_slow"]) * 400, "each of them five tries"
    assert look_up(core, code, "the-reporter", NOW + 25) == "status_report"


def test_one_person_has_five_tries(core):
    seed(core)
    code, _, _ = submit(core, NOW)
    said = [look_up(core, wrong(), "one", NOW) for _ in range(6)]
    assert said == ["status_not_opened"] * 5 + ["status_slow"]
    assert look_up(core, code, "one", NOW + 1) == "status_slow", "not even the right one"
    assert look_up(core, code, "two", NOW + 1) == "status_report", "others are not held up"
    assert look_up(core, code, "one", NOW + QUARTER + 1) == "status_report"


def test_wrong_erased_and_malformed_codes_cannot_be_told_apart(core):
    seed(core)
    code, _, _ = submit(core, NOW)
    with core.db.transaction() as session:
        assert erasure.erase_by_code(session, core.vault, code, NOW) is not None
    assert {look_up(core, one, "one", NOW) for one in (code, wrong(), "123", "")} == {"status_not_opened"}
