"""What somebody says to "Lúc này bạn có đang an toàn để nhắn tin không?". Python 3.10-compatible.

Danger wins over safety: whoever says both ("em thì an toàn nhưng nó đang bị nhốt") is answered with the numbers to call.
The words are content/danger/vi/safety.yml.
"""

from __future__ import annotations

import bot.phrases as phrases
from bot.core.text import fold, normalise
from bot.dialogue.reading import questions
from bot.dialogue.reading.clauses import clauses as cut
from bot.dialogue.triage.reading import read as triage_read
from bot.phrases.books import book

SAFE, DANGER, UNSURE = "safe", "danger", "unsure"

_BOOK = book("danger/vi/safety")
_NOT_SAFE, _DANGER, _HARM = _BOOK.words("not_safe"), _BOOK.anywhere("danger"), _BOOK.words("harm")
_NOT_SURE, _SAFE = _BOOK.anywhere("not_sure"), _BOOK.words("safe")
# "Răng mà không an toàn" (why should I not be), beside words that say the person is.
_RHETORIC, _BUSY = _BOOK.words("rhetoric"), _BOOK.anywhere("busy")
# "Mình không sao, mà em dâu mình thì không biết": where somebody else comes in, and who that is.
_TURN, _SOMEBODY_ELSE, _NOT_ME = _BOOK.words("turn"), _BOOK.words("somebody_else"), _BOOK.words("not_me")
SHORT = 14  # words


def read(text: str) -> str:
    """SAFE, DANGER, UNSURE, or '' where the words say nothing of it (a story, a greeting)."""
    said = normalise(text[:500])
    meant = _RHETORIC.sub(" ", said)
    if (
        meant != said
        and _SAFE.search(meant)
        and not (_NOT_SAFE.search(meant) or _DANGER.search(meant) or _HARM.search(meant))
    ):
        return SAFE
    if themselves := _themselves(text):
        return DANGER if _DANGER.search(said) else themselves
    if _NOT_SAFE.search(said) or _DANGER.search(said) or phrases.is_no(text):
        return DANGER
    if phrases.does_not_know(text) or (len(said.split()) <= 12 and _NOT_SURE.search(said)):
        return UNSURE
    if phrases.is_yes(text):
        return SAFE
    if _BUSY.search(said) and len(said.split()) <= 9 and not (_HARM.search(said) or phrases.contains(text, "event")):
        return SAFE
    if (
        _SAFE.search(said)
        and not _HARM.search(said)
        and any(_of_safety(clause) for clause in questions.clauses(text)[:2])
    ):
        return SAFE
    return ""


def _themselves(text: str) -> str:
    """How whoever writes is, where somebody else is told of besides: "mình không sao, em dâu thì không biết". SAFE, DANGER or ''."""
    told = [normalise(clause) for clause in _by_subject(text)]
    own = [said for said in told if not (_SOMEBODY_ELSE.search(said) or triage_read(said).scan.has("KIN", "OTHER"))]
    if len(own) == len(told):
        return ""
    if any(_NOT_SAFE.search(said) for said in own) or any(_NOT_ME.search(said) for said in told):
        return DANGER
    well = any(_SAFE.search(said) and _of_safety(said) for said in own)
    return SAFE if well and not any(_HARM.search(said) for said in own) else ""


def _by_subject(text: str) -> list[str]:
    """The clauses of a short answer, cut before "mà", "nhưng", "chứ", "còn" as well: there somebody else comes in."""
    parts: list[str] = []
    for clause in cut(text[:500]):
        turns = [match.start() for match in _TURN.finditer(fold(clause.text))]
        parts += [clause.text[begin:end] for begin, end in zip([0, *turns], [*turns, None], strict=True)]
    return [part.strip() for part in parts if part.strip()]


def calm(text: str) -> bool:
    """Whether a short answer says that the person is safe and tells of nothing done to anybody: no card belongs to it."""
    short = len(text.split()) <= SHORT
    return short and read(text) == SAFE and not _HARM.search(normalise(text)) and not phrases.contains(text, "event")


def beside(text: str) -> str:
    """What the same message tells besides ("an toàn rồi, hàng xóm em nhốt một cô gái"), or ''."""
    told = [clause for clause in questions.told_in(text).split(", ") if clause and not _of_safety(clause)]
    return ", ".join(told)


def asks_besides(text: str) -> bool:
    """Whether a clause that is not of being well asks something: "em dâu không biết an toàn không" asks nobody here."""
    return any(questions.asks(clause) and not _of_safety(clause) for clause in questions.clauses(text))


def _of_safety(clause: str) -> bool:
    """Whether a clause speaks of being well and of little else."""
    said = normalise(clause)
    return len(said.split()) <= 10 and bool(
        _SAFE.search(said) or _NOT_SAFE.search(said) or _DANGER.search(said) or phrases.is_yes(clause)
    )
