"""A desk with a thousand tips: the first screen, a search, a tip. Printed, never asserted. `python scripts/bench_desk.py`"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.services.tips import record  # noqa: E402
from tests.support.console import Desk, post  # noqa: E402
from tests.support.routes import straight  # noqa: E402
from tests.support.world import core_in  # noqa: E402

TIPS, RUNS = 1000, 7
WORDS = [
    "nhà",
    "trọ",
    "cuối",
    "xóm",
    "giữ",
    "giấy",
    "tờ",
    "của",
    "mấy",
    "bạn",
    "mới",
    "lên",
    "làm",
    "không",
    "cho",
    "ra",
    "ngoài",
    "buổi",
    "tối",
    "có",
    "xe",
    "đưa",
    "đón",
    "lúc",
    "khuya",
]


def fill(desk: Desk) -> None:
    """Tips as long as people write them, every one with a number of its own."""
    made = random.Random(7)
    for n in range(TIPS):
        story = " ".join(made.choices(WORDS, k=80)) + f", số 09{n:08d}"
        said = [[question, " ".join(made.choices(WORDS, k=40))] for question in ("where", "when", "who", "behind")]
        draft = {
            "what": story, "said": [["what", story], *said], "where": {"code": "10645", "province": "31", "text": "gần chợ"},
            "traces": [f"09{n:08d}"],
        }  # fmt: skip
        prepared = record.prepare(desk.core.vault, draft)
        with desk.core.db.transaction() as session:
            created = record.create(
                session, desk.core.vault, prepared, to=straight(session, "ca.31.10645"), category="labour",
                urgent=n % 11 == 0, channel="web", language="vi", clocks=desk.core.clocks, now=desk.now - n * 600,
            )  # fmt: skip
            opened = record.OpenTip(created.tip_id, prepared.key)
            record.add_entry(session, opened, "reporter", " ".join(made.choices(WORDS, k=20)), desk.now)


async def measure(desk: Desk) -> None:
    client = await desk.signed_in("anphu")
    work = {
        "first screen": lambda: client.get("/"),
        "rows by themselves": lambda: client.get("/rows"),
        "search, words": lambda: post(client, "/search", "/me", q="giay to khuya"),
        "search, a number": lambda: post(client, "/search", "/me", q="0900000777"),
        "back to what was found": lambda: client.get("/search"),
    }
    for name, call in work.items():
        times = []
        for _ in range(RUNS):
            began, used = time.perf_counter(), time.process_time()
            answer = await call()
            assert answer.status_code == 200, answer.status_code
            times.append(SimpleNamespace(wall=time.perf_counter() - began, cpu=time.process_time() - used))
        wall, cpu = (statistics.median(getattr(one, kind) for one in times) * 1000 for kind in ("wall", "cpu"))
        print(f"{name}, {TIPS} tips: {wall:.0f} ms ({cpu:.0f} ms of a processor), {len(answer.content) // 1024} KB")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lachan-desk-") as folder, core_in(Path(folder)) as core:
        desk = Desk(core)
        fill(desk)
        asyncio.run(measure(desk))


if __name__ == "__main__":
    main()
