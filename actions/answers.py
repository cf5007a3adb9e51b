"""One answer to one message: questions, greetings, cards. The words are in content/; here is only which item."""

from __future__ import annotations

from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.reading import EMERGENCIES
from actions.turn import command, current
from bot.core.offers.request import carries_offer, tells_offer
from bot.dialogue.commands import CallHuman, CheckOffer, Command, Subscribe, Unsubscribe
from bot.dialogue.reading import pages
from bot.dialogue.says import say

# Intents whose item is called otherwise than the intent itself ("ask_x" answers with "x").
ITEMS = {
    "non_vietnamese": "foreign_card",
    "affirm": "nothing_open",
    "deny": "nothing_open",
    "stop_cancel": "nothing_to_stop",
    "send_location": "location_thanks",
    "send_files": "files_thanks",
    "unsupported": "unsupported",
    "choose": "choice_gone",
}
LONG_OFFER_CHARS = 110  # a pasted advert, not a question about one
_DOUBT = {"out_of_scope", "chitchat"}  # meanings an advert falls into when no topic claims it
OFFER_INTENTS = {
    "ask_light_work_high_pay",
    "ask_job_abroad_check",
    "ask_online_collaborator_scam",
    "ask_study_abroad_or_seasonal_work",
    "ask_scam_center_cambodia_myanmar",
    "ask_fishing_boat_forced_labor",
}


def item_for(intent: str) -> str:
    """The content item that answers `intent`."""
    # ask_human keeps its whole name: it is a request, not a topic
    return ITEMS.get(intent) or (intent if intent == "ask_human" else intent.removeprefix("ask_"))


def _is_advert(text: str) -> bool:
    return len(text) >= LONG_OFFER_CHARS // 2 and carries_offer(text)


class ActionAnswer(Action):
    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        turn = current()
        intent = (tracker.latest_message or {}).get("intent", {}).get("name") or "out_of_scope"
        if intent == "show_item":
            kind, _, item = turn.choice.partition(":")
            dispatcher.utter_message(json_message=say(item, more=kind == "more"))
            return []
        offered = len(turn.text) >= LONG_OFFER_CHARS or tells_offer(turn.text)
        if (intent in OFFER_INTENTS and offered) or (intent in _DOUBT and _is_advert(turn.text)):
            dispatcher.utter_message(json_message=command(CheckOffer(turn.text, topic=item_for(intent))))
            return []
        dispatcher.utter_message(json_message=say(pages.item_of(intent, turn.text) or item_for(intent)))
        return []


class ActionCommand(Action):
    """Intents that are carried out rather than answered."""

    COMMANDS: ClassVar[dict[str, Command]] = {
        "subscribe": Subscribe(),
        "unsubscribe": Unsubscribe(),
        "ask_human": CallHuman(),
    }

    def name(self) -> str:
        return "action_command"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        intent = tracker.latest_message["intent"]["name"]
        dispatcher.utter_message(json_message=command(self.COMMANDS[intent]))
        return []


class ActionUnsure(Action):
    """Two most likely meanings as buttons, a person, and the hotlines; the second time in a row, the person first."""

    def name(self) -> str:
        return "action_unsure"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        turn = current()
        if _is_advert(turn.text):
            dispatcher.utter_message(json_message=command(CheckOffer(turn.text)))
            return []
        found = pages.item_of(pages.UNSURE, turn.text)
        if found:
            dispatcher.utter_message(json_message=say(found))
            return []
        ranking = [entry.get("name") for entry in (tracker.latest_message or {}).get("intent_ranking", [])]
        # "Are you tired of living?" is no guess to offer a neutral message; danger is heard or it is not.
        guesses = [name for name in ranking if name and name not in {"nlu_fallback", *EMERGENCIES}][:2]
        again = bool(turn.context.get("unsure_before"))
        dispatcher.utter_message(json_message=say("unsure_again" if again else "unsure", guesses=guesses))
        return []
