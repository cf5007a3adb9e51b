"""Run by the engine's Python (tests/integration/engine/test_pipeline.py): trains tiny pipelines, prints what they answer."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
PIPELINE = Path("nlu_data/config.yml")


def train(folder: Path, examples: dict[str, list[str]]) -> str:
    """A model archive of the product's own pipeline on other examples."""
    from rasa.model_training import train_nlu
    from ruamel.yaml import YAML

    blocks = [
        {"intent": name, "examples": "".join(f"- {line}\n" for line in lines)} for name, lines in examples.items()
    ]
    YAML(typ="safe").dump({"version": "3.1", "nlu": blocks}, folder / "nlu.yml")
    return str(train_nlu(str(PIPELINE), str(folder / "nlu.yml"), str(folder / "models")))


async def ask(archive: str, messages: list[str]) -> list[dict[str, object]]:
    from rasa.core.agent import Agent

    agent = Agent.load(archive)
    answers = []
    for message in messages:
        result = await agent.parse_message(message)
        row = {"intent": result["intent"]["name"], "confidence": result["intent"]["confidence"]}
        answers.append({**row, "emergency": result.get("emergency"), "ranking": len(result["intent_ranking"])})
    return answers


def main() -> None:
    data = json.loads(sys.stdin.read())
    with tempfile.TemporaryDirectory() as folder:
        print("RESULT " + json.dumps(asyncio.run(ask(train(Path(folder), data["examples"]), data["messages"]))))


if __name__ == "__main__":
    main()
