"""The golden conversations. `pytest tests/dialogue/test_golden.py --update` rewrites what is expected; read the diff."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.storage.tables import Conversation
from tests.support import golden
from tests.support.golden import Stage

pytestmark = pytest.mark.dialogue
CONVERSATIONS = golden.load(Path(__file__).parent / "golden")
# Items that no written question asks for: cards shown by other answers, and lines of forms.
SHOWN_OTHERWISE = {"card_emergency", "consular_card", "hotline_card"}


@pytest.mark.parametrize("title", CONVERSATIONS)
def test_conversation(stage: Stage, title: str, request: pytest.FixtureRequest) -> None:
    talk = CONVERSATIONS[title]
    answers = stage.perform(talk)
    assert golden.faults(answers) == []
    found = golden.seen(talk, answers)
    if request.config.getoption("--update"):
        golden.update(talk, found)
    elif found != talk.turns:
        pytest.fail(f"{title}\n{golden.difference(talk.turns, found)}", pytrace=False)


@pytest.mark.parametrize(
    "text",
    ["cứu em với", "em bị nhốt không cho về", "con gái em mất tích hai ngày rồi", "help me they locked me in a room",
     "tụi nó đòi 200 triệu mới thả em tôi", "救命 我被关起来了", "ជួយខ្ញុំផង", "em không muốn sống nữa"],
)  # fmt: skip
def test_an_emergency_answer_begins_with_a_number_to_call(stage: Stage, text: str) -> None:
    assert golden.call_first(stage.play([text])[0][0])


def test_every_page_of_the_library_is_asked_for_in_three_styles(stage: Stage) -> None:
    asked: dict[str, int] = {}
    for talk in CONVERSATIONS.values():
        for _, item, *_ in talk.turns if talk.apart else []:
            asked[item] = asked.get(item, 0) + 1
    pages = {item.id for item in stage.core.content.library.in_language("vi")} - SHOWN_OTHERWISE
    assert {page for page in pages if asked.get(page, 0) < 3} == set()


def test_there_are_many_conversations() -> None:
    assert len(CONVERSATIONS) >= 60


def test_the_words_of_a_sent_tip_leave_the_conversation(stage: Stage) -> None:
    """From sending on they are sealed to the tip's readers; the server's own key opens none of them."""
    skips = ["!ans:skip"] * 5
    told = ["báo tin", "!ans:yes", "ông Bảy ZZCANARYZZ rủ thanh niên đi làm xa", *skips, "!reply:none"]
    stage.play([*told, "!ans:send"])
    assert "ZZCANARYZZ" not in _states(stage)
    stage.play(
        ["báo tin", "!ans:yes", "họ nhốt ZZCANARYZZ không cho về", "xã An Phú, Hải Phòng", "!ans:send", "!ans:send"]
    )
    assert "ZZCANARYZZ" not in _states(stage), "nor what brought the emergency card"
    stage.play(told)
    assert "ZZCANARYZZ" in _states(stage), "a draft would be found"


def _states(stage: Stage) -> str:
    with stage.core.db.reading() as session:
        rows = session.execute(select(Conversation.id, Conversation.state).where(Conversation.state.is_not(None)))
        return "\n".join(str(stage.core.vault.open_state(row.id, row.state)) for row in rows)
