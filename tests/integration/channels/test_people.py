"""What people and operators do around a conversation: leaving, asking to be erased, taking over, keeping silent."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from bot.app import Core
from bot.channel_set import zalo_oa
from bot.channels.zalo_oa.limits import judge
from bot.channels.zalo_oa.verify import HEADER, signature
from bot.commands.sandbox import environment as sandbox_environment
from bot.core.errors import SendPolicy
from bot.core.messages import Channel, Choice, InboundKind, InboundMessage, OutboundMessage
from bot.core.sending import Address
from bot.dialogue.heard import TurnInput
from bot.dialogue.numbered import picked
from bot.dialogue.state import ConversationState, Offered
from bot.gateway.sender import Line
from bot.services.campaigns import subscribers
from bot.services.messaging import channel_tokens, contacts, inbox, turns
from bot.services.messaging.turns import TurnEnd
from bot.storage.tables import Contact, Conversation, Delivery, Inbox, Outbox, Subscriber, TipNotice
from tests.integration.channels import conftest, test_zalo_oa
from tests.support import live
from tests.support.channel_runner import Incoming, Outgoing, check_outgoing, deliver
from tests.support.world import core_in

NOW, HOUR, DAY = 1_800_000_000.0, 3_600.0, 86_400.0


def heard(core: Core, kind: InboundKind = InboundKind.TEXT, text: str = "xin chào", **more: Any) -> inbox.Accepted:
    message_id = more.pop("message_id", f"{kind.value}-{text}-{more.get('at', 0)}")
    sender, now = more.pop("sender", "an"), more.pop("now", NOW)
    message = InboundMessage(Channel.ZALO_OA, sender, message_id, kind, text=text, **more)
    with core.db.transaction() as session:
        return inbox.accept(session, core.vault, [message], now)[0]


def turn_of(core: Core, conversation: str, now: float = NOW) -> TurnInput:
    with core.db.transaction() as session:
        turn = turns.load(session, core.vault, conversation, "test", now, 30.0)
    assert turn is not None
    return turn


def answer(core: Core, turn: TurnInput, state: ConversationState | None = None, now: float = NOW) -> None:
    end = TurnEnd(state or ConversationState(engine={"draft": {"what": "bí mật"}}), [OutboundMessage("chào bạn")])
    with core.db.transaction() as session:
        turns.commit(session, core.vault, turn, lambda _: end, now)


def event(core: Core, conversation: str, now: float = NOW) -> None:
    """Carry out what is pending as the dispatcher does for events and for a conversation that is kept quiet."""
    turn = turn_of(core, conversation, now)
    with core.db.transaction() as session:
        turns.commit(session, core.vault, turn, contacts.finish_event(core.vault, turn, now), now)


def row(core: Core, conversation: str) -> Conversation:
    with core.db.reading() as session:
        return session.get(Conversation, conversation)


def everything(core: Core) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with core.db.reading() as session:
        return {
            table.name: [dict(found._mapping) for found in session.execute(select(table))]
            for table in SQLModel.metadata.sorted_tables
        }


def test_withdrawal_erases_all_that_leads_to_the_person(core):
    conversation = heard(core).conversation_id
    answer(core, turn_of(core, conversation))
    other = heard(core, sender="binh", message_id="b1").conversation_id
    heard(core, text="chưa đọc", message_id="later")
    with core.db.transaction() as session:
        subscribers.from_chat(session, conversation, True)
        session.add(Delivery(campaign_id=1, conversation_id=conversation, channel="zalo_oa"))
        for tip, whose in (("t1", conversation), ("t2", other)):
            session.add(TipNotice(tip_id=tip, pointer=core.vault.seal_pointer(tip, whose)))
    waiting = turn_of(core, conversation)
    assert waiting.message.text == "chưa đọc"
    with core.db.transaction() as session:
        inbox.release(session, conversation, "test")
        session.execute(Inbox.__table__.update().where(Inbox.id == waiting.inbox_id).values(next_at=NOW + 9))
    erase = heard(core, InboundKind.ERASE, "", message_id="erase")
    with core.db.transaction() as session:  # a message that waits for its retry does not hold the request back for ever
        session.execute(Inbox.__table__.update().where(Inbox.id == waiting.inbox_id).values(next_at=0.0))
    answer(core, turn_of(core, conversation))
    event(core, conversation)
    left = {
        name: rows for name, rows in everything(core).items()
        if any(conversation in map(str, found.values()) for found in rows)
    }  # fmt: skip
    assert list(left) == ["conversation"], "only the mark that there was a conversation"
    assert row(core, conversation).state is None
    with core.db.reading() as session:
        assert session.get(Contact, conversation) is None
        assert session.get(Subscriber, conversation) is None
        assert [found.tip_id for found in session.execute(select(TipNotice)).scalars()] == ["t2"]
        assert session.execute(select(Delivery)).first() is None
        assert session.execute(select(Outbox).where(Outbox.conversation_id == conversation)).first() is None
        assert session.get(Inbox, erase.inbox_id).payload is None
        assert session.get(Contact, other) is not None, "nobody else's"


def test_who_writes_again_after_a_withdrawal_is_answered(core):
    conversation = heard(core, InboundKind.ERASE, "").conversation_id
    event(core, conversation)
    assert heard(core, text="mình quay lại", message_id="again").conversation_id == conversation
    answer(core, turn_of(core, conversation))
    with core.db.reading() as session:
        assert session.get(Contact, conversation) is not None
        assert session.execute(select(Outbox.status)).scalars().all() == ["pending"]


def test_an_operator_silences_the_bot_for_half_an_hour(core):
    conversation = heard(core).conversation_id
    answer(core, turn_of(core, conversation))
    heard(core, InboundKind.HUMAN, "", message_id="op")
    event(core, conversation)
    heard(core, text="dạ em chào", message_id="m2")
    assert turn_of(core, conversation, NOW + 60).quiet
    with core.db.transaction() as session:
        inbox.release(session, conversation, "test")
    assert not turn_of(core, conversation, NOW + contacts.QUIET_SECONDS + 1).quiet


def test_a_withdrawal_forgets_the_silence_too(core):
    conversation = heard(core).conversation_id
    answer(core, turn_of(core, conversation))
    heard(core, InboundKind.HUMAN, "", message_id="op")
    event(core, conversation)
    heard(core, InboundKind.ERASE, "", message_id="withdraw")
    event(core, conversation)
    heard(core, text="em quay lại", message_id="m2")
    assert not turn_of(core, conversation, NOW + 60).quiet


def test_only_what_the_person_does_opens_zalos_window(core):
    conversation = heard(core).conversation_id
    answer(core, turn_of(core, conversation))
    later = NOW + 3 * DAY
    for number, kind in enumerate((InboundKind.HUMAN, InboundKind.STOPPED, InboundKind.RESUMED)):
        heard(core, kind, "", message_id=f"e{number}", now=later)
        event(core, conversation, later)
    assert row(core, conversation).updated_at == NOW
    assert judge(2, row(core, conversation).updated_at, later, billed=False).code == "window_billed"
    heard(core, InboundKind.FOLLOW, "", message_id="f", now=later)
    answer(core, turn_of(core, conversation, later), now=later)
    assert judge(2, row(core, conversation).updated_at, later, billed=False).code != "window_billed"


def test_the_same_words_with_two_ids_are_two_messages(core):
    """Somebody may say "có" twice within a second; only where the platform gives no id is that one delivery repeated."""
    first, second = heard(core, text="có", message_id="1"), heard(core, text="có", message_id="2")
    assert first.inbox_id != second.inbox_id


def test_without_an_id_four_seconds_decide(core):
    heard_at = [heard(core, text="có", message_id="", now=NOW + after) for after in (0, 3.9, 4.1, 20)]
    assert [found.fresh for found in heard_at] == [True, False, True, True]
    assert heard(core, text="không", message_id="", now=NOW + 20.1).fresh, "other words are another message"
    assert heard(core, text="có", message_id="", now=NOW + 20.1, sender="binh").fresh, "another person's are, too"


def send_to(core: Core, world, priority: int, silence: float) -> tuple[str, str]:
    """A message to somebody who was last heard from `silence` seconds ago. Returns its (status, code)."""
    now = world.now()
    conversation = heard(core, message_id=f"w{priority}{silence}", now=now - silence).conversation_id
    world.person("an").last_interaction = now - silence
    with core.db.transaction() as session:
        for found in session.execute(select(Inbox)).scalars():
            found.status = "done"
        session.get(Conversation, conversation).updated_at = now - silence
        dedupe = f"w{priority}:{silence}"
        sealed = core.vault.seal_outbound(conversation, "zalo_oa", dedupe, OutboundMessage("Trả lời"))
        sent = Outbox(
            conversation_id=conversation, channel="zalo_oa", dedupe=dedupe, payload=sealed, priority=priority, created_at=now
        )  # fmt: skip
        session.add(sent)
        session.flush()
        row_id = sent.id

    async def one_round() -> None:
        client = zalo_oa(core)
        line = Line(core.db, core.vault, client, lambda: now)
        try:
            await line._round()
            while line.tasks:
                await asyncio.gather(*line.tasks)
        finally:
            await client.close()

    asyncio.run(one_round())
    with core.db.reading() as session:
        found = session.get(Outbox, row_id)
        return found.status, found.error


@pytest.mark.parametrize(
    ("priority", "silence", "wanted"),
    [
        (0, HOUR, ("sent", "")),
        (0, 49 * HOUR, ("sent", "")),  # an officer's answer may cost money
        (0, 7 * DAY + HOUR, ("dead", "window_closed")),
        (2, HOUR, ("sent", "")),
        (2, 49 * HOUR, ("dead", "window_billed")),
        (2, 7 * DAY + HOUR, ("dead", "window_closed")),
    ],
)
def test_zalos_windows_with_a_server_that_keeps_them(tmp_path, monkeypatch, priority, silence, wanted):
    monkeypatch.setattr("bot.channels.zalo_oa.limits.night_left", lambda now: 0.0)
    with live.zalo("http://127.0.0.1:9") as world, core_in(tmp_path, **sandbox_environment(world)) as core:
        with core.db.transaction() as session:
            channel_tokens.enter(session, core.vault, Channel.ZALO_OA, world.access, world.refresh, world.now(), 90_000)
        assert send_to(core, world, priority, silence) == wanted
        assert len(world.person("an").seen) == (wanted[0] == "sent")


def test_buttons_refused_once_are_numbers_in_every_process(tmp_path):
    with live.zalo("http://127.0.0.1:9") as world, core_in(tmp_path, **sandbox_environment(world)) as core:
        with core.db.transaction() as session:
            channel_tokens.enter(session, core.vault, Channel.ZALO_OA, world.access, world.refresh, core.now(), 90_000)
        world.refuse_buttons = True
        world.person("an").last_interaction = world.now()
        message = OutboundMessage("Chọn:", (Choice("do:report_tip", "Báo tin"), Choice("do:menu", "Xem tất cả")))

        async def run() -> tuple[bool, bool]:
            here, there = zalo_oa(core), zalo_oa(core)
            try:
                await here.send(Address("an"), here.parts(message)[0])
                await there.keep_alive()
                return here.numbers, there.numbers
            finally:
                await here.close()
                await there.close()

        assert asyncio.run(run()) == (True, True)
        assert world.person("an").seen[0]["text"] == "Chọn:\n\n1. Báo tin\n2. Xem tất cả"
        state = ConversationState(offered=Offered(("do:report_tip", "do:menu")))
        said = InboundMessage(Channel.ZALO_OA, "an", "1", InboundKind.TEXT, text="2")
        turn = TurnInput(1, "c", Channel.ZALO_OA, said, state, 0, False, 0, False)
        assert picked(turn, numbers=True).message.choice == "do:menu"


def test_a_recipient_zalo_does_not_know_does_not_take_the_buttons_from_everybody(on):
    refused = [test_zalo_oa.failed(-201), test_zalo_oa.failed(-201)]
    made = []

    def client(transport):
        made.append(zalo_oa(on, transport))
        return made[0]

    case = Outgoing("unknown", OutboundMessage("Chọn:", test_zalo_oa.CHOICES), refused, error=(SendPolicy.FIX, "-201"))
    check_outgoing(client, case)
    assert not made[0].numbers


@pytest.mark.parametrize(
    ("first", "secret", "named"),
    [
        (conftest.OA_ID, conftest.OA_SECRET, "oa_id"), (conftest.APP_ID, "app-key", "app_secret"),
        (conftest.APP_ID, "nobody's", ""),
    ],
)  # fmt: skip
def test_a_signature_of_another_reading_is_refused_and_named(on, caplog, first, secret, named):
    """Documents disagree on what Zalo signs with: the operator is told, and nothing is let in."""
    body = test_zalo_oa.event()
    raw = json.dumps(body, ensure_ascii=False).encode()
    headers = {HEADER: f"mac={signature(raw, first, body['timestamp'], secret)}"}
    assert deliver(on, test_zalo_oa.PATH, Incoming("x", raw, 401, headers=headers), test_zalo_oa.sign) == []
    codes = [record.code for record in caplog.records if record.msg == "zalo_signature_fits_other_reading"]
    assert codes == ([named] if named else [])
