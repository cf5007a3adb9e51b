"""Which words begin and end the newsletter by themselves, and which are about something else."""

from __future__ import annotations

import pytest

from bot.core.campaigns.optout import asks_to_join, asks_to_stop, means_newsletter, says_stop

STOPS = [
    "DỪNG", "dừng", "Dung.", "STOP", "stop!", "/dung", "hủy đăng ký", "huỷ đăng ký", "huy dang ky", "đừng gửi nữa",
    "dung gui nua", "không nhận tin nữa", "khong nhan tin nua", "Mình không muốn nhận tin nữa", "thôi đừng gửi tin nữa",
    "đừng gửi tin cho mình nữa nhé", "xin đừng gửi nữa", "tắt thông báo", "bỏ theo dõi", "ngừng nhận bản tin",
    "unsubscribe", "I want to unsubscribe", "please stop sending me these messages", "stop messaging me",
    "cancel subscription", "thôi không nhận nữa", "đừng", "DUWNGF", "đừng nhắn cho mình nữa", "đừng làm phiền tôi nữa",
    "tui hông muốn nhận tin nữa", "hk nhan tin nua", "e hem mun nhan tb nua", "dung gui tbao nua", "tắt tin",
    "tôi không muốn nhận tin tuyên truyền", "từ chối nhận tin", "khỏi gửi nữa", "unsubcribe", "don't text me",
    "i don't want any more messages", "no more texts please", "take me off the list",
]  # fmt: skip
OTHERS = [
    "thằng đó cứ gửi ảnh, bảo nó đừng gửi nữa", "chú ấy nhắn tin hoài, làm sao để đừng gửi nữa",
    "tôi không nhận được tin của con gái", "không muốn sống nữa", "tụi nó nói đừng gửi tin cho công an",
    "em xin chú đừng gửi hình cho bạn em", "dừng xe ở biên giới", "stop him please", "họ không nhận em nữa", "",
    "có cách nào chặn người ta nhắn tin không", "đúng", "Đúng.", "đúng rồi", "Dũng", "đứng", "đụng",
    "nó không nhắn cho em nữa", "đừng tin nó", "they told me to stop calling home",
]  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_a_plain_wish_to_stop(text):
    assert asks_to_stop(text)


@pytest.mark.parametrize("text", OTHERS)
def test_words_about_something_else_stop_nothing(text):
    assert not asks_to_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "dừng lại",
        "dung lai di",
        "Dừng nhé",
        "dừng ạ",
        "dừng tin",
        "ngưng đi",
        "hủy",
        "please stop",
        "stop it",
        "cancel",
    ],
)
def test_a_stop_that_does_not_say_what(text):
    assert says_stop(text)
    assert not asks_to_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "đúng ạ",
        "dung a",
        "đúng nhé",
        "đứng lại",
        "đừng tin",
        "dừng xe lại",
        "nó dừng lại",
        "hủy tin báo",
        "dừng lại thì nó đánh",
        "",
    ],
)
def test_a_yes_and_a_story_are_no_stop(text):
    assert not says_stop(text)


@pytest.mark.parametrize(
    ("text", "sure"),
    [("dừng", False), ("stop", False), ("đừng gửi nữa", False), ("đừng gửi tin nữa", False), ("đừng nhắn tin nữa", False),
     ("hủy đăng ký", True), ("ngừng nhận bản tin", True), ("tắt thông báo", True), ("không nhận tin nữa", True),
     ("unsubscribe", True)],
)  # fmt: skip
def test_what_means_the_newsletter_even_while_a_tip_is_written(text, sure):
    assert asks_to_stop(text)
    assert means_newsletter(text) is sure


@pytest.mark.parametrize("text", ["đăng ký", "ĐĂNG KÝ", "/dangky", "dang ky nhan tin", "subscribe"])
def test_words_that_join(text):
    assert asks_to_join(text)


@pytest.mark.parametrize("text", ["đăng ký kết hôn ở đâu", "tôi bị theo dõi", "đăng ký xe", "không đăng ký", ""])
def test_words_that_do_not(text):
    assert not asks_to_join(text)
