"""The engine beside stock Rasa: the same model, the same conversations, in the same run.

    .venv/bin/python scripts/bench_engine.py [--models DIR --actions PACKAGE --script product] [--no-stock] [--json FILE]

Without --models the engine's small test bot is trained and measured. Stock is `rasa run` with the REST channel and an
action server, with its in-memory tracker store (which forgets everything with the process) and with SQLite.

To add a column (for instance the web chat), give `measure` a `Say` that sends one message of one conversation and
returns when its answer is there.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.engine import manifest  # noqa: E402
from bot.engine_client.pool import EnginePool, PoolConfig  # noqa: E402

ENGINE_PYTHON = ROOT / "bot/engine/.venv/bin/python"
FIXTURE = ROOT / "tests/support/engine_fixture"

Say = Callable[[str, str], Awaitable[None]]  # conversation, text


@dataclass(frozen=True)
class Script:
    """What people say. A conversation is `faq` or `form` from the first line to the last."""

    faq: Sequence[str]
    form: Sequence[str]


_FAQ = ("việc nhẹ lương cao có thật không", "gọi số nào để được giúp", "cảm ơn bạn nhiều", "xin chào", "cảm ơn") * 2
SCRIPTS = {
    "fixture": Script(_FAQ, ("tôi muốn báo tin", "họ giữ giấy tờ của chị ấy", "nhà trọ gần bến xe")),
    "product": Script(
        _FAQ,
        (
            "tôi muốn báo tin",
            "có, an toàn",
            "có người giữ giấy tờ của mấy cô gái ở quán",
            "ở xã Tân Lập",
            "tối hôm qua",
            "ba cô gái còn trẻ",
            "ông chủ quán",
            "bỏ qua",
            "thôi hủy đi",
            "đúng, hủy",
        ),
    ),
}


@dataclass
class Figures:
    """One column of the table. None: not measured."""

    ready_s: float | None = None
    rss_mib: float | None = None
    faq_ms: list[float] = field(default_factory=list)
    form_ms: list[float] = field(default_factory=list)
    faq_rate: float | None = None
    form_rate: float | None = None
    long_ms: list[float] = field(default_factory=list)  # one conversation, message after message


_conversations = itertools.count()


def fresh(kind: str) -> str:
    return f"{kind}-{next(_conversations)}-{os.urandom(4).hex()}"


async def latencies(say: Say, lines: Sequence[str], conversations: int) -> list[float]:
    """Milliseconds of every message of `conversations` conversations, one after the other."""
    times = []
    for _ in range(conversations):
        name = fresh("lat")
        for line in lines:
            start = time.perf_counter()
            await say(name, line)
            times.append((time.perf_counter() - start) * 1e3)
    return times


async def rate(say: Say, lines: Sequence[str], conversations: int, people: int) -> float:
    """Messages a second when `people` talk at the same time."""
    waiting = iter(range(conversations))

    async def person() -> None:
        for _ in waiting:
            name = fresh("rate")
            for line in lines:
                await say(name, line)

    start = time.perf_counter()
    await asyncio.gather(*(person() for _ in range(people)))
    return conversations * len(lines) / (time.perf_counter() - start)


async def measure(say: Say, script: Script, scale: int, long: int, people: Sequence[int] = (1, 8, 16)) -> Figures:
    """Everything that can be measured through `say`. The best rate over several numbers of people counts."""
    figures = Figures()
    await latencies(say, script.faq, 3)  # warm-up
    await latencies(say, script.form, 3)
    figures.faq_ms = await latencies(say, script.faq, scale)
    figures.form_ms = await latencies(say, script.form, scale * len(script.faq) // len(script.form))
    figures.faq_rate = max([await rate(say, script.faq, scale * 2, p) for p in people])
    figures.form_rate = max([await rate(say, script.form, scale * 4, p) for p in people])
    if long:
        lines = itertools.islice(itertools.cycle(script.faq), long)
        figures.long_ms = await latencies(say, list(lines), 1)
    return figures


async def engine(models: Path, actions: str, workers: int, script: Script, scale: int, long: int) -> Figures:
    """The engine through its pool: start, memory, `measure`."""
    states: dict[str, Any] = {}
    start = time.perf_counter()
    async with EnginePool(PoolConfig(models=models, actions=actions, workers=workers, in_flight=8)) as pool:
        await pool.wait_ready(180, workers=workers)
        ready = time.perf_counter() - start

        async def say(conversation: str, text: str) -> None:
            result = await pool.turn(text=text, state=states.get(conversation), conversation=conversation)
            states[conversation] = result.state

        figures = await measure(say, script, scale, long)
        figures.ready_s = ready
        figures.rss_mib = max(rss(pid) for pid in pool.pids)
    return figures


def rss(pid: int) -> float:
    """Resident memory of a process and its children, MiB."""
    kib = int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return kib / 1024 + sum(rss(int(child)) for child in children)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def process(arguments: Sequence[str], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    running = subprocess.Popen(
        [str(ENGINE_PYTHON), *arguments],
        cwd=ROOT,
        env=os.environ | {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"} | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running
    finally:
        running.terminate()
        running.wait()


async def until(address: str, deadline_s: float = 180) -> None:
    """Wait until something answers at `address`."""
    async with httpx.AsyncClient() as client:
        for _ in range(int(deadline_s / 0.1)):
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(address)).status_code == 200:
                    return
            await asyncio.sleep(0.1)
    raise TimeoutError(address)


@contextlib.asynccontextmanager
async def stock_servers(
    archive: Path, actions: str, store: str
) -> AsyncIterator[tuple[str, float, Callable[[], float]]]:
    """`rasa run` and its action server: address, seconds to ready, a function of memory in MiB."""
    port, actions_port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        endpoints = Path(folder) / "endpoints.yml"
        text = f'action_endpoint: {{url: "http://127.0.0.1:{actions_port}/webhook"}}\n'
        if store == "sqlite":
            text += f'tracker_store: {{type: SQL, dialect: sqlite, db: "{folder}/tracker.db"}}\n'
        endpoints.write_text(text)
        credentials = Path(folder) / "credentials.yml"
        credentials.write_text("rest:\n")
        start = time.perf_counter()
        sdk = ["-m", "rasa_sdk", "--actions", "scripts.bench_stock_actions", "--port", str(actions_port)]
        run = ["-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port), "-m", str(archive), "--log-file", "/dev/null"]
        run += ["--endpoints", str(endpoints), "--credentials", str(credentials)]
        with process(sdk, LACHAN_BENCH_ACTIONS=actions) as one, process(run) as other:
            await until(f"http://127.0.0.1:{actions_port}/health")
            await until(f"http://127.0.0.1:{port}/webhooks/rest/")
            yield (
                f"http://127.0.0.1:{port}/webhooks/rest/webhook",
                time.perf_counter() - start,
                lambda: rss(one.pid) + rss(other.pid),
            )


async def stock(archive: Path, actions: str, store: str, script: Script, scale: int, long: int) -> Figures:
    """Stock Rasa through the REST channel."""
    async with (
        stock_servers(archive, actions, store) as (address, ready, memory),
        httpx.AsyncClient(timeout=60) as client,
    ):

        async def say(conversation: str, text: str) -> None:
            answer = await client.post(address, json={"sender": conversation, "message": text})
            answer.raise_for_status()
            if not answer.json():
                raise RuntimeError("stock Rasa answered with silence")

        figures = await measure(say, script, scale, long)
        figures.ready_s = ready
        figures.rss_mib = memory()
    return figures


def rows(figures: Figures) -> dict[str, float | None]:
    """Label -> number, for one column."""

    def part(values: list[float], quantile: float) -> float | None:
        return sorted(values)[int(len(values) * quantile)] if values else None

    def at(first: int, last: int) -> float | None:
        piece = figures.long_ms[first:last]
        return statistics.median(piece) if len(piece) == last - first else None

    return {
        "question, median ms": part(figures.faq_ms, 0.5),
        "question, p95 ms": part(figures.faq_ms, 0.95),
        "form turn, median ms": part(figures.form_ms, 0.5),
        "form turn, p95 ms": part(figures.form_ms, 0.95),
        "questions a second": figures.faq_rate,
        "form turns a second": figures.form_rate,
        "messages 1-20, median ms": at(0, 20),
        "messages 91-110, median ms": at(90, 110),
        "messages 191-210, median ms": at(190, 210),
        "messages 281-300, median ms": at(280, 300),
        "start to ready, s": figures.ready_s,
        "memory a worker, MiB": figures.rss_mib,
    }


def table(columns: dict[str, Figures]) -> str:
    """A table with one column for each name; columns of stock get a ratio to the best column of ours."""
    data = {name: rows(figures) for name, figures in columns.items()}
    names = list(columns)
    lines = [f"{'':30}" + "".join(f"{name:>20}" for name in names)]
    for label in next(iter(data.values())):
        cells = []
        ours = [v for n in names if not n.startswith("stock") and (v := data[n][label]) is not None]
        for name in names:
            value = data[name][label]
            cell = "-" if value is None else f"{value:.1f}"
            if value and ours and name.startswith("stock"):
                ratio = max(ours) / value if "a second" in label else value / min(ours)
                cell += f" ({ratio:4.1f}x)"
            cells.append(f"{cell:>20}")
        lines.append(f"{label:30}" + "".join(cells))
    return "\n".join(lines)


def trained_fixture() -> Path:
    folder = ROOT / ".build/engine_fixture"
    command = [
        "-m",
        "bot.engine.trainer",
        "--data",
        str(FIXTURE / "data"),
        "--actions",
        "tests.support.engine_fixture.actions",
    ]
    subprocess.run([str(ENGINE_PYTHON), *command, "--models", str(folder)], cwd=ROOT, check=True)
    return folder


async def run(args: argparse.Namespace) -> dict[str, Figures]:
    """All columns."""
    models = args.models or trained_fixture()
    script = SCRIPTS[args.script]
    archive = manifest.verified_archive(models, manifest.read(models))
    columns: dict[str, Figures] = {}
    for workers in (1, 2):
        print(f"▸ engine, {workers} worker(s)", flush=True)
        columns[f"engine x{workers}"] = await engine(models, args.actions, workers, script, args.scale, args.long)
    for store in () if args.no_stock else ("memory", "sqlite"):
        print(f"▸ stock Rasa, {store} (minutes)", flush=True)
        columns[f"stock, {store}"] = await stock(archive, args.actions, store, script, args.scale, args.long)
    return columns


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, help="folder with manifest.json; default: the engine's test bot")
    parser.add_argument("--actions", default="tests.support.engine_fixture.actions")
    parser.add_argument("--script", choices=SCRIPTS, default="fixture")
    parser.add_argument("--scale", type=int, default=20, help="conversations for each figure")
    parser.add_argument("--long", type=int, default=300, help="messages of the long conversation; 0: leave it out")
    parser.add_argument("--no-stock", action="store_true")
    parser.add_argument("--json", type=Path, help="write the raw figures here too")
    args = parser.parse_args()
    columns = asyncio.run(run(args))
    if args.json:
        args.json.write_text(json.dumps({name: asdict(f) for name, f in columns.items()}))
    print(table(columns))


if __name__ == "__main__":
    main()
