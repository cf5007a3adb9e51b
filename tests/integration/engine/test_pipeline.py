"""The NLU pipeline of nlu_data/config.yml, trained by Rasa on small data: storage, foreign data, broken input."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / "bot" / "engine" / ".venv" / "bin" / "python"

FLIGHTS = {
    "flight": [
        f"tìm chuyến bay từ {a} đến {b}" for a, b in (("Huế", "Vinh"), ("Đà Lạt", "Cần Thơ"), ("Hà Nội", "Đà Nẵng"))
    ],
    "fare": ["giá vé rẻ nhất là bao nhiêu", "vé khứ hồi giá bao nhiêu", "cho xem giá vé hạng nhất"],
    "airline": ["hãng nào bay chuyến này", "đây là hãng hàng không nào", "những hãng bay nào có"],
}
SHIELD = {
    "greet": ["xin chào", "chào bạn", "alo ad ơi"],
    "chitchat": ["hôm nay trời đẹp quá", "ăn cơm chưa", "nhà em nuôi mèo"],
    "non_vietnamese": ["can you speak english", "what is this", "hello who are you"],
    "emergency_in_danger": ["em đang bị nhốt", "cứu em với", "họ không cho em về"],
    "emergency_other_person": ["bạn em bị nhốt", "cứu bạn em với", "chị tôi bị giữ"],
    "child_in_danger": ["cháu 12 tuổi bị nhốt", "cứu bé với", "em bé bị bắt"],
    "missing_person": ["con tôi mất tích", "không liên lạc được với em gái", "nó đi không về"],
    "sextortion": [
        "nó đòi tiền không thì tung ảnh khỏa thân của em",
        "dọa đăng clip nóng lên mạng",
        "bị tống tiền bằng ảnh",
    ],
    "fake_police_call": [
        "có người xưng công an gọi video đòi tiền",
        "viện kiểm sát gọi bảo em dính rửa tiền",
        "công an bắt em ra khách sạn một mình",
    ],
    "ransom_demand": ["chúng đòi tiền chuộc", "đòi 100 triệu mới thả", "không chuyển tiền thì giết"],
    "self_harm_distress": ["em muốn chết", "không muốn sống nữa", "em định tự tử"],
}


def run(examples: dict[str, list[str]], messages: list[str]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-m", "tests.support.pipeline_probe"],
        input=json.dumps({"examples": examples, "messages": messages}),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": str(ROOT)},
        timeout=280,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    assert lines, done.stderr[-2_000:]
    return list(json.loads(lines[-1].removeprefix("RESULT ")))


@pytest.mark.integration
def test_foreign_data_trains_unchanged_and_is_never_overruled() -> None:
    answers = run(
        FLIGHTS, ["tìm chuyến bay từ Huế đến Hà Nội", "gia ve bao nhieu", "hang nao bay", "cứu em với, em bị nhốt"]
    )
    assert [answer["intent"] for answer in answers[:3]] == ["flight", "fare", "airline"]
    assert all(answer["emergency"] is None and answer["intent"] != "nlu_fallback" for answer in answers)


@pytest.mark.integration
def test_own_data_survives_storage_and_broken_input() -> None:
    odd = ["", "a" * 10_000, "1" * 500, "😭😂", "\u200f\u202e", "c\u0337\u0321u\u0334", "...", "ខ្ញុំត្រូវគេចាប់ជំរិត"]
    answers = run(SHIELD, ["cuu em voi em bi nhot roi", "xin chao", *odd])
    assert answers[0]["intent"] == "emergency_in_danger"
    assert answers[0]["emergency"] is True
    assert answers[1] == {**answers[1], "intent": "greet", "emergency": False}
    assert answers[-1] == {**answers[-1], "intent": "non_vietnamese", "emergency": True}
    assert all(0 <= answer["confidence"] <= 1 for answer in answers)
