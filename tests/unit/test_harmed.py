"""Harm done to oneself, heard in any turn, and the everyday words that only sound like it. Without an engine."""

from __future__ import annotations

import pytest

from bot.dialogue import triage
from bot.dialogue.emergency import after_card, harmed
from bot.dialogue.emergency.after_card import DISTRESS, PICTURES
from bot.dialogue.state import Card, ConversationState


def despairing(despair: str = "") -> ConversationState:
    return ConversationState(card=Card(after_card.TURNS, DISTRESS, despair=despair, shown=(DISTRESS,)))


def threatened() -> ConversationState:
    return ConversationState(card=Card(after_card.TURNS, PICTURES, shown=(PICTURES,)))


def answers(texts: list[str], state: ConversationState, *, in_form: bool) -> list[str]:
    """The items said to each of `texts` in turn; "" where the dialogue goes on."""
    said = []
    for text in texts:
        says = harmed.answer(text, state, triage.assess(text), in_form=in_form)
        names = {say["say"] for say in says}
        if names:
            after_card.remember(state, names, text, "")
        said.append("".join(names))
    return said


@pytest.mark.parametrize(
    "text",
    [
        "uong het hu thuoc roi chi oi", "em uống thuốc cỏ rồi", "tui lỡ uống thuốc trừ sâu", "mình uống cả lọ thuốc ngủ rồi",
        "uống 40 viên rồi", "em nuốt hết vỉ panadol rồi", "con uong thuoc chuot roi", "em uống hai chục viên rồi",
        "uống hết hộp paracetamol rồi", "em uong nguyen lo thuoc cua me roi", "uống thuốc diệt cỏ rồi", "em uống thuốc để chết",
        "em nốc hết vỉ thuốc ngủ rồi", "em trút hết hũ thuốc vô miệng rồi", "em húp hết chai thuốc sâu",
    ],
)  # fmt: skip
def test_what_was_swallowed_is_heard_anywhere(text: str) -> None:
    assert harmed.told(text, ConversationState()) == harmed.TAKEN


@pytest.mark.parametrize(
    "text",
    [
        "em uống thuốc rồi", "30 viên", "uống rồi", "buon ngu qua", "chóng mặt", "khó thở", "em uống xong rồi", "nuốt rồi",
        "hai chục viên", "tầm 15 viên", "em khó thở quá", "em vừa uống", "uong r", "em buồn nôn",
    ],
)  # fmt: skip
def test_after_despair_few_words_say_it(text: str) -> None:
    assert harmed.told(text, despairing()) == harmed.TAKEN


@pytest.mark.parametrize(
    "text",
    [
        "em cắt tay rồi", "mình vừa rạch tay", "em tự cắt cổ tay rồi", "cat tay chay mau nhieu lam", "em rạch tay rồi ạ",
        "mình cắt tay rồi, sợ quá", "tui lo cat mach roi", "em vừa lấy dao lam rạch cổ tay", "em cứa tay bằng kéo rồi",
    ],
)  # fmt: skip
def test_a_cut_is_heard_anywhere(text: str) -> None:
    assert harmed.told(text, ConversationState()) == harmed.BLEEDING


@pytest.mark.parametrize(
    "text", ["máu chảy nhiều", "máu ra nhiều lắm", "chay mau qua", "cắt rồi", "máu không cầm được"]
)
def test_after_despair_blood_is_heard(text: str) -> None:
    assert harmed.told(text, despairing()) == harmed.BLEEDING


@pytest.mark.parametrize(
    "text",
    [
        "chắc mình biến mất luôn cho khỏe", "ko phải qua zalo, ý mình là chết á", "ý em là chết", "ý mình là tự tử",
        "hay là em chết đi cho xong", "mình biến mất cho rồi", "y em la muon chet",
    ],
)  # fmt: skip
def test_a_wish_to_die_is_heard_beside_an_open_question(text: str) -> None:
    assert harmed.told(text, ConversationState(), in_form=True) == harmed.DEATH


@pytest.mark.parametrize(
    "text", ["mình đang cầm thuốc của mẹ", "em dang cam vi thuoc ngu", "cầm lọ thuốc trên tay rồi"]
)
def test_pills_in_the_hand_are_heard_in_an_interview(text: str) -> None:
    assert harmed.told(text, ConversationState(), in_form=True) == harmed.DEATH


