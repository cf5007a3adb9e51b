"""An answer opened anew from the summary, taken back, or gone back to. Pure; Python 3.10-compatible."""

from __future__ import annotations

from bot.dialogue.interview import verbatim
from bot.dialogue.interview.draft import Draft, Outcome, absorb, place_text
from bot.dialogue.interview.extract import extract

EDITABLE = ("what", "where", "when", "who", "behind", "evidence", "reply")
_WITH = {
    "where": ("where", "picks", "places"),
    "reply": ("reply", "contact", "notices"),
}  # what is told by answering a question
_FOUND = ("traces", "people", "child", "still", "conflict")


def edit(draft: Draft, question: str) -> Outcome:
    """Open one question anew, from the summary. Going back from it leaves everything as it was."""
    if question == "more":  # seven answers, five buttons
        draft["edit_more"] = True
        return Outcome("edit")
    if question == "files":  # taken out at once: there is nothing to ask, and new ones can be sent at any time
        return Outcome("confirm", ("files_removed",) if draft.pop("files", None) else ())
    if question not in EDITABLE:
        return Outcome("confirm")
    kept = {name: draft[name] for name in (*_WITH.get(question, (question,)), "done") if name in draft}
    draft["done"] = [q for q in draft["done"] if q != "confirm"]
    forget(draft, question)
    draft["edited"] = {"question": question, "kept": {**kept, "done": [q for q in kept["done"] if q != "confirm"]}}
    return Outcome(question)


def undo_edit(draft: Draft, question: str) -> bool:
    """Whether `question` was being changed from the summary; then it has its old answer again."""
    edited = draft.get("edited")
    if not edited or edited["question"] != question:
        return False
    draft.update(draft.pop("edited")["kept"])
    _read_again(draft)
    return True


def forget(draft: Draft, question: str) -> None:
    """Take an answer back, with all that was read from it: a number that was removed must not be sent after all."""
    also = {"where": {"pick"}, "reply": {"contact"}}.get(question, set())
    draft["done"] = [q for q in draft["done"] if q not in {question, *also}]
    draft.pop("again", None)
    told = (draft.get("where") or {}).get("text") if question == "where" else draft.get(question)
    if isinstance(told, str) and question not in {"reply", "contact"}:
        verbatim.take_out(draft, told)
    if question in {"where", "who"}:  # a name of the gazetteer, a count: put right in other words than were written
        draft.pop("righted", None)
    if question == "who":
        draft.pop("people_righted", None)
    for name in _WITH.get(question, (question,)):
        draft.pop(name, None)
    _read_again(draft)


def _read_again(draft: Draft) -> None:
    for name in _FOUND:
        draft.pop(name, None)
    where = place_text(draft.get("where") or {}, str(draft.get("what", "")))
    for words in (*(str(draft.get(name, "")) for name in ("what", "when", "who", "behind", "evidence")), where):
        absorb(draft, extract(words))
    if draft.get("when") == "when:now":
        draft["still"] = True
    if draft.get("who") == "who:child":
        draft["child"] = True


def step_back(draft: Draft, question: str) -> str:
    """The question before this one, open again; this one when it was the first."""
    if question == "edit" or undo_edit(draft, question):
        return "confirm"
    # The deciding question belongs to the place: without the place there is nothing to decide.
    answered = [q for q in draft["done"] if q not in {"confirm", "pick", question}]
    if not answered:
        return question
    last = answered[-1]
    if last == "what":  # the story itself is added to, never thrown away by stepping back
        draft["done"] = [q for q in draft["done"] if q != "what"]
    else:
        forget(draft, last)
    return last
