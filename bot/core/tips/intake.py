"""The tip interview: which question comes next, and what an answer means. Pure; Python 3.10-compatible.

The draft is a plain dict that lives in the sealed conversation state:
  what, when, behind, evidence, contact: the person's words, or absent
  where: {"text", "status", "code", "province", "country", "names"} as resolved by the gateway
  people: int | None; child, still, urgent, conflict, notices: bool
  traces: phones, accounts, links and plates, in their spelling
  files: references of attachments
  done: questions that were answered or skipped, in order
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.text import fold
from bot.core.tips.extract import Found, extract

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
URGENT_QUESTIONS = ("where", "what", "confirm", "receipt")
TELLING = frozenset({"", "tip_safe", "tip_what"})  # slots where a person tells freely; "": no form is open
MAX_PICKS = 2  # the deciding question about the place is never put more than twice
MAX_FIELD_CHARS = 4_000
_SHOWN_CHARS = 160
_TELLING_WORDS = 4  # "cứu em với" says nothing of what happens; four words may

_SKIP = re.compile(
    r"^(?:bo qua|skip|qua|next|khong biet|ko biet|k biet|hok biet|khong ro|ko ro|chua biet|khong nho|de sau|thoi bo qua|"
    r"i (?:do not|don'?t|dont) know|don'?t know|not sure|no idea)\W*$"
)
_BACK = re.compile(r"^(?:quay lai|lui lai|tro lai|back|sua cau truoc|cau truoc)\W*$")
_YES = re.compile(
    r"^(?:co|vang|dung|dung roi|ok|oke|u|uh|um|phai|yes|yep|da|da co|an toan|gui|gui di|dong y|roi|dc|duoc|send|send it|"
    r"yes,? please|sure|go ahead|i am safe|i'?m safe)\W*$"
)
_NO = re.compile(
    r"^(?:khong|ko|k|hong|hok|chua|no|khong co|sai|da khong|khong an toan|nguy hiem|chua an toan|nope|no,? thanks?|no thank you|"
    r"not safe|i am not safe|i'?m not safe)\W*$"
)
_SAFE = re.compile(r"^(?:\w+ ){0,4}an toan(?: \w+){0,3}\W*$")
_NONE = re.compile(
    r"^(?:da |dạ |em |minh |toi )?(?:khong|ko|k|hong|hok|chua|no)(?: co| biet| ro| nho)?(?: gi| ai)?(?: ca| het)?(?: a)?\W*$"
    r"|^(?:none|nothing|nobody|no one|no,? thanks?)\W*$"
)
_NO_CODE = re.compile(
    r"^(?:(?:da |em |minh |toi )?khong (?:can|luu|ghi|chep)(?: ma)?(?: dau| nua| duoc)?(?: a)?|bo qua|thoi|skip|i don'?t need it|no)\W*$"
)
CANCEL = re.compile(r"^(?:huy|huy bo|dung|dung lai|thoi|thoi khong|khong bao nua|cancel|stop|thoat)\W*$")


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
    receipt: str = ""  # "match" | "mismatch" | "" : how the text compares with the code just shown
    is_question: bool = False


@dataclass(frozen=True)
class Outcome:
    """What follows: the question to ask now (None: the interview is over), lines to say first, and how it ended."""

    ask: str | None
    says: tuple[str, ...] = ()
    ended: str = ""  # "" | confirmed is not an end: the code is still to be typed back | finished | cancelled


def begin(message: Message) -> Draft:
    """A fresh draft, already holding what the first message told, so that nobody is asked twice."""
    draft: Draft = {"done": []}
    if message.emergency:
        draft["urgent"] = True
    if _has_substance(message.text):
        note(draft, "what", message)
        # A story rarely gives a place by accident: a resolved one counts as the answer, a vague one is asked again.
        if message.place.get("status") in {"commune", "candidates", "foreign"}:
            _take_place(draft, message)
    for ref in message.files:
        draft.setdefault("files", []).append(ref)
    return draft


def begin_urgent(cry: Message, message: Message) -> Draft:
    """A fresh draft after an emergency card: `cry` brought the card, `message` (maybe empty) answers its "where"."""
    draft: Draft = {"done": [], "urgent": True}
    if len(cry.text.split()) >= _TELLING_WORDS:
        note(draft, "what", cry)
    if message.text:
        _take_place(draft, message)
        absorb(draft, extract(message.text))
    elif cry.place.get("status") in {"commune", "candidates", "foreign"}:
        _take_place(draft, cry)
    return draft


def next_question(draft: Draft) -> str:
    """The first question still open."""
    order = URGENT_QUESTIONS if draft.get("urgent") else QUESTIONS
    for question in order:
        if question in draft["done"]:
            continue
        if question == "pick":
            continue  # opened by the place itself, below
        if question == "contact" and draft.get("reply") != "contact":
            continue
        if question == "when" and _place_open(draft):
            return "pick"
        if question in {"what", "confirm"} and _place_open(draft):
            return "pick"
        return question
    return "receipt"


def answer(draft: Draft, question: str, message: Message) -> Outcome:
    """Take `message` as the answer to `question`, changing the draft, and say what comes next."""
    for ref in message.files:
        draft.setdefault("files", []).append(ref)
    if message.choice and not _offered(question, message.choice):
        return Outcome(question)  # a button of an earlier question: it means nothing here, so ask again
    if message.text and not message.receipt and not any(char.isalnum() for char in message.text):
        return Outcome(question, ("tip_what_needed",) if question == "what" else ())  # an emoji, dots
    if message.emergency and question in QUESTIONS[:-2]:
        draft["urgent"] = True  # two questions at most from here on; the card itself is put first by the gateway
        if question not in {"safe", "what", "where", "pick"}:
            note(draft, "what", message)
            return _go_on(draft)
    if question == "cancel":
        return _answer_cancel(draft, message)
    if message.choice == "ans:back" or _BACK.match(fold(message.text)):
        return Outcome(_step_back(draft, question))
    if not _is_skip(message) and (message.choice == "ans:cancel" or _wants_out(message)):
        if question == "receipt":
            return _answer_receipt(draft, message)
        draft["cancel_from"] = question
        return Outcome("cancel")
    if message.choice.startswith("edit:"):
        return _edit(draft, message.choice[5:])
    handler = _HANDLERS.get(question)
    return handler(draft, message) if handler else _answer_words(draft, question, message)


def _offered(question: str, choice: str) -> bool:
    verb, _, name = choice.partition(":")
    if verb == "ans":
        return name in _ANSWERS.get(question, ()) or (name in {"skip", "back", "cancel"} and question != "receipt")
    return verb == {"pick": "place", "edit": "edit"}.get(question, question)


def note(draft: Draft, question: str, message: Message) -> None:
    """Keep the words under `question` and all that can be read from them."""
    words = message.text[:MAX_FIELD_CHARS].strip()
    draft[question] = (
        f"{draft[question]}\n{words}" if draft.get(question) and question in {"what", "evidence"} else words
    )
    _mark(draft, question)
    absorb(draft, extract(words))


def absorb(draft: Draft, found: Found) -> None:
    """Keep phones, plates, numbers of people... wherever in the interview they were mentioned."""
    if found.traces:
        draft["traces"] = list(dict.fromkeys([*draft.get("traces", []), *found.traces]))
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


def summary(draft: Draft) -> dict[str, str]:
    """The draft as short lines for reading back; keys are those of the summary in content/dialogue."""
    where = draft.get("where") or {}
    lines = {
        "what": draft.get("what", ""),
        "where": _place_words(where, draft.get("what", "")),
        "when": draft.get("when", ""),
        "who": draft.get("who", ""),
        "behind": draft.get("behind", ""),
        "traces": ", ".join(draft.get("traces", [])),
        "evidence": draft.get("evidence", ""),
        "files": str(len(draft["files"])) if draft.get("files") else "",
        "contact": draft.get("contact", ""),
    }
    return {key: value for key, value in lines.items() if value}


def _place_words(where: Mapping[str, Any], story: str) -> str:
    """The place as understood, and in brackets what the person wrote of it besides ("quán karaoke gần chợ")."""
    name, text = str(where.get("name") or ""), str(where.get("text") or "")
    more = (
        set(re.findall(r"\w+", fold(text))) - set(re.findall(r"\w+", fold(name))) - {"o", "tai", "xa", "phuong", "tinh"}
    )
    if not name or text in story:
        return name or text
    return f"{name} ({text})" if more and len(text) <= _SHOWN_CHARS else name


def _has_substance(text: str) -> bool:
    # "tôi muốn báo tin" opens the interview; it is not itself the story.
    return len(text.split()) >= 9 or len(text) >= 60


def _mark(draft: Draft, question: str) -> None:
    if question not in draft["done"]:
        draft["done"].append(question)


def _place_open(draft: Draft) -> bool:
    where = draft.get("where") or {}
    open_abroad = where.get("status") == "foreign" and not where.get("province")
    waiting = where.get("status") in {"candidates", "province"} or open_abroad
    return waiting and draft.get("picks", 0) < MAX_PICKS and "pick" not in draft["done"]


def _take_place(draft: Draft, message: Message) -> None:
    place = dict(message.place)
    draft["where"] = {**place, "text": message.text[:400].strip() or place.get("name", "")}
    _mark(draft, "where")


_ANSWERS = {
    "safe": ("yes", "no"),
    "confirm": ("send", "edit", "yes", "no"),
    "cancel": ("yes", "no", "resume"),
    "receipt": ("kept", "lost"),
}


def _is_skip(message: Message) -> bool:
    return message.choice == "ans:skip" or bool(not message.choice and _SKIP.match(fold(message.text)))


def _says_yes(message: Message) -> bool:
    return (
        message.choice == "ans:yes"
        or bool(_YES.match(fold(message.text)))
        or (message.intent == "affirm" and _short(message))
    )


def _says_no(message: Message) -> bool:
    return (
        message.choice == "ans:no"
        or bool(_NO.match(fold(message.text)))
        or (message.intent == "deny" and _short(message))
    )


def _wants_out(message: Message) -> bool:
    # A place such as "phố hàng Thôi" must not cancel: only a bare word, or a sure and short intent, does.
    if message.choice:
        return False
    sure = message.intent == "stop_cancel" and message.confidence >= 0.8 and len(message.text.split()) <= 6
    return sure or bool(CANCEL.match(fold(message.text)))


def _short(message: Message) -> bool:
    """Few enough words, and a sure enough reading, to be nothing but a yes or no."""
    return len(message.text.split()) <= 4 and message.confidence >= 0.8 and not any(c.isdigit() for c in message.text)


def _go_on(draft: Draft, *says: str) -> Outcome:
    return Outcome(next_question(draft), tuple(says))


def _answer_words(draft: Draft, question: str, message: Message) -> Outcome:
    # "không có" to "who is behind it?" or "any evidence?" is an answer without words to keep.
    if _is_skip(message) or (
        question in {"behind", "evidence", "when"} and not message.choice and _NONE.match(fold(message.text))
    ):
        if question == "what" and not draft.get("files"):
            return Outcome("what", ("tip_what_needed",))
        _mark(draft, question)
        return _go_on(draft)
    if question == "when" and message.choice.startswith("when:"):
        draft["when"] = message.choice
        if message.choice == "when:now":
            draft["still"] = True
        _mark(draft, "when")
        return _go_on(draft)
    if not message.text and message.files:
        # A picture is an answer: it is kept, and the question stays open only where words are needed.
        if question in {"what", "evidence"}:
            _mark(draft, question)
        return _go_on(draft, "file_kept")
    note(draft, question, message)
    if (
        question == "what"
        and "where" not in draft["done"]
        and message.place.get("status") in {"commune", "candidates", "foreign"}
    ):
        _take_place(draft, message)
    return _go_on(draft, "file_kept") if message.files else _go_on(draft)


def _answer_safe(draft: Draft, message: Message) -> Outcome:
    if _says_no(message) or message.emergency:
        draft["urgent"] = True
        _mark(draft, "safe")
        if _has_substance(message.text):
            note(draft, "what", message)
        return _go_on(draft, "emergency_in_danger", "tip_urgent_intro")
    _mark(draft, "safe")
    told = len(message.text.split()) >= 4
    if told and not _is_skip(message) and not _SAFE.match(fold(message.text)):
        note(draft, "what", message)  # started telling at once
    return _go_on(draft)


def _answer_where(draft: Draft, message: Message) -> Outcome:
    if _is_skip(message):
        draft["where"] = {"status": "none", "text": ""}
        _mark(draft, "where")
        return _go_on(draft)
    _take_place(draft, message)
    absorb(draft, extract(message.text))
    return _go_on(draft)


def _answer_pick(draft: Draft, message: Message) -> Outcome:
    where = draft.setdefault("where", {})
    draft["picks"] = draft.get("picks", 0) + 1
    if _is_skip(message) or message.choice == "place:unknown":
        _mark(draft, "pick")
        return _go_on(draft)
    if message.text:
        where["text"] = f"{where.get('text', '')}; {message.text[:200].strip()}".strip("; ")
    if message.place.get("status") in {"commune", "candidates", "province", "foreign"}:
        kept = where.get("text", "")
        where.update(dict(message.place))
        where["text"] = kept
    if not _place_open(draft):
        _mark(draft, "pick")
    return _go_on(draft)


def _answer_who(draft: Draft, message: Message) -> Outcome:
    if _is_skip(message):
        _mark(draft, "who")
        return _go_on(draft)
    if message.choice in {"who:child", "who:adult", "who:many"}:
        draft["who"] = message.choice
        if message.choice == "who:child":
            draft["child"] = True
        _mark(draft, "who")
        return _go_on(draft)
    note(draft, "who", message)
    return _go_on(draft)


def _answer_reply(draft: Draft, message: Message) -> Outcome:
    choice = message.choice.removeprefix("reply:") if message.choice.startswith("reply:") else ""
    if not choice:
        choice = "none" if _says_no(message) or _is_skip(message) else ("notices" if _says_yes(message) else "")
    if not choice:
        # Somebody who writes a phone number here has answered with it.
        if extract(message.text).traces or re.search(r"\d{6}|@", message.text):
            draft["contact"] = message.text[:400].strip()
            draft["reply"] = "contact"
            _mark(draft, "reply")
            _mark(draft, "contact")
            return _go_on(draft)
        return Outcome("reply", ("tip_reply_again",))
    draft["reply"] = choice
    draft["notices"] = choice == "notices"
    _mark(draft, "reply")
    return _go_on(draft)


def _answer_contact(draft: Draft, message: Message) -> Outcome:
    _mark(draft, "contact")
    if not _is_skip(message):
        # Kept apart from `traces`: this is the reporter's own, and it is sealed apart too.
        draft["contact"] = message.text[:400].strip()
    return _go_on(draft)


def _answer_confirm(draft: Draft, message: Message) -> Outcome:
    if message.choice == "ans:send" or _says_yes(message):
        _mark(draft, "confirm")
        return Outcome("receipt")
    if message.choice == "ans:edit" or _says_no(message) or fold(message.text).startswith("sua"):
        return Outcome("edit")
    if any(char.isalnum() for char in message.text):
        note(draft, "what", message)  # something came to mind while reading the summary
        return Outcome("confirm", ("tip_added",))
    return Outcome("confirm")


def _answer_edit(draft: Draft, message: Message) -> Outcome:
    target = re.sub(r"^sua\s+", "", fold(message.text)).strip()
    names = {
        "chuyen gi": "what", "noi dung": "what", "su viec": "what", "o dau": "where", "dia diem": "where", "noi": "where",
        "khi nao": "when", "thoi gian": "when", "ai": "who", "nan nhan": "who", "doi tuong": "behind", "ke xau": "behind",
        "bang chung": "evidence", "lien lac": "reply",
    }  # fmt: skip
    if target in names:
        return _edit(draft, names[target])
    return Outcome("confirm")


def _edit(draft: Draft, question: str) -> Outcome:
    if question not in {"what", "where", "when", "who", "behind", "evidence", "reply"}:
        return Outcome("confirm")
    draft["done"] = [q for q in draft["done"] if q not in {question, "confirm"}]
    if question == "where":
        draft["done"] = [q for q in draft["done"] if q != "pick"]
        draft.pop("picks", None)
    draft.pop(question, None)
    draft.pop("contact", None) if question == "reply" else None
    return Outcome(question)


def _step_back(draft: Draft, question: str) -> str:
    answered = [q for q in draft["done"] if q not in {"confirm", question}]
    if not answered:
        return question
    last = answered[-1]
    _edit_quietly(draft, last)
    return last


def _edit_quietly(draft: Draft, question: str) -> None:
    draft["done"] = [q for q in draft["done"] if q != question]
    if question != "what":  # the story itself is added to, never thrown away by stepping back
        draft.pop(question, None)


def _answer_cancel(draft: Draft, message: Message) -> Outcome:
    back_to = draft.pop("cancel_from", None) or next_question(draft)
    if (
        message.choice == "ans:cancel"
        or _says_yes(message)
        or (not message.choice and CANCEL.match(fold(message.text)))
    ):
        return Outcome(None, ("tip_cancelled",), ended="cancelled")
    if message.text and not _says_no(message) and message.choice != "ans:resume":
        return answer(draft, back_to, message)  # an answer to the question that was open: the person went on
    return Outcome(back_to, ("tip_resumed",))


def _answer_receipt(draft: Draft, message: Message) -> Outcome:
    if message.receipt == "match":
        return Outcome(None, ("receipt_saved",), ended="finished")
    tries = draft["receipt_tries"] = draft.get("receipt_tries", 0) + 1
    if not message.receipt and _NO_CODE.match(fold(message.text)):
        return Outcome(None, ("receipt_unconfirmed",), ended="finished")
    if message.choice == "ans:lost" or (tries >= 2 and message.choice == "ans:kept"):
        return Outcome(None, ("receipt_unconfirmed",), ended="finished")
    return Outcome("receipt", ("receipt_mismatch",) if message.receipt == "mismatch" else ())


_HANDLERS = {
    "safe": _answer_safe,
    "where": _answer_where,
    "pick": _answer_pick,
    "who": _answer_who,
    "reply": _answer_reply,
    "contact": _answer_contact,
    "confirm": _answer_confirm,
    "edit": _answer_edit,
    "receipt": _answer_receipt,
}
