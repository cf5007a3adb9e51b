"""When the newsletter's button stands under an answer, and when it never does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.content.phrasebooks import Phrasebook
from bot.core.messages import Channel, Choice, InboundKind, InboundMessage, OutboundMessage
from bot.dialogue import invite
from bot.dialogue.heard import TurnInput
from bot.dialogue.state import Card, Clock, ConversationState, Receipt, View

BOOK = Phrasebook("vi", {}, {}, {}, {}, {"subscribe": "Nhận cảnh báo"}, {})
ANSWER = OutboundMessage("…", (Choice("do:menu", "Menu"),), meta={"item": "safe_migration"})


def turn(channel: Channel = Channel.TELEGRAM, *, subscriber: bool = False) -> TurnInput:
    message = InboundMessage(channel=channel, sender="p", message_id="m", kind=InboundKind.TEXT, text="…")
    return TurnInput(1, "c", channel, message, ConversationState(), 0, False, 0, False, subscriber=subscriber)


def talk(*answers: str, state: ConversationState | None = None) -> ConversationState:
    state = state or ConversationState()
    for name in answers:
        invite.remember(state, {name})
    return state


def offered(state: ConversationState, **more) -> bool:
    (reply,) = invite.add([ANSWER], turn(**more), state, BOOK)
    return any(choice.id == "do:subscribe" for choice in reply.choices)


def test_after_the_second_question_and_once():
    state = talk("light_work_high_pay")
    assert not offered(state)
    talk("safe_migration", state=state)
    assert offered(state)
    talk("marriage_broker", "digital_safety", state=state)
    assert not offered(state)


@pytest.mark.parametrize(
    "before",
    ["emergency_in_danger", "self_harm_distress", "still_here", "emergency_line", "tip_intro", "receipt_saved",
     "status_report", "screening_opening", "offer_high", "ask_human", "returnee_support", "unsubscribed"],
)  # fmt: skip
def test_never_again_after_trouble(before):
    assert not offered(talk(before, "light_work_high_pay", "safe_migration", "digital_safety"))
    assert not offered(talk("light_work_high_pay", before, "safe_migration", "digital_safety"))


@pytest.mark.parametrize(
    "mark", [{"card": Card(near=2)}, {"view": View("x", b"k")}, {"clock": Clock()}, {"receipt": Receipt("1")}]
)
def test_never_near_a_tip_or_a_card(mark):
    assert not offered(replace(talk("light_work_high_pay", "safe_migration"), **mark))


def test_not_to_subscribers_nor_on_the_web():
    assert not offered(talk("light_work_high_pay", "safe_migration"), subscriber=True)
    assert not offered(talk("light_work_high_pay", "safe_migration"), channel=Channel.WEB)


def test_full_answers_keep_their_own_buttons():
    full = OutboundMessage("…", tuple(Choice(f"say:{n}", "…") for n in range(5)), meta={"item": "safe_migration"})
    assert invite.add([full], turn(), talk("light_work_high_pay", "safe_migration"), BOOK) == [full]
