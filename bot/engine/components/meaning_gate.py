"""Last Rasa component: the triage has the final word, and an unsure meaning becomes `nlu_fallback`.

With other training data (no emergency intents) it changes nothing, so the pipeline can be measured on public corpora.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.dialogue import triage
from bot.engine.components.intent_classifier import DANGER

NLU_FALLBACK = "nlu_fallback"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class MeaningGate(GraphComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking` and `emergency` (all part of the output).

    threshold: below this confidence the intent becomes nlu_fallback; ambiguity_threshold: also when the two likeliest are
    closer than this. An emergency and a message in another language are never a fallback. The ranking keeps the real
    meanings, so that the two likeliest can be offered as buttons.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"threshold": 0.4, "ambiguity_threshold": 0.1}

    def __init__(self, config: dict[str, Any]) -> None:
        self._threshold = float(config["threshold"])
        self._ambiguity = float(config["ambiguity_threshold"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MeaningGate:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = list(message.get("intent_ranking") or [])
            known = {row["name"] for row in ranking}
            if not ranking or known >= set(triage.EMERGENCY_INTENTS):
                self._settle(message, ranking)
        return messages

    def _settle(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        text = message.get(TEXT) or ""
        intent, confidence, emergency = triage.final_intent(text, ranking, message.get(DANGER))
        rest = [row for row in ranking if row["name"] != intent]
        ranking = [{"name": intent, "confidence": confidence}, *rest]
        chosen = ranking[0]
        if not emergency and intent != triage.NON_VIETNAMESE and self._unsure(ranking):
            chosen = {"name": NLU_FALLBACK, "confidence": self._threshold}
            ranking = [chosen, *ranking]
        message.set(INTENT, dict(chosen), add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set("emergency", emergency, add_to_output=True)

    def _unsure(self, ranking: list[dict[str, Any]]) -> bool:
        best = ranking[0]["confidence"]
        second = ranking[1]["confidence"] if len(ranking) > 1 else 0.0
        return best < self._threshold or best - second < self._ambiguity
