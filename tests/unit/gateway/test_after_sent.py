"""What is told after a tip was sent: no new report begins with it silently; and a yes to the question about a photo."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue import after_sent
from bot.dialogue import memory as before
from bot.dialogue.state import ConversationState, Receipt, Told

NOW = 1_000_000.0


@pytest.mark.parametrize("text", [
    "tui nhớ thêm nè thằng dụ tên Tâm, số 0933111222", "anh quên, biển số xe ông chủ là 61A-678.90", "bà quên, nhà nó số 14 ngõ 3",
    "em quen noi la no di xe mau do", "à còn thêm nữa, nó có đồng bọn ở chợ",
])  # fmt: skip
def test_an_addition_within_the_hour_is_seen(text):
    state = ConversationState()
    assert not after_sent.adds(state, text, NOW)
    after_sent.remember(state, NOW)
    assert after_sent.adds(state, text, NOW + 600)
    assert not after_sent.adds(state, text, NOW + 4_000)
    assert not after_sent.adds(replace(state, receipt=Receipt(code="1")), text, NOW + 600), (
        "the code is still held: it is sent on"
    )


@pytest.mark.parametrize("text", ["cảm ơn nhiều nha", "mua bán người là gì", "tôi muốn báo tin", "quên mã thì sao"])
def test_anything_else_is_none(text):
    state = ConversationState()
    after_sent.remember(state, NOW)
    assert not after_sent.adds(state, text, NOW + 10)


@pytest.mark.parametrize(
    "text", ["ừa đúng á", "đúng rồi, tôi muốn báo", "gửi tấm hình này làm tin báo", "dạ phải", "dung roi"]
)
def test_a_yes_to_a_photo_opens_the_report(text):
    entry = Told(at=NOW, files=("f1",))
    not_asked, asked = ConversationState(before=(entry,)), ConversationState(before=(replace(entry, asked=True),))
    assert before.agrees(asked, text, NOW + 5)
    assert not before.agrees(not_asked, text, NOW + 5), "it was not asked"
    assert not before.agrees(asked, "không phải", NOW + 5)
