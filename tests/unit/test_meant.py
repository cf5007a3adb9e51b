"""What sounds like a wish to die and is none; and what is one, however it is said."""

from __future__ import annotations

import pytest

from bot.dialogue import triage
from bot.dialogue.triage import frames, heard, meant
from bot.dialogue.triage.reading import read

BEATEN = [
    "mình sợ ba mình biết ba mình đánh chết", "ba em mà biết là em chết chắc", "mẹ biết mẹ giết em chết",
    "con so ba con dap chet con", "bố mà hay chắc bố đánh con chết", "anh hai biết anh hai chửi chết luôn",
]  # fmt: skip
DENIED = [
    "mình không định tự tử, mình chỉ sợ ảnh bị tung thôi", "toi khong co y dinh tu tu dau", "k tu tu dau ma",
    "em đâu có nghĩ tới chuyện tự tử", "mình sẽ không làm gì dại đâu", "em không muốn chết, em muốn về nhà",
    "chưa bao giờ em nghĩ tới tự tử",
]  # fmt: skip
LAST_HEARD = [
    "no nhan lan cuoi toi hom qua luc 9 gio", "con tôi nhắn lần cuối hôm qua", "lan cuoi lien lac voi con toi la hom kia",
    "lần cuối tôi nói chuyện với nó là thứ ba tuần trước", "chồng em gọi lần cuối hôm mùng 5",
    "em gái em online lần cuối sáng nay", "con gái tôi nhắn lần cuối rồi im luôn",
    "lần cuối em gọi được cho chồng là hôm kia", "ba ngày trước là lần cuối nó nhắn",
]  # fmt: skip
WISH_TO_DIE = [
    "em nhắn cho mẹ lần cuối, con xin lỗi mẹ", "đây là lần cuối em nhắn cho mọi người",
    "lần cuối mình gọi cho ai đó, mình mệt rồi", "em không muốn sống nữa",
    "mình không định tự tử nhưng mình muốn biến mất luôn", "em muốn chết cho xong", "em mua thuốc ngủ để sẵn rồi",
    "bạn em nhắn tạm biệt lần cuối với em tối nay", "ba đánh em hoài, em muốn tự tử", "em định tự tử",
    "không ai cần em trên đời này nữa", "em đang đứng trên lan can", "tối nay em uống hết lọ thuốc là xong",
    "sao không chết quách cho rồi", "ba đánh chết em cũng được, em không thiết sống", "chắc em không sống nổi",
    "sao minh khong tu tu di cho roi",
]  # fmt: skip


@pytest.mark.parametrize("said", [*BEATEN, *DENIED, *LAST_HEARD])
def test_a_beating_a_denial_and_the_last_call_are_no_wish_to_die(said: str) -> None:
    assert triage.assess(said).kind != "self_harm_distress"
    assert not frames.sign_of_despair(read(said))
    assert heard.despair_of(said, after=True) == ""


@pytest.mark.parametrize("said", WISH_TO_DIE)
def test_a_wish_to_die_is_heard_beside_them(said: str) -> None:
    found = triage.assess(said)
    assert found.kind == "self_harm_distress"
    assert found.level == "emergency"


@pytest.mark.parametrize(
    "said", [*DENIED, "không có ý đó", "bạn hiểu nhầm rồi", "em chỉ sợ nó tung thôi", "ý mình không phải vậy"]
)
def test_a_denial_is_heard(said: str) -> None:
    assert meant.denies(said)


@pytest.mark.parametrize(
    "said", ["em định tự tử", "em sai rồi", "em chỉ sợ mẹ buồn thôi", "em chưa định tự tử hôm nay"]
)
def test_what_is_no_denial_is_not_taken_for_one(said: str) -> None:
    assert not meant.denies(said)


@pytest.mark.parametrize("said", LAST_HEARD)
def test_the_last_call_says_that_somebody_is_missing(said: str) -> None:
    assert meant.last_contact(said)
    assert triage.assess(said).kind == "missing_person"


@pytest.mark.parametrize("said", ["em nhắn cho mẹ lần cuối", "đây là lần cuối em nhắn cho mọi người"])
def test_a_farewell_is_no_last_call(said: str) -> None:
    assert not meant.last_contact(said)


@pytest.mark.parametrize(
    "said",
    [
        "đừng gọi cho ba mình",
        "dung noi voi me em",
        "sợ ba biết lắm",
        "ba mình biết ba mình đánh",
        "em không dám nói với mẹ",
    ],
)
def test_the_fear_of_home_is_heard(said: str) -> None:
    assert meant.home_feared(said)


@pytest.mark.parametrize("said", ["ba mình đang ở cạnh mình", "nó đòi 2 triệu", "đừng gọi lại số đó", "nó dọa đánh em"])
def test_other_words_about_home_and_calls_are_not_that(said: str) -> None:
    assert not meant.home_feared(said)
