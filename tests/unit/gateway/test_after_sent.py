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


@pytest.mark.parametrize(
    ("text", "intent", "placed"),
    [("nó bắt t lên xuồng", "", False), ("tàu dời qua Côn Đảo", "", True), ("nó chuyển sang nhà khác rồi", "", False),
     ("xe nó 51B-123.45 nha", "", False)],
)  # fmt: skip
def test_what_is_told_within_the_hour_waits_for_the_code(text, intent, placed):
    state = ConversationState(before=(Told(at=NOW, text=text),))
    assert not after_sent.tells(state, text, NOW, intent=intent, placed=placed), "no tip was sent"
    after_sent.remember(state, NOW)
    assert after_sent.tells(state, text, NOW + 60, intent=intent, placed=placed)
    assert not after_sent.waits(state, NOW + 60)
    assert [told.text for told in after_sent.waiting(state, NOW + 60)] == [text]
    assert after_sent.waits(state, NOW + 70), "another one waits already"
    assert after_sent.waiting(state, NOW + 4_000) == []
    assert ConversationState.from_json(state.to_json()).before[0].waits
    after_sent.opened(state)
    assert state.before == ()


@pytest.mark.parametrize(
    ("text", "intent"),
    [("cảm ơn nhiều nha", "thank"), ("mua bán người là gì", "ask_topic"), ("mất mã thì sao", ""), ("ok em", "affirm"),
     ("số nào gọi miễn phí", "ask_hotline"), ("dạ em biết rồi ạ", "affirm")],
)  # fmt: skip
def test_what_tells_nothing_waits_for_nothing(text, intent):
    state = ConversationState()
    after_sent.remember(state, NOW)
    assert not after_sent.tells(state, text, NOW + 60, intent=intent)
