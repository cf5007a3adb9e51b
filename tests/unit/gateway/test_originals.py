"""Who asks for the original to be kept, in the words people use, and who does not."""

from __future__ import annotations

import pytest

from bot.gateway import originals


@pytest.mark.parametrize(
    "text",
    ["gửi bản gốc", "Gui ban goc", "em muốn gửi ảnh gốc ạ", "giữ bản gốc giúp mình", "cho e gửi file gốc nha", "bản gốc nhé",
     "lấy hình gốc luôn đi", "please keep the original", "send original", "xài bản gốc dùm", "gởi lại nè, giữ ảnh gốc nghen"],
)  # fmt: skip
def test_asked_for(text):
    assert originals.asks(text)


@pytest.mark.parametrize(
    "text",
    ["", "đừng gửi bản gốc", "không cần giữ bản gốc đâu", "em ko muốn gửi ảnh gốc", "khỏi gửi file gốc", "don't keep the original",
     "giấy tờ gốc bị nó giữ rồi", "nó giữ hộ chiếu của em", "tôi muốn báo tin",
     "hôm qua có người tới nhà nói cho vay tiền gốc với lãi rồi bắt em gửi ảnh gốc giấy tờ cho họ xem"],
)  # fmt: skip
def test_not_asked_for(text):
    assert not originals.asks(text)
