"""Campaigns at scale, in SQLite and in PostgreSQL: count, plan, send, report, and the memory each takes. Prints tables.

.venv/bin/python scripts/bench_campaigns.py [--people 1000000] [--seconds 40] [--databases sqlite,postgresql]

Every measurement runs in a process of its own, as `lachan serve jobs` would do it, with a channel that answers after 50 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import text, update

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot import settings as settings_module  # noqa: E402
from bot.app import Core  # noqa: E402
from bot.channels.telegram.limits import pace_of  # noqa: E402
from bot.core.campaigns.audience import Audience  # noqa: E402
from bot.services.campaigns import acts, deliveries, subscribers  # noqa: E402
from bot.services.campaigns import report as campaign_report  # noqa: E402
from bot.storage.database import migrate  # noqa: E402
from bot.storage.tables import Campaign, Delivery  # noqa: E402
from tests.support import campaigns as world  # noqa: E402
from tests.support.postgres import postgres  # noqa: E402
from tests.support.world import environment  # noqa: E402

LATENCY = 0.05  # seconds until the stub channel answers
AUDIENCES = {
    "everybody": Audience(),
    "one topic": Audience(topics=("jobs",)),
    "one province": Audience(provinces=("31",)),
    "topic, province, age, language": Audience(topics=("jobs",), provinces=("31",), ages=("18_24",), languages=("vi",)),
    "20 communes": Audience(communes=tuple(f"{number:05}" for number in range(10_000, 10_020))),
}


def peak_mb() -> float:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident_mb() -> float:
    """What this process holds now, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def fill(core: Core, people: int) -> dict[str, Any]:
    """Subscribers in 34 provinces and 3,000 communes, of all topics and ages."""
    began = time.perf_counter()
    world.subscribe(
        core, people, topics=lambda n: n % 5, province_code=lambda n: f"{1 + n % 34:02}",
        commune_code=lambda n: f"{10_000 + n % 3_000:05}", age_band=lambda n: ("", "under18", "18_24", "25_44", "45_plus")[n // 5 % 5],
    )  # fmt: skip
    if not core.db.is_sqlite:
        with core.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return {"seconds": time.perf_counter() - began}


def count(core: Core, _: int) -> dict[str, Any]:
    """Milliseconds of each audience's count, the median of five."""
    found = {}
    for name, audience in AUDIENCES.items():
        took = []
        for _ in range(5):
            began = time.perf_counter()
            with core.db.reading() as session:
                people = sum(subscribers.count(session, audience, ("telegram",)).values())
            took.append(time.perf_counter() - began)
        found[name] = {"people": people, "ms": statistics.median(took) * 1000}
    return found


def plan(core: Core, _: int) -> dict[str, Any]:
    """A row for everybody, a page a transaction, as the duty plans."""
    before = resident_mb()
    number = world.approved(core, quiet=False)
    began = time.perf_counter()
    with core.db.transaction() as session:
        acts.start(session, world.desk(core), session.get(Campaign, number))
    pages = []
    while True:
        page = time.perf_counter()
        with core.db.transaction() as session:
            row = session.get(Campaign, number)
            if row.planned:
                break
            deliveries.plan_page(session, row, acts.params_of(row), ["telegram"])
        pages.append(time.perf_counter() - page)
    took = time.perf_counter() - began
    with core.db.reading() as session:
        total = session.get(Campaign, number).total
    return {"rows": total, "seconds": took, "page_ms": max(pages) * 1000, "start_mb": before, "peak_mb": peak_mb()}


def send(core: Core, seconds: int, limit: float) -> dict[str, Any]:
    """The planned campaign through a channel with this limit, for so long, then told to stop."""
    channel = world.StubChannel(pace=pace_of(limit), latency=LATENCY)
    memory: list[float] = []
    channel.remember, channel.moments = False, array("d")
    began = time.monotonic()
    over = threading.Event()
    duty = world.duty(core, channel, stopping=lambda: over.is_set() or time.monotonic() - began > seconds)

    def watch() -> None:
        while not over.wait(seconds / 20):
            memory.append(resident_mb())

    helper = threading.Thread(target=watch)
    cpu = time.process_time()
    helper.start()
    duty.run()
    over.set()
    helper.join()
    cpu = time.process_time() - cpu
    moments = sorted(channel.moments)
    warm = [moment for moment in moments if moment > moments[0] + min(3.0, seconds / 4)]
    best = max(sum(1 for m in moments if start <= m < start + 1.0) for start in moments[:: max(1, len(moments) // 50)])
    return {
        "sent": len(moments), "rate": (len(warm) - 1) / (warm[-1] - warm[0]), "limit": limit, "most_in_a_second": best,
        "cpu": cpu / (time.monotonic() - began), "first_mb": memory[2], "last_mb": memory[-1], "peak_mb": peak_mb(),
    }  # fmt: skip


def report(core: Core, _: int) -> dict[str, Any]:
    """Milliseconds for progress and report of the whole campaign, all of its rows ended."""
    with core.db.transaction() as session:
        session.execute(update(Delivery).where(Delivery.status == "pending").values(status="sent", at=core.now() - 100))
    found = {}
    with core.db.reading() as session:
        row = session.execute(text("SELECT max(id) FROM campaign")).scalar()
        campaign = session.get(Campaign, row)
        for name, work in {
            "progress": lambda: campaign_report.progress(session, campaign, core.now()),
            "report": lambda: campaign_report.report(session, campaign),
        }.items():
            began = time.perf_counter()
            work()
            found[name] = (time.perf_counter() - began) * 1000
    return found | {"peak_mb": peak_mb()}


PARTS: dict[str, Callable[[Core, int], dict[str, Any]]] = {
    "fill": fill, "count": count, "plan": plan, "report": report,
    "send30": lambda core, seconds: send(core, seconds, 30.0),
    "send1000": lambda core, seconds: send(core, seconds, 1_000.0),
}  # fmt: skip


def part(name: str, number: int) -> None:
    """Run one measurement here and print what it found as JSON."""
    core = Core(settings_module.load())
    world.configured(core)
    try:
        print(json.dumps(PARTS[name](core, number)))
    finally:
        core.close()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "postgresql":
        with postgres(durable=True) as url:
            yield url
    else:
        yield ""


def measure(env: dict[str, str], name: str, number: int) -> dict[str, Any]:
    """One measurement in a process of its own."""
    command = [sys.executable, __file__, "--part", name, "--number", str(number)]
    done = subprocess.run(command, env=os.environ | env, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def table(kind: str, people: int, found: dict[str, dict[str, Any]]) -> Table:
    """What was measured in one database."""
    made = Table(title=f"Campaigns, {people:,} subscribers, {kind}")
    for heading in ("what", "figure", "memory MB"):
        made.add_column(heading, justify="left" if heading == "what" else "right")
    for name, row in found["count"].items():
        made.add_row(f"count: {name} ({row['people']:,})", f"{row['ms']:.0f} ms", "")
    planned = found["plan"]
    made.add_row(
        f"plan {planned['rows']:,} recipients", f"{planned['seconds']:.1f} s",
        f"{planned['start_mb']:.0f} -> peak {planned['peak_mb']:.0f}",
    )  # fmt: skip
    made.add_row("longest page of it (write lock)", f"{planned['page_ms']:.0f} ms", "")
    for name in ("send30", "send1000"):
        row = found[name]
        made.add_row(
            f"send at a limit of {row['limit']:,.0f}/s ({row['sent']:,} messages)",
            f"{row['rate']:.1f}/s = {row['rate'] / row['limit']:.1%}",
            f"{row['first_mb']:.0f} -> {row['last_mb']:.0f}, peak {row['peak_mb']:.0f}",
        )
        made.add_row("  most in any second; processor", f"{row['most_in_a_second']}; {row['cpu']:.0%} of a core", "")
    for name in ("progress", "report"):
        made.add_row(f"{name} over all rows", f"{found['report'][name]:.0f} ms", "")
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=40, help="of sending at each limit")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--part", choices=sorted(PARTS))
    parser.add_argument("--number", type=int, default=0)
    chosen = parser.parse_args()
    if chosen.part:
        part(chosen.part, chosen.number)
        return
    for kind in chosen.databases.split(","):
        with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as url:
            env = environment(Path(folder), url)
            migrate(settings_module.load(env).database_url)
            numbers = {"fill": chosen.people, "send30": chosen.seconds, "send1000": chosen.seconds}
            found = {
                name: measure(env, name, numbers.get(name, 0))
                for name in ("fill", "count", "plan", "send30", "send1000", "report")
            }
            print(f"(filled in {found['fill']['seconds']:.0f} s)")
            Console(width=110).print(table(kind, chosen.people, found))


if __name__ == "__main__":
    main()
