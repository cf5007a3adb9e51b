"""`lachan check`: prove, before serving, that everything this product is set to use is there and answers."""

from __future__ import annotations

import asyncio
import sys

import typer
from rich.console import Console

from bot.app import Core, configure_logging
from bot.channel_set import push_channels
from bot.channels.base import quiet_libraries
from bot.checks import installation as checks
from bot.checks.findings import Finding, Mark
from bot.core.errors import ConfigError
from bot.services import soundness

app = typer.Typer(add_completion=False, help=__doc__)
_SIGNS = {Mark.GOOD: "[green]✓[/green]", Mark.OFF: "–", Mark.WARN: "[yellow]![/yellow]", Mark.BAD: "[red]✗[/red]"}


@app.callback(invoke_without_command=True)
def check(
    register: bool = typer.Option(False, "--register", help="also tell Telegram and Zalo Bot where to deliver"),
    offline: bool = typer.Option(False, "--offline", help="reach nothing outside this machine"),
) -> None:
    """Print what is good, off or missing. Ends with 1 when something that is switched on does not work."""
    configure_logging()
    quiet_libraries()
    out = Console(highlight=False)
    try:
        settings = soundness.settings()
    except ConfigError as error:
        out.print(f"{_SIGNS[Mark.BAD]} Thiết lập: {error.args[0]}", soft_wrap=True)
        raise typer.Exit(1) from None
    core = Core(settings)
    try:
        found = checks.local(core)
        if not offline:
            found += asyncio.run(_outside(core, register))
    finally:
        core.close()
    for finding in found:
        out.print(f"{_SIGNS[finding.mark]} {finding.subject}: {finding.words}", soft_wrap=True)
    sys.exit(1 if any(finding.mark is Mark.BAD for finding in found) else 0)


async def _outside(core: Core, register: bool) -> list[Finding]:
    pushes = push_channels(core)
    try:
        return await checks.channels(core, pushes, register=register)
    finally:
        for push in pushes.values():
            await push.close()
