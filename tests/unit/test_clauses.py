"""A message is cut where people pause, and never inside a number, a name on a platform or a link."""

from __future__ import annotations

import pytest

from bot.dialogue.reading.clauses import clauses


@pytest.mark.parametrize(
    ("message", "pieces"),
    [
        ("tên Tú.Nó 16 tuổi", ["tên Tú", "Nó 16 tuổi"]),
        ("xem https://vieclam-cam.top/a?b=1.2, gọi nó là Tú. Nó ở đây", ["xem https://vieclam-cam.top/a?b=1.2", "gọi nó là Tú", "Nó ở đây"]),
        ("vô trang www.abc.com nhé. Rồi thôi", ["vô trang www.abc.com nhé", "Rồi thôi"]),
        ("nó nhắn t.me/xuatcanh88. Chị sợ", ["nó nhắn t.me/xuatcanh88", "Chị sợ"]),
        ("ig minhkhoa.dl99 đó, số 0906.000.471", ["ig minhkhoa.dl99 đó", "số 0906.000.471"]),
        ("có ai không?giúp với", ["có ai không", "giúp với"]),
    ],
)  # fmt: skip
def test_where_a_message_is_cut(message: str, pieces: list[str]) -> None:
    assert [piece.text for piece in clauses(message)] == pieces
    assert all(message[piece.start : piece.end] == piece.text for piece in clauses(message))
