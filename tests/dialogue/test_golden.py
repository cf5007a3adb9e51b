"""The golden conversations. `pytest tests/dialogue/test_golden.py --update` rewrites what is expected; read the diff."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import golden
from tests.support.golden import Stage
from tests.support.world import core_in

pytestmark = pytest.mark.dialogue
FOLDER = Path(__file__).parent / "golden"
CONVERSATIONS = golden.load(FOLDER)
EMERGENCY = ("113", "115", "111")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with core_in(tmp_path_factory.mktemp("golden"), LACHAN_ENGINE_WORKERS="1", LACHAN_ENGINE_TIMEOUT="20") as core:
        made = Stage(core)
        yield made
        made.close()


@pytest.mark.parametrize("title", CONVERSATIONS)
def test_conversation(stage: Stage, title: str, request: pytest.FixtureRequest) -> None:
    path, expected = CONVERSATIONS[title]
    answers = stage.play([turn[0] for turn in expected])
    seen = [
        [turn[0], *(reply.meta.get("item", "?") for reply in answer)]
        for turn, answer in zip(expected, answers, strict=True)
    ]
    for turn, answer in zip(expected, answers, strict=True):
        texts = [reply.text for reply in answer]
        assert texts, f"silence after: {turn[0]}"
        assert all(len(text) <= 2_000 for text in texts)
        assert all(first != second for first, second in itertools.pairwise(texts)), "said twice"
        assert answer[-1].choices or "?" in texts[-1] or answer[-1].meta.get("item") in NO_BUTTONS, (
            f"a dead end after: {turn[0]}"
        )
    if request.config.getoption("--update"):
        golden.update(path, title.split(": ", 1)[1], seen)
        return
    assert seen == expected


# Lines that tell the next step in words.
NO_BUTTONS = {"status_slow", "tip_contact", "tip_pick_again", "receipt_shown"}


def test_every_emergency_answer_begins_with_a_number_to_call(stage: Stage) -> None:
    for text in ("cứu em với", "em bị nhốt không cho về", "con gái em mất tích hai ngày rồi", "help me they locked me in a room",
                 "tụi nó đòi 200 triệu mới thả em tôi", "救命 我被关起来了", "ជួយខ្ញុំផង"):  # fmt: skip
        first = stage.play([text])[0][0].text
        assert any(number in first[:60] for number in EMERGENCY), text


def test_there_are_sixty() -> None:
    assert len(CONVERSATIONS) >= 60
