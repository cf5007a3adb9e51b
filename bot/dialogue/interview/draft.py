"""The draft of a tip: what is known so far and which question is open. Pure; Python 3.10-compatible.

The draft is a plain dict that lives in the sealed conversation state:
  what, when, behind, evidence, contact: the person's words, or absent
  where: {"text", "status", "code", "province", "country", "names"} as resolved by the gateway
  province_told: a province named in the story before the place was asked for, as read; it stands where the answer names none. No part
  places: [role, words] of every other place that was told: see places_told
  people: int | None; people_sure: whether it was said as a number, people_righted: whether it was put right, neither part of the tip
  child, still, urgent, conflict, notices: bool
  short: whether whoever writes is in danger themselves: then only place and story are asked; no part of the tip
  traces: phones, accounts, links and plates, in their spelling
  files: references of attachments, at most MAX_ATTACHMENTS
  picks: answers to "which commune?" that led no nearer; asked_place: how often it was asked; no part of the tip
  pick_lines: the words "which commune?" was asked in, none twice; pick_stuck: how often since an answer led nearer; no part
  police: whether the commune's own police may read it, as the person chose (see police.py); police_asked: it was asked
  other: whether it was told that somebody else is in danger; no part of the tip
  unasked: questions let be because the person wanted the tip sent
  safe: whether whoever writes said so; no part of the tip
  said: everything told, in order, as [question, words]: see verbatim
  changed: rows of the summary that were just corrected; only these are read back
  again: {"question", "times"}: a question put again because the answer was none, and how often; no part of the tip
  quiet: whether the open question is not put again in this turn, because the person asked to wait
  hands: whether somebody stands by ("by") or wrote themselves ("other"), until the reporter is surely back (see hands.py)
  owner: {"words", "times"}: a number written at the read-back, until it is said whose it is; no part of the tip
  aside: {"question", "about", "times"}: what was asked instead of answering, and how often in a row
  asked_back: the lines that answered questions of their own, so that none is answered twice in the same words; no part of the tip
  held: [{"text", "place"}] told while a wish to die or pills held the interview still, until it goes on (see held)
  brief: whether the open question is put in fewer words this time; gone with it
  edited: {"question", "kept"}: an answer being changed from the summary, as it was; gone with the next answer
  edit_more: whether the second half of what can be changed is shown
  as_words: whether the code is shown as words, once the tip is sent (see receipt_forms)
  done: questions that were answered or skipped, in order
  sent: how far the interview is that goes on after sending (see afterwards); only then
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.messages import MAX_ATTACHMENTS
from bot.core.text import fold
from bot.dialogue.interview import own_contact, verbatim
from bot.dialogue.interview.extract import Found, extract
from bot.phrases.books import book

Draft = dict[str, Any]
QUESTIONS = (
    "safe",
    "what",
    "where",
    "pick",
    "when",
    "who",
    "behind",
    "evidence",
    "reply",
    "contact",
    "confirm",
    "receipt",
)
URGENT_QUESTIONS = ("where", "what", "contact", "confirm", "receipt")  # contact: for who asks for it from the summary
FIRST_THE_PLACE = (
    "where",
    "pick",
    "what",
    "who",
    "behind",
    "when",
    "evidence",
    "reply",
    "contact",
    "confirm",
    "receipt",
)
# What was not asked before an urgent tip was sent: the most useful first. See interview.afterwards.
AFTER_SENDING = ("where", "pick", "what", "behind", "when", "who", "evidence", "more")
_AFTER_THE_PLACE = frozenset(
    {"what", "when", "who", "behind", "evidence", "reply", "confirm"}
)  # who can be found is found first
MAX_PICKS = 2  # the deciding question about the place is never put more than twice
MAX_FIELD_CHARS = 4_000
SMALL = frozenset(book("interview/places").entries("small"))  # beside a name they say nothing more
_WORTH_KEEPING = 2  # words beside the names of the place
_WHERE_CHARS = 400
PLACED = frozenset({"commune", "candidates", "province", "foreign"})  # of a reading of the place
_LATIN = re.compile(r"[a-zà-ỹ]", re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    """One answer as the interview sees it. `place` is the gateway's reading of the text (see `where` in the draft)."""

    text: str = ""
    choice: str = ""
    intent: str = ""
    confidence: float = 0.0
    emergency: bool = False
    place: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    receipt: str = ""  # "match" | "mismatch" | "part" | "" : how the text compares with the code just shown
    as_words: bool = False  # whether a code was said in the seven words
    wrong: tuple[int, ...] = ()  # the places of those that are in no list
    is_question: bool = False
    clauses: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()  # each with its likeliest kinds: see routing


