"""How the person may be reached, and whose number one is: the answers to that. Pure; Python 3.10-compatible."""

from __future__ import annotations

import re

import bot.phrases as phrases
from bot.dialogue.interview import own_contact, routing, verbatim
from bot.dialogue.interview.draft import Draft, Message, Outcome, go_on, keep_contact, keep_words, mark
from bot.dialogue.interview.extract import extract
from bot.dialogue.interview.listening import MOST_PIECES, ask_again, missed
from bot.dialogue.interview.number_owner import answer_whose, take_out
from bot.dialogue.interview.phrases import is_skip, says_no, says_yes


def answer_reply(draft: Draft, message: Message) -> Outcome:
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


def answer_contact(draft: Draft, message: Message) -> Outcome:
    if draft.get("owner"):
        theirs = not message.choice and phrases.contains(message.text, "theirs")
        mine = not theirs and not message.choice and phrases.contains(message.text, "mine")
        return answer_whose(draft, message, yes=says_yes(message) or mine, no=says_no(message) or theirs)
    own, others = own_contact.sort_at_contact(message.text)
    if others:
        return _sorted(draft, "contact", message, own)
    mark(draft, "contact")
    if not (is_skip(message) or _refuses(message)):
        # Kept apart from `traces`: this is the reporter's own, and it is sealed apart too.
        for phone in own_contact.PHONE.findall(message.text):
            take_out(draft, phone.strip())
        draft["contact"] = message.text[:400].strip()
    return go_on(draft)


def _refuses(message: Message) -> bool:
    """ "Thôi không để": words that deny and give nothing by which anybody could be reached."""
    return not re.search(r"\d|@", message.text) and phrases.contains(message.text, "negation")


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
