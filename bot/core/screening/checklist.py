"""Which question comes next, and which next steps the answers lead to. Never a verdict.

Built on published indicators (Bali Process 2015, IOM Handbook 2007). The answers live only in the caller's hands for the
length of the conversation; nothing here stores, logs or counts them. Every question may be skipped, and `stop` ends the
checklist at any point with numbers to call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.messages import Choice

YES, NO, SKIP, STOP = "yes", "no", "skip", "stop"
WHO = "who"  # the first question: self or other
SELF, OTHER = "self", "other"


@dataclass(frozen=True)
class Question:
    """One question. kind: who | danger | age | sign. text: by person asked about ("self", "other"), then language."""

    id: str
    kind: str
    text: Mapping[str, Mapping[str, str]]
    options: tuple[str, ...]
    source: str

    def wording(self, about: str, language: str) -> str:
        """The question as put to the person; falls back to Vietnamese and to the wording about oneself."""
        words = self.text.get(about) or self.text[SELF]
        return words.get(language) or words["vi"]


@dataclass(frozen=True)
class Outcome:
    """Next steps: text by language and buttons in the grammar of bot.core.content.buttons."""

    id: str
    text: Mapping[str, str]
    buttons: Mapping[str, tuple[Choice, ...]]


@dataclass(frozen=True)
class Checklist:
    """questions: in order, the first is WHO. outcomes: danger, danger_other, child, signs, few, stopped.
    option_titles: by option and language. opening: what is said first. signs_from: "yes" answers that lead to `signs`.
    """

    opening: Mapping[str, str]
    questions: tuple[Question, ...]
    outcomes: Mapping[str, Outcome]
    option_titles: Mapping[str, Mapping[str, str]]
    signs_from: int

    def next_question(self, answers: Mapping[str, str]) -> Question | None:
        """The next unanswered question, or None when it is time for `outcome`. Unknown answers count as not given."""
        if self._finished(answers):
            return None
        return next((q for q in self.questions if not self._answered(q, answers)), None)

    def outcome(self, answers: Mapping[str, str]) -> Outcome:
        """The next steps the answers lead to; may be asked for at any time."""
        if self._in_danger(answers):
            return self.outcomes["danger_other" if answers.get(WHO) == OTHER else "danger"]
        if STOP in answers.values():
            return self.outcomes["stopped"]
        signs = sum(q.kind == "sign" and answers.get(q.id) == YES for q in self.questions)
        young = any(q.kind == "age" and answers.get(q.id) == YES for q in self.questions)
        if signs and young:
            return self.outcomes["child"]
        return self.outcomes["signs" if signs >= self.signs_from else "few"]

    def about(self, answers: Mapping[str, str]) -> str:
        """Whom the questions are about: self or other."""
        return OTHER if answers.get(WHO) == OTHER else SELF

    def _answered(self, question: Question, answers: Mapping[str, str]) -> bool:
        return answers.get(question.id) in (*question.options, SKIP)

    def _finished(self, answers: Mapping[str, str]) -> bool:
        return STOP in answers.values() or self._in_danger(answers)

    def _in_danger(self, answers: Mapping[str, str]) -> bool:
        return any(q.kind == "danger" and answers.get(q.id) == YES for q in self.questions)
