"""The self-screening state machine: order, early ends, next steps, and nothing kept."""

from __future__ import annotations

import itertools

import pytest

from bot.content.documents import CONTENT_ROOT
from bot.content.screening import read_checklist
from bot.core.content.buttons import parse
from bot.core.screening.checklist import NO, OTHER, SELF, SKIP, STOP, WHO, YES

CHECKLIST = read_checklist(CONTENT_ROOT, [])
assert CHECKLIST is not None
IDS = [question.id for question in CHECKLIST.questions]


def answered(value: str, about: str = SELF, **changes: str) -> dict[str, str]:
    return {question.id: value for question in CHECKLIST.questions} | {WHO: about} | changes


def test_questions_come_in_order_one_at_a_time() -> None:
    answers: dict[str, str] = {}
    asked = []
    while (question := CHECKLIST.next_question(answers)) is not None:
        asked.append(question.id)
        answers[question.id] = question.options[-1] if question.id == WHO else NO
    assert asked == IDS
    assert CHECKLIST.outcome(answers).id == "few"


def test_danger_ends_it_at_once_with_the_numbers() -> None:
    answers = {WHO: SELF, "danger_now": YES}
    assert CHECKLIST.next_question(answers) is None
    outcome = CHECKLIST.outcome(answers)
    assert outcome.id == "danger"
    assert outcome.text["vi"].startswith("Gọi 113 ngay, hoặc 111")
    assert CHECKLIST.outcome({WHO: OTHER, "danger_now": YES}).id == "danger_other"


def test_stop_ends_it_anywhere() -> None:
    for question in IDS:
        answers = {question: STOP}
        assert CHECKLIST.next_question(answers) is None
        assert CHECKLIST.outcome(answers).id == "stopped"


def test_everything_may_be_skipped() -> None:
    answers = answered(SKIP)
    assert CHECKLIST.next_question(answers) is None
    assert CHECKLIST.outcome(answers).id == "few"


@pytest.mark.parametrize("sign", [q.id for q in CHECKLIST.questions if q.kind == "sign"])
def test_one_sign_is_enough_for_next_steps(sign: str) -> None:
    assert CHECKLIST.outcome(answered(NO, **{sign: YES})).id == "signs"
    assert CHECKLIST.outcome(answered(NO, **{sign: YES, "under_18": YES})).id == "child"


def test_an_answer_that_was_never_offered_counts_as_not_given() -> None:
    question = CHECKLIST.next_question({WHO: "maybe"})
    assert question is not None
    assert question.id == WHO


def test_wording_follows_whom_it_is_about() -> None:
    question = CHECKLIST.questions[1]
    assert "bạn" in question.wording(SELF, "vi")
    assert "người đó" in question.wording(OTHER, "vi")
    assert question.wording(SELF, "km") == question.wording(SELF, "vi")


def test_no_outcome_is_a_verdict_and_each_leads_on() -> None:
    for outcome in CHECKLIST.outcomes.values():
        for language in ("vi", "en"):
            assert outcome.buttons[language]
            assert all(parse(button.id) for button in outcome.buttons[language])
            assert len(outcome.text[language]) < 500
        assert "bạn là nạn nhân" not in outcome.text["vi"].lower()
        assert "111" in outcome.text["vi"]


def test_asking_changes_nothing_in_the_answers() -> None:
    for values in itertools.product((YES, NO, SKIP), repeat=2):
        answers = dict(zip(IDS[2:4], values, strict=True))
        before = dict(answers)
        CHECKLIST.next_question(answers)
        CHECKLIST.outcome(answers)
        assert answers == before
