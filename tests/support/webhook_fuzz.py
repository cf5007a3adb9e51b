"""Webhooks of every channel, mutated: values of the wrong kind anywhere, missing and doubled fields, broken bytes."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 10**30, 1.5, float("nan"), float("inf"), "", " ", "0", "\ud800", "\x00", "a" * 5_000,
    "\u202e", "😀" * 300, "#do:menu", "/start", "{}", [], {}, [[]], [None], {"id": None}, {"url": "http://x"}, [{}] * 3,
    "https://[", "http://127.0.0.1:9/x", "NaN", "1e400", "113", "ước", "user_send_text",
)  # fmt: skip


def mutated(body: Any, rng: random.Random, changes: int) -> Any:
    """`body` with `changes` values replaced, removed, repeated or moved."""
    body = copy.deepcopy(body)
    for _ in range(changes):
        places = list(_places(body))
        if not places:
            return rng.choice(ODD)
        holder, key = rng.choice(places)
        action = rng.randrange(5)
        if action <= 2:
            holder[key] = copy.deepcopy(rng.choice(ODD))
        elif action == 3:
            del holder[key]
        else:
            other, name = rng.choice(places)
            holder[key] = (
                copy.deepcopy(other[name]) if name in other or (isinstance(other, list) and name < len(other)) else None
            )
    return body


def _places(value: Any):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _places(inner)


def raw(body: Any, rng: random.Random) -> bytes:
    """The body as bytes, now and then damaged."""
    made = json.dumps(body).encode()
    damage = rng.randrange(20)
    if damage == 0:
        return made[: rng.randrange(len(made) + 1)]
    if damage == 1 and made:
        at = rng.randrange(len(made))
        return made[:at] + bytes([rng.randrange(256)]) + made[at + 1 :]
    return made


def webhook(samples: list[tuple[str, Any]], seed: int) -> tuple[str, bytes]:
    """The (path, raw body) that `seed` grows from `samples`."""
    rng = random.Random(seed)
    path, body = rng.choice(samples)
    return path, raw(mutated(body, rng, rng.randrange(1, 5)), rng)
