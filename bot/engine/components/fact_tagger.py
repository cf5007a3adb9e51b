"""Rasa component: of what each clause of a message tells. Sets Rasa's own `entities`, one for each clause.

Trained from annotated examples (`[tối qua](when) [nó chở đi](what)`), with the mathematics of the intent classifier.
Chosen by measurement against Rasa's CRFEntityExtractor: see docs/adr/0007-what-a-clause-tells.md.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core import text
from bot.dialogue.reading.clauses import clauses
from bot.engine.components.intent_classifier import words_of
from bot.engine.components.linear_model import LinearModel, Recipe, fit
from bot.engine.components.ngrams import Shape, Vectoriser

logger = logging.getLogger(__name__)
KINDS_KEPT = 4  # likeliest kinds of a clause that are passed on


def spans_of(example: Message) -> list[tuple[str, str]]:
    """(words, kind) of an annotated example: each span, and each clause of a span with several."""
    found: list[tuple[str, str]] = []
    whole = example.get(TEXT) or ""
    for entity in example.get(ENTITIES) or []:
        words = whole[entity["start"] : entity["end"]].strip()
        pieces = [clause.text for clause in clauses(words)]
        found.append((words, entity["entity"]))
        if len(pieces) > 1:
            found += [(piece, entity["entity"]) for piece in pieces]
    return found


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class FactTagger(GraphComponent, EntityExtractorMixin):
    """Linear classifier of clauses. Stored as arrays and JSON, never as pickle."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"c": 0.3, "alpha": 0.3, "folds": 3, "random_state": 42}

    @staticmethod
    def required_packages() -> list[str]:
        return ["scipy"]

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._vectoriser = Vectoriser()
        self._model: LinearModel | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FactTagger:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the annotated examples; with none, tag nothing."""
        spans = [span for example in training_data.entity_examples for span in spans_of(example)]
        if spans:
            self.fit([words for words, _ in spans], [kind for _, kind in spans])
            self.persist()
        return self._resource

    def fit(self, texts: list[str], labels: list[str]) -> dict[str, float]:
        """Train on clauses and their kinds, as typed and without diacritics; returns what the calibration chose."""
        rows = [words_of(t) for t in texts] + [words_of(text.fold(text.clean(t))) for t in texts]
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
        trained = fit(self._vectoriser.matrix(rows), [*labels, *labels], groups, recipe, frozenset())
        self._model = trained.model
        logger.info("fact tagger: %s", trained.report)
        return trained.report

    def kinds(self, clause: str) -> list[tuple[str, float]]:
        """The likeliest kinds of a clause with their probabilities; [] for words never seen."""
        if self._model is None:
            return []
        columns, values = self._vectoriser.row(words_of(clause))
        if not len(columns):
            return []
        probabilities = self._model.probabilities(columns, values)
        return [(self._model.classes[i], float(probabilities[i])) for i in np.argsort(-probabilities)[:KINDS_KEPT]]

    def process(self, messages: list[Message]) -> list[Message]:
        """One entity for each clause of a known kind; `kinds` holds the likeliest with their probabilities."""
        for message in messages:
            found = []
            for clause in clauses(message.get(TEXT) or ""):
                ranked = self.kinds(clause.text)
                if ranked:
                    found.append({
                        "entity": ranked[0][0], "start": clause.start, "end": clause.end, "value": clause.text,
                        "confidence_entity": ranked[0][1], "kinds": ranked,
                    })  # fmt: skip
            found = self.add_extractor_name(found)
            message.set(ENTITIES, [*(message.get(ENTITIES) or []), *found], add_to_output=True)
        return messages

    def persist(self) -> None:
        assert self._model is not None
        with self._storage.write_to(self._resource) as folder:
            described = {
                "classes": self._model.classes,
                "vocabularies": [list(v) for v in self._vectoriser.vocabularies],
            }
            (folder / "words.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
            weights = self._model.weights.astype(np.float16)
            np.savez_compressed(
                folder / "numbers.npz", weights=weights, bias=self._model.bias, idf=self._vectoriser.idf
            )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FactTagger:
        """Load a trained tagger. A damaged file raises: an engine without it must not start."""
        component = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                described = json.loads((folder / "words.json").read_text(encoding="utf-8"))
                numbers = np.load(folder / "numbers.npz", allow_pickle=False)
                start = 0
                for words in described["vocabularies"]:
                    component._vectoriser.vocabularies.append({word: start + i for i, word in enumerate(words)})
                    start += len(words)
                component._vectoriser.idf = numbers["idf"]
                component._model = LinearModel(
                    described["classes"], numbers["weights"].astype(np.float32), numbers["bias"]
                )
        except ValueError as error:
            if "does not exist" not in str(error):
                raise
            logger.info("fact tagger: nothing was learned")  # data without annotations, as in the experiments
        return component
