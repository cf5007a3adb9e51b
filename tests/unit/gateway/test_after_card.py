"""The turns after an emergency card, and the line it begins with, as decided without an engine."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from bot.dialogue import triage
from bot.dialogue.emergency import after_card
from bot.dialogue.emergency import leads as circumstances
from bot.dialogue.emergency.after_card import CHILD, DISTRESS
from bot.dialogue.state import Card, ConversationState, Signs
from bot.services.messaging.turns import URGENT_ITEMS


def carded(card: str, *, young: bool = False) -> ConversationState:
    return ConversationState(card=Card(after_card.TURNS, card), signs=Signs(speaker="child" if young else ""))


def turn(state: ConversationState, text: str, said: str = "unsure", danger: str = "") -> str:
    """What is said after `text` when the engine wants to say `said`; the state moves on."""
    says = after_card.stay([{"say": said, "args": {}}], text, state, danger)
    after_card.remember(state, {say["say"] for say in says}, text, "")
    return str(says[0]["say"])


def test_despair_is_answered_step_by_step_and_never_twice_in_a_row() -> None:
    state = carded(DISTRESS)
    told = [
        turn(state, text)
        for text in ("ko có ai", "mình ở một mình trong phòng trọ", "nãy giờ bạn nói y chang", "ừ", "em mệt")
    ]
    assert len(set(told)) == 5
    assert all(one != two for one, two in itertools.pairwise([*told, *[turn(state, "ừ") for _ in range(9)]]))


@pytest.mark.parametrize("card", [DISTRESS, CHILD, after_card.POLICE, after_card.RANSOM, "emergency_in_danger"])
def test_steps_that_come_round_again_show_that_the_last_sentence_was_read(card: str) -> None:
    """The words of a person tell the second round from the first: nobody reads the same bubble twice."""
    state, told = carded(card, young=True), []
    for number in range(12):
        text = f"em vẫn ở đây lần {number}"
        (say,) = after_card.stay([{"say": card, "args": {}}], text, state, "")
        after_card.remember(state, {str(say["say"])}, text, "")
        told.append((say["say"], tuple(say["args"].items())))
        assert not say["args"] or say["args"] == {"read": text}
    assert len(set(told)) == 12


@pytest.mark.parametrize("said", ["emergency_in_danger", "karaoke_or_prostitution_coercion", "thank", DISTRESS])
def test_a_few_words_after_despair_are_stayed_with_whatever_the_engine_saw(said: str) -> None:
    assert turn(carded(DISTRESS), "ở một mình trong phòng trọ", said).startswith("still_here_distress")


@pytest.mark.parametrize(
    ("text", "said", "danger"),
    [
        ("cho em gặp người thật", "ask_human", ""),
        ("số nào gọi được?", "hotline_number", ""),
        ("họ nhốt em, cứu em", "emergency_in_danger", "emergency_in_danger"),
        ("báo tin", "tip_intro", ""),
    ],
)
def test_what_is_asked_for_after_despair_is_given(text: str, said: str, danger: str) -> None:
    assert turn(carded(DISTRESS), text, said, danger) == said


def test_a_frightened_child_gets_small_steps_and_a_grown_up_does_not() -> None:
    state = carded(CHILD, young=True)
    told = [turn(state, text, CHILD) for text in ("con sợ lắm", "con không dám nói với mẹ", "con sợ", "dạ")]
    assert told == ["still_here_child", "still_here_child_2", "still_here_child_3", "still_here_child_4"]
    assert turn(carded(CHILD), "tôi sợ lắm", CHILD) == "still_here"


def test_a_new_card_begins_the_steps_anew() -> None:
    state = carded(DISTRESS)
    turn(state, "ừ")
    turn(state, "ừ")
    after_card.remember(state, {DISTRESS}, "em muốn chết", "")
    assert turn(state, "ừ") == "still_here_distress"


@pytest.mark.parametrize(
    ("texts", "lead"),
    [
        (["em bị nhốt ở Bavet"], "lead_abroad"),
        (["em đang làm ở Poipet", "cứu em"], "lead_abroad"),
        (["em bị nhốt, không gọi được"], "lead_text"),
        (["em bị nhốt bên Cam, chỉ nhắn tin được"], "lead_abroad_text"),
        (["em bị nhốt ở Hải Phòng"], ""),
    ],
)
def test_the_first_line_fits_where_somebody_is_and_what_they_can(texts: list[str], lead: str) -> None:
    state = ConversationState()
    for text in texts:
        circumstances.hear(state, text, "emergency_in_danger", {}, in_form=False)
    assert circumstances.lead_of("emergency_in_danger", state.signs, "vi") == lead


def test_a_place_at_home_ends_abroad_except_in_a_form() -> None:
    state = ConversationState(signs=Signs(place="abroad"))
    circumstances.hear(state, "quê ở Nghệ An", "", {"status": "province"}, in_form=True)
    assert state.signs.place == "abroad"
    circumstances.hear(state, "em ở Hải Phòng", "", {"status": "commune"}, in_form=False)
    assert state.signs.place == "viet_nam"


def test_every_kind_of_emergency_is_known_to_all_who_put_it_first() -> None:
    kinds = set(triage.EMERGENCY_INTENTS)
    assert kinds <= after_card.EMERGENCY_ITEMS
    assert kinds <= URGENT_ITEMS
    reading = (Path(__file__).parents[3] / "actions" / "reading.py").read_text(encoding="utf-8")
    assert all(f'"{kind}"' in reading for kind in kinds)


def test_only_answers_about_an_emergency_are_led() -> None:
    abroad = ConversationState(signs=Signs(place="abroad"))
    says = [{"say": "missing_person", "args": {}}, {"say": "menu", "args": {}}]
    led = circumstances.led(says, abroad)
    assert [say["args"].get("lead") for say in led] == ["lead_abroad", None]
    assert circumstances.lead_of("self_harm_distress", abroad.signs, "vi") == "lead_abroad_distress"


@pytest.mark.parametrize("said", ["tui an toàn", "em ổn", "mình đang ở nhà an toàn rồi ạ"])
def test_who_says_after_a_card_that_they_are_safe_gets_the_next_step_and_no_topic(said: str) -> None:
    state = ConversationState(card=Card(3, "child_in_danger", shown=("child_in_danger",)))
    stayed = after_card.stay([{"say": "safe_migration", "args": {}}], said, state)
    assert [say["say"] for say in stayed] == ["still_here"]


def cried(**signs: str) -> ConversationState:
    state = ConversationState(
        card=Card(after_card.TURNS, "emergency_in_danger", "em bị nhốt ở phường An Biên"), signs=Signs(**signs)
    )
    after_card.placed([{"say": "emergency_in_danger", "args": {}}], "Phường An Biên, Hải Phòng", state)
    return state


@pytest.mark.parametrize("text", ["gui di", "gửi đi em", "báo công an giùm em với", "ừ", "ok gửi"])
def test_one_word_sends_a_cry_whose_place_was_told(text: str) -> None:
    assert after_card.sends(text, cried())


@pytest.mark.parametrize("text", ["gửi thế nào vậy?", "đừng gửi", "nó khóa cửa", "không"])
def test_other_words_send_nothing(text: str) -> None:
    assert not after_card.sends(text, cried())


def test_a_yes_to_a_later_step_sends_nothing() -> None:
    state = cried()
    assert turn(state, "no khoa cua k cho ra", "emergency_in_danger") == "still_here"  # named by `placed` as the place
    assert after_card.sends("ừ", state)
    assert turn(state, "em sợ", "emergency_in_danger") == "still_here_2"  # "có ai ở ngay cạnh bạn không?"
    assert not after_card.sends("có", state)


@pytest.mark.parametrize("place", ["cambodia", "sea"])
def test_where_they_are_is_still_asked_abroad_and_at_sea(place: str) -> None:
    says = [{"say": "still_here", "args": {}}]
    assert after_card.placed(says, "Xã An Lão, Hải Phòng", ConversationState(signs=Signs(place=place))) == says
