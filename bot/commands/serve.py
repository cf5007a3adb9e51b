"""`lachan serve`: run the gateway, the console, or everything for one machine."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence

import typer
import uvicorn
from rich.console import Console

from bot.app import Core, configure_logging, hide_memory, share_with_group
from bot.core.errors import ConfigError
from bot.doors import KEEP_SECONDS, guarded
from bot.engine_client import trust
from bot.engine_client.trust import ModelRefused
from bot.services import soundness
from bot.services.tips import blobs
from bot.settings import Settings

app = typer.Typer(add_completion=False, help=__doc__, callback=hide_memory)
log = logging.getLogger(__name__)
_STOP_SECONDS = 15
_CHECKED = typer.Option(
    False, "--checked", hidden=True
)  # `serve all` has read the database before it started the others


def _settings() -> Settings:
    """The settings, with the umask that the data directory asks for."""
    settings = soundness.settings()
    share_with_group(settings.data_dir)
    return settings


def _run(application, host: str, port: int, proxies: Sequence[str] = ()) -> None:
    # access_log off: a URL can hold an id, and an access log is a list of people and times.
    uvicorn.run(
        application, host=host, port=port, log_config=None, access_log=False, server_header=False, date_header=True,
        timeout_graceful_shutdown=8, http=guarded(proxies), ws="none", timeout_keep_alive=KEEP_SECONDS,
    )  # fmt: skip


def _ready(core: Core, *, checked: bool = False) -> None:
    """Before anything is served: the database is the right one and whole. checked: its pages were read a moment ago."""
    soundness.refuse(core.db, core.settings.keys, core.vault, thorough=not checked)
    with core.db.reading() as session:
        gone = blobs.missing(session, core.settings.blobs_dir)
    if gone:
        log.error("files_missing", extra={"count": gone})


def _say_if_refused(settings: Settings) -> None:
    """A model nobody here signed is no reason to leave a cry for help without the hotline card: said, and served without."""
    try:
        trust.verified(trust.Place(settings.models_dir, settings.model_key_file, settings.model_public_key))
    except ModelRefused as refused:
        print(f"lachan: {refused.args[0]}", file=sys.stderr, flush=True)


def _port_is_free(host: str, port: int, setting: str) -> None:
    """Raises ConfigError naming the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = {errno.EADDRINUSE: "đang có chương trình khác dùng", errno.EACCES: "cần quyền cao hơn"}.get(
                error.errno or 0, "không mở được"
            )
            raise ConfigError(
                f"Cổng {port} ({host}) {why}; dừng chương trình kia hoặc đặt {setting} thành số khác"
            ) from None


@app.command()
def gateway(checked: bool = _CHECKED) -> None:
    """The public process."""
    from bot.gateway.asgi import build, create_app

    settings = _settings()
    configure_logging()
    _port_is_free(settings.host, settings.port, "LACHAN_PORT")
    _say_if_refused(settings)
    core = Core(settings)
    try:
        _ready(core, checked=checked)
        _run(create_app(build(core)), settings.host, settings.port, settings.proxies)
    finally:
        core.close()


@app.command()
def console(checked: bool = _CHECKED) -> None:
    """The officers' process."""
    from bot.console.asgi import create_app

    settings = _settings()
    configure_logging()
    _port_is_free(settings.console_host, settings.console_port, "LACHAN_CONSOLE_PORT")
    core = Core(settings)
    try:
        _ready(core, checked=checked)
        _run(create_app(core), settings.console_host, settings.console_port)
    finally:
        core.close()


@app.command(name="all")
def everything() -> None:
    """Gateway, console and jobs as three processes; ends them together."""
    settings = _settings()
    _port_is_free(settings.host, settings.port, "LACHAN_PORT")
    _port_is_free(settings.console_host, settings.console_port, "LACHAN_CONSOLE_PORT")
    core = Core(settings)
    try:
        _ready(core)
    finally:
        core.close()
    roles = ("gateway", "console", "jobs")
    processes = [subprocess.Popen([sys.executable, "-m", "bot.cli", "serve", role, "--checked"]) for role in roles]
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
def jobs(checked: bool = _CHECKED) -> None:
    """Clocks, notices, campaigns and retention."""
    from bot.jobs.runner import main

    configure_logging()
    settings = _settings()
    core = Core(settings)
    try:
        _ready(core, checked=checked)
    finally:
        core.close()
    main(settings)