@dataclass(frozen=True)
class Outcome:
    """What follows: the question to ask now (None: the interview is over), lines to say first, and how it ended."""

    ask: str | None
    says: tuple[str, ...] = ()
    ended: str = ""  # "" | confirmed is not an end: the code is still to be typed back | finished | cancelled


def next_question(draft: Draft) -> str:
    """The first question still open."""
    order = URGENT_QUESTIONS if draft.get("short") else FIRST_THE_PLACE if draft.get("urgent") else QUESTIONS
    for question in AFTER_SENDING if "sent" in draft else order:
        if question in draft["done"]:
            continue
        if question == "pick":
            continue  # opened by the place itself, below
        if question == "more" and not (draft["sent"].get("kept") and draft["sent"].get("begun")):
            continue  # what else comes to mind is waited for once all was asked, and never instead of the code
        if question == "contact" and draft.get("reply") != "contact":
            continue
        if question in _AFTER_THE_PLACE and place_open(draft):
            return "pick"
        return question
    return "receipt"


def note(draft: Draft, question: str, message: Message) -> None:
    """Keep the words under `question` and all that can be read from them."""
    found = extract(message.text)
    words = own_contact.split(message.text[:MAX_FIELD_CHARS])[0].strip()
    draft[question] = (
        f"{draft[question]}\n{words}" if draft.get(question) and question in {"what", "evidence"} else words
    )
    mark(draft, question)
    absorb(draft, found)


def keep_words(draft: Draft, message: Message) -> None:
    """Keep what was told under another question as part of the story, once; the story's own question stays as it is."""
    if message.text and message.text.strip() in str(draft.get("what") or "").split("\n"):
        return
    was_told = "what" in draft["done"]
    note(draft, "what", message)
    if not was_told:
        draft["done"].remove("what")


def keep_contact(draft: Draft, own: str, *, instead: bool = False) -> None:
    """Keep the reporter's own number or address, apart from all else, and do not ask for it again."""
    known = "" if instead else str(draft.get("contact") or "")
    if own not in known:
        draft["contact"] = f"{known}; {own}".strip("; ")[:400]
    draft["reply"], draft["notices"] = "contact", bool(draft.get("notices"))
    mark(draft, "reply")
    mark(draft, "contact")


def absorb(draft: Draft, found: Found) -> None:
    """Keep phones, plates, numbers of people... wherever in the interview they were mentioned."""
    if found.traces:
        draft["traces"] = list(dict.fromkeys([*draft.get("traces", []), *found.traces]))
    if found.own:
        keep_contact(draft, found.own)
    if found.people and not draft.get("people"):
        draft["people"] = found.people
    for flag, value in (
        ("child", found.child),
        ("still", found.still_in_danger),
        ("conflict", found.official_conflict),
    ):
        if value:
            draft[flag] = True


def is_urgent(draft: Draft) -> bool:
    """Somebody is in danger now, or a child still is."""
    return bool(draft.get("urgent") or draft.get("still"))


def has_substance(text: str) -> bool:
    """Whether a message is long enough to be the story itself."""
    # "tôi muốn báo tin" opens the interview; it is not itself the story.
    return len(text.split()) >= 9 or len(text) >= 60


