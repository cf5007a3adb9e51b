"""The tip interview in Rasa: a form whose slots hold references while the words stay in the turn's draft.

The interview itself is `bot.dialogue.interview.intake`. Here it is tied to Rasa's loop: `validate_tip_form` reads the message,
decides whether it is an answer or a question of its own (then the form steps aside, the question is answered, and the
form asks again), and names the slot to ask next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

import bot.phrases as phrases
from actions.answers import ActionAnswer
from actions.form_slots import asking
from actions.reading import is_digression, message_of
from actions.status_form import WAITING
from actions.turn import Turn, command, current
from bot.core.offers.request import carries_offer, is_advert
from bot.dialogue import category
from bot.dialogue.commands import AddToSentTip, CheckOffer, CreateTip
from bot.dialogue.interview import (
    afterwards,
    aside,
    asked,
    hands,
    held,
    intake,
    listening,
    place_question,
    places_told,
    police,
    receipt_forms,
    verbatim,
)
from bot.dialogue.interview.before import Entry
from bot.dialogue.interview.draft import (
    AFTER_SENDING,
    QUESTIONS,
    Draft,
    Message,
    Outcome,
    is_urgent,
    next_question,
    note,
)
from bot.dialogue.interview.left_open import left_open
from bot.dialogue.interview.summary import summary
from bot.dialogue.says import say

FORM = "tip_form"
ASKED = (*QUESTIONS, "cancel", "edit", "more")
ELSEWHERE = frozenset({"do:check_offer", "do:self_screening", "do:report_tip_status"})
# Of the road through the interview, and no part of the tip.
_OF_THE_ROAD = frozenset({
    "done", "picks", "pick_lines", "pick_stuck", "asked_place", "cancel_from", "edited", "edit_more", "police_asked", "police_which", "changed",
    "cancel_sure", "cancel_again", "again", "quiet", "owner", "aside", "short", "safe", "other", "unasked", "people_sure", "people_righted",
    "hands", "asked_back", "brief", "province_told", "held",
})  # fmt: skip
_GOES_ON, _RESUMES = 4, ("resume", "go_on", "yes")  # words; kinds of words that say no more than "go on"
_SHORT_REQUEST = 12  # words; a longer message without an offer tells something
SLOTS = tuple(f"tip_{question}" for question in ASKED)


def reset_slots() -> list[dict[str, Any]]:
    """Every slot of the form empty: nothing of an earlier tip may count as answered."""
    return [SlotSet(slot, None) for slot in SLOTS] + [SlotSet("requested_slot", None)]


class ActionStartTip(Action):
    """Opens the interview with what the first message already told."""

    def name(self) -> str:
        return "action_start_tip"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        _introduce(dispatcher, tracker, current())
        return reset_slots()


def _introduce(dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> None:
    # Told where a code was asked for, which never came: it belongs to the new tip.
    before = list(turn.context.get("before") or ())
    known = {entry.get("text") for entry in before}
    before += [{"text": words, "tells": True} for words in turn.draft.get(WAITING) or () if words not in known]
    turn.draft.clear()
    message = message_of(tracker)
    turn.draft.update(_begin(turn, message, before))
    told = any(entry.get("tells") or entry.get("place") or entry.get("files") for entry in before)
    urgent = turn.draft.get("urgent")
    kept = turn.context.get("cry") or (urgent and told)
    dispatcher.utter_message(
        json_message=say("tip_urgent_kept" if kept else "tip_urgent_intro" if urgent else "tip_intro")
    )
    if message.files:
        dispatcher.utter_message(json_message=say("file_kept"))
    if told and not urgent:
        dispatcher.utter_message(json_message=say("tip_before_used"))


def _start_another(dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> list[dict[str, Any]]:
    """A new interview without leaving the form; in an emergency the numbers to call come before all else."""
    _introduce(dispatcher, tracker, turn)
    dispatcher.utter_message(json_message=say("tip_before_sent"))
    return asking(tracker, SLOTS, f"tip_{next_question(turn.draft)}")


def _begin(turn: Turn, message: Message, before: Sequence[Entry]) -> Draft:
    cry = turn.context.get("cry")
    if cry:  # what brought the emergency card that this message answers
        first = Message(text=cry["text"], place=cry["place"], intent=str(cry.get("card") or ""))
        if not intake.sends(message):
            return intake.begin_urgent(first, message, before)
        draft = intake.begin_urgent(first, Message(), before)  # "gửi đi" is no word of the story
        if intake.may_be_sent(draft):
            intake.send_now(draft)
        return draft
    if turn.choice == "do:urgent_tip":
        return intake.begin_urgent(Message(), message, before)
    return intake.begin(message, before)


class ValidateTipForm(Action):
    def name(self) -> str:
        return "validate_tip_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        turn = current()
        requested = tracker.get_slot("requested_slot")
        if not requested:
            return asking(tracker, SLOTS, f"tip_{next_question(turn.draft)}")
        if turn.stepped_out:
            return []  # Rasa comes back from the question of their own: this message was read before it was answered
        question = requested.removeprefix("tip_")
        message = message_of(tracker)
        if (heeded := hands.heed(turn.draft, question, message)) is not None:
            for item in heeded.says:
                dispatcher.utter_message(json_message=say(item))
            return self._on(tracker, heeded)
        if waited := held.taken(turn.draft):
            question = self._held(dispatcher, turn, question, waited)
            goes_on = phrases.means(message.text, *_RESUMES, beside=("small_talk",))
            if intake.sends(message) or (goes_on and len(message.text.split()) <= _GOES_ON):
                # "gửi đi" too: what waited is read back before anything is sent
                return asking(tracker, SLOTS, f"tip_{question}")
        if afterwards.is_on(turn.draft) and (first := self._first(turn, question, message)) is not None:
            return self._told_after(dispatcher, tracker, first, message)
        if language_of(turn) == "vi" and (back := asked.heard(turn.draft, question, message)) is not None:
            dispatcher.utter_message(json_message=say(back.line))
            if afterwards.is_on(turn.draft) or back.rest is None:
                return self._asked_back(dispatcher, tracker, question, message)
            verbatim.keep(turn.draft, question, back.asked)
            message = back.rest
        if afterwards.is_on(turn.draft) and question != "receipt":
            return self._after_sending(dispatcher, tracker, domain, question, message)
        if question == "what" and is_advert(turn.text):
            return self._asked_to_check(dispatcher, tracker, question, message, carried=True)
        if question in QUESTIONS[:-1] and turn.context.get("asks_check"):
            carried = carries_offer(turn.text)
            if carried or len(turn.text.split()) <= _SHORT_REQUEST:
                return self._asked_to_check(dispatcher, tracker, question, message, carried)
        if message.choice not in ELSEWHERE and is_digression(message, question) and self._may(turn, question, message):
            if not aside.keep_aside(turn.draft, question, message):
                turn.draft["brief"] = turn.stepped_out = True
                return []  # nothing validated: the form gives way to the rule that answers
            ActionAnswer().run(
                dispatcher, tracker, domain
            )  # asked and told in one message: answered, and the form goes on
            return asking(tracker, SLOTS, f"tip_{next_question(turn.draft)}")
        if message.choice in {"do:report_tip", "do:urgent_tip"}:
            if question == "receipt":  # the tip is on its way, this is another one
                return _start_another(dispatcher, tracker, turn)
            return asking(tracker, SLOTS, requested)  # already at it
        if message.choice in ELSEWHERE:
            dispatcher.utter_message(json_message=say("tip_first"))  # another form would lose this one
            return asking(tracker, SLOTS, requested)
        outcome = intake.answer(turn.draft, question, message)
        for item in outcome.says:
            args = _said_with(turn.draft, item, message)
            added = item == "tip_sent_already"  # the gateway still holds the code that opens the tip for its reporter
            spoken = _more(turn.draft, message) if added else say(item, **args)
            dispatcher.utter_message(json_message=spoken)
        if question == "receipt":
            outcome = afterwards.after_receipt(turn.draft, outcome)
        if question == "reply" and turn.draft.get("notices") and turn.context.get("channel") == "web":
            dispatcher.utter_message(json_message=say("tip_notices_web"))
        if question == "confirm" and outcome.ask == "receipt":
            as_words = receipt_forms.words_first(turn.draft, str(turn.context.get("language") or "vi"))
            dispatcher.utter_message(json_message=create_command(turn.draft, as_words=as_words))
            language = str(turn.context.get("language") or "vi")
            afterwards.begin(turn.draft, as_words=as_words, language=language)
        return self._on(tracker, outcome)

    @staticmethod
    def _held(dispatcher: CollectingDispatcher, turn: Turn, question: str, waited: list[Message]) -> str:
        """Take in what waited while a wish to die held the report still. The question that is open now."""
        if afterwards.is_on(turn.draft):
            for told in waited:
                dispatcher.utter_message(json_message=_added(afterwards.told_freely(turn.draft, told), quiet=True))
            dispatcher.utter_message(json_message=say("tip_after_told"))
            return question
        held.take_in(turn.draft, waited)
        dispatcher.utter_message(json_message=say("tip_held"))
        return next_question(turn.draft) if question in turn.draft["done"] else question

    @staticmethod
    def _asked_back(
        dispatcher: CollectingDispatcher, tracker: Tracker, question: str, message: Message
    ) -> list[dict[str, Any]]:
        """After the answer to a question put back: the open one again in fewer words; what was told beside it is added to a tip
        that was sent, and is in none yet otherwise: it did nothing but ask."""
        draft = current().draft
        if not afterwards.is_on(draft):
            verbatim.keep(draft, question, message.text)
            draft["brief"] = True
            return asking(tracker, SLOTS, f"tip_{question}")
        if (beside := afterwards.told_beside(draft, message)) is not None:
            dispatcher.utter_message(json_message=_added(beside, quiet=True))
        return asking(tracker, SLOTS, f"tip_{question}")

    @staticmethod
    def _on(tracker: Tracker, outcome: Outcome) -> list[dict[str, Any]]:
        """The next question, or the end of the form."""
        if outcome.ended:
            current().draft.clear()
            return [*reset_slots(), ActiveLoop(None)]
        return asking(tracker, SLOTS, f"tip_{outcome.ask}")

    def _after_sending(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
        question: str,
        message: Message,
    ) -> list[dict[str, Any]]:
        """An answer to a question put after sending: it is added to the tip that was sent."""
        turn = current()
        if message.choice in {"do:report_tip", "do:urgent_tip"}:
            return _start_another(dispatcher, tracker, turn)
        if afterwards.leaves(message):
            turn.stepped_out = True
            return []
        if is_digression(message, question) and self._may(turn, question, message):
            turn.draft["quiet"] = bool(
                afterwards.in_danger(turn.draft)
            )  # who is in danger is answered, and the question stands above
            beside = afterwards.told_beside(turn.draft, message)
            if beside is None:
                turn.stepped_out = True
                return []  # the form gives way to the rule that answers, and puts its question again
            dispatcher.utter_message(json_message=_added(beside, quiet=True))
            ActionAnswer().run(dispatcher, tracker, domain)
            return asking(tracker, SLOTS, f"tip_{question}")
        if question == "more" and afterwards.takes_leave(message):
            ActionAnswer().run(dispatcher, tracker, domain)
            return self._on(tracker, Outcome(None, ended="finished"))
        return self._told_after(dispatcher, tracker, afterwards.answer(turn.draft, question, message), message)

    @staticmethod
    def _first(turn: Turn, question: str, message: Message) -> afterwards.Step | None:
        """What counts more than the open question after sending; in the languages that have lines for it."""
        if str(turn.context.get("language") or "vi") not in afterwards.LANGUAGES:
            return None
        return afterwards.comes_first(turn.draft, question, message)

    def _told_after(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, step: afterwards.Step, message: Message
    ) -> list[dict[str, Any]]:
        """Say what follows a message after sending, and add what it told to the tip."""
        turn = current()
        if step.addition is not None:
            dispatcher.utter_message(json_message=_added(step.addition, quiet=True))
        for item in step.outcome.says:
            if item == "tip_after_hide" and turn.context.get("channel") != "web":
                item = "tip_after_hide_chat"
            dispatcher.utter_message(json_message=say(item, **_said_with(turn.draft, item, message)))
        return self._on(tracker, step.outcome)

    @staticmethod
    def _may(turn: Turn, question: str, message: Message) -> bool:
        return bool(message.choice) or aside.may_be_aside(turn.draft, question, message.intent)

    @staticmethod
    def _asked_to_check(
        dispatcher: CollectingDispatcher, tracker: Tracker, question: str, message: Message, carried: bool
    ) -> list[dict[str, Any]]:
        """An offer to be checked in the middle of a tip: it is checked, and stays in the story whatever was asked."""
        draft = current().draft
        if not carried:
            dispatcher.utter_message(json_message=say("tip_first"))  # another form would lose this one
            return asking(tracker, SLOTS, f"tip_{question}")
        note(draft, "what", message)
        dispatcher.utter_message(json_message=say("tip_added"))
        dispatcher.utter_message(json_message=command(CheckOffer(message.text)))
        return asking(tracker, SLOTS, f"tip_{next_question(draft) if question == 'what' else question}")


def read_back(draft: Draft, *, brief: bool = False) -> dict[str, Any]:
    """The summary with its buttons; after a correction only the lines that changed. Whether the commune's police may read
    the tip is asked the first time. brief: it stands just above, and only the question is put again."""
    rows, changed = places_told.beside(summary(draft), draft), draft.pop("changed", None)
    facts = {
        "above": police.goes_above(draft),
        "asked": draft.get("police_asked", False),
        "placed": bool((draft.get("where") or {}).get("code")),
        "urgent": bool(draft.get("urgent")),
    }
    if brief and draft.get("police_asked"):
        return say("tip_confirm_brief", facts=facts)
    draft["police_asked"] = True
    if changed:
        rows = {key: rows[key] for key in changed if key in rows} | (
            {} if facts["above"] else {"police": police.COMMUNE}
        )
        rows = {key: value for key, value in rows.items() if key in changed}
    return say("tip_changed" if changed else "tip_summary", **rows, facts=facts)


def _said_with(draft: Draft, item: str, message: Message) -> dict[str, str]:
    """What fills the gaps of a line about the answer just given."""
    if item == "tip_place_changed":
        return {"place": summary(draft).get("where", "")}
    return {"places": receipt_forms.places(message.wrong)} if item == "receipt_words_wrong" else {}


def _added(more: afterwards.Addition, *, quiet: bool) -> dict[str, Any]:
    """The command that adds to the tip just sent. quiet: nothing is said of it."""
    return command(AddToSentTip(more.text, tuple(more.files), more.question, more.facts, quiet))


def _more(draft: Draft, message: Message) -> dict[str, Any]:
    """The same for what is told where the code is asked back: the gateway says that it was passed on."""
    known = afterwards.is_on(draft)  # else it was sent by the version before this one
    read = afterwards.told_freely(draft, message) if known else afterwards.Addition(message.text, message.files)
    return _added(read, quiet=False)


def create_command(draft: Draft, *, as_words: bool = False) -> dict[str, Any]:
    """`CreateTip` with everything told; the gateway seals it and answers with the receipt code, as words or as digits."""
    where = draft.get("where") or {}
    told = [text for _, text in draft.get("said") or ()]  # of all that was told, whatever question it was told to
    words = " ".join(
        map(str, [*(draft.get(key, "") for key in ("what", "who", "behind", "evidence")), where.get("text", ""), *told])
    )
    if police.goes_above(draft):
        draft["police"] = police.ABOVE  # also where the words alone said so: whoever hands the tip on must see it
    return command(
        CreateTip(
            draft={key: value for key, value in draft.items() if key not in _OF_THE_ROAD} | left_open(draft),
            category=category.categorise(words),
            urgent=is_urgent(draft),
            as_words=as_words,
        )
    )


def send_button(draft: Draft, question: str) -> dict[str, bool]:
    """Whether a question carries the button that goes straight to the read-back: urgent, and it is known what and where."""
    known = bool(draft.get("what")) and bool((draft.get("where") or {}).get("code"))
    return {"send_now": True} if known and is_urgent(draft) and question in intake.SENDABLE else {}


def language_of(turn: Turn) -> str:
    """The language of the conversation."""
    return str(turn.context.get("language") or "vi")


class _AskTip(Action):
    """Asks one question of the interview."""

    question = ""

    def name(self) -> str:
        return f"action_ask_tip_{self.question}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        draft = current().draft
        hidden = (draft.get("sent") or {}).get("hidden")  # somebody may look at the screen: nothing is asked any more
        if draft.pop("quiet", False) or hidden:  # somebody came in: nothing new appears on the screen but "Mình chờ"
            return []
        if self.question == "more":  # what comes to mind is waited for, and not asked for
            return []
        if afterwards.is_on(draft) and self.question == "receipt":
            item = afterwards.code_asked(draft, str(current().context.get("language") or "vi"))
            dispatcher.utter_message(json_message=say(item))
            return []
        again = (draft.get("again") or {}).get("question") == self.question and self.question in listening.REWORDED
        brief = bool(draft.pop("brief", False)) and self.question in asked.BRIEF
        if afterwards.is_on(draft) and self.question in AFTER_SENDING and self.question != "pick":
            how = afterwards.asked_with(draft, self.question)
            how["short"] = how["short"] or brief
            dispatcher.utter_message(json_message=say(f"tip_{self.question}_after", **how))
            return []
        if self.question == "confirm":
            dispatcher.utter_message(json_message=read_back(draft, brief=brief))
        elif self.question == "pick":
            line = "tip_pick_brief" if brief else place_question.next_line(draft)
            dispatcher.utter_message(json_message=say("tip_pick", place=draft.get("where") or {}, line=line))
        elif self.question == "edit":
            dispatcher.utter_message(json_message=say("tip_edit_more" if draft.get("edit_more") else "tip_edit"))
        elif self.question == "contact" and draft.get("owner"):
            dispatcher.utter_message(json_message=say("tip_owner"))
        elif brief and not (self.question == "contact" and draft.get("owner")):
            dispatcher.utter_message(
                json_message=say(f"tip_{self.question}_brief", **send_button(draft, self.question))
            )
        elif self.question == "what" and draft.get("what") and not again:
            dispatcher.utter_message(json_message=say("tip_what_more", **send_button(draft, "what")))
        elif self.question == "cancel" and draft.get("cancel_again"):
            dispatcher.utter_message(json_message=say("tip_cancel_again"))
        else:
            item = f"tip_{self.question}_again" if again else f"tip_{self.question}"
            item = receipt_forms.fitted(item, as_words=bool(draft.get(receipt_forms.AS_WORDS)))
            dispatcher.utter_message(json_message=say(item, **send_button(draft, self.question)))
        return []


def _ask_action(question: str) -> type[Action]:
    return type(f"ActionAskTip{question.capitalize()}", (_AskTip,), {"question": question, "__module__": __name__})


ASK_ACTIONS = [_ask_action(question) for question in ASKED]
