"""Questions that are put in one bubble: who it is about and who is behind it, when it was and what shows it. Pure; Python 3.10-compatible.

Only while both are open, and only once: an answer to one of them leaves the other to be asked alone, or lets it be. Whether
whoever writes is safe is asked beside "what happened?", where nothing was told yet.
"""

from __future__ import annotations

from typing import Any

import bot.phrases as phrases
from bot.dialogue.interview import kinds, safety
from bot.dialogue.interview.draft import Draft, Message, mark
from bot.dialogue.reading.speaker import tells_of_myself

_SECOND = {"who": "behind", "when": "evidence", "what": "safe"}
_ONCE = frozenset({"evidence", "safe"})  # not put again by itself to whoever answered the other in words


def beside(draft: dict[str, Any], question: str) -> str:
    """The question that is put together with `question` now, or ''."""
    second = _SECOND.get(question, "")
    if not second or {question, second} & set(draft["done"]) or "sent" in draft or draft.get("edited"):
        return ""
    if second == "safe":
        return "" if draft.get("urgent") else second
    again = (draft.get("again") or {}).get("question") == question
    return "" if again or draft.get("short") else second


def settle(draft: Draft, question: str, second: str, message: Message, *, let_be: bool) -> None:
    """Close the second question of a pair where the answer to the first leaves nothing to ask of it.

    let_be: the message answered neither ("bỏ qua", "không biết").
    """
    if not second or second in draft["done"]:
        return
    if second == "evidence" and message.files:
        mark(draft, second)
    tapped = bool(message.choice) and message.choice != "ans:skip"
    if second == "safe" and question in draft["done"] and not (message.emergency or tells_of_myself(message.text)):
        draft["safe"] = True  # asked, and told of something else: a fright later on is no cry of their own
    if question in draft["done"] and not tapped and (let_be or second in _ONCE):
        mark(draft, second)


def answers_safety(draft: Draft, question: str, message: Message) -> bool:
    """Whether a message to "what happened? are you safe?" says how the writer is, and nothing else."""
    if beside(draft, question) != "safe":
        return False
    if message.choice:
        return message.choice in {"ans:yes", "ans:no"}
    if phrases.is_yes(message.text) or phrases.is_no(message.text):
        return not draft.get(
            "what"
        )  # where nothing was told, "are you safe?" is the question that a yes or a no answers
    return safety.says(message.text) and not kinds.tells_event(message.text)
