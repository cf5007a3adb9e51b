"""The turns after an alarm, told by strangers: each kind of plight keeps its own answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.golden import Answer, Stage
from tests.support.world import core_in

pytestmark = pytest.mark.dialogue
BLACKMAILED = "em bị một đứa trên mạng doạ tung ảnh khoả thân của em, nó đòi 2 triệu"
DESPAIR = ("still_here_distress", "self_harm_distress", "still_here_taken", "still_here_friend")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with core_in(tmp_path_factory.mktemp("after"), LACHAN_ENGINE_WORKERS="1", LACHAN_ENGINE_TIMEOUT="20") as core:
        made = Stage(core)
        yield made
        made.close()


def told(answer: Answer) -> str:
    return "\n".join(reply.text for reply in answer)


def item(answer: Answer) -> str:
    return str(answer[0].meta["item"])


def despairs(answer: Answer) -> bool:
    return item(answer).startswith(DESPAIR) or "thuốc, dao" in told(answer)


@pytest.mark.parametrize(
    "said",
    ["nó hẹn 8h tối nay", "2 triệu", "stk 0123456789 vietcombank", "nó nói không chuyển thì gửi cho cả lớp",
     "truoc 9 gio phai co tien"],
)  # fmt: skip
def test_what_is_told_of_the_blackmail_has_its_own_answer(stage: Stage, said: str) -> None:
    _, answer = stage.play([BLACKMAILED, said])
    assert item(answer).startswith("still_here_pictures")


@pytest.mark.parametrize(
    "said",
    ["mình sợ ba mình biết ba mình đánh chết", "đừng gọi cho ba mình", "em không dám nói với mẹ",
     "me em biet la me em danh chet", "dung bao cho bo me em nhe"],
)  # fmt: skip
def test_the_fear_of_home_is_answered_as_that(stage: Stage, said: str) -> None:
    _, answer = stage.play([BLACKMAILED, said])
    assert item(answer) == "still_here_pictures_family"
    assert "chuộc" not in told(answer)
    assert "xông vào" not in told(answer)


@pytest.mark.parametrize(
    "said",
    ["mình không định tự tử, mình chỉ sợ ảnh bị tung thôi", "không có ý đó", "mình đâu có muốn chết",
     "bạn hiểu nhầm rồi", "k tu tu dau"],
)  # fmt: skip
def test_a_denial_ends_the_talk_of_death_and_returns_to_the_blackmail(stage: Stage, said: str) -> None:
    _, card, answer, after = stage.play([BLACKMAILED, "chắc mình chết quách cho xong", said, "nó hẹn 9h tối nay"])
    assert despairs(card)
    assert item(answer).startswith("still_here_pictures")
    assert item(after).startswith("still_here_pictures")


def test_a_denial_with_nothing_told_before_asks_what_frightens(stage: Stage) -> None:
    card, answer, after = stage.play(["chắc mình chết quách cho xong", "không có ý đó", "dạ"])
    assert despairs(card)
    assert item(answer) == "still_here_misread"
    assert not despairs(after)


@pytest.mark.parametrize("said", ["nó đòi 2 triệu trước 8h", "stk vietcombank 0123456789"])
def test_on_the_way_of_despair_the_blackmail_is_answered_and_despair_stays(stage: Stage, said: str) -> None:
    _, _, answer, after = stage.play([BLACKMAILED, "em không muốn sống nữa", said, "em muốn chết"])
    assert item(answer).startswith("still_here_pictures")
    assert despairs(after)


@pytest.mark.parametrize(
    "said",
    ["no nhan lan cuoi toi hom qua luc 9 gio", "con tôi nhắn lần cuối hôm qua", "lần cuối nó gọi là thứ ba tuần trước",
     "lần cuối liên lạc được là hôm kia", "nó online lần cuối sáng nay"],
)  # fmt: skip
def test_the_last_call_of_a_captive_is_no_farewell(stage: Stage, said: str) -> None:
    _, answer = stage.play(["con tôi bị giữ bên Campuchia, nó nhắn cứu", said])
    assert not despairs(answer)
    assert "một mình. Gọi lại" not in told(answer)
