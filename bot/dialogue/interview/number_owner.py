"""Whose number one is: it is moved to whom it belongs, and asked where nothing tells. Pure; Python 3.10-compatible."""

from __future__ import annotations

import re

from bot.dialogue.interview import own_contact, verbatim
from bot.dialogue.interview.draft import Draft, Message, Outcome, absorb, go_on, keep_contact, note
from bot.dialogue.interview.extract import extract

_MOST_UNSURE = 1  # so often it is asked once more whose a number is


def whose(draft: Draft, message: Message) -> Outcome | None:
    """A bare number at the read-back: whose it is decides where it goes, so that is asked first."""
    found = extract(message.text)
    if not found.phones or found.own or len(re.sub(r"[\d .\-+()]", "", message.text)) > 12:
        return None
    draft["owner"] = {"words": message.text[:400].strip(), "times": 0}
    return Outcome("contact")


def answer_whose(draft: Draft, message: Message, *, yes: bool, no: bool) -> Outcome:
    """The answer to "Số này là của bạn?". Unsure twice: kept as contact, where the fewest can read it."""
    owner = draft["owner"]
    if not (yes or no) and owner["times"] < _MOST_UNSURE and not extract(message.text).own:
        owner["times"] += 1
        return Outcome("contact")
    draft.pop("owner")
    if no:
        note(draft, "what", Message(text=owner["words"]))
        return go_on(draft, "tip_added")
    for phone in extract(owner["words"]).phones:
        take_out(draft, phone)
        keep_contact(draft, phone)
    absorb(draft, extract(message.text))
    return go_on(draft, "tip_contact_kept")


def take_out(draft: Draft, number: str) -> None:
    """Remove a number from the traces and from all that was written."""
    left = [trace for trace in draft.pop("traces", ()) if trace != number]
    if left:
        draft["traces"] = left
    for name in ("what", "when", "who", "behind", "evidence"):
        if isinstance(draft.get(name), str):
            draft[name] = draft[name].replace(number, own_contact.HIDDEN)
    verbatim.take_out(draft, number, own_contact.HIDDEN)
    where = draft.get("where")
    if where and where.get("text"):
        where["text"] = str(where["text"]).replace(number, own_contact.HIDDEN)


def at_read_back(draft: Draft, message: Message) -> Outcome | None:
    """ "0939… là số của bà Ba chứ không phải số em": a number is moved to whom it belongs."""
    known = str(draft.get("contact") or "")
    moved = False
    for start, end, owner in own_contact.owners(message.text):
        number = message.text[start:end].strip()
        if owner == own_contact.MINE and number in draft.get("traces", ()):
            take_out(draft, number)
            known, moved = f"{known}; {number}".strip("; "), True
        elif owner == own_contact.THEIRS and number in known:
            known, moved = _left_of(known, number), True
            draft["traces"] = list(dict.fromkeys([*draft.get("traces", ()), number]))
        elif moved and owner == own_contact.THEIRS:
            draft["traces"] = list(dict.fromkeys([*draft.get("traces", ()), number]))
        elif moved and owner == own_contact.MINE and number not in known:
            known = f"{known}; {number}".strip("; ")
    side = own_contact.pointed(message.text)
    traces = [trace for trace in draft.get("traces", ()) if own_contact.PHONE.fullmatch(trace)]
    if side == own_contact.MINE and len(traces) == 1 and not known:
        take_out(draft, traces[0])
        known, moved = traces[0], True
    if side == own_contact.THEIRS and known:
        draft["traces"] = list(dict.fromkeys([*draft.get("traces", ()), *own_contact.PHONE.findall(known)]))
        known, moved = "", True
    if not moved:
        return None
    draft.pop("contact", None)
    if known:
        keep_contact(draft, known)
    draft["changed"] = ["contact", "traces"]
    return Outcome("confirm")


def _left_of(contact: str, number: str) -> str:
    return "; ".join(part for part in contact.split("; ") if number not in part)
