"""`lachan serve`: run the gateway, the console, or everything for one machine."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

import typer
import uvicorn
from rich.console import Console

from bot import settings as settings_module
from bot.app import Core, configure_logging

app = typer.Typer(add_completion=False, help=__doc__)
_STOP_SECONDS = 15


def _run(application, host: str, port: int) -> None:
    # access_log off: a URL can hold an id, and an access log is a list of people and times.
    uvicorn.run(
        application, host=host, port=port, log_config=None, access_log=False, server_header=False, date_header=True,
        timeout_graceful_shutdown=8, h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip


@app.command()
def gateway() -> None:
    """The public process."""
    from bot.gateway.asgi import build, create_app

    settings = settings_module.load()
    configure_logging()
    core = Core(settings)
    try:
        _run(create_app(build(core)), settings.host, settings.port)
    finally:
        core.close()


@app.command()
def console() -> None:
    """The officers' process."""
    from bot.console.asgi import create_app

    settings = settings_module.load()
    configure_logging()
    core = Core(settings)
    try:
        _run(create_app(core), settings.console_host, settings.console_port)
    finally:
        core.close()


@app.command(name="all")
def everything() -> None:
    """Gateway, console and jobs as three processes; ends them together."""
    settings = settings_module.load()
    roles = ("gateway", "console", "jobs")
    processes = [subprocess.Popen([sys.executable, "-m", "bot.cli", "serve", role]) for role in roles]
    out = Console()
    out.print(f"\n  Trò chuyện:        [bold]{settings.public_url}[/bold]")
    out.print(f"  Trang cán bộ:      [bold]{settings.console_url}[/bold]")
    out.print("  Dừng: Ctrl+C\n")
    sys.exit(asyncio.run(_watch(processes)))


async def _watch(processes: list[subprocess.Popen]) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    while not stop.is_set() and all(process.poll() is None for process in processes):
        try:
            await asyncio.wait_for(stop.wait(), 0.5)
        except TimeoutError:
            continue
    codes = [process.poll() for process in processes]
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
    return next((code for code in codes if code), 0)


@app.command()
def jobs() -> None:
    """Clocks, notices, campaigns and retention."""
    from bot.jobs.runner import main

    configure_logging()
    main(settings_module.load())
