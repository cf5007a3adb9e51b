"""`lachan upgrade`: after new code was put in place: a backup, the schema, and a look whether all is well."""

from __future__ import annotations

import typer
from rich.console import Console

from bot.commands import backup, check, db
from bot.core.errors import ConfigError
from bot.services import soundness

app = typer.Typer(add_completion=False, help=__doc__)


@app.command()
def upgrade(
    without_backup: bool = typer.Option(False, "--without-backup", help="there is a fresh one already"),
) -> None:
    """Stop gateway, console and jobs first. Ends with 1 when something does not work; the backup is the way back."""
    settings = soundness.settings()
    out = Console(highlight=False)
    if not without_backup:
        try:
            made = backup.make(settings)
        except ConfigError as error:
            raise ConfigError(
                f"chưa nâng cấp gì: {error.args[0]}. Đã có bản sao lưu mới thì thêm --without-backup"
            ) from None
        out.print(f"1. Đã sao lưu: {made.file.name}", soft_wrap=True)
    db.prepare(settings)
    out.print(f"2. Lược đồ ở bản mới nhất: {soundness.head()}")
    out.print("3. Kiểm tra:")
    check.check(register=False, offline=True)
