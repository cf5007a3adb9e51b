"""One JSON object a line, and errors that carry nothing of it."""

from __future__ import annotations

import pytest

from bot.engine import protocol


def test_round_trip_keeps_vietnamese_and_is_one_line() -> None:
    message = {"id": 1, "text": "cứu em với\nem ở Mộc Bài"}
    line = protocol.encode(message)
    assert line.count(b"\n") == 1
    assert protocol.decode(line) == message


def test_a_lone_surrogate_cannot_break_the_connection() -> None:
    assert protocol.decode(protocol.encode({"text": "\ud83d"})) == {"text": "\ud83d"}


@pytest.mark.parametrize("line", [b"", b"MARK", b'"MARK"', b"[1]", b'{"MARK', b"\xff\xfe", b"[" * 100_000])
def test_anything_else_is_an_error_without_content(line: bytes) -> None:
    with pytest.raises(protocol.ProtocolError) as caught:
        protocol.decode(line)
    assert "MARK" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
