"""After an offer was looked at few words go on about it; other words, and other turns, do not."""

from __future__ import annotations

import pytest

from bot.dialogue import after_offer
from bot.dialogue.says import say
from bot.dialogue.state import ConversationState

_LOST = [say("unsure")]


def _state(risk: str = "high") -> ConversationState:
    state = ConversationState()
    after_offer.remember(state, [say("offer_report", risk=risk)], checked=False)
    return state


@pytest.mark.parametrize(
    ("text", "line"),
    [("lừa ko", "true"), ("that k", "true"), ("uy tín không", "true"), ("có nên đi k", "go"), ("nen nhan ko ta", "go"), ("h sao", "now"),
     ("thế giờ em phải làm gì", "now"), ("em lỡ cọc 2tr r", "paid"), ("gửi cccd rồi giờ sao", "paid")],
)  # fmt: skip
def test_few_words_go_on_about_the_offer(text: str, line: str) -> None:
    assert after_offer.answer(_LOST, text, _state()) == [say(f"offer_next_{line}")]


@pytest.mark.parametrize("risk", ["medium", "low", "unknown"])
def test_an_offer_without_grave_signs_is_spoken_of_otherwise(risk: str) -> None:
    assert after_offer.answer(_LOST, "có nên đi k", _state(risk)) == [say("offer_next_go_calm")]


@pytest.mark.parametrize(
    "text", ["cảm ơn", "alo", "em ở Hà Nội", "mai em đi", "có việc khác không", "việc nhẹ lương cao là gì vậy ad"]
)
def test_other_words_open_their_own_topic(text: str) -> None:
    assert after_offer.answer(_LOST, text, _state()) == _LOST


def test_nothing_is_said_twice_and_it_ends() -> None:
    state = _state()
    first = after_offer.answer(_LOST, "lừa ko", state)
    after_offer.remember(state, first, checked=False)
    assert after_offer.answer(_LOST, "lừa thiệt ko", state) == [say(after_offer.AGAIN)]
    for _ in range(after_offer.TURNS + 1):
        after_offer.remember(state, _LOST, checked=False)
    assert after_offer.answer(_LOST, "lừa ko", state) == _LOST
    assert state.empty


def test_a_new_offer_and_a_report_are_left_alone() -> None:
    for name in ("offer_report", "tip_intro"):
        assert after_offer.answer([say(name)], "có lừa không", _state()) == [say(name)]
