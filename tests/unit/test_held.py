"""Words told while a wish to die holds a report still: they wait in its draft, and become a part of it."""

from __future__ import annotations

import pytest

from bot.dialogue.interview import held

AN_LAO = {"status": "commune", "code": "11629", "codes": ["11629"], "name": "Xã An Lão, Hải Phòng", "province": "31"}


@pytest.mark.parametrize(
    "text",
    ["nó bắt em đi tiếp khách ở quán", "thằng chủ tên Khoa nó giữ cccd của em", "mình còn số nó 0912345678", "tối qua"],
)
def test_what_belongs_to_a_report_waits(text: str) -> None:
    assert held.tells(text, {})


@pytest.mark.parametrize("text", ["", "em vẫn tỉnh", "dạ", "có mất tiền không", "em phải làm sao"])
def test_what_does_not_is_let_be(text: str) -> None:
    assert not held.tells(text, {})


def test_it_waits_only_where_a_report_is_open() -> None:
    assert held.kept(None, "tối qua", {}) is None
    assert held.kept({"draft": {"screening": {}}}, "tối qua", {}) is None
    engine = {"draft": {"done": ["safe"]}, "events": []}
    found = held.kept(engine, "tối qua", {})
    assert found is not None
    assert found["draft"]["held"] == [{"text": "tối qua", "place": {}}]
    assert "held" not in engine["draft"], "the state before is not changed"


def test_the_oldest_give_way() -> None:
    engine = {"draft": {"done": []}}
    for number in range(held.MOST + 2):
        engine = held.kept(engine, f"điều {number}", {})
    assert engine["draft"]["held"][0]["text"] == "điều 2"


def test_it_becomes_a_part_of_the_report() -> None:
    draft = {
        "done": ["safe", "what"],
        "what": "bà chủ bắt em tiếp khách",
        "held": [{"text": "bà chủ tên Thơm ở xã An Lão, số 0912345678", "place": AN_LAO}],
    }
    held.take_in(draft, held.taken(draft))
    assert "held" not in draft
    assert "Thơm" in draft["what"]
    assert draft["where"]["code"] == "11629"
    assert draft["traces"] == ["0912345678"]
    assert ["", "bà chủ tên Thơm ở xã An Lão, số 0912345678"] in draft["said"]
