"""What an answer to each question of the interview means, and what comes next. Pure; Python 3.10-compatible."""

from __future__ import annotations

import re

import bot.phrases as phrases
from bot.core.text import fold
from bot.dialogue.interview import (
    corrections,
    kinds,
    own_contact,
    police,
    receipt_forms,
    receipt_talk,
    routing,
    safety,
    verbatim,
)
from bot.dialogue.interview.draft import (
    Draft,
    Message,
    Outcome,
    absorb,
    edit,
    go_on,
    keep_contact,
    keep_words,
    mark,
    next_question,
    note,
    place_open,
    put_right,
    take_place,
)
from bot.dialogue.interview.extract import extract
from bot.dialogue.interview.listening import (
    MOST_PIECES,
    answer_whose,
    ask_again,
    missed,
    started_telling,
    take_out,
    whose,
)
from bot.dialogue.interview.phrases import NO_CODE, is_skip, says_no, says_none, says_yes, waits
from bot.dialogue.reading.speaker import tells_of_another

_CORRECTED = re.compile(r"\b(?:sai|nham|lon|sua|doi|moi dung|khong phai|wrong)\b")

PLACED = frozenset({"commune", "candidates", "province", "foreign"})
_MOST_TO_AGREE, _SURE_YES = 10, 0.6
_JUST_AN_ANSWER = 4  # words
_MOST_PICKS = 4  # questions about the place after the first, as long as each answer leads nearer


def answer_words(draft: Draft, question: str, message: Message) -> Outcome:
    """An answer in one's own words, to a question that has no reading of its own."""
    # "không có" to "who is behind it?" or "any evidence?" is an answer without words to keep.
    if is_skip(message) or (question in {"what", "behind", "evidence", "when"} and says_none(message)):
        if question == "what" and not draft.get("files") and not _may_skip_story(draft, message):
            return missed(draft, "what", "tip_what_needed")
        mark(draft, question)
        return go_on(draft)
    if question == "when" and message.choice.startswith("when:"):
        draft["when"] = message.choice
        if message.choice == "when:now":
            draft["still"] = True
        mark(draft, "when")
        return go_on(draft)
    if not message.text and message.files:
        # A picture is an answer to "what?" and "any evidence?"; the other questions stay open (intake).
        mark(draft, question)
        return go_on(draft)
    note(draft, question, message)
    if question == "what" and message.clauses and not routing.closes("what", message.text, message, "what"):
        draft["done"].remove("what")  # a few words without a deed in them: kept, and more is asked for
        return ask_again(draft, "what", most=MOST_PIECES)
    if (
        question == "what"
        and "where" not in draft["done"]
        and message.place.get("status") in {"commune", "candidates", "foreign"}
    ):
        take_place(draft, message, story=True)
    return go_on(draft)


def _may_skip_story(draft: Draft, message: Message) -> bool:
    """Whether "what happened?" can be let be: by the button once a word was told, in words once something happened in them."""
    return bool(draft.get("what")) if message.choice else told_something(draft)


def told_something(draft: Draft) -> bool:
    """Whether the story says anything yet that happened."""
    story = str(draft.get("what") or "")
    return any(routing.closes("what", line, Message(), "what") for line in story.split("\n"))


def _answer_safe(draft: Draft, message: Message) -> Outcome:
    verdict = "" if message.choice else safety.read(message.text)
    if verdict == safety.DANGER or message.emergency or (not verdict and says_no(message)):
        draft["urgent"] = True
        if verdict != safety.SAFE and (
            says_no(message) or not tells_of_another(message.text, message.intent)
        ):  # "em ổn, nó thì không": who is safe can tell everything
            draft["short"] = True
        mark(draft, "safe")
        started_telling(draft, message)
        return go_on(draft, "emergency_in_danger", "tip_urgent_intro")
    mark(draft, "safe")
    if message.choice:
        draft["safe"] = message.choice == "ans:yes"
        return go_on(draft)
    if verdict == safety.UNSURE:
        return go_on(draft, "tip_safe_unsure")
    if verdict == safety.SAFE:
        draft["safe"] = True
        started_telling(draft, message)
    elif len(message.text.split()) >= 4 and not is_skip(message):
        started_telling(draft, message)
    return go_on(draft)


