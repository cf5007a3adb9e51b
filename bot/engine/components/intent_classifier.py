"""Rasa component: the intent classifier. Learns from every example twice, as typed and without its diacritics."""

from __future__ import annotations

import json
import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core import text
from bot.dialogue.triage import EMERGENCY_INTENTS, reading
from bot.engine.components.linear_model import DangerModel, LinearModel, Recipe, fit
from bot.engine.components.ngrams import Shape, Vectoriser, Words

logger = logging.getLogger(__name__)
DANGER = "danger_probability"  # message property for the last component; not part of the output
INFORM = "inform"  # annotated for the fact tagger; what an answer tells is no meaning of a first message
HEAD, TAIL = 1_400, 500  # characters of a message that are classified


def words_of(message: str) -> Words:
    """Normal words, words as typed and concepts of a message; linear in what is read of it."""
    visible = text.excerpt(message, HEAD, TAIL)
    tokens = text.tokens(visible)
    normal = " ".join(token.norm for token in tokens).split()
    typed = [text.clean(token.text).lower() for token in tokens]
    return normal, typed, reading.features(reading.read(visible))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramIntentClassifier(GraphComponent, IntentClassifier):
    """Blended linear classifier over words, word pieces and concepts. Stored as arrays and JSON, never as pickle."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"c": 0.3, "alpha": 0.3, "folds": 3, "random_state": 42}

    @staticmethod
    def required_packages() -> list[str]:
        return ["scipy"]

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._vectoriser = Vectoriser()
        self._model: LinearModel | None = None
        self._danger: DangerModel | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramIntentClassifier:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the examples that have an intent; with none, predict nothing."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT) not in {None, INFORM} and e.get(TEXT)]
        if examples:
            self.fit([e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples])
            self.persist()
        return self._resource

    def fit(self, texts: list[str], labels: list[str]) -> dict[str, float]:
        """Train on texts and labels; returns what the calibration chose."""
        plain = [text.fold(text.clean(t)) for t in texts]
        rows = [words_of(t) for t in texts] + [words_of(t) for t in plain]
        self._vectoriser = Vectoriser(Shape()).fit(rows)
        sizes = np.cumsum([0, *(len(v) for v in self._vectoriser.vocabularies)])
        recipe = Recipe(
            c=self._config["c"],
            alpha=self._config["alpha"],
            folds=self._config["folds"],
            seed=self._config["random_state"],
            piece_columns=(int(sizes[1]), int(sizes[2])),
        )
        groups = np.tile(np.arange(len(texts)), 2)
        trained = fit(self._vectoriser.matrix(rows), [*labels, *labels], groups, recipe, frozenset(EMERGENCY_INTENTS))
        self._model, self._danger = trained.model, trained.danger
        logger.info("intent classifier: %s", trained.report)
        return trained.report

    def understand(self, message: str) -> tuple[list[dict[str, Any]], float | None]:
        """All intents, most likely first, as Rasa names and confidences, and the probability of danger.

        ([], None) when nothing was learned or nothing known was said; None for danger when the data had no emergencies.
        """
        if self._model is None:
            return [], None
        columns, values = self._vectoriser.row(words_of(message))
        if not len(columns):
            return [], None
        probabilities = self._model.probabilities(columns, values)
        named = [(self._model.classes[i], float(probabilities[i])) for i in np.argsort(-probabilities)]
        ranking = [{"name": name, "confidence": p} for name, p in named]
        if self._danger is None:
            return ranking, None
        mass = sum(p for name, p in named if name in EMERGENCY_INTENTS)
        return ranking, self._danger.probability(columns, values, mass)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and full ranking. Without a single known feature the intent stays unknown, with confidence 0."""
        for message in messages:
            ranking, danger = self.understand(message.get(TEXT) or "")
            best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set("intent", dict(best), add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            message.set(DANGER, danger)
        return messages

    def persist(self) -> None:
        assert self._model is not None
        with self._storage.write_to(self._resource) as folder:
            vocabularies = self._vectoriser.vocabularies
            described = {"classes": self._model.classes, "vocabularies": [list(v) for v in vocabularies]}
            (folder / "words.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
            np.savez_compressed(
                folder / "numbers.npz",
                weights=self._model.weights.astype(np.float16),
                bias=self._model.bias,
                idf=self._vectoriser.idf,
                **self._danger_numbers(),
            )

    def _danger_numbers(self) -> dict[str, np.ndarray]:
        if self._danger is None:
            return {}
        danger = self._danger
        return {
            "danger": danger.weights.astype(np.float16),
            "danger_bias": np.array(danger.bias),
            "danger_mix": danger.mix,
        }

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramIntentClassifier:
        """Load a trained classifier. A missing or damaged file raises: an engine without it must not start."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            described = json.loads((folder / "words.json").read_text(encoding="utf-8"))
            numbers = np.load(folder / "numbers.npz", allow_pickle=False)
            start = 0
            for words in described["vocabularies"]:
                component._vectoriser.vocabularies.append({word: start + i for i, word in enumerate(words)})
                start += len(words)
            component._vectoriser.idf = numbers["idf"]
            weights = numbers["weights"].astype(np.float32)
            component._model = LinearModel(described["classes"], weights, numbers["bias"])
            if "danger" in numbers:
                own = numbers["danger"].astype(np.float32)
                component._danger = DangerModel(own, float(numbers["danger_bias"]), numbers["danger_mix"])
        return component
