"""`lachan check-offer` as others drive it: one JSON line in, one out, at once."""

from __future__ import annotations

import json
import subprocess
import sys

from bot.commands.check_offer import answer
from bot.content.offers import load_signal_book

BOOK = load_signal_book()
START = [sys.executable, "-c", "from bot.cli import main; main()", "check-offer"]


def test_each_line_is_answered_before_the_next_is_written() -> None:
    with subprocess.Popen(START, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text, risk in (("Bán một quả thận giá 500 triệu", "high"), ("xin chào", "unknown")):
            process.stdin.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
            process.stdin.flush()
            got = json.loads(process.stdout.readline())
            assert set(got) == {"risk", "flags"}
            assert got["risk"] == risk
            assert all(set(flag) == {"id", "quote"} and flag["quote"] in text for flag in got["flags"])
        process.stdin.close()
        assert process.wait(120) == 0


def test_a_line_that_is_no_question_gets_an_answer_without_its_words() -> None:
    for line in ("", "{", "[]", "{}", '{"text": 5}', '{"words": "bí mật"}', "null", "[" * 5_000):
        got = answer(line, BOOK)
        assert got["risk"] == "unknown"
        assert "bí mật" not in json.dumps(got, ensure_ascii=False)