def _answer_where(draft: Draft, message: Message) -> Outcome:
    if is_skip(message):
        draft.setdefault("where", {"status": "none", "text": ""})  # "quán karaoke" told before the question stays
        mark(draft, "where")
        mark(draft, "pick")
        return go_on(draft)
    take_place(draft, message)
    absorb(draft, extract(message.text))
    return go_on(draft)


def _answer_pick(draft: Draft, message: Message) -> Outcome:
    where = draft.setdefault("where", {})
    place = message.place
    nearer = place.get("status") in PLACED and any(place.get(k) != where.get(k) for k in ("code", "codes", "province"))
    draft["asked_place"] = draft.get("asked_place", 0) + 1
    piece = (
        bool(message.clauses) and not message.choice and _tells_otherwise(message)
    )  # a plate, a name: no answer, and no miss
    if (not nearer and not piece) or draft["asked_place"] > _MOST_PICKS:
        draft["picks"] = draft.get("picks", 0) + 1
    if is_skip(message) or message.choice == "place:unknown":
        mark(draft, "pick")
        return go_on(draft)
    if not nearer and piece:
        routing.take(draft, "pick", message)  # a piece of the story came where the place was asked
    elif message.text:
        where = draft["where"]
        where["text"] = f"{where.get('text', '')}; {routing.take_besides(draft, message)[:200]}".strip("; ")
    where = draft["where"]
    if place.get("status") in PLACED:
        kept, country = where.get("text", ""), where.get("country")
        where.update(dict(message.place))
        where["text"], where["country"] = kept, where.get("country") or country or ""
    if not place_open(draft):
        mark(draft, "pick")
    return go_on(draft)


def _tells_otherwise(message: Message) -> bool:
    """Whether no clause of an answer to "which commune?" speaks of a place."""
    told = {kind for kind, _ in routing.sorted_out(message, "where")}
    return bool(told) and "where" not in told


def _answer_who(draft: Draft, message: Message) -> Outcome:
    if is_skip(message):
        mark(draft, "who")
        return go_on(draft)
    if message.choice in {"who:child", "who:adult", "who:many"}:
        draft["who"] = message.choice
        if message.choice == "who:child":
            draft["child"] = True
        mark(draft, "who")
        return go_on(draft)
    note(draft, "who", message)
    return go_on(draft)


def _answer_reply(draft: Draft, message: Message) -> Outcome:
    choice = message.choice.removeprefix("reply:") if message.choice.startswith("reply:") else ""
    if not choice:
        choice = "none" if says_no(message) or is_skip(message) else ("notices" if says_yes(message) else "")
    if not choice:
        # Somebody who writes a phone number here has answered with it.
        mine, theirs = own_contact.sort_at_contact(message.text)
        if theirs:
            return _sorted(draft, "reply", message, mine)
        if extract(message.text).traces or re.search(r"\d{6}|@", message.text):
            draft["contact"] = message.text[:400].strip()
            draft["reply"] = "contact"
            draft["notices"] = False
            mark(draft, "reply")
            mark(draft, "contact")
            return go_on(draft)
        if message.clauses and routing.take(draft, "reply", message) is not None:
            verbatim.keep(draft, "evidence", message.text)  # a piece of the story that came to mind: kept, and no miss
            return ask_again(draft, "reply", "tip_added", most=MOST_PIECES)
        return missed(draft, "reply", "tip_reply_again")
    draft["reply"] = choice
    draft["notices"] = choice == "notices"
    mark(draft, "reply")
    return go_on(draft)


def _answer_contact(draft: Draft, message: Message) -> Outcome:
    if draft.get("owner"):
        theirs = not message.choice and phrases.contains(message.text, "theirs")
        mine = not theirs and not message.choice and phrases.contains(message.text, "mine")
        return answer_whose(draft, message, yes=says_yes(message) or mine, no=says_no(message) or theirs)
    own, others = own_contact.sort_at_contact(message.text)
    if others:
        return _sorted(draft, "contact", message, own)
    mark(draft, "contact")
    if not is_skip(message):
        # Kept apart from `traces`: this is the reporter's own, and it is sealed apart too.
        for phone in own_contact.PHONE.findall(message.text):
            take_out(draft, phone.strip())
        draft["contact"] = message.text[:400].strip()
    return go_on(draft)


