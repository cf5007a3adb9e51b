"""What the gateway and an engine worker say to each other: one JSON object a line over a Unix socket.

Standard library only, imported by both Pythons (3.10 in the engine, 3.12+ in the product).

Requests (any number in flight on one connection; a worker takes them in the order they arrive):

    {"id": 7, "op": "turn", "conversation": "<opaque id>", "state": {...}|null, "text": "...", "choice": "",
     "intent": "", "context": {...}}
    {"id": 8, "op": "parse", "texts": ["...", ...]}
    {"id": 9, "op": "ping"}

Answers carry the same id, and `ok`:

    {"id": 7, "ok": true, "state": {"v": 1, "model": "...", "events": [...], "draft": {...}},
     "replies": [{"say": "...", "args": {...}}], "commands": [{"command": "...", "args": {...}, "after": 1}],
     "nlu": {"intent": "...", "confidence": 0.97, "emergency": false, "ranking": [["...", 0.97], ...],
             "clauses": [{"text": "...", "kinds": [["what", 0.8], ...]}, ...]}}
    {"id": 8, "ok": true, "results": [{"intent", "confidence", "emergency", "ranking"}, ...]}
    {"id": 9, "ok": true, "ready": true, "model": "...", "rss": 229638144, "wall": []}
    {"id": 7, "ok": false, "error": "<code>"}

`wall` names the parts of bot/engine/wall.py that this kernel does not offer.
`after` is the number of replies uttered before the command: what it answers is said there.

An error is one of the codes below and nothing else: no words of a citizen can travel in it.
"""

from __future__ import annotations

import json
from typing import Any

MAX_LINE = 8 * 1024 * 1024  # bytes; a state is some 5 KB, a batch of texts to parse some 1 MB
MAX_BATCH = 256  # texts in one parse request

# Codes of a turn that failed.
BAD_REQUEST = "bad_request"  # not JSON, wrong types, unknown operation
ACTION_FAILED = "action_failed"  # an action raised; the turn has no effect
NO_REPLY = "no_reply"  # the turn produced neither a reply nor a command
NOT_LISTENING = "not_listening"  # the dialogue did not come to rest; its state would be stuck for ever
BAD_REPLY = "bad_reply"  # an action or response uttered something that is neither say() nor command()
ENGINE_ERROR = "engine_error"  # Rasa itself raised


class ProtocolError(ValueError):
    """A line is not one JSON object. Carries no part of the line."""


def encode(message: dict[str, Any]) -> bytes:
    """One line. ASCII only, so that a lone surrogate typed by a broken phone cannot break the connection."""
    return json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """The object on `line`. Raises ProtocolError, content-free, for anything else."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        # Raised outside the handler: the decoder's own exception holds the text and must not travel as context.
        raise ProtocolError("not a JSON object")
    return message
