"""`lachan units`: the directory of responsible units, in and out as CSV (content/units/README.md)."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import typer

from bot import settings as settings_module
from bot.content.places.built import load_gazetteer
from bot.core.units.csv_format import UnitError, format_units_csv, parse_units_csv

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)


@app.command("import")
def import_(
    file: Path = typer.Argument(help="CSV file; - reads standard input"),  # noqa: B008
    dry_run: bool = typer.Option(False, "--dry-run", help="check the file and change nothing"),
) -> None:
    """Replace the directory by a file. Every error is named with its line; with any error nothing is imported."""
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        typer.echo(f"units: the file cannot be read: {error.strerror}", err=True)
        raise typer.Exit(1) from error
    units, errors = parse_units_csv(raw, load_gazetteer())
    if not errors and not dry_run:
        from bot.services.units.register import import_units  # the database and the keys are needed only now

        units, errors = import_units(settings_module.load(), raw, dry_run=False)
    if errors:
        for line in describe(errors):
            typer.echo(line, err=True)
        typer.echo(f"{len(errors)} lỗi; không nhập dòng nào.", err=True)
        raise typer.Exit(1)
    demo = sum(unit.demo for unit in units)
    done = "Tệp hợp lệ, chưa nhập" if dry_run else "Đã nhập"
    typer.echo(f"{done}: {len(units)} đơn vị, trong đó {demo} đơn vị mẫu.")


@app.command()
def export(
    file: Path = typer.Argument(Path("-"), help="where to write; - is standard output"),  # noqa: B008
) -> None:
    """Write the directory in the format `import` reads."""
    from bot.services.units.register import export_units

    raw = format_units_csv(export_units(settings_module.load()))
    if str(file) == "-":
        sys.stdout.buffer.write(raw)
    else:
        file.write_bytes(raw)


@app.command()
def mark() -> None:
    """After the server's key was lost and replaced: mark the keys of units anew, those that the audit log names and no others, and
    tips, dialogues, units and accounts as they are.

    Compare the log's last code with the one written down elsewhere first (`lachan audit verify`).
    """
    from bot.app import Core
    from bot.services.tips import binding, notes
    from bot.services.units import holders, posts, public_keys

    core = Core(settings_module.load())
    try:
        with core.db.transaction() as session:
            done, left = public_keys.mark_noted(session, core.now())
            tips = binding.mark_all(session, core.now()) if done else 0
            standing = posts.mark_all(session, core.now()) if done else 0
            if done:
                notes.mark_all(session)
                holders.mark_all(session)
    finally:
        core.close()
    typer.echo(
        f"Đã đánh dấu lại khóa của {len(done)} đơn vị, {tips} tin và phần trao đổi của chúng, {standing} dòng đơn vị và tài khoản."
    )
    for unit_id in left:
        typer.echo(f"Khóa của đơn vị {unit_id} không phải khóa mà nhật ký ghi: để nguyên.", err=True)
    if left:
        raise typer.Exit(1)


def describe(errors: list[UnitError], content: Path = settings_module.ROOT / "content") -> list[str]:
    """One line for each error, in the words of content/units/errors.csv."""
    with (content / "units" / "errors.csv").open(encoding="utf-8", newline="") as table:
        words = {row["code"]: row["message"] for row in csv.DictReader(table)}
    lines = []
    for error in errors:
        where = f"dòng {error.line}" if error.line else "cả tệp"
        column = f", cột {error.column}" if error.column else ""
        value = f" [{error.value}]" if error.value else ""
        lines.append(f"{where}{column}: {words[error.code]}{value}")
    return lines