def _sorted(draft: Draft, question: str, message: Message, mine: tuple[str, ...]) -> Outcome:
    """Numbers of several people in one answer: the reporter's own is the contact, the rest is told to the officers."""
    words = message.text[:400]
    for number in mine:
        take_out(draft, number)
        keep_contact(draft, number)
        words = words.replace(number, own_contact.HIDDEN)
    keep_words(draft, Message(text=words))
    if mine:
        return go_on(draft, "tip_contact_kept")
    if own_contact.refuses_own(message.text):
        draft.setdefault("reply", "none")
        mark(draft, "reply")
        mark(draft, "contact")
        return go_on(draft, "tip_added")
    return missed(draft, question, "tip_added")


def _owners_at_read_back(draft: Draft, message: Message) -> Outcome | None:
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


def _answer_confirm(draft: Draft, message: Message) -> Outcome:
    asked = police.chosen(message.choice) or ("" if message.choice else police.heard(message.text))
    if asked:
        return _answer_police(draft, message, asked)
    if (
        police.is_bare(message.text)
        and draft.get("police_asked")
        and not draft.get("police")
        and not draft.get("police_which")
    ):
        draft["police_which"] = True  # "có" may answer either question: a button tells, and so does the same word again
        return Outcome("confirm", ("tip_police_which",))
    if message.choice == "ans:send" or _agrees(message):
        mark(draft, "confirm")
        return Outcome("receipt")
    if message.choice == "ans:edit" or says_no(message) or fold(message.text).startswith("sua"):
        return Outcome("edit")
    if phrases.means(message.text, "wants_contact"):
        return _open_contact(draft)
    if not message.choice and (moved := _owners_at_read_back(draft, message)):
        return moved
    if owner := whose(draft, message):
        return owner
    found = extract(message.text)
    own = found.own
    righted = corrections.put_right(draft, message.text, found)
    if own:
        keep_contact(draft, own, instead=bool(_CORRECTED.search(fold(message.text))))
    if placed := _place_at_read_back(draft, message):
        return placed
    if own and not kinds.tells_event(own_contact.split(message.text)[0]):
        return Outcome("confirm", ("tip_contact_kept",))
    if _tells_nothing(message.text):
        return Outcome("confirm")
    if any(char.isalnum() for char in message.text):  # something came to mind while reading the summary
        if not righted and not (message.clauses and routing.take(draft, "confirm", message) is not None):
            note(draft, "what", message)
        return Outcome("confirm", ("tip_added",))
    return Outcome("confirm")


def _agrees(message: Message) -> bool:
    """ "đúng rồi", "gửi đi", and other ways to say it: "Nội dung đúng. Đề nghị gửi." Only where nothing else is told or denied."""
    if says_yes(message) or phrases.means(message.text, "send", beside=("yes",)):
        return True
    if message.choice or message.is_question or len(message.text.split()) > _MOST_TO_AGREE:
        return False
    if phrases.contains(message.text, "negation") or waits(message.text):
        return False
    likeliest = [max(ranked, key=lambda kind: kind[1]) for _, ranked in message.clauses if ranked]
    agreed = [sure for kind, sure in likeliest if kind == "confirm"]
    return max(agreed, default=0.0) >= _SURE_YES and all(kind in {"confirm", "talk"} for kind, _ in likeliest)


def _place_at_read_back(draft: Draft, message: Message) -> Outcome | None:
    """A place typed to the summary: alone it is the place, beside other words only where none is known."""
    place, where = message.place, draft.get("where") or {}
    known, rank = bool(where.get("code")), place.get("status")
    if rank not in PLACED or (rank == "foreign" and known):
        return None
    sure = rank == "commune" and not known
    unplaced = where.get("status", "none") == "none" and rank == "candidates"
    if not (place.get("whole") or sure or unplaced) or (rank == "province" and known):
        return None
    put_right(draft, message)
    if not place.get("whole"):
        note(draft, "what", message)
    draft["changed"] = ["where", "taken"]
    return Outcome(next_question(draft))


