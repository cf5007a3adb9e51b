"""Words that answer by themselves: what they mean with marks, without, in short forms, and what they never mean."""

from __future__ import annotations

import pytest

import bot.phrases as phrases
from bot.dialogue.interview.phrases import leaves_tip
from bot.dialogue.reading.questions import is_question, told_in
from bot.dialogue.screening import read_answer

YES = [
    "đúng", "đúng rồi ạ", "vâng ạ", "dạ đúng", "phải rồi", "oke", "ừm", "ừ đúng đó", "Đúng đó chị ơi", "dạ vâng", "đúng rồi",
    "chuẩn luôn", "có ạ", "dung roi", "dung luon", "ĐÚNG", "đúng rồi á", "phai roi", "uh đúng r", "vâng đúng rồi cháu ạ", "chính xác ạ",
]  # fmt: skip
DONT_KNOW = [
    "không nhớ", "chưa biết", "hok biết", "hông biết", "không rõ lắm", "I don't know", "not sure", "ko nhớ nữa", "k bít", "hổng nhớ",
    "em không chắc lắm ạ", "chịu", "quên mất rồi", "không biết gì hết", "nỏ biết", "chẳng nhớ", "dạ em chưa rõ", "khong nho ro",
]  # fmt: skip
STOP = [
    "thôi",
    "dừng lại",
    "hủy",
    "huỷ đi",
    "thôi không báo nữa",
    "thoi khong bao nua",
    "dung lai",
    "dừng",
    "không gửi nữa",
    "stop",
]
NEVER_STOP = ["đúng", "đứng", "dũng", "dụng", "Dũng", "đúng luôn", "đúng đi", "đừng", "đúng lại", "đựng", "dựng"]


@pytest.mark.parametrize("text", YES)
def test_an_ordinary_yes(text):
    assert phrases.is_yes(text)
    assert not phrases.surely_stops(text)


@pytest.mark.parametrize("text", DONT_KNOW)
def test_not_to_know_is_no_no_and_no_yes(text):
    assert phrases.does_not_know(text)
    assert not phrases.is_no(text)
    assert not phrases.is_yes(text)
    assert read_answer(text, "", ["yes", "no", "skip", "stop"]) == "skip"


@pytest.mark.parametrize("text", STOP)
def test_a_wish_to_stop(text):
    assert phrases.stops(text)


@pytest.mark.parametrize("text", NEVER_STOP)
def test_words_that_only_look_like_stop(text):
    assert not phrases.stops(text)
    assert read_answer(text, "", ["yes", "no", "skip", "stop"]) != "stop"
    assert not leaves_tip(text, yes_expected=True)
    assert not leaves_tip(text, yes_expected=False)


def test_dung_without_marks_is_a_yes_where_one_is_asked_for_and_never_surely_stop():
    for text in ("dung", "dung a", "DUNG", "dung di"):
        assert phrases.is_yes(text)
        assert phrases.is_bare_dung(text)
        assert not phrases.surely_stops(text)
        assert not leaves_tip(text, yes_expected=True)


@pytest.mark.parametrize(
    "text",
    [
        "bỏ qua nhé",
        "bỏ qua đi",
        "bỏ qua giúp em",
        "cho qua",
        "bỏ qua câu này",
        "bo qua nha",
        "qua câu khác đi ạ",
        "skip",
    ],
)
def test_skipping(text):
    assert phrases.skips(text)
    assert not phrases.stops(text)


@pytest.mark.parametrize(
    "text", ["quán Dũng", "có 2 đứa thôi", "ở Sài Gòn, vậy thôi em", "phố Hàng Thôi", "không nhốt thì đánh"]
)
def test_a_sentence_in_which_such_a_word_stands_means_none_of_them(text):
    assert not phrases.stops(text)
    assert not phrases.is_yes(text)
    assert not phrases.is_no(text)


@pytest.mark.parametrize("text", ["xong", "xong rồi ạ", "không", "thôi", "hết rồi", "để sau nhé", "done"])
def test_an_opened_tip_is_closed_in_plain_words(text):
    assert leaves_tip(text, yes_expected=True)


@pytest.mark.parametrize(("text", "answer"), [
    ("có", "yes"), ("đúng rồi ạ", "yes"), ("dung", "yes"), ("có nhưng ít", "yes"), ("không", "no"), ("hông", "no"), ("chưa", "no"),
    ("dừng lại", "stop"), ("thôi", "stop"), ("bỏ qua câu này đi", "skip"), ("cô ấy không được ra ngoài", "no"), ("để sau", "skip"),
    ("khoan đợi xíu", ""), ("cái này em không nhớ rõ nữa chị ơi", "skip"),
])  # fmt: skip
def test_the_self_check_reads_words(text, answer):
    assert read_answer(text, "", ["yes", "no", "skip", "stop"]) == answer


@pytest.mark.parametrize(
    ("text", "answer"), [("cho mình", "self"), ("em", "self"), ("cho bạn em", "self"), ("người quen", "other")]
)
def test_the_self_check_reads_whom_it_is_about(text, answer):
    assert read_answer(text, "", ["self", "other", "skip", "stop"]) == answer


@pytest.mark.parametrize("text", [
    "gọi ai bây giờ", "tại sao bạn hỏi vậy", "bao lâu thì có người tới", "mấy giờ công an tới", "ở đâu gần đây có công an", "làm gì bây giờ",
    "báo tin có bị lộ tên không?", "co ai biet toi bao tin khong", "nếu em báo thì nó có biết không", "có mất tiền không ạ", "How long does it take",
])  # fmt: skip
def test_questions(text):
    assert is_question(text)


@pytest.mark.parametrize("text", [
    "quán karaoke Sao Mai dụ cô gái đi Campuchia", "số em ở đầu đó 0912000111", "xã Không Tồn Tại Ở Đâu Cả", "nó không cho đi đâu",
    "không biết là ai", "con bé 15 tuổi chưa học hết lớp 9 bị đưa đi", "họ bắt làm không lương", "ở đầu", "anh Nào tên Sao dụ em",
])  # fmt: skip
def test_statements(text):
    assert not is_question(text)


def test_what_is_told_beside_a_question_is_found():
    assert told_in("cô ấy bị đánh thì có phải mua bán người không?") == "cô ấy bị đánh"
    assert told_in("nếu em báo thì nó có biết không") == ""
