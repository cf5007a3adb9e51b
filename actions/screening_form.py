"""The gentle self-check. Which question follows is the checklist's matter (bot.core.screening); the gateway works it out
for every possible answer and hands the result over, so that the engine needs no content."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.reading import is_digression, message_of
from actions.turn import current
from bot.dialogue.says import say
from bot.dialogue.screening import MOST_REPEATS, read_answer


class ActionStartScreening(Action):
    def name(self) -> str:
        return "action_start_screening"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        current().draft.clear()
        current().draft["screening"] = {}
        dispatcher.utter_message(json_message=say("screening_opening"))
        return [SlotSet("screening_answer", None), SlotSet("requested_slot", None)]


class ValidateScreeningForm(Action):
    def name(self) -> str:
        return "validate_screening_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        turn = current()
        if not tracker.get_slot("requested_slot"):
            return [SlotSet("requested_slot", "screening_answer")]
        message = message_of(tracker)
        if is_digression(message, "screening"):
            return []
        pending, after = turn.context["screening"]["pending"], turn.context["screening"]["after"]
        answer = read_answer(turn.text, turn.choice, list(after))
        answers = turn.draft.setdefault("screening", {})
        turn.draft["repeats"] = 0 if answer else int(turn.draft.get("repeats") or 0) + 1
        if not answer and turn.draft["repeats"] > MOST_REPEATS and "skip" in after:
            answer, turn.draft["repeats"] = "skip", 0
        if not answer:
            return [SlotSet("screening_answer", None), SlotSet("requested_slot", "screening_answer")]
        answers[pending] = answer
        if after[answer] is None:
            dispatcher.utter_message(json_message=say("screening_outcome", answers=dict(answers)))
            turn.draft.clear()
            return [SlotSet("screening_answer", None), SlotSet("requested_slot", None), ActiveLoop(None)]
        answers["_ask"] = after[answer]
        return [SlotSet("screening_answer", None), SlotSet("requested_slot", "screening_answer")]


class ActionAskScreeningAnswer(Action):
    def name(self) -> str:
        return "action_ask_screening_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        answers = current().draft.get("screening") or {}
        dispatcher.utter_message(json_message=say("screening_question", answers=dict(answers)))
        return []