@pytest.mark.parametrize(
    "text",
    [
        "uống thuốc cảm rồi", "uống thuốc rồi đỡ sốt", "cắt tay lúc làm bếp", "em uống thuốc rồi", "uống 2 viên panadol rồi",
        "mẹ em uống thuốc huyết áp rồi", "em uống thuốc bác sĩ kê rồi", "cắt tay áo rồi", "lỡ bị đứt tay khi thái rau",
        "em uống nước rồi", "mệt muốn chết", "game này nhân vật uống thuốc độc rồi", "tài khoản nó biến mất luôn cho rồi",
        "đi bộ cho khỏe", "nó biến đi cho khỏe", "uống vitamin mỗi ngày 2 viên rồi", "buồn ngủ quá", "chóng mặt", "30 viên",
        "bà tôi uống thuốc bắc rồi", "con mèo nhà em chảy máu nhiều", "trong phim cô ấy cắt tay rồi", "phun thuốc trừ sâu rồi",
        "mua thuốc chuột về rồi", "hôm nay em buồn nôn", "em cầm thuốc về cho mẹ",
    ],
)  # fmt: skip
def test_everyday_words_stay_calm(text: str) -> None:
    assert not harmed.told(text, ConversationState(), in_form=True)


@pytest.mark.parametrize(
    "text",
    ["em uống nước rồi", "uống một ngụm nước rồi", "em uống sữa xong rồi", "chị ơi em sợ", "trời ơi", "em không muốn mở mắt nữa",
     "để xa rồi", "em mệt quá", "em đang ở trong phòng"],
)  # fmt: skip
def test_a_sip_of_water_after_despair_is_no_poison(text: str) -> None:
    assert not harmed.told(text, despairing())


def test_pills_within_an_interview_outrank_its_questions_until_helped() -> None:
    texts = ["mình đang cầm thuốc của mẹ", "uống rồi", "ở nhà", "không có ai", "2 triệu", "dạ", "kể tiếp"]
    first, *steps, last = answers(texts, ConversationState(), in_form=True)
    assert first == DISTRESS
    assert all(step.startswith("still_here_taken") for step in steps)
    assert not last


def test_despair_within_an_interview_stays_until_it_is_denied_or_the_report_goes_on() -> None:
    texts = ["chắc mình biến mất luôn cho khỏe", "ko phải qua zalo, ý mình là chết á", "mà thôi", "ừ"]
    first, *steps = answers(texts, state := threatened(), in_form=True)
    assert first == DISTRESS
    assert all(step.startswith("still_here_distress") for step in steps)
    assert answers(["mình không định tự tử đâu", "dạ"], state, in_form=True) == ["still_here_misread", ""]


def test_a_cut_is_stayed_with() -> None:
    first, *rest = answers(["em cắt tay rồi", "máu chảy nhiều", "chóng mặt"], ConversationState(), in_form=True)
    assert first == "still_here_bleeding"
    assert all(step.startswith("still_here_bleeding_") for step in rest)


def test_an_interview_without_despair_is_left_alone() -> None:
    texts = ["nó nhắn qua zalo", "ở Hà Nội", "dạ", "em uống thuốc cảm rồi", "mà thôi"]
    assert not any(answers(texts, threatened(), in_form=True))


@pytest.mark.parametrize(
    "text",
    ["em trai nha đừng gọi bạn", "đừng gọi em là bạn", "dung goi chi nua", "gọi em là em nha", "đừng gọi mình bằng anh",
     "khỏi gọi chú nha"],
)  # fmt: skip
def test_how_to_be_addressed_is_no_refusal_to_call(text: str) -> None:
    says = after_card.stay([{"say": "unsure", "args": {}}], text, despairing(), "")
    assert says[0]["say"] != "still_here_no_call"


@pytest.mark.parametrize("text", ["em không muốn gọi", "đừng bắt em gọi điện", "em không dám gọi"])
def test_who_does_not_want_to_call_is_still_heard(text: str) -> None:
    says = after_card.stay([{"say": "unsure", "args": {}}], text, despairing(), "")
    assert says[0]["say"] == "still_here_no_call"
