"""The `lachan` command. Each subcommand lives in its own module below bot/commands and is imported only when called."""

from __future__ import annotations

import importlib
import os
import sys

from bot.core.errors import ConfigError

# name on the command line -> module with a Typer application called `app`
COMMANDS: dict[str, str] = {
    "understand": "bot.commands.understand",
    "places": "bot.commands.places",
    "model": "bot.commands.model",
    "check-offer": "bot.commands.check_offer",
    "gazetteer": "bot.commands.gazetteer",
    "units": "bot.commands.units",
    "content": "bot.commands.content",
    "zalo": "bot.commands.zalo",
    "sandbox": "bot.commands.sandbox",
    "check": "bot.commands.check",
    "audit": "bot.commands.audit",
    "erase": "bot.commands.erase",
    "officers": "bot.commands.officers",
    "campaign": "bot.commands.campaign",
    "serve": "bot.commands.serve",
    "db": "bot.commands.db",
    "backup": "bot.commands.backup",
    "restore": "bot.commands.restore",
    "upgrade": "bot.commands.upgrade",
}


def main() -> None:
    """Run the subcommand named first; without one, list what there is."""
    os.umask(0o077)  # whatever is written here is for its owner only
    argv = sys.argv[1:]
    if not argv or argv[0] in {"-h", "--help", "help"}:
        print("lachan COMMAND [OPTIONS]   (each has --help)\n\n  " + "\n  ".join(sorted(COMMANDS)))
        return
    module = COMMANDS.get(argv[0])
    if module is None:
        print(f"lachan: no command {argv[0]!r}; try `lachan --help`", file=sys.stderr)
        raise SystemExit(2)
    try:
        app = importlib.import_module(module).app
        app(args=argv[1:], prog_name=f"lachan {argv[0]}")
    except ConfigError as error:  # a sentence of ours with the cause and what to do
        print(f"lachan: {error.args[0] if error.args else 'ConfigError'}", file=sys.stderr)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
