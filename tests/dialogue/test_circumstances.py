"""What an emergency answer begins with: the line that can be reached from where the person is, or none to call at all."""

from __future__ import annotations

import itertools

import pytest

from bot.core.messages import Channel, InboundKind, InboundMessage
from bot.dialogue.heard import TurnInput
from bot.dialogue.state import ConversationState
from tests.support.golden import Answer, Stage, call_first

pytestmark = pytest.mark.dialogue
CONSULAR = "+84 981 84 84 84"


def first_line(answer: Answer) -> str:
    return answer[0].text.split("\n")[0]


@pytest.mark.parametrize(
    "cry",
    [
        "cháu 16 tuổi bị giữ ở Campuchia",
        "con đang ở Lào bị bắt làm việc",
        "mẹ ơi cứu con, con ở Myanmar",
        "em bi nhot o Myawaddy cuu em",
        "họ nhốt em ở Bavet, tòa nhà số 5",
        "chồng em bị giữ bên Cam, đòi 200 triệu mới thả",
        "bạn em nhắn bị đánh ở campuchia",
        "chủ nhà ở Riyadh nhốt tôi, giữ hộ chiếu không cho ra ngoài",
    ],
)
def test_a_foreign_place_brings_the_consular_line_first(stage: Stage, cry: str) -> None:
    (answer,) = stage.play([cry])
    assert first_line(answer).startswith(f"Gọi {CONSULAR}")
    assert "+84 965 41 11 18" in first_line(answer)


def test_a_foreign_place_said_before_counts_when_the_cry_comes(stage: Stage) -> None:
    *_, answer = stage.play(["em đang làm ở Sihanoukville", "cứu em với, em bị nhốt"])
    assert CONSULAR in first_line(answer)
    *_, step = stage.play(["em bị nhốt ở Poipet", "nó khóa cửa rồi"])
    assert CONSULAR in first_line(step)
    *_, form = stage.play(["em bị nhốt ở Poipet", "!do:urgent_tip"])
    assert CONSULAR in first_line(form)


def test_at_home_the_police_stay_first(stage: Stage) -> None:
    (answer,) = stage.play(["em bị nhốt ở quán karaoke, xã An Phú, Hải Phòng"])
    assert first_line(answer).startswith("Gọi 113")


@pytest.mark.parametrize(
    "cry", ["em bị nhốt, không gọi được, chỉ nhắn tin", "cháu bị câm điếc, cháu bị đánh", "cứu em, đừng gọi lại"]
)
def test_who_cannot_call_is_not_told_to(stage: Stage, cry: str) -> None:
    (answer,) = stage.play([cry])
    assert first_line(answer).startswith("Không cần gọi")
    assert "Gọi 113" not in answer[0].text


def test_who_is_abroad_and_cannot_call_writes_and_the_family_calls(stage: Stage) -> None:
    (answer,) = stage.play(["em bị nhốt ở casino bên Campuchia, không gọi điện được chỉ nhắn tin"])
    assert first_line(answer).startswith("Không cần gọi")
    assert CONSULAR in first_line(answer)
    assert "baohocongdan@gmail.com" in first_line(answer)


def test_the_first_bubble_is_short(stage: Stage) -> None:
    for cry in (
        "em bị nhốt",
        "em bị nhốt ở Bavet",
        "con tôi bị bắt đòi 200 triệu tiền chuộc",
        "con gái tôi mất tích hai ngày rồi",
    ):
        (answer,) = stage.play([cry])
        assert len(answer[0].text.split("\n\n")[0].split()) <= 36, answer[0].text


def test_without_an_engine_the_consular_line_leads_too(stage: Stage) -> None:
    conductor = stage.parts.dispatcher._conductor
    for text, begins in (
        ("em bị nhốt ở Bavet, cứu em", f"Gọi {CONSULAR}"),
        ("em bị nhốt, không gọi được", "Không cần gọi"),
    ):
        message = InboundMessage(channel=Channel.WEB, sender="x" * 43, message_id="1", kind=InboundKind.TEXT, text=text)
        turn = TurnInput(
            0, "0" * 64, Channel.WEB, message, ConversationState(), 0, expired=False, attempts=1, quiet=False
        )
        assert conductor.unheard.fallback(turn).text.startswith(begins)


def texts(answers: list[Answer]) -> list[str]:
    return ["\n".join(reply.text for reply in answer) for answer in answers]


def test_after_a_distress_card_no_answer_is_said_twice(stage: Stage) -> None:
    deeds = [
        "em không muốn sống nữa",
        "ko có ai",
        "mình ở Bình Thạnh, một mình trong phòng trọ",
        "nãy giờ bạn nói y chang",
        "ừ",
        "em mệt",
    ]
    told = texts(stage.play(deeds))
    assert len(set(told)) == len(told)
    assert all("?" in text or "nhé" in text for text in told)
    assert all("115" in text for text in told)


def test_past_the_last_step_two_answers_in_a_row_still_differ(stage: Stage) -> None:
    told = texts(stage.play(["em không muốn sống nữa", *["ừ"] * 12]))
    assert all(one != two for one, two in itertools.pairwise(told))


def test_a_frightened_child_hears_its_own_words_and_small_steps(stage: Stage) -> None:
    told = texts(
        stage.play(["con 11 tuổi, chú hàng xóm đánh con, nhốt con", "con so lam", "con khong dam noi voi me", "con sợ"])
    )
    assert len(set(told)) == len(told)
    assert all(" em" in text and "bạn đang ở đâu" not in text.lower() for text in told[1:])


def test_danger_after_despair_gets_its_own_card(stage: Stage) -> None:
    *_, answer = stage.play(["em không muốn sống nữa", "họ nhốt em trong phòng, cứu em"])
    assert answer[0].meta["item"] == "emergency_in_danger"
    assert call_first(answer[0])


@pytest.mark.parametrize(
    "text", ["mình không biết chữ", "tôi muốn đọc bằng tiếng Thái", "asdf ghjk", "cái kia", "ờ thì"]
)
def test_emergencies_and_despair_are_never_offered_as_a_guess(stage: Stage, text: str) -> None:
    (answer,) = stage.play([text])
    offered = {choice.id for reply in answer for choice in reply.choices}
    assert not offered & {
        f"intent:{name}"
        for name in (
            "emergency_in_danger", "emergency_other_person", "child_in_danger", "missing_person", "ransom_demand", "sextortion",
            "fake_police_call", "self_harm_distress",
        )
    }  # fmt: skip
