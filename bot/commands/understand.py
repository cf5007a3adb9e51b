"""`lachan understand`: what the engine makes of messages. JSON lines in, JSON lines out, in order.

    {"text": "..."}  ->  {"intent": "...", "confidence": 0.97, "emergency": false, "language": "vi"}

A line that is not an object with a text gives {"error": "bad_input"}; the command never stops for one. A line sent alone
is answered at once; lines that arrive faster are asked in batches. Nothing is stored and nothing is logged.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from bot.core.errors import EngineUnavailable
from bot.core.messages import MAX_TEXT_CHARS
from bot.dialogue.triage import UNKNOWN_INTENT
from bot.engine_client.pool import ROOT, EnginePool, PoolConfig
from bot.engine_client.trust import Place
from bot.services.messaging.language_detect import detect
from bot.settings import model_place

app = typer.Typer(add_completion=False, help=__doc__)

BATCH = 64  # lines asked at once
_START_TIMEOUT = 50.0  # seconds
_BATCH_TIMEOUT = 30.0
NOT_UNDERSTOOD = "nlu_fallback"  # Rasa's name for an unsure meaning
_BAD_INPUT = {"error": "bad_input"}


def text_of(line: bytes) -> str | None:
    """The text of an input line, or None if it has none."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    text = message.get("text") if isinstance(message, dict) else None
    return text[:MAX_TEXT_CHARS] if isinstance(text, str) else None


async def answer(lines: list[bytes], pool: EnginePool) -> list[dict[str, Any]]:
    """One answer for each line."""
    texts = [text_of(line) for line in lines]
    asked = [text for text in texts if text is not None]
    try:
        results = iter(await pool.parse(asked, timeout=_BATCH_TIMEOUT) if asked else [])
    except EngineUnavailable:
        return [_BAD_INPUT if text is None else {"error": "engine_unavailable"} for text in texts]
    return [_BAD_INPUT if text is None else _line(next(results), text) for text in texts]


def _line(result: dict[str, Any], text: str) -> dict[str, Any]:
    """The likeliest meaning, also where the dialogue would rather ask back (nlu_fallback)."""
    intent, confidence = result["intent"], result["confidence"]
    if intent == NOT_UNDERSTOOD:
        meanings = [pair for pair in result["ranking"] if pair[0] and pair[0] != NOT_UNDERSTOOD]
        intent, confidence = meanings[0] if meanings else (UNKNOWN_INTENT, 0.0)
    return {"intent": intent, "confidence": confidence, "emergency": result["emergency"], "language": detect(text)}


async def _read(stream: BinaryIO) -> asyncio.Queue[bytes | None]:
    """Lines of a blocking stream as a queue; None is its end. The thread waits when the engine is behind."""
    queue: asyncio.Queue[bytes | None] = asyncio.Queue(BATCH * 2)
    loop = asyncio.get_running_loop()

    def pump() -> None:
        with contextlib.suppress(RuntimeError):  # the loop ended first
            for line in stream:
                asyncio.run_coroutine_threadsafe(queue.put(line), loop).result()
            asyncio.run_coroutine_threadsafe(queue.put(None), loop).result()

    threading.Thread(target=pump, daemon=True).start()
    return queue


async def _batches(queue: asyncio.Queue[bytes | None], pool: EnginePool, out: BinaryIO) -> bool:
    """Answer until the end of input. False if the engine was missing for some line."""
    complete, at_end = True, False
    while not at_end:
        lines: list[bytes] = []
        waiting = await queue.get()
        while waiting is not None:
            lines.append(waiting)
            if len(lines) == BATCH or queue.empty():
                break
            waiting = queue.get_nowait()
        at_end = waiting is None
        for result in await answer(lines, pool):
            complete = complete and result.get("error") != "engine_unavailable"
            out.write(json.dumps(result, ensure_ascii=False).encode() + b"\n")
        out.flush()
    return complete


async def run(config: PoolConfig, stream: BinaryIO, out: BinaryIO) -> int:
    """Answer `stream` on `out`; the exit code."""
    async with EnginePool(config) as pool:
        queue = await _read(stream)
        try:
            await pool.wait_ready(_START_TIMEOUT)
        except EngineUnavailable:
            print("lachan understand: the engine did not start; is there a model? (`make train`)", file=sys.stderr)
            return 1
        return 0 if await _batches(queue, pool, out) else 1


@app.command()
def main(
    models: Annotated[Path, typer.Option(help="Folder with manifest.json.")] = ROOT / "models",
    actions: Annotated[str, typer.Option(help="Package of actions the model was made for.", hidden=True)] = "actions",
) -> None:
    """Read messages as JSON lines from standard input and say what the engine understands."""
    settings = model_place()
    served = models.resolve() == settings.models_dir.resolve()  # a folder named by hand is the caller's own choice
    place = Place(models, settings.model_key_file, settings.model_public_key) if served else None
    config = PoolConfig(models=models, workers=1, actions=actions, hang_timeout=_BATCH_TIMEOUT, trust=place)
    try:
        code = asyncio.run(run(config, sys.stdin.buffer, sys.stdout.buffer))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python complains once more while it exits
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.stdout.flush()
    os._exit(code)  # the reading thread may still be blocked on standard input
