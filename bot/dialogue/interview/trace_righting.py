"""A number, plate or account put right, whole or in part: "37A chứ không phải B", "đuôi 687 chứ không phải 678". Pure; Python 3.10-compatible.

The trace that is meant is the one the words differ from least. It is replaced among the traces and wherever it was written,
and the old one is kept beside the tip as put right. Linear in the text times the few traces of a tip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.dialogue.interview import verbatim
from bot.dialogue.interview.draft import Draft

_SLOTS = ("what", "when", "who", "behind", "evidence")
_PIECE = re.compile(r"[A-Za-zĐđ]{0,3}\d[\w.\-]*|(?<!\w)[A-ZĐ]{1,2}(?!\w)")
_MOST_WRONG = 3  # characters in which a slip differs
_LEAST_SAME = 5  # and characters that two numbers share, to be one with a slip
_LEAST_TAIL = 2  # digits that say which end is meant


def whole(draft: Draft, told: Iterable[str]) -> bool:
    """Replace each trace known before of which one of `told` is the right spelling. Whether one was."""
    done = [_replace(draft, old, new) for new in told for old in _known(draft, new) if _is_slip(old, new)]
    return any(done)


def part(draft: Draft, pairs: Iterable[tuple[str, str]]) -> bool:
    """Replace what (old, new) puts right inside a trace known before. Whether something was."""
    done = [_part(draft, old, new) for old, new in pairs]
    return any(done)


def _part(draft: Draft, old: str, new: str) -> bool:
    was, now = _last_piece(old), _last_piece(new)
    if not was or not now:
        return False
    if len(was) < len(now):
        was = now[: len(now) - len(was)] + was  # "37A chứ không phải B": 37B
    if len(was) != len(now) or was == now or len(was) < _LEAST_TAIL:
        return False
    for trace in draft.get("traces", ()):
        letters = _letters(trace)
        at = 0 if letters.startswith(was) else len(letters) - len(was) if letters.endswith(was) else -1
        if at >= 0:
            return _replace(draft, trace, _spelled(trace, at, now))
    return False


def _last_piece(words: str) -> str:
    pieces = _PIECE.findall(words)
    return _letters(pieces[-1]) if pieces else ""


def _letters(words: str) -> str:
    return re.sub(r"[\W_]", "", words).upper()


def _known(draft: Draft, new: str) -> Iterator[str]:
    yield from (trace for trace in tuple(draft.get("traces", ())) if trace != new)


def _is_slip(old: str, new: str) -> bool:
    """Whether two numbers are one with a slip of the finger: a digit wrong, two changed about, one missing."""
    was, now = _letters(old), _letters(new)
    if was == now or abs(len(was) - len(now)) > 1 or not any(char.isdigit() for char in now):
        return False
    same = sum(a == b for a, b in zip(was, now, strict=False))
    return same >= max(len(now) - _MOST_WRONG, _LEAST_SAME)


def _spelled(trace: str, at: int, now: str) -> str:
    """`trace` with `now` in place of as many letters and digits from the one at `at`; what stands between them stays."""
    places = [place for place, char in enumerate(trace) if char.isalnum()]
    spelled = list(trace)
    for place, char in zip(places[at:], now, strict=False):
        spelled[place] = char
    return "".join(spelled)


def _replace(draft: Draft, old: str, new: str) -> bool:
    draft["traces"] = list(dict.fromkeys(new if trace == old else trace for trace in draft.get("traces", ())))
    where = draft.get("where") or {}
    for holder, slot in [*((draft, slot) for slot in _SLOTS), (where, "text")]:
        if isinstance(holder.get(slot), str):
            holder[slot] = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, holder[slot], flags=re.IGNORECASE)
    verbatim.keep_righted(draft, old, new)
    return True
