"""The code while it is asked back: shown again where it may not have arrived; what is told meanwhile reaches the officers."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.core.tips import receipt
from bot.dialogue.commands import AddToSentTip
from bot.dialogue.heard import TurnInput
from bot.dialogue.state import ConversationState, Receipt
from bot.gateway import receipts
from bot.phrases.receipt_words import WORDS
from bot.services.messaging import commands
from bot.services.messaging.commands import Work
from bot.services.tips import record
from bot.storage.tables import Notice, Outbox, Tip
from tests.integration.services.test_tips import officers, submit  # noqa: F401 - a fixture

CODE = receipt.new_code(lambda n: 12345678901234567890)
BELOW = (
    "tip_receipt", "receipt_mismatch", "receipt_more", "receipt_kept", "receipt_unconfirmed", "tip_before_sent",
    "tip_sent_already", "tip_sent_added", "tip_receipt_words", "receipt_mismatch_words", "receipt_words_wrong", "receipt_more_words",
)  # fmt: skip


def say(name: str) -> dict:
    return {"say": name, "args": {}}


def names_of(core, status: str | None, says: list[str], *, as_words: bool = False, code: str = CODE) -> list[str]:
    kept = ConversationState(receipt=Receipt(code))
    replies = [
        OutboundMessage("thẻ", meta={"item": "hotline_111"}),
        OutboundMessage("mã", meta={"item": "receipt_shown"}),
    ]
    message = InboundMessage(Channel.TELEGRAM, "s", "m", InboundKind.TEXT, text="xin chào")
    receipts.remember(kept, TurnInput(7, "c", Channel.TELEGRAM, message, kept, 0, False, 0, False), replies)
    with core.db.transaction() as session:
        if status is not None:
            session.add(Outbox(conversation_id="c", channel="telegram", dedupe="in7:1", status=status))
            session.flush()
        found = receipts.with_code(session, [say(name) for name in says], kept, as_words=as_words)
    assert all(WORDS.pretty(CODE) == one["args"]["code"] for one in found if one["say"] == "receipt_again_words")
    assert all(receipt.pretty(CODE) == one["args"]["code"] for one in found if one["say"] == "receipt_again")
    return [one["say"] for one in found]


@pytest.mark.parametrize("status", ["pending", "sending", "unknown", "dead", "dropped", None])
@pytest.mark.parametrize("line", BELOW)
def test_nothing_speaks_of_a_code_above_that_may_not_be_there(core, status, line):
    assert names_of(core, status, [line]) == ["receipt_again", line]


@pytest.mark.parametrize("line", BELOW)
def test_a_code_that_arrived_is_not_repeated(core, line):
    assert names_of(core, "sent", [line]) == [line]


def test_it_is_shown_once_and_where_it_is_asked_for(core):
    assert names_of(core, "unknown", ["receipt_shown", "tip_receipt"]) == ["receipt_shown", "tip_receipt"]
    assert names_of(core, None, ["receipt_again", "tip_receipt"]) == ["receipt_again", "tip_receipt"]
    assert names_of(core, None, ["emergency_in_danger", "tip_receipt"]) == [
        "emergency_in_danger", "receipt_again", "tip_receipt",
    ]  # fmt: skip


def test_lines_with_buttons_of_their_own_are_not_followed_by_the_question(core):
    assert names_of(core, "sent", ["receipt_no_place", "tip_receipt"]) == ["receipt_no_place"]


@pytest.mark.parametrize("line", BELOW)
def test_whoever_was_shown_words_is_shown_words_again(core, line):
    assert names_of(core, None, [line], as_words=True) == ["receipt_again_words", line]


def test_the_words_are_not_said_twice(core):
    for shown in ("receipt_shown_words", "receipt_again_words"):
        assert names_of(core, None, [shown, "tip_receipt_words"], as_words=True) == [shown, "tip_receipt_words"]
    both = ["receipt_no_place_words", "tip_receipt_words"]
    assert names_of(core, "sent", both, as_words=True) == ["receipt_no_place_words"]
    assert names_of(core, None, ["receipt_again_words"], as_words=True, code="") == []


def test_without_a_code_nothing_is_promised(core):
    assert names_of(core, None, ["receipt_again", "tip_receipt"], code="") == ["tip_receipt"]


def test_forgetting_leaves_nothing_of_it():
    state = ConversationState("vi", receipt=Receipt(CODE, CODE[:6], "in7:1"))
    receipts.forget(state)
    assert state == ConversationState("vi")


def work_of(core, code: str) -> Work:
    return Work(
        vault=core.vault, clocks=core.clocks, conversation_id="c", channel="web", language="vi", state=ConversationState(receipt=Receipt(code)),
        route=lambda session, draft: None, cards=lambda names: [], check_offer=lambda *args: [], now=3000.0,
    )  # fmt: skip


def add(core, code: str, text: str) -> str:
    work = work_of(core, code)
    commands.prepare(work, 0, AddToSentTip(text))
    with core.db.transaction() as session:
        (said,) = commands.run(session, work, 0, AddToSentTip(text))
    return said["say"]


def test_words_told_after_sending_follow_the_tip(core, officers):  # noqa: F811
    code, _created = submit(core)
    assert add(core, code, f"còn một đứa ở tầng hai, mã {code}") == "tip_sent_added"
    keys = core.vault.receipt_keys(code)
    with core.db.reading() as session:
        opened = record.open_with_receipt(session, core.vault, keys.lookup, keys.pair)
        (entry,) = record.entries(session, opened)
        kinds = list(session.execute(select(Notice.kind)).scalars())
    assert (entry["author"], entry["text"]) == ("reporter", "còn một đứa ở tầng hai, mã …")
    assert "reply" in kinds


def test_the_words_of_the_code_do_not_follow_the_tip(core, officers):  # noqa: F811
    code, _created = submit(core)
    told = ", ".join(WORDS.words_of(code))
    assert add(core, code, f"còn một đứa ở tầng hai, bảy từ là {told}") == "tip_sent_added"
    keys = core.vault.receipt_keys(code)
    with core.db.reading() as session:
        opened = record.open_with_receipt(session, core.vault, keys.lookup, keys.pair)
        (entry,) = record.entries(session, opened)
    assert entry["text"] == "còn một đứa ở tầng hai, bảy từ là …"


def test_a_tip_that_is_gone_is_said_truly(core, officers):  # noqa: F811
    code, created = submit(core)
    with core.db.transaction() as session:
        session.delete(session.get(Tip, created.tip_id))
    assert add(core, code, "còn một đứa ở tầng hai") == "tip_sent_already"
    assert add(core, "", "còn một đứa ở tầng hai") == "tip_sent_already"
