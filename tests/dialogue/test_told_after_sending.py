"""What is told once a tip was sent and its questions have ended: it waits for the code and goes with it, and that is said."""

from __future__ import annotations

import pytest

from tests.support.golden import Answer, Stage

pytestmark = pytest.mark.dialogue
SENT = (
    "cuu em voi, em bi nhot tren tau ca o ben Da, xa Can Gio thanh pho Ho Chi Minh, no danh em",
    "!do:urgent_tip",
    "!ans:send",
    "tu hom qua",
    "!ans:enough",
)
WAITS = ("tip_sent_waits", "tip_sent_waits_more")


def items(answer: Answer) -> list[str]:
    return [str(reply.meta.get("item")) for reply in answer]


@pytest.mark.parametrize(
    "said",
    ["tau doi cho ve phia Con Dao roi", "tàu dời chỗ về phía Côn Đảo rồi", "nó bắt t lên xuồng",
     "nhắn thêm: thấy 2 ông xăm trổ canh cửa", "tụi nó đổi qua xe 51B-123.45", "no doi qua nha khac roi anh oi",
     "thang cam dau ten Tam, so 0933111222", "bổ sung: nó có súng ở trong phòng lái", "@8.69,106.6"],
)  # fmt: skip
def test_what_is_told_after_sending_is_said_not_to_be_in_the_tip_and_goes_with_the_code(
    stage: Stage, said: str
) -> None:
    answers = stage.play([*SENT, said, "!do:report_tip_status", "{words}"])
    assert [item for item in items(answers[-3]) if item in WAITS] == ["tip_sent_waits"]
    assert "status_code" in items(answers[-2])
    if not said.startswith("@"):
        assert "status_sent" in items(answers[-1])


def test_the_code_typed_at_once_takes_all_that_waits_and_nothing_goes_twice(stage: Stage) -> None:
    answers = stage.play(
        [*SENT, "nó bắt t lên xuồng", "nhắn thêm: thấy 2 ông xăm trổ canh cửa", "{words}", "!ans:done", "{words}"]
    )
    assert items(answers[-4])[-1] == "tip_sent_waits_more"
    assert "status_sent" in items(answers[-3])
    assert "status_sent" not in items(answers[-1])


@pytest.mark.parametrize(
    "said",
    ["cảm ơn nhiều nha", "mua bán người là gì", "mất mã thì sao", "ok", "số nào gọi miễn phí vậy", "làm sao xoá đoạn chat này",
     "dạ em cảm ơn", "chào bạn"],
)  # fmt: skip
def test_what_tells_nothing_is_answered_as_ever(stage: Stage, said: str) -> None:
    assert not set(items(stage.play([*SENT, said])[-1])) & set(WAITS)
