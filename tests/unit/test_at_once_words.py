"""What must be decided at this moment, in the words people use for it, and what only sounds like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.dialogue.reading import at_once

PAY = [
    "giờ tôi ra ngân hàng chuyển đây nha",
    "tôi chuyển 1 nửa trước được ko",
    "em chuyển tiền cho nó nha",
    "có nên chuyển tiền không",
    "em nộp nhé",
]
PAY_NOT = [
    "em gửi nhé",
    "để em gửi tin nha",
    "em gửi hình nha",
    "gửi đi nha",
    "em nộp đơn luôn nha",
    "em chuyển nhà luôn nha",
    "tôi gửi tin luôn nhé",
]
GO = ["xe tới rồi em lên luôn nha", "em lên xe nha", "em lên xe đây", "em xuống được ko giờ", "em có nên lên xe không"]
GO_NOT = ["em lên xe về nhà đây", "em thoát được ko", "xe tới rồi", "em xuống ăn cơm nha"]
OUT = ["máy em sắp bị thu", "sắp phải nộp điện thoại", "điện thoại em sắp tắt", "em còn ít pin"]
OUT_NOT = ["nó thu máy em rồi", "họ giữ điện thoại của em từ tháng trước", "máy em mới mua"]


@pytest.mark.parametrize(
    ("hears", "texts", "meant"),
    [
        (at_once.asks_to_pay, PAY, True), (at_once.asks_to_pay, PAY_NOT, False), (at_once.asks_to_go, GO, True),
        (at_once.asks_to_go, GO_NOT, False), (at_once.goes_out, OUT, True), (at_once.goes_out, OUT_NOT, False),
    ],
)  # fmt: skip
def test_words_are_heard_as_meant(hears: Callable[[str], bool], texts: list[str], meant: bool) -> None:
    assert [text for text in texts if hears(text) is not meant] == []
