"""`lachan gazetteer`: build the file places are looked up in, and say what is in it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from bot.content.places import built as places
from bot.content.places import source
from bot.content.places.checks import problems
from bot.core.errors import ConfigError

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)


@app.command()
def build() -> None:
    """Compile content/places into .build/gazetteer.json. Needs no network; safe to run again."""
    try:
        made = places.build()
    except ConfigError as error:
        typer.echo(f"gazetteer: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"gazetteer {made.version}: {made.counts['communes']} communes, {len(made.index)} names")


@app.command()
def show() -> None:
    """Version, counts and checks; exit status 1 when a check fails."""
    loaded = places.load_gazetteer()
    typer.echo(f"version {loaded.version}")
    typer.echo(f"source {source.PACKAGE} {source.VERSION}, corrected by content/places")
    for name, count in loaded.counts.items():
        typer.echo(f"{name} {count}")
    found = problems(loaded)
    for problem in found:
        typer.echo(f"PROBLEM {problem}", err=True)
    typer.echo("checks passed" if not found else f"{len(found)} checks failed")
    if found:
        raise typer.Exit(1)


@app.command()
def extract(
    wheel: Path = typer.Argument(help="the vietnamadminunits wheel, or the folder it was installed into"),  # noqa: B008
    verify: bool = typer.Option(False, "--verify", help="compare with the tables in content/ instead of writing them"),
) -> None:
    """Renew content/places/tables from the source package. Only its data files are read, never its code."""
    try:
        with TemporaryDirectory() as scratch:
            tables = source.read_source(_data_folder(wheel, Path(scratch)))
    except (ConfigError, OSError, zipfile.BadZipFile) as error:
        typer.echo(f"gazetteer: {source.PACKAGE} {source.VERSION} cannot be read: {error}", err=True)
        raise typer.Exit(1) from error
    differing = 0
    for filename, rows in tables.items():
        path = places.CONTENT / "tables" / filename
        text = source.to_csv(source.TABLES[filename], rows)
        if verify:
            same = path.is_file() and path.read_text("utf-8") == text
            differing += not same
            typer.echo(f"{filename}: {len(rows)} rows, {'same' if same else 'DIFFERENT'}")
        else:
            path.write_text(text, "utf-8")
            typer.echo(f"{filename}: {len(rows)} rows written")
    if differing:
        raise typer.Exit(1)


def _data_folder(wheel: Path, scratch: Path) -> Path:
    """Where dataset.db lies: inside an installed folder, or unpacked from a wheel file into `scratch`."""
    if wheel.is_dir():
        return next((path.parent for path in sorted(wheel.rglob("dataset.db"))), wheel)
    with zipfile.ZipFile(wheel) as archive:
        for name in source.SHA256:
            (scratch / name).write_bytes(archive.read(f"{source.PACKAGE}/data/{name}"))
    return scratch
