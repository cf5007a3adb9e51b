"""What must be decided at this moment is answered first: to pay, to get in, a telephone that goes out, a deaf writer, a plate."""

from __future__ import annotations

import pytest

from tests.support.golden import Answer, Stage
from tests.support.reporters import asked

pytestmark = pytest.mark.dialogue
PAY = "Khoan chuyển tiền"
AWAY = ("still_here_taken_away", "still_here_taken_away_2")


def told(answer: Answer) -> str:
    return "\n".join(reply.text for reply in answer)


def item(answer: Answer) -> str:
    return str(answer[0].meta["item"])


@pytest.mark.parametrize(
    "said", ["dt sap het pin", "máy em sắp tắt", "pin con 3%", "dt t gan het pin r", "sắp hết giờ rồi"]
)
def test_a_telephone_that_goes_out_takes_no_leave(stage: Stage, said: str) -> None:
    _, answer = stage.play(["em bi nhot trong nha o Thu Duc", said])
    assert "Tạm biệt" not in told(answer)
    assert item(answer) == "still_here_going_out"


@pytest.mark.parametrize(
    "said", ["bà có nên chuyển không con", "co nen ck ko", "gửi thêm 100 triệu nữa, gửi không chú"]
)
def test_who_asks_whether_to_pay_is_answered_first(stage: Stage, said: str) -> None:
    _, answer, paid = stage.play(["cháu nội tôi bị giữ bên campuchia", said, "bà chuyển rồi 80 triệu, hôm qua"])
    assert told(answer).startswith(PAY)
    assert "+84 981 84 84 84" in told(answer)
    assert told(paid).startswith("Gọi ngân hàng ngay")


def test_inside_the_interview_the_question_comes_after_the_answer(stage: Stage) -> None:
    first = "chau toi bi lua sang campuchia lam, gio no bi nhot o Bavet"
    *_, before, answer = stage.play(["toi muon bao tin", first, "rứa tui có nên gửi tiền cho hấn không chú"])
    assert told(answer).startswith(PAY)
    assert asked(answer) == asked(before)
    assert "đã thêm" not in told(answer)


@pytest.mark.parametrize(
    "said", ["minh co nen di ko", "xuong duoc ko", "xe sắp tới chỗ rồi. t nên xuống ko", "nó bắt t lên xuồng"]
)
def test_who_is_about_to_be_taken_gets_that_step(stage: Stage, said: str) -> None:
    _, answer = stage.play(["bon no sap cho em sang campuchia, em bi ep", said])
    assert item(answer) in AWAY


def test_made_to_get_in_is_no_policeman_on_the_telephone(stage: Stage) -> None:
    (answer,) = stage.play(["nó bắt t lên xuồng"])
    assert item(answer) == AWAY[0]
    (calm,) = stage.play(["có nên đi làm xa không"])
    assert item(calm) not in AWAY


def test_digits_of_a_plate_ask_for_no_hotline(stage: Stage) -> None:
    _, answer = stage.play(["bon no sap cho em sang campuchia, em bi ep", "à xe nó 98A-111.23"])
    assert "đường dây nóng quốc gia" not in told(answer)
    (alone,) = stage.play(["à xe nó 98A-111.23"])
    assert item(alone) == "number_kept"
    (asked,) = stage.play(["111 là gì"])
    assert item(asked) == "hotline_111"


@pytest.mark.parametrize("said", ["tôi điếc", "mình câm điếc bẩm sinh", "điếc. câm. không gọi"])
def test_who_is_deaf_is_heard(stage: Stage, said: str) -> None:
    (answer,) = stage.play([said])
    assert told(answer).startswith("Không cần gọi")
    assert item(answer) in {"cannot_hear", "page_write_only"}


def test_deaf_is_no_name_of_who_is_behind(stage: Stage) -> None:
    *_, before, answer = stage.play(["toi muon bao tin", "mình an toàn", "điếc. câm. không gọi"])
    assert told(answer).startswith("Không cần gọi, không cần nói")
    assert asked(answer) == asked(before)
