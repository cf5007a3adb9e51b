"""`lachan content`: check the content library, and write the table of lengths and reading levels."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.content.check import check_content
from bot.content.documents import CONTENT_ROOT
from bot.content.facts import write_placeholders
from bot.content.files import ContentFiles
from bot.content.kits import read_kits
from bot.core.content.table import markdown_table

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The content library: check, numbers, table.")
TABLE = CONTENT_ROOT.parent / "docs" / "content.md"

Root = Annotated[Path, typer.Option(help="Content directory.")]
Today = Annotated[datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="Check as of this day.")]


@app.command()
def check(root: Root = CONTENT_ROOT, today: Today = None) -> None:
    """Name every mistake as file:line: message. Exit code 1 if there is any."""
    problems = check_content(root, today.date() if today else date.today())
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        typer.echo(f"{len(problems)} problems", err=True)
        raise typer.Exit(1)
    typer.echo("content: clean")


@app.command()
def numbers(root: Root = CONTENT_ROOT) -> None:
    """Write {hotline:ID} wherever a hotline's number stands by hand in a text that people read."""
    typer.echo(f"{write_placeholders(root)} numbers replaced")


@app.command()
def table(root: Root = CONTENT_ROOT, out: Path = TABLE) -> None:
    """Write docs/content.md: every item with its length, reading level, sources and review date."""
    files = ContentFiles(root)
    out.write_text(markdown_table(files.library, read_kits(root).values()), encoding="utf-8")
    typer.echo(f"wrote {out.name}")
