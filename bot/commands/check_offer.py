"""`lachan check-offer`: JSON lines {"text"} in, {"risk", "flags": [{"id", "quote"}]} out, in order, one at a time."""

from __future__ import annotations

import json
import sys

import typer

from bot.content.offers import load_signal_book
from bot.core.offers.check import check_offer
from bot.core.offers.signals import SignalBook

app = typer.Typer(add_completion=False)


@app.callback(invoke_without_command=True)
def main() -> None:
    """Name the warning signs in offers read from standard input as JSON lines {"text": ...}."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    book = load_signal_book()
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(answer(line, book), ensure_ascii=False), flush=True)


def answer(line: str, book: SignalBook) -> dict[str, object]:
    """The answer to one line. A line that is not {"text": string} gets unknown and an "error", never a traceback."""
    try:
        text = json.loads(line)["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {"risk": "unknown", "flags": [], "error": 'expected {"text": string}'}
    if not isinstance(text, str):
        return {"risk": "unknown", "flags": [], "error": 'expected {"text": string}'}
    verdict = check_offer(text, book)
    return {"risk": verdict.risk, "flags": [{"id": flag.signal.id, "quote": flag.quote} for flag in verdict.flags]}
