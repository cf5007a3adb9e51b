"""What is said about the code, in the words of many people; and what is told beside it and must not be lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.tips import receipt
from bot.dialogue.interview import intake, receipt_forms, receipt_talk
from bot.dialogue.interview.draft import QUESTIONS, Message
from bot.phrases.receipt_words import WORDS

MISSING = """
mình không nhận được|mã đâu|gửi lại mã|em chưa thấy mã|kéo lên không thấy|mã của mình là gì, mình không nhận được|ủa mã đâu vậy ạ
em ko thấy mã nào hết|chua thay ma dau ban oi|ma dau roi|gui lai ma giup em voi|cho e xin lại mã|cho tui coi lại mã|mất mã rồi
lỡ tay xóa mất mã|con chưa nhận được gì cả|không có mã|mã bị trôi mất rồi|k nhan dc|k thay|chưa có|gửi lại đi bạn|đọc lại mã giùm bác
mã ở đâu hả cháu|bác không thấy dãy số nào|em kéo lên hoài không thấy|hổng thấy mã|hong thay ma dau het|không thấy hiện mã|quên mã rồi
i didn't get the code|where is the code?|please send it again|can you resend|i can't find it
mã số của tôi là bao nhiêu|nhắc lại mã giúp|chẳng thấy mã đâu|tin mã chưa đến|ad gửi lại giúp em|dãy số em không thấy
"""
NO_PLACE = """
con không biết chép ở đâu|mẹ con thấy thì sao|em không có giấy bút|sợ chồng em đọc được|lỡ ba biết thì sao|chép vào đâu bây giờ
em ko dám ghi lại|không nhớ nổi dãy số dài vậy|bác không biết chữ|điện thoại này của chồng|nó kiểm tra điện thoại thì sao|sợ bị phát hiện
con hổng có giấy|lưu ở chỗ nào được|khong chep co sao khong|so me thay|lo ho thay thi chet|em không biết lưu vào đâu|không có chỗ giấu
máy mượn của bạn|tôi không biết viết|i have nowhere to write it|someone might see it|em sợ nó coi được|giấu chỗ nào giờ|chị ơi em k nhớ hết mã
"""
LOST = """
o lỡ mất cái mã rồi con ơi|tôi mất rồi thì làm sao xem lại|mất r hok nhớ|mã gì dài thế em chịu|bữa khác tui gõ|quên mất rồi em ơi|để mai con gõ
"""
KEPT = """
chép rồi|em chép rồi ạ|đã lưu|mình đã chép lại rồi|chụp màn hình rồi|em ghi vô giấy rồi nha|xong rồi ạ|lưu lại rồi|ok|dạ rồi|da luu roi
con ghi vào vở rồi|tui chụp hình lại rồi|i saved it|copied|done|được rồi|ghi xong rồi|em nhớ rồi
"""
NEITHER = """
tuần sau nhóm đó còn quay lại nữa|còn một đứa nữa ở tầng hai|không thấy ai ra khỏi nhà đó mấy hôm nay|chưa chép xong|sao phải chép|…
còn hai đứa nữa ở tầng trên chưa ra được|hai đứa nhỏ tới giờ chưa thấy đâu hết|chúng nó chưa thấy gì|nó chưa nhận tiền đâu|tụi nó không tìm thấy em
nó sợ bị lộ nên chở mấy đứa đi chỗ khác
nó đưa mấy đứa nhỏ đi rồi|họ giữ điện thoại của mấy đứa khác|mã là gì vậy?|tụi nó chở đi bằng xe biển số 51F|quay lại
"""


def cases(block: str) -> list[str]:
    return [text for text in block.replace("\n", "|").split("|") if text]


@pytest.mark.parametrize("text", cases(MISSING))
def test_the_code_is_asked_for(text):
    assert receipt_talk.said(text) == "missing"


@pytest.mark.parametrize("text", cases(NO_PLACE))
def test_it_cannot_or_dare_not_be_kept(text):
    assert receipt_talk.said(text) == "no_place"


@pytest.mark.parametrize("text", cases(KEPT))
def test_it_is_kept(text):
    assert receipt_talk.said(text) == "kept"


@pytest.mark.parametrize("text", cases(NEITHER))
def test_what_is_told_is_not_about_the_code(text):
    assert receipt_talk.said(text) == ""


@pytest.mark.parametrize("text", cases(LOST))
def test_what_is_said_about_the_code_is_never_sent_to_the_officers(text):
    ask, says = reply(Message(text=text))
    assert ask == "receipt"
    assert says == ("receipt_again",)


@pytest.mark.parametrize(
    "text",
    [
        "thôi bà không cần mã đâu",
        "hok cần mã đâu",
        "tôi không cần cái mã mô",
        "khỏi",
        "k can dau",
        "em ko cần mã nha",
        "dạ thôi, khỏi lấy mã",
    ],
)
def test_no_code_is_wanted(text):
    assert reply(Message(text=text)) == (None, ("receipt_again", "receipt_unconfirmed"))


def test_a_code_said_in_words_is_read_as_digits():
    assert receipt.spelled("ba tám bốn bốn tám bảy") == "384487"
    assert receipt.spelled("bốn bốn năm 241 674 không") == "4452416740"
    assert receipt.spelled("mã là hai ba tư lăm sáu bảy") == "234567"
    for text in ("không", "hai đứa", "còn ba đứa nữa", "năm người ở tầng hai", "0912 000 111"):
        assert receipt.spelled(text) == ""


def reply(message: Message, draft: dict | None = None) -> tuple[str | None, tuple[str, ...]]:
    outcome = intake.answer(draft if draft is not None else {"done": list(QUESTIONS[:-1])}, "receipt", message)
    return outcome.ask, outcome.says


def test_the_answers_to_it():
    assert reply(Message(text="mã đâu")) == ("receipt", ("receipt_again",))
    assert reply(Message(text="mẹ con thấy thì sao", is_question=True)) == ("receipt", ("receipt_no_place",))
    assert reply(Message(choice="ans:kept")) == (None, ("receipt_kept",)), "at the first tap"
    assert reply(Message(text="em chép rồi ạ")) == (None, ("receipt_kept",))
    assert reply(Message(choice="ans:lost")) == (None, ("receipt_again", "receipt_unconfirmed"))
    assert reply(Message(text="không cần mã")) == (None, ("receipt_again", "receipt_unconfirmed"))
    assert reply(Message(text="…", receipt="part")) == ("receipt", ("receipt_more",))


def test_after_a_second_wrong_try_the_code_is_shown_again():
    draft = {"done": list(QUESTIONS[:-1])}
    assert reply(Message(text="…", receipt="mismatch"), draft) == ("receipt", ("receipt_mismatch",))
    assert reply(Message(text="…", receipt="mismatch"), draft) == ("receipt", ("receipt_mismatch", "receipt_again"))


def test_a_long_sentence_about_the_code_tells_something_too():
    text = "em không dám ghi mã vì tụi nó lục đồ suốt, còn hai đứa nữa bị nhốt"
    assert reply(Message(text=text))[1][0] == "tip_sent_already"


def test_the_other_form_is_one_tap_away():
    draft: dict = {"done": list(QUESTIONS[:-1])}
    assert reply(Message(choice="ans:words"), draft) == ("receipt", ("receipt_again_words",))
    assert reply(Message(text="bảy từ đâu rồi"), draft) == ("receipt", ("receipt_again_words",))
    assert reply(Message(choice="ans:digits"), draft) == ("receipt", ("receipt_again",))
    assert reply(Message(text="mã đâu"), draft) == ("receipt", ("receipt_again",))


def words() -> dict:
    return {"done": list(QUESTIONS[:-1]), receipt_forms.AS_WORDS: True}


def test_the_words_need_not_be_typed_back():
    assert reply(Message(choice="ans:kept"), words()) == (None, ("receipt_kept",))
    assert reply(Message(text="em nhớ rồi ạ"), words()) == (None, ("receipt_kept",))
    assert reply(Message(choice="ans:lost"), words()) == (None, ("receipt_again_words", "receipt_unconfirmed"))
    assert reply(Message(text="mẹ con thấy thì sao", is_question=True), words()) == (
        "receipt",
        ("receipt_no_place_words",),
    )
    assert reply(Message(text="…", receipt="match", as_words=True), words()) == (None, ("receipt_saved",))
    assert reply(Message(text="…", receipt="part", as_words=True), words()) == ("receipt", ("receipt_more_words",))


def test_of_words_that_do_not_match_only_those_in_no_list_are_named():
    draft = words()
    wrong = Message(text="…", receipt="mismatch", as_words=True)
    assert reply(replace(wrong, wrong=(3,)), draft) == ("receipt", ("receipt_words_wrong",))
    assert reply(wrong, draft) == ("receipt", ("receipt_mismatch_words", "receipt_again_words"))
    assert receipt_forms.places((3, 5)) == "3, 5"


@pytest.mark.parametrize(("draft", "language", "first"), [
    ({"short": True}, "vi", True),
    ({"short": True}, "en", False),
    ({"short": True}, "km", False),
    ({"child": True, "said": [["what", "em 15 tuổi, em bị bà chủ giữ giấy tờ"]]}, "vi", True),
    ({"child": True, "said": [["what", "có em nhỏ 14 tuổi bị bắt đi làm"]]}, "vi", False),
    ({"child": True, "other": True, "said": [["what", "em bị bà chủ giữ giấy tờ"]]}, "vi", False),
    ({"urgent": True}, "vi", False),
    ({}, "vi", False),
])  # fmt: skip
def test_who_sees_the_words_first(draft, language, first):
    assert receipt_forms.words_first(draft, language) is first
    code = receipt.new_code(lambda _: 7)
    assert receipt_forms.shown(receipt_forms.SHOWN[first], code) == (
        WORDS.pretty(code) if first else receipt.pretty(code)
    )
