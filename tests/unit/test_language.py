"""Which language: the rule decides by script and syllables; langdetect only for what it leaves open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core import language
from bot.core.text import fold
from bot.services.messaging.language_detect import detect

EVAL = Path(__file__).resolve().parents[1] / "eval"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("cứu em với", "vi"),
        ("e bi nhot o day r, k ra dc", "vi"),
        ("tooi muoons baos tin", "vi"),
        ("ctv shopee lazada tiktok co lua dao k", "vi"),
        ("hello bạn, good morning nha", "vi"),
        ("ok", "vi"),
        ("help me", "en"),
        ("I am locked in a room in Bavet", "en"),
        ("au secours aidez-moi je suis enfermée", "fr"),
        ("救命，我被关在这里", "zh"),
        ("ni hao, wo xiang wen", "zh"),
        ("ខ្ញុំត្រូវការជំនួយ", "km"),
        ("ຊ່ວຍຂ້ອຍແດ່", "lo"),
        ("ช่วยด้วย", "th"),
        ("ကူညီပါ", "my"),
        ("살려주세요", "ko"),
        ("助けてください", "ja"),
        ("", "und"),
        ("12345", "und"),
        ("😭😭", "und"),
        ("\u200f\u202e", "und"),
    ],
)
def test_language(message: str, code: str) -> None:
    assert detect(message) == code


def test_detect_never_raises_and_repeats_itself() -> None:
    odd = ["a" * 10_000, "\ud800", "☎️?", "xyzzy plugh frobnicate", "1 2 3 một", "ខ្ញុំ hello cứu", "Ω≈ç√∫ ok?"]
    assert [detect(text) for text in odd] == [detect(text) for text in odd]


def _vietnamese() -> list[str]:
    rows = [json.loads(line) for path in EVAL.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    return [row["text"] for row in rows if row.get("language", "vi") == "vi" and row.get("intent") != "non_vietnamese"]


def test_vietnamese_is_recognised() -> None:
    messages = _vietnamese()
    assert len(messages) > 1_000
    assert sum(detect(message) == "vi" for message in messages) >= 0.97 * len(messages)
    assert sum(detect(fold(message)) == "vi" for message in messages) >= 0.97 * len(messages)


def test_without_a_detector_there_is_still_an_answer() -> None:
    assert language.fallback("toi bi nhot") == "vi"
    assert language.fallback("please send someone") == "en"
    assert language.fallback("!!!") == "und"


@pytest.mark.parametrize(
    "message",
    [
        "Kuv raug kaw hauv tsev, pab kuv",
        "Pab kuv, kuv nyob Lai Chau, lawv xauv qhov rooj",
        "Kuv tus ntxhais raug muag mus rau Suav teb",
        "lawv tsis pub kuv mus tsev",
        "pab kuv",
        "nyob zoo, kuv xav nug",
    ],
)
def test_hmong_is_known_by_its_syllables(message: str) -> None:
    assert language.rule(message) == "hmn"


@pytest.mark.parametrize(
    "message",
    [
        "cuu em voi em bi nhot",
        "tooi muoons baso tin",
        "cuus emm vowis",
        "please help me they locked me",
        "toi o xa Nam Xe, Lai Chau, bi giu giay to",
        "nha em o ban Ho, Sa Pa",
        "mau len cuu con toi",
    ],
)
def test_hmong_is_not_seen_in_vietnamese_or_english(message: str) -> None:
    assert language.rule(message) != "hmn"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("cho tôi tiếng Mông", "hmn"),
        ("tôi muốn đọc bằng tiếng H'Mông", "hmn"),
        ("có tiếng Mông không", "hmn"),
        ("nói tiếng Khmer được không", "km"),
        ("cho em tiếng Lào", "lo"),
        ("tôi muốn đọc bằng tiếng Thái", ""),
        ("tổng đài có nói tiếng Mông không", ""),
        ("tôi nghe tiếng khóc", ""),
        ("em học tiếng Trung", ""),
        ("can you speak English", "en"),
        ("English please", "en"),
        ("do you speak Hmong?", "hmn"),
        ("in Khmer please", "km"),
        ("I want Vietnamese", "vi"),
        ("they speak Chinese", ""),
        ("I cannot speak English", ""),
        ("chủ toàn nói tiếng Trung", ""),
        ("họ nói tiếng Trung với nhau", ""),
        ("em không biết tiếng Trung", ""),
        ("em không biết tiếng Việt, cho em tiếng Mông", "hmn"),
        ("nghe tiếng Trung Quốc trong máy", ""),
    ],
)
def test_a_language_can_be_asked_for(message: str, code: str) -> None:
    assert language.asked_for(message) == code


def test_no_vietnamese_message_is_taken_for_hmong_with_or_without_marks() -> None:
    messages = _vietnamese()
    assert len(messages) > 1_000
    assert [text for message in messages for text in (message, fold(message)) if language.rule(text) == "hmn"] == []
