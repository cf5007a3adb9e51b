"""`lachan understand`: lines in, lines out, in order, streaming, whatever is thrown at it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.engine_worker import ACTIONS, ROOT

BAD = {"error": "bad_input"}


@pytest.fixture(scope="module")
def running(models: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", "from bot.cli import main; main()", "understand"]
    process = subprocess.Popen(
        [*command, "--models", str(models), "--actions", ACTIONS],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    yield process
    process.kill()
    process.wait()


def ask(process: subprocess.Popen[bytes], *lines: bytes) -> list[dict]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"".join(line + b"\n" for line in lines))
    process.stdin.flush()
    return [json.loads(process.stdout.readline()) for _ in lines]


def line(text: object) -> bytes:
    return json.dumps({"text": text}).encode()


def test_a_line_sent_alone_is_answered(running: subprocess.Popen[bytes]) -> None:
    (answer,) = ask(running, line("xin chào"))
    assert set(answer) == {"intent", "confidence", "emergency", "language"}
    assert (answer["intent"], answer["emergency"], answer["language"]) == ("greet", False, "vi")
    assert 0.5 < answer["confidence"] <= 1


@pytest.mark.parametrize(
    "bad", [b"", b"{", b"[]", b"3", b"null", b"{}", b'{"text": 3}', b'{"text": null}', b"\xff\xfe", b"[" * 50_000]
)
def test_bad_lines_are_answered_too(running: subprocess.Popen[bytes], bad: bytes) -> None:
    first, answer, last = ask(running, line("xin chào"), bad, line("cảm ơn"))
    assert answer == BAD
    assert (first["intent"], last["intent"]) == ("greet", "thank")


@pytest.mark.parametrize("text", ["", "😀", "\x00", "/restart", "a" * 100_000, "\ud83d", "\n\n"])
def test_odd_texts_are_answered(running: subprocess.Popen[bytes], text: str) -> None:
    (answer,) = ask(running, line(text))
    assert "intent" in answer


def test_a_thousand_lines_in_order(running: subprocess.Popen[bytes]) -> None:
    texts = ["xin chào", "cảm ơn bạn nhiều", "tôi muốn báo tin", "họ nói gì vậy"] * 250
    answers = ask(running, *map(line, texts))
    assert [a["intent"] for a in answers][:3] == ["greet", "thank", "report"]
    assert answers[:4] * 250 == answers


def test_end_of_input_ends_it(running: subprocess.Popen[bytes]) -> None:
    out, err = running.communicate(line("xin chào"), timeout=250)
    assert json.loads(out)["intent"] == "greet"
    assert (running.returncode, err) == (0, b"")


def test_without_a_model_it_says_what_to_do(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from bot.cli import main; main()", "understand", "--models", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, input=line("xin chào"), capture_output=True, check=False, timeout=250)
    assert done.returncode == 1
    assert b"make train" in done.stderr
    assert done.stdout == b""