def _answer_police(draft: Draft, message: Message, answer: str) -> Outcome:
    """Whether the commune's own police may read the tip; changed as often as the person likes."""
    was_above = police.goes_above(draft)
    draft["police"] = answer
    if len(message.text.split()) > _JUST_AN_ANSWER and answer == police.ABOVE:
        note(draft, "what", message)  # "đừng, ổng là anh trưởng công an" is for those above to know
    # "không sao cứ gửi" means both: nothing against them, and send it.
    sends = answer == police.COMMUNE and not message.choice and not was_above and police.sends(message.text)
    if message.choice == "ans:send_above" or sends:
        mark(draft, "confirm")
        return Outcome("receipt")
    draft["changed"] = ["police"]
    return Outcome("confirm")


def _open_contact(draft: Draft) -> Outcome:
    """Ask for the reporter's number from the summary, in the short form too."""
    draft["reply"], draft["done"] = "contact", [q for q in draft["done"] if q != "contact"]
    mark(draft, "reply")
    return Outcome("contact")


def _tells_nothing(text: str) -> bool:
    """Thanks, a skip, "nói rồi": nothing that belongs into a story."""
    return phrases.means(
        text, "small_talk", "skip", "dont_know", "points_back", "resume", "that_is_all", "refuses", beside=("no",)
    )


def _answer_edit(draft: Draft, message: Message) -> Outcome:
    target = re.sub(r"^sua\s+", "", fold(message.text)).strip()
    names = {
        "chuyen gi": "what", "noi dung": "what", "su viec": "what", "o dau": "where", "dia diem": "where", "noi": "where",
        "khi nao": "when", "thoi gian": "when", "ai": "who", "nan nhan": "who", "doi tuong": "behind", "ke xau": "behind",
        "bang chung": "evidence", "lien lac": "reply",
    }  # fmt: skip
    if target in names:
        return edit(draft, names[target])
    return Outcome("confirm")


def answer_receipt(draft: Draft, message: Message) -> Outcome:
    """The code typed back, whole or in parts, or what the person says about it. Nobody has to keep it."""
    if message.choice in {"ans:words", "ans:digits"}:
        draft[receipt_forms.AS_WORDS] = message.choice == "ans:words"
    as_words = bool(draft.get(receipt_forms.AS_WORDS))
    shown = receipt_forms.fitted("receipt_again", as_words=as_words)
    if message.choice in {"ans:words", "ans:digits"}:
        return Outcome("receipt", (shown,))
    if message.receipt == "match":
        return Outcome(None, ("receipt_saved",), ended="finished")
    if message.receipt == "part":
        return Outcome("receipt", ("receipt_more_words" if message.as_words else "receipt_more",))
    if message.receipt == "mismatch":
        draft["receipt_wrong"] = draft.get("receipt_wrong", 0) + 1
        again = (shown,) if draft["receipt_wrong"] > 1 else ()
        return Outcome("receipt", (_mismatch(message), *again))
    if message.choice == "ans:lost" or NO_CODE.match(fold(message.text)):
        return Outcome(None, (shown, "receipt_unconfirmed"), ended="finished")
    about = "kept" if message.choice == "ans:kept" else receipt_talk.said(message.text)
    if about == "kept":
        return Outcome(None, ("receipt_kept",), ended="finished")
    no_place = receipt_forms.fitted("receipt_no_place", as_words=as_words)
    return Outcome("receipt", ({"missing": shown, "no_place": no_place}[about],) if about else ())


def _mismatch(message: Message) -> str:
    """What is said about a code that is not the one shown: which word is in no list, and never which one is wrong."""
    if message.wrong:
        return "receipt_words_wrong"
    return "receipt_mismatch_words" if message.as_words else "receipt_mismatch"


HANDLERS = {
    "safe": _answer_safe,
    "where": _answer_where,
    "pick": _answer_pick,
    "who": _answer_who,
    "reply": _answer_reply,
    "contact": _answer_contact,
    "confirm": _answer_confirm,
    "edit": _answer_edit,
}
