"""Coming back with a receipt code: status, officers' answers, and a message to them."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

import bot.phrases as phrases
from actions.form_slots import asking
from actions.reading import EMERGENCIES, is_digression, message_of
from actions.turn import command, current
from bot.core.messages import MAX_ATTACHMENTS
from bot.dialogue.commands import AddReporterMessage, CloseTipView, LookUpTip, ShowSentTip
from bot.dialogue.interview import after_words, kinds, receipt_forms
from bot.dialogue.interview.draft import Message
from bot.dialogue.interview.extract import extract
from bot.dialogue.interview.phrases import leaves_tip
from bot.dialogue.reading.questions import is_question
from bot.dialogue.says import say
from bot.dialogue.triage import followup

SLOTS = ("status_code", "status_next", "status_message")
ASKED_AGAIN = "code_asked_again"  # in the draft
WAITING = "told"  # in the draft: what was told where a code was asked for, until a code opens the tip it belongs to
WAITING_FILES = "told_files"  # the same for files told before the code was asked for
BEGUN = "begun"  # in the draft, until the code is asked for the first time
MOST_WAITING, MOST_CHARS = 8, 2_000  # messages; characters of each
_TELLING = 5  # words
_CRY = "emergency_in_danger"


def _end() -> list[dict[str, Any]]:
    return [SlotSet(slot, None) for slot in SLOTS] + [SlotSet("requested_slot", None), ActiveLoop(None)]


def _wants_to_write(message: Message) -> bool:
    """A bare yes to "Bạn có muốn nhắn thêm cho cán bộ không?"."""
    return not message.choice and not message.files and phrases.is_yes(message.text)


def _tells(text: str) -> bool:
    """Whether words written where a code was asked for are meant for officers."""
    if is_question(text) or phrases.means(text, *phrases.ACTS, "leave", beside=("small_talk",)):
        return False
    return (
        followup.pressing(text)
        or kinds.tells_event(text)
        or bool(extract(text).traces)
        or len(text.split()) >= _TELLING
    )


def _slip(context: dict[str, Any]) -> dict[str, Any]:
    """What is said of a code that cannot be one: the places of words that are in no list, and nothing about the others."""
    if context.get("code_wrong"):
        return say("status_words_wrong", places=receipt_forms.places(context["code_wrong"]))
    return say("status_words_shape" if context.get("code_as_words") else "status_code_typo")


class ActionStartStatus(Action):
    def name(self) -> str:
        return "action_start_status"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        draft = current().draft
        draft.clear()
        told = current().context.get("waiting") or []  # after a tip was sent and its code let go
        draft[BEGUN] = True
        if words := [str(entry["text"])[:MOST_CHARS] for entry in told if entry.get("text")]:
            draft[WAITING] = words[-MOST_WAITING:]
        if files := [ref for entry in told for ref in entry.get("files", ())]:
            draft[WAITING_FILES] = files[-MAX_ATTACHMENTS:]
        return [SlotSet(slot, None) for slot in SLOTS] + [SlotSet("requested_slot", None)]


class ValidateStatusForm(Action):
    def name(self) -> str:
        return "validate_status_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        turn = current()
        requested = tracker.get_slot("requested_slot")
        message = message_of(tracker)
        code = turn.context.get("code")  # "well_formed" | "malformed" | None: read by the gateway, never shown to us
        if not code and requested in {None, "status_code"} and after_words.code_lost(turn.text, asked=bool(requested)):
            turn.draft.clear()
            dispatcher.utter_message(json_message=say("status_code_lost"))
            return _end()
        if not requested and not code:
            if after_words.own_question(turn.text) == "receipt_what":
                dispatcher.utter_message(json_message=say("receipt_what"))
            return asking(tracker, SLOTS, "status_code")
        if code and requested != "status_message":
            return self._look_up(dispatcher, tracker, code)
        if requested == "status_code" and turn.context.get("code_part"):
            dispatcher.utter_message(json_message=say("status_code_part"))
            return asking(tracker, SLOTS, "status_code")
        if requested != "status_code" and not turn.context.get("view_open"):
            # The code opened nothing or the view was closed: what is written now is no message to officers.
            dispatcher.utter_message(json_message=say("status_not_opened"))
            return _end()
        if message.emergency and requested == "status_code":
            current().draft.clear()
            # Whoever cries for help is not asked for digits again.
            dispatcher.utter_message(json_message=say(message.intent if message.intent in EMERGENCIES else _CRY))
            return _end()
        if is_digression(message, requested):
            return []
        if message.choice == "ans:done" or (
            not message.choice and leaves_tip(message.text, yes_expected=requested == "status_next")
        ):
            turn.draft.clear()
            dispatcher.utter_message(json_message=command(CloseTipView()))
            dispatcher.utter_message(json_message=say("status_closed"))
            return _end()
        if requested == "status_code":
            return self._no_code(dispatcher, tracker)
        if message.choice == "ans:review" or (not message.files and after_words.reviews(turn.text)):
            dispatcher.utter_message(json_message=command(ShowSentTip()))
            return asking(tracker, SLOTS, "status_next")
        if message.choice == "ans:write" or (requested == "status_next" and _wants_to_write(message)):
            return asking(tracker, SLOTS, "status_message")
        if turn.text or message.files:
            # Whether asked for or not: words written while a tip is open are meant for its officers.
            dispatcher.utter_message(json_message=command(AddReporterMessage(turn.text, message.files)))
            return asking(tracker, SLOTS, "status_next")
        return asking(tracker, SLOTS, "status_next")

    @staticmethod
    def _no_code(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Something else than a code, where one was asked for: said once what a code looks like, then let go.

        What is told there waits for the code and is sent with it: nothing told is lost in silence.
        """
        draft, text = current().draft, current().text
        if after_words.own_question(text) == "receipt_what":
            dispatcher.utter_message(json_message=say("receipt_what"))
            return asking(tracker, SLOTS, "status_code")
        if _tells(text):
            waiting = draft.get(WAITING) or []
            draft[WAITING] = [*waiting, text[:MOST_CHARS]][-MOST_WAITING:]
            dispatcher.utter_message(json_message=say("status_words_wait_more" if waiting else "status_words_wait"))
            return asking(tracker, SLOTS, "status_code")
        if draft.get(ASKED_AGAIN):
            draft.clear()
            dispatcher.utter_message(json_message=say("status_let_go"))
            return _end()
        draft[ASKED_AGAIN] = True
        dispatcher.utter_message(json_message=say("status_code_shape"))
        return asking(tracker, SLOTS, "status_code")

    @staticmethod
    def _look_up(dispatcher: CollectingDispatcher, tracker: Tracker, code: str) -> list[dict[str, Any]]:
        for name in (ASKED_AGAIN, BEGUN):
            current().draft.pop(name, None)
        if code != "well_formed":
            dispatcher.utter_message(json_message=_slip(current().context))
            return asking(tracker, SLOTS, "status_code")
        dispatcher.utter_message(json_message=command(LookUpTip()))
        waiting, files = current().draft.pop(WAITING, None) or [], current().draft.pop(WAITING_FILES, None) or []
        if waiting or files:  # a code that opens nothing stops what comes after it
            dispatcher.utter_message(json_message=command(AddReporterMessage("\n".join(waiting), tuple(files))))
        return asking(tracker, SLOTS, "status_next")


class ActionAskStatusCode(Action):
    def name(self) -> str:
        return "action_ask_status_code"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        draft = current().draft
        if not draft.pop(BEGUN, False) and draft.get(WAITING):
            return []  # it was just said what the code is needed for
        dispatcher.utter_message(json_message=say("status_code"))
        return []


class ActionAskStatusNext(Action):
    """What to do with the opened tip. The gateway leaves this line out when the code opened nothing."""

    def name(self) -> str:
        return "action_ask_status_next"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        dispatcher.utter_message(json_message=say("status_next"))
        return []


class ActionAskStatusMessage(Action):
    def name(self) -> str:
        return "action_ask_status_message"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        dispatcher.utter_message(json_message=say("status_message"))
        return []
