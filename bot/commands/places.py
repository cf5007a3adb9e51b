"""`lachan places`: what a text says about where. JSON lines in, JSON lines out, in order, each answered at once.

    {"text": "xã An Phú, Hải Phòng"}  ->  {"status": "commune", "codes": ["10645"], "province": "31"}

status is commune, candidates, province, foreign or none. A line that is not an object with a text gives
{"error": "bad_input"}; the command never stops for one. Nothing is stored and nothing leaves the machine.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

from bot.content.places.built import load_gazetteer
from bot.core.messages import MAX_TEXT_CHARS
from bot.core.places.resolver import Resolver

_BAD_INPUT = {"error": "bad_input"}


def app(args: list[str], prog_name: str = "lachan places") -> None:
    """Run the command; a plain function, because loading a command-line library would take longer than the work."""
    if args:
        print((__doc__ or "").strip())
        raise SystemExit(0 if args[0] in {"-h", "--help"} else 2)
    run(sys.stdin.buffer, sys.stdout.buffer)


def run(lines: BinaryIO, out: BinaryIO) -> None:
    """Answer every line of `lines` on `out`, flushed line by line so that the caller may wait for each."""
    resolver = Resolver(load_gazetteer())
    for line in lines:
        if line.strip():
            out.write(json.dumps(answer(line, resolver), ensure_ascii=False).encode("utf-8") + b"\n")
            out.flush()


def answer(line: bytes, resolver: Resolver) -> dict[str, Any]:
    """The answer to one input line."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return _BAD_INPUT
    text = message.get("text") if isinstance(message, dict) else None
    if not isinstance(text, str):
        return _BAD_INPUT
    found = resolver.resolve(text[:MAX_TEXT_CHARS])
    return {"status": found.status.value, "codes": list(found.codes), "province": found.province}
