"""What the offer check's model is made from: the written texts, cut into clauses, with what the rules make of them."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

from bot.core.errors import ConfigError
from bot.core.offers.check import read_rules
from bot.core.offers.found import page_of
from bot.core.offers.signals import SignalBook
from bot.core.offers.wording import Clause, clauses

RECIPE = "1"  # raise it when the trainer changes what a model becomes
HANDS = ("hand_1", "hand_2", "hand_3", "around")
Row = dict[str, Any]


def sources(root: Path) -> list[Path]:
    """The files the model is made from."""
    written = [root / "nlu_data" / "offers" / f"{name}.jsonl" for name in HANDS]
    return [*written, *(root / "tests" / "eval_offers" / f"{name}.jsonl" for name in ("scam", "honest"))]


def digest(root: Path) -> str:
    """Names the inputs; a model with another name was made from other texts. 16 hexadecimal digits."""
    total = hashlib.sha256(RECIPE.encode())
    for path in sources(root):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def rows(root: Path, book: SignalBook) -> list[Row]:
    """The texts of all hands, ready for the trainer."""
    out: list[Row] = []
    for path in sources(root):
        for line in path.read_text(encoding="utf-8").splitlines():
            out.append(_row(json.loads(line), path.stem, book))
    return out


def train(
    root: Path, python: Path, book: SignalBook, unseen: bool = False
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The model as it is stored, and how each hand fared when only the others were learned from."""
    told = json.dumps(rows(root, book))
    command = [str(python), "-W", "ignore", "-m", "bot.engine.offer_trainer", *(["--unseen"] if unseen else [])]
    done = subprocess.run(command, input=told, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ConfigError(f"bot.engine.offer_trainer: {done.stderr[-2000:]}")
    answer = json.loads(done.stdout)
    return {**answer["model"], "inputs": digest(root)}, answer["unseen"]


def written(model: dict[str, Any]) -> str:
    """The model as text, one run of words a line, so that changes can be read."""
    rest = {name: value for name, value in model.items() if name != "runs"}
    head = json.dumps(rest, ensure_ascii=False, indent=1)
    runs = ",\n".join(json.dumps(run, ensure_ascii=False, separators=(",", ":")) for run in model["runs"])
    return f'{head[:-2]},\n "runs": [\n{runs}\n]}}\n'


def _row(data: Row, name: str, book: SignalBook) -> Row:
    own = name in ("scam", "honest")
    frame = ("told" if data.get("style") == "description" else "offer") if own else data["frame"]
    risk = {"scam": "high", "honest": "low"}[name] if own else data["risk"]
    page = page_of(data["text"])
    rules = read_rules(page, book)
    parts = clauses(page.words)
    marks = [(mark["quote"], mark["signal"]) for mark in data.get("marks", ())]
    known = bool(marks) or risk == "low" or frame in ("warning", "none")
    if not known:  # nobody marked it: what the rules quote is the best there is
        marks = [(flag.quote, flag.signal.id) for flag in rules.flags]
    placed = [(at, sign) for quote, sign in marks for at in _places(data["text"], quote, page.words.spans, parts)]
    return {
        "hand": "own" if own else name, "frame": frame, "risk": risk, "known": known,
        "clauses": [part.runs for part in parts], "signs": sorted(set(placed)),
        "rules": [rules.score, rules.grave, len(rules.flags), len(rules.assured)],
    }  # fmt: skip


def _places(text: str, quote: str, spans: tuple[tuple[int, int], ...], parts: list[Clause]) -> list[int]:
    """Numbers of the clauses that lie in the quote for at least half."""
    start = text.find(quote)
    end = start + len(quote)
    found = []
    for number, part in enumerate(parts):
        inside = [start <= spans[i][0] < end for i in range(part.first, part.last + 1)]
        if start >= 0 and 2 * sum(inside) >= len(inside):
            found.append(number)
    if not found and start >= 0:  # a short quote in a long clause
        found = [
            n
            for n, part in enumerate(parts)
            if any(start <= spans[i][0] < end for i in range(part.first, part.last + 1))
        ]
    return found
