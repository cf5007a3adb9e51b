"""`lachan erase`: erase a tip at the wish of whoever holds its receipt code."""

from __future__ import annotations

import getpass
import sys

import typer
from rich.console import Console

from bot import settings as settings_module
from bot.app import Core
from bot.core.tips import receipt
from bot.dialogue.reading import codes
from bot.services.keeping import erasure

app = typer.Typer(add_completion=False, help=__doc__)


@app.command()
def erase(
    yes: bool = typer.Option(False, "--yes", help="do not ask again before erasing"),
) -> None:
    """Asks for the code without showing it (or reads one line from standard input): never an argument, which would stay
    in the shell's history and be seen by others on the machine. Words, dialogue, files and keys go; one count stays."""
    code = codes.find(_ask()) or ""
    out = Console()
    if not receipt.is_well_formed(code):
        out.print("Không mở được mã này.")
        raise typer.Exit(1)
    if not yes and not typer.confirm("Xóa hẳn tin báo này? Không thể lấy lại"):
        raise typer.Exit(1)
    core = Core(settings_module.load())
    try:
        with core.db.transaction() as session:
            files = erasure.erase_by_code(session, core.vault, code, core.now())
        if files is None:
            out.print("Không mở được mã này.")
            raise typer.Exit(1)
        erasure.remove_files(core.settings.blobs_dir, files)
        wiped = erasure.wipe_erased(core.db)
    finally:
        core.close()
    out.print("Đã xóa tin báo, lời nhắn, tệp và khóa. Chỉ còn một con số thống kê.")
    if not wiped:
        out.print("Các tệp dữ liệu đang bận; phần còn lại được dọn trong vòng mười phút.")


def _ask() -> str:
    return getpass.getpass("Mã tra cứu: ") if sys.stdin.isatty() else sys.stdin.readline()
