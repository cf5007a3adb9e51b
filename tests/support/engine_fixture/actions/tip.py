"""The form of the test bot: words go to the draft, slots hold references."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import current
from bot.dialogue.says import say

SLOTS = ("tip_what", "tip_where")


def _keep(name: str) -> dict[str, Any]:
    turn = current()
    if "nổ" in turn.text.split():
        raise ValueError(f"cannot take {turn.text}")
    turn.draft[name] = turn.text
    return {name: f"draft:{name}"}


class ValidateTipForm(FormValidationAction):
    def name(self) -> str:
        return "validate_tip_form"

    def validate_tip_what(self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any) -> dict[str, Any]:
        return _keep("tip_what")

    def validate_tip_where(self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any) -> dict[str, Any]:
        return _keep("tip_where")


class SubmitTip(Action):
    def name(self) -> str:
        return "action_submit_tip"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = current()
        dispatcher.utter_message(json_message={"command": "CreateTip", "args": dict(turn.draft)})
        dispatcher.utter_message(json_message=say("tip_sent"))
        turn.draft.clear()
        return [SlotSet(slot, None) for slot in SLOTS]


class CancelTip(Action):
    def name(self) -> str:
        return "action_cancel_tip"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        current().draft.clear()
        dispatcher.utter_message(json_message=say("cancelled"))
        return [SlotSet(slot, None) for slot in SLOTS]


class RememberTopic(Action):
    def name(self) -> str:
        return "action_remember_topic"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        return [SlotSet("topic", "job")]
