"""What a turn costs the gateway without its engine: alone, when the next piece is waited for, and in bursts. Prints a table.

.venv/bin/python scripts/bench_bursts.py [--people 150]
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.core.messages import Channel, InboundKind, InboundMessage  # noqa: E402
from bot.engine_client.pool import TurnResult  # noqa: E402
from bot.gateway.asgi import build  # noqa: E402
from tests.support.world import core_in  # noqa: E402

QUIET = 1.5
PIECES = ("tối nào cũng thấy ở đó", "quán sao đêm", "xã an lão", "có 3 đứa nhỏ")
OPEN = {"events": [{"event": "slot", "name": "requested_slot", "value": "tip_what"}]}


class Engine:
    """Answers at once; an interview is open."""

    async def turn(self, **request: Any) -> TurnResult:
        return TurnResult(OPEN, [{"say": "menu", "args": {}}], [], {})


async def cost(folder: Path, people: int, burst: int, *, quiet: float) -> float:
    """CPU milliseconds a message, over `people` who each send `burst` messages."""
    with core_in(folder, LACHAN_QUIET_SECONDS=str(quiet)) as core:
        clock = [time.time()]
        object.__setattr__(core, "now", lambda: clock[0])
        parts = build(core, engine=Engine(), pushes={})

        async def say(person: int, number: int, texts: tuple[str, ...]) -> None:
            for text in texts:
                number += 1
                made = InboundMessage(Channel.TELEGRAM, f"p{person}", f"{person}.{number}", InboundKind.TEXT, text=text)
                await parts.intake.accept([made])
            conversation = core.vault.conversation_id(Channel.TELEGRAM, f"p{person}")
            clock[0] += quiet  # as in the gateway, which looks when it is due
            await parts.dispatcher.run(conversation)

        for person in range(people):
            await say(person, 0, PIECES[:1])
        started = time.process_time()
        for person in range(people):
            await say(person, 1, PIECES[:burst])
        return (time.process_time() - started) / (people * burst) * 1_000


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--people", type=int, default=150)
    people = arguments.parse_args().people
    table = Table("turns, engine left out", "CPU ms a message", "once more")
    rows = (("one message", 1, 0.0), ("one message, the next is waited for", 1, QUIET), ("four at once", 4, 0.0),
            ("four, the next is waited for", 4, QUIET))  # fmt: skip
    found: dict[str, list[float]] = {name: [] for name, _, _ in rows}
    for _ in range(2):
        for name, burst, quiet in rows:
            with tempfile.TemporaryDirectory() as folder:
                found[name].append(asyncio.run(cost(Path(folder), people, burst, quiet=quiet)))
    for name, figures in found.items():
        table.add_row(name, *(f"{figure:.1f}" for figure in figures))
    Console().print(table)


if __name__ == "__main__":
    main()
