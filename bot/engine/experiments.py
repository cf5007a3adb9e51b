"""Compares pipelines on the same data: `bot/engine/.venv/bin/python -m bot.engine.experiments [name ...]`.

Each candidate is trained by Rasa itself on `nlu_data/nlu` and asked the messages of `tests/eval` whose kind is "intent",
as written and without diacritics. Results are kept in docs/nlu-experiments.json, one entry a candidate, and the table of
docs/nlu-experiments.md is written anew from them. DIET takes about half an hour on two cores; the others a few minutes.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.core import text
from bot.engine.evaluate import ROOT, evaluation_messages, training_examples

RESULTS = ROOT / "docs" / "nlu-experiments.json"
TABLE = ROOT / "docs" / "nlu-experiments.md"
OWN = "bot.engine.components"
_COUNTS: list[dict[str, Any]] = [
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
_DUAL: list[dict[str, Any]] = [
    {"name": "CountVectorsFeaturizer", "use_lemma": False},
    {"name": "CountVectorsFeaturizer", "use_lemma": True, "min_ngram": 1, "max_ngram": 2},
    {"name": "CountVectorsFeaturizer", "use_lemma": True, "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
_TOKENS = {"name": f"{OWN}.vietnamese_tokenizer.VietnameseTokenizer"}
_REGRESSION = {"name": "LogisticRegressionClassifier", "max_iter": 100}
_DIET = {"name": "DIETClassifier", "epochs": 12, "entity_recognition": False, "constrain_similarities": True}
CANDIDATES: dict[str, tuple[str, list[dict[str, Any]], float]] = {
    "stock-lr": ("Whitespace + counts of words and pieces + LogisticRegression", [{"name": "WhitespaceTokenizer"}, *_COUNTS, _REGRESSION], 1.0),
    "dual-lr": ("our tokenizer, as typed and normal, counts + LogisticRegression", [_TOKENS, *_DUAL, _REGRESSION], 1.0),
    "dual-diet": ("our tokenizer, as typed and normal, counts + DIET (12 epochs, half of the data)", [_TOKENS, *_DUAL, _DIET], 0.5),
    "half-ours": ("our tokenizer + our classifier, half of the data", [_TOKENS, {"name": f"{OWN}.intent_classifier.NgramIntentClassifier"}], 0.5),
    "ours": ("our tokenizer + NgramIntentClassifier", [_TOKENS, {"name": f"{OWN}.intent_classifier.NgramIntentClassifier"}], 1.0),
    "ours-gate": (
        "the pipeline of nlu_data/config.yml (the above + MeaningGate)",
        [_TOKENS, {"name": f"{OWN}.intent_classifier.NgramIntentClassifier"}, {"name": f"{OWN}.meaning_gate.MeaningGate"}],
        1.0,
    ),
}  # fmt: skip


def _write_data(folder: Path, part: float) -> None:
    texts, labels = training_examples(ROOT / "nlu_data" / "nlu")
    by_intent: dict[str, list[str]] = {}
    for example, label in zip(texts, labels, strict=True):
        by_intent.setdefault(label, []).append(example)
    chooser = random.Random(5)  # noqa: S311  # a reproducible sample
    blocks = []
    for label, examples in by_intent.items():
        kept = chooser.sample(examples, max(2, int(len(examples) * part)))
        blocks.append({"intent": label, "examples": "".join(f"- {example}\n" for example in kept)})
    YAML(typ="safe").dump({"version": "3.1", "nlu": blocks}, folder / "nlu.yml")


def _answer(result: dict[str, Any]) -> str:
    ranking = [row["name"] for row in result.get("intent_ranking", []) if row["name"] != "nlu_fallback"]
    return str(ranking[0]) if ranking else ""


async def _measure(archive: str, rows: list[dict[str, Any]]) -> dict[str, float]:
    from rasa.core.agent import Agent

    agent = Agent.load(archive)
    right = plain = 0
    spent = []
    for row in rows:
        started = time.process_time()
        result = await agent.parse_message(row["text"])
        spent.append((time.process_time() - started) * 1000)
        right += _answer(result) == row["intent"]
        plain += _answer(await agent.parse_message(text.fold(text.clean(row["text"])))) == row["intent"]
    return {"accuracy": right / len(rows), "plain": plain / len(rows), "ms": statistics.median(spent)}


def run(name: str) -> dict[str, Any]:
    """Train and measure one candidate."""
    from rasa.model_training import train_nlu

    title, pipeline, part = CANDIDATES[name]
    rows = [row for row in evaluation_messages(ROOT / "tests" / "eval") if row["kind"] == "intent"]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _write_data(home, part)
        config = {"recipe": "default.v1", "assistant_id": "experiment", "language": "vi", "pipeline": pipeline}
        YAML(typ="safe").dump(config, home / "config.yml")
        started = time.process_time()
        archive = train_nlu(str(home / "config.yml"), str(home / "nlu.yml"), str(home / "models"))
        seconds = time.process_time() - started
        measured = asyncio.run(_measure(str(archive), rows))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "title": title,
        "messages": len(rows),
        "train_cpu_seconds": round(seconds),
        "peak_mib": round(memory),
        **measured,
    }


def write_table(results: dict[str, Any]) -> None:
    lines = [
        "# Experiments: which pipeline",
        "",
        "Written by `python -m bot.engine.experiments`; the numbers are in `nlu-experiments.json`. Trained on `nlu_data/nlu`,",
        'measured on the 41 meanings of `tests/eval` (kind "intent"), as written and with the diacritics removed. CPU time.',
        "",
        "| pipeline | accuracy | without diacritics | parse, median ms | training, CPU s |",
        "|---|---|---|---|---|",
    ]
    for name in CANDIDATES:
        if name in results:
            r = results[name]
            cells = (
                r["title"],
                f"{100 * r['accuracy']:.1f}",
                f"{100 * r['plain']:.1f}",
                f"{r['ms']:.1f}",
                r["train_cpu_seconds"],
            )
            lines.append("| " + " | ".join(map(str, cells)) + " |")
    notes = TABLE.parent / "nlu-experiments-notes.md"
    if notes.exists():
        lines += ["", notes.read_text(encoding="utf-8").rstrip()]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(names: list[str]) -> None:
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name in names or list(CANDIDATES):
        results[name] = run(name)
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        write_table(results)
        print(f"▸ {name}: {results[name]['accuracy']:.3f} {results[name]['plain']:.3f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