def mark(draft: Draft, question: str) -> None:
    """Remember that a question was answered or skipped."""
    if question not in draft["done"]:
        draft["done"].append(question)


def place_open(draft: Draft) -> bool:
    """Whether the place still needs its deciding question, and may have it."""
    where = draft.get("where") or {}
    # Abroad it is asked where they are from; a province alone may be any that was named, so once more then too.
    open_abroad = where.get("status") == "foreign" and not (where.get("province") and draft.get("asked_place"))
    # A landmark alone ("quán karaoke gần chợ") leads nobody there: its commune is asked for, then at least its province.
    latin = bool(_LATIN.search(str(where.get("text") or "")))
    landmark = where.get("status") == "none" and latin
    waiting = where.get("status") in {"candidates", "province"} or open_abroad or landmark
    stuck = max(draft.get("picks", 0), draft.get("pick_stuck", 0)) >= MAX_PICKS
    return waiting and not stuck and "pick" not in draft["done"]


def take_place(draft: Draft, message: Message, *, story: bool = False) -> None:
    """Keep the place that was read from a message, with the words around it.

    story: those words are kept as the story. They are not the place's too, or a copy of the place would carry the story.
    """
    place, before = dict(message.place), draft.get("where") or {}
    text = "" if story else own_contact.split(message.text)[0][:_WHERE_CHARS].strip()
    country = place.get("country") or before.get("country") or ""
    if country in place.get("denied", ()):
        country = place.get("country") or ""
    told = draft.get("province_told") or {}
    if place.get("status", "none") == "none" and not country and told:
        place = dict(told)  # "ở Vĩnh Phúc" in the story, then "quán Hoa Mơ gần chợ"
    draft["where"] = {**place, "text": text or place.get("name", ""), "country": country}
    mark(draft, "where")


def put_right(draft: Draft, message: Message) -> None:
    """Another place instead of the one known; what else was said of that one ("quán Sao Đêm") goes to the story."""
    before = draft.get("where") or {}
    if message.place.get("kept"):  # the same words, read where they lie now
        draft["picks"] = draft["pick_stuck"] = 0
        draft["done"] = [q for q in draft["done"] if q != "pick"]
        country = (
            {} if before.get("country") in message.place.get("denied", ()) else {"country": before.get("country", "")}
        )
        draft["where"] = {**before, **dict(message.place), **country, "text": before.get("text", "")}
        return
    said = place_text(before, str(draft.get("what", "")))
    known = set(re.findall(r"\w+", fold(f"{before.get('name', '')} {message.text}"))) | SMALL
    if len(set(re.findall(r"\w+", fold(said))) - known) >= _WORTH_KEEPING:
        keep_words(draft, Message(text=said))
    draft["picks"] = draft["pick_stuck"] = 0
    draft["done"] = [q for q in draft["done"] if q != "pick"]
    whole = message.place.get("whole") and not message.place.get("corrects")
    take_place(draft, message, story=not whole)
    old, new = str(before.get("name") or ""), str(draft["where"].get("name") or "")
    verbatim.keep_righted(draft, old, new)


def place_text(where: Mapping[str, Any], story: str) -> str:
    """What was written of the place apart from the story ("quán karaoke gần chợ"), or ''."""
    text, told = str(where.get("text") or ""), story[:_WHERE_CHARS].strip()
    if text in story:
        return ""
    return text.replace(told, "").strip("; ") if has_substance(told) else text


def go_on(draft: Draft, *says: str) -> Outcome:
    """On to the next open question, after saying these lines."""
    return Outcome(next_question(draft), tuple(says))


def keep_files(draft: Draft, files: tuple[str, ...]) -> bool:
    """Add attachments as long as the tip has room. False: it had not room for all."""
    kept = draft.get("files", [])
    room = MAX_ATTACHMENTS - len(kept)
    if files:
        draft["files"] = [*kept, *files[:room]]
    return len(files) <= room
