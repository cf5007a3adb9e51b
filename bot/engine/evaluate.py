"""`make eval`, first half (engine's Python): what the pipeline makes of the evaluation messages, as JSON.

    bot/engine/.venv/bin/python -m bot.engine.evaluate build/eval/predictions.json
    .venv/bin/python scripts/eval_report.py build/eval/predictions.json

Trains the classifier of `nlu_data/config.yml` in this process on `nlu_data/nlu`, never on `tests/eval`, and applies the
triage exactly as the last component does. Every message is also read without its diacritics.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.core import text
from bot.dialogue import triage
from bot.engine.components.intent_classifier import NgramIntentClassifier

ROOT = Path(__file__).resolve().parents[2]


def training_examples(folder: Path) -> tuple[list[str], list[str]]:
    """Texts and intents of every YAML file under `folder`."""
    texts: list[str] = []
    labels: list[str] = []
    for path in sorted(folder.glob("**/*.yml")):
        for block in YAML(typ="safe").load(path).get("nlu", []):
            if "intent" not in block:
                continue
            lines = [
                line.strip()[2:].strip() for line in block["examples"].splitlines() if line.strip().startswith("- ")
            ]
            texts += lines
            labels += [block["intent"]] * len(lines)
    return texts, labels


def evaluation_messages(folder: Path) -> list[dict[str, Any]]:
    """The lines of every evaluation file."""
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.open(encoding="utf-8")
        if line.strip()
    ]


def trained() -> tuple[NgramIntentClassifier, dict[str, float], tuple[list[str], list[str]]]:
    """A classifier fitted on `nlu_data/nlu` with the settings of the pipeline, what it chose, and its examples."""
    config = YAML(typ="safe").load(ROOT / "nlu_data" / "config.yml")
    own = next(part for part in config["pipeline"] if part["name"].endswith("NgramIntentClassifier"))
    settings = {**NgramIntentClassifier.get_default_config(), **{k: v for k, v in own.items() if k != "name"}}
    classifier = NgramIntentClassifier(settings, None, None)  # type: ignore[arg-type]  # nothing is stored
    examples = training_examples(ROOT / "nlu_data" / "nlu")
    return classifier, classifier.fit(*examples), examples


def predict(classifier: NgramIntentClassifier, message: str) -> dict[str, Any]:
    """Intent, confidence and emergency as `lachan understand` gives them, with CPU milliseconds."""
    started = time.process_time()
    ranking, danger = classifier.understand(message)
    intent, confidence, emergency = triage.final_intent(message, ranking, danger)
    spent = (time.process_time() - started) * 1000
    others = [row for row in ranking if row["name"] != intent]
    return {
        "intent": intent,
        "confidence": min(confidence, 1.0),
        "emergency": emergency,
        "second": others[0]["name"] if others else "",
        "lead": min(confidence, 1.0) - (others[0]["confidence"] if others else 0.0),
        "rules": triage.assess(message).level,
        "ms": spent,
    }


def _long_message_costs(classifier: NgramIntentClassifier) -> dict[str, float]:
    """CPU milliseconds by length of the message, best of three."""
    line = "em đang bị nhốt ở tòa nhà này k cho ra ngoài, "
    costs = {}
    for size in (50, 500, 2_000, 10_000):
        message = (line * (size // len(line) + 1))[:size]
        costs[str(size)] = min(predict(classifier, message)["ms"] for _ in range(3))
    return costs


def main(target: Path) -> None:
    started = time.monotonic()
    classifier, chosen, (examples, labels) = trained()
    took = time.monotonic() - started
    seen = {text.normalise(example) for example in examples}
    rows = []
    for row in evaluation_messages(ROOT / "tests" / "eval"):
        plain = predict(classifier, text.fold(text.clean(row["text"])))
        rows.append(
            {
                **row,
                "got": predict(classifier, row["text"]),
                "plain": plain,
                "seen": text.normalise(row["text"]) in seen,
            }
        )
    about = {
        "examples": len(examples),
        "intents": len(set(labels)),
        "training_seconds": round(took, 1),
        "chosen": chosen,
        "long": _long_message_costs(classifier),
        "python": platform.python_version(),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({"about": about, "rows": rows}, ensure_ascii=False), encoding="utf-8")
    print(f"▸ {len(rows)} messages, {target}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/eval/predictions.json"))
