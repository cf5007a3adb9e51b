"""The emergency decision: rules alone, and rules with the classifier's probabilities."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.dialogue import triage
from tests.support import cost

EVAL = Path(__file__).resolve().parents[1] / "eval"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("cứu", "emergency_in_danger"),
        ("cuu em voi", "emergency_in_danger"),
        ("Cứuuuu mìnhhh", "emergency_in_danger"),
        ("help me", "emergency_in_danger"),
        ("🆘🆘", "emergency_in_danger"),
        ("e dang bi nhot o bavet, k cho ve", "emergency_in_danger"),
        ("vợ tôi đang bị giam trong casino", "emergency_other_person"),
        ("cháu 14 tuổi, cháu bị nhốt", "child_in_danger"),
        ("em học lớp 9, họ khoá cửa không cho về", "child_in_danger"),
        ("chúng nó đòi 200 triệu mới thả con tôi", "ransom_demand"),
        ("con gái tôi mất tích hai ngày nay", "missing_person"),
        ("tôi không muốn sống nữa", "self_harm_distress"),
        ("救命", "emergency_in_danger"),
        ("ช่วยด้วย ถูกขังอยู่", "emergency_in_danger"),
        ("ជួយខ្ញុំផង", "emergency_in_danger"),
        ("ຊ່ວຍແດ່ ຂ້ອຍຖືກຂັງ", "emergency_in_danger"),
        ("ကယ်ပါ", "emergency_in_danger"),
        ("살려주세요", "emergency_in_danger"),
        ("I want to kill myself", "self_harm_distress"),
        ("jiu ming a", "emergency_in_danger"),
    ],
)
def test_rules_hear_a_cry(message: str, kind: str) -> None:
    found = triage.assess(message)
    assert (found.level, found.kind) == ("emergency", kind)


@pytest.mark.parametrize(
    "message",
    [
        "nếu bị nhốt thì gọi số nào",
        "xem phim thấy cô gái bị bắt cóc sợ quá",
        "năm ngoái em bị lừa sang Campuchia, giờ về nhà rồi",
        "nghiên cứu về mua bán người",
        "tra cứu tin báo của tôi",
        "đói chết đi được",
        "cứ từ từ rồi tính",
        "đi tu tu thoi",
        "cứu em bài toán này với",
        "con mèo nhà em đi lạc",
        "xin chào",
        "can you speak English?",
        "if i am kidnapped what number do i call",
        "",
        "12345",
    ],
)
def test_rules_stay_silent(message: str) -> None:
    assert triage.assess(message).level != "emergency"


def test_reasons_are_rule_names_and_hold_no_words_of_the_citizen() -> None:
    message = "Nguyễn Thị Canary 0912345678 đang bị nhốt ở số 9 đường Hoa Hồng, cứu với"
    found = triage.assess(message)
    assert found.level == "emergency"
    assert found.reasons
    assert not set(" ".join(found.reasons).split()) & set(message.lower().split())


def test_probabilities_move_the_decision_both_ways() -> None:
    quiet = "cửa sổ có song sắt, mỗi ngày họ đưa cơm một lần"
    assert triage.decide(quiet, {"emergency_in_danger": 0.5, "child_in_danger": 0.2, "chitchat": 0.3})
    assert not triage.decide(quiet, {"emergency_in_danger": 0.02, "chitchat": 0.98})
    assert triage.decide("cứu em với", None)
    assert not triage.decide("xin chào", None)


def test_final_intent_follows_the_order_of_the_rules() -> None:
    ranking = [
        {"name": "emergency_in_danger", "confidence": 0.6},
        {"name": "child_in_danger", "confidence": 0.2},
        {"name": "self_harm_distress", "confidence": 0.1},
        {"name": "greet", "confidence": 0.1},
    ]
    assert triage.final_intent("em 15 tuổi, em bị nhốt", ranking)[0] == "child_in_danger"
    assert triage.final_intent("bị nhốt em chỉ muốn chết", ranking)[0] == "self_harm_distress"
    assert triage.final_intent("em bị nhốt", ranking)[0] == "emergency_in_danger"


def test_final_intent_takes_the_best_other_meaning_when_nobody_is_in_danger() -> None:
    ranking = [{"name": "missing_person", "confidence": 0.3}, {"name": "chitchat", "confidence": 0.2}]
    intent, confidence, emergency = triage.final_intent(
        "con mèo nhà em đi lạc rồi", [*ranking, {"name": "nlu_fallback", "confidence": 0.9}]
    )
    assert (intent, emergency) == ("chitchat", False)
    assert 0 < confidence <= 1


def test_final_intent_without_a_classifier() -> None:
    assert triage.final_intent("cứu em", []) == ("emergency_in_danger", 0.5, True)
    assert triage.final_intent("...", []) == (triage.UNKNOWN_INTENT, 0.0, False)
    assert triage.final_intent("สวัสดีครับ", [])[0] == "non_vietnamese"


def test_rules_alone_meet_a_floor_on_unseen_messages() -> None:
    def levels(name: str) -> list[bool]:
        lines = (EVAL / name).read_text(encoding="utf-8").splitlines()
        return [triage.assess(json.loads(line)["text"]).level == "emergency" for line in lines]

    cries, near, calm = levels("emergency.jsonl"), levels("near_miss.jsonl"), levels("everyday.jsonl")
    assert sum(cries) >= 0.65 * len(cries)
    assert sum(near) <= 0.10 * len(near)
    assert sum(calm) <= 0.02 * len(calm)


@pytest.mark.parametrize(
    "bad",
    ["a" * 10_000, "cứu em " * 1_500, "ầ\u0301\u0316" * 3_000, "\u200f" * 10_000, "1" * 10_000, "ខ្ញុំ" * 2_000, "\ud800"],
)
def test_judging_costs_no_more_than_the_length_of_the_input(bad: str) -> None:
    assert cost.grows_linearly(lambda text: triage.final_intent(text, []), bad)
