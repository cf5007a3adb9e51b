"""Checking a job offer: one question, one answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

import bot.phrases as phrases
from actions.reading import is_digression, message_of
from actions.turn import command, current
from bot.core.offers.request import asks_check, carries_offer, looks_like_offer
from bot.dialogue.commands import CheckOffer
from bot.dialogue.says import say

LONGEST_QUESTION = 80  # characters; what is longer, or has an offer's words, is the offer


def _end(slot: str) -> list[dict[str, Any]]:
    return [SlotSet(slot, None), SlotSet("requested_slot", None), ActiveLoop(None)]


class ActionCheckOffer(Action):
    """What was sent along with the request is checked at once; otherwise the offer is asked for."""

    def name(self) -> str:
        return "action_check_offer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        text = current().text
        if not text or not carries_offer(text):
            return [FollowupAction("offer_form")]
        dispatcher.utter_message(json_message=command(CheckOffer(text)))
        return []


class ValidateOfferForm(Action):
    def name(self) -> str:
        return "validate_offer_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        turn = current()
        if not tracker.get_slot("requested_slot"):
            return [SlotSet("requested_slot", "offer_text")]
        message = message_of(tracker)
        if message.choice == "ans:done" or phrases.stops(turn.text):
            dispatcher.utter_message(json_message=say("offer_stopped"))
            return _end("offer_text")
        if is_digression(message, "offer") and len(turn.text) < LONGEST_QUESTION and not looks_like_offer(turn.text):
            return []
        if asks_check(turn.text) and not carries_offer(turn.text) and not looks_like_offer(turn.text):
            return [
                SlotSet("requested_slot", "offer_text"),
                SlotSet("offer_text", None),
            ]  # asked again, nothing pasted yet
        if not any(char.isalnum() for char in turn.text) or phrases.means(turn.text, "yes", "pause", "points_back"):
            dispatcher.utter_message(json_message=say("offer_needs_words"))
            return [SlotSet("requested_slot", "offer_text"), SlotSet("offer_text", None)]
        dispatcher.utter_message(json_message=command(CheckOffer(turn.text)))
        return _end("offer_text")


class ActionAskOfferText(Action):
    def name(self) -> str:
        return "action_ask_offer_text"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        dispatcher.utter_message(json_message=say("offer_ask"))
        return []
