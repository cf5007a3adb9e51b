"""The written adverts of tests/eval_offers: dangerous ones are seen, honest ones are left in peace, in every style."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.content.offers import load_signal_book
from bot.core.offers.check import check_offer

FOLDER = Path(__file__).parents[2] / "eval_offers"
BOOK = load_signal_book()
STYLES = ("standard", "post", "description", "no-diacritics", "teencode", "english")


def risks(name: str, style: str = "") -> Counter[str]:
    rows = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return Counter(check_offer(row["text"], BOOK).risk for row in rows if style in ("", row["style"]))


def share(counts: Counter[str], *wanted: str) -> float:
    return sum(counts[risk] for risk in wanted) / counts.total()


def test_there_are_enough_adverts() -> None:
    assert risks("scam").total() >= 250
    assert risks("honest").total() >= 250


def test_scams_are_seen() -> None:
    counts = risks("scam")
    assert share(counts, "high") >= 0.90
    assert share(counts, "high", "medium") >= 0.97


def test_honest_adverts_are_left_in_peace() -> None:
    counts = risks("honest")
    assert share(counts, "high") <= 0.01
    assert share(counts, "high", "medium") <= 0.05


@pytest.mark.parametrize("style", STYLES)
def test_no_style_is_left_behind(style: str) -> None:
    assert share(risks("scam", style), "high", "medium") >= 0.9
    assert share(risks("honest", style), "high") <= 0.05
