"""What an answer to each question of the interview means, and what comes next; some have a module of their own. Pure; Python 3.10-compatible."""

from __future__ import annotations

from bot.dialogue.interview import (
    routing,
    safety,
)
from bot.dialogue.interview.contact_answers import answer_contact, answer_reply
from bot.dialogue.interview.draft import (
    PLACED,
    Draft,
    Message,
    Outcome,
    absorb,
    go_on,
    mark,
    note,
    place_open,
    take_place,
)
from bot.dialogue.interview.extract import extract
from bot.dialogue.interview.listening import (
    MOST_PIECES,
    ask_again,
    missed,
    started_telling,
)
from bot.dialogue.interview.phrases import is_skip, says_no, says_none
from bot.dialogue.interview.read_back_answers import answer_confirm, answer_edit
from bot.dialogue.reading.speaker import tells_of_another

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
    draft["pick_stuck"] = 0 if nearer else draft.get("pick_stuck", 0) + 1
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


HANDLERS = {
    "safe": _answer_safe,
    "where": _answer_where,
    "pick": _answer_pick,
    "who": _answer_who,
    "reply": answer_reply,
    "contact": answer_contact,
    "confirm": answer_confirm,
    "edit": answer_edit,
}
