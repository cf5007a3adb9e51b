"""`lachan backup`: a copy of everything, made while the product runs, that only the operator's private key opens."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from bot.app import Core
from bot.core.errors import ConfigError
from bot.services import soundness
from bot.services.keeping import backups
from bot.settings import Settings
from bot.storage import parcels

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)


@app.command("new-key")
def new_key(
    file: Annotated[Path, typer.Argument(help="where the private key goes: not on this machine's disk for good")],
) -> None:
    """Make the operator's pair of keys. The public one is for LACHAN_BACKUP_KEY; whoever has the private one reads all backups."""
    public, private = parcels.new_pair()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(f"đã có tệp {file.name} ở đó; chọn tên khác, không ghi đè khóa cũ") from None
    except OSError:
        raise ConfigError(f"không ghi được {file.name}; kiểm tra thư mục và quyền") from None
    with os.fdopen(handle, "w") as out:
        out.write(private + "\n")
    show = Console(highlight=False)
    show.print(f"Đặt biến này trên máy chủ:\n\n  LACHAN_BACKUP_KEY={public}\n", soft_wrap=True)
    show.print(
        f"Khóa riêng nằm trong {file.name}. Chép nó ra hai nơi cất riêng (két, USB) rồi xóa khỏi máy này: mất nó thì không mở được "
        "bản sao lưu nào, ai có nó thì mở được tất cả.",
        soft_wrap=True,
    )


@app.command()
def run(
    folder: Annotated[Path | None, typer.Argument(help="where to; LACHAN_BACKUP_DIR when not given")] = None,
) -> None:
    """Make a backup now, beside the running product, and remove the oldest beyond LACHAN_BACKUP_KEEP."""
    settings = soundness.settings()
    made = make(settings, folder)
    out = Console(highlight=False)
    out.print(f"Đã sao lưu vào {made.file.name} ({made.size / 2**20:.1f} MB): {words(made.manifest)}.", soft_wrap=True)
    if made.removed:
        out.print(f"Đã bỏ {len(made.removed)} bản cũ nhất.")
    out.print("Khóa máy chủ không nằm trong đó: cất riêng bằng `lachan backup keys TỆP`.", soft_wrap=True)


@app.command()
def keys(file: Annotated[Path, typer.Argument(help="a new file, to be kept apart from the backups")]) -> None:
    """The server keys, sealed to the same operator. They change only when somebody changes them: once is enough."""
    settings = soundness.settings()
    try:
        backups.pack_keys(settings.keys, parcels.public_key(_key(settings)), file)
    except OSError:
        raise ConfigError(f"không ghi được {file.name}; kiểm tra thư mục và quyền") from None
    Console(highlight=False).print(
        f"Đã cất khóa máy chủ vào {file.name}. Để nơi khác với các bản sao lưu.", soft_wrap=True
    )


def make(settings: Settings, folder: Path | None = None) -> backups.Made:
    """A backup with these settings. Raises ConfigError with the cause and what to do."""
    public = parcels.public_key(_key(settings))
    target = folder or settings.backup_dir
    if target is None:
        raise ConfigError(
            "chưa biết cất ở đâu: đặt LACHAN_BACKUP_DIR (ổ khác hoặc thư mục mạng), hoặc ghi thư mục sau lệnh"
        )
    core = Core(settings)
    try:
        return backups.make(settings, core.db, public, target, core.now, settings.backup_keep)
    except DBAPIError as error:
        raise ConfigError(f"Cơ sở dữ liệu: {soundness.WORDS[soundness.cause(error) or 'unreachable']}") from None
    except OSError as error:
        full = soundness.cause(error) == "disk_full"
        raise ConfigError(
            soundness.WORDS["disk_full"] if full else "không ghi được nơi cất bản sao lưu; kiểm tra thư mục và quyền"
        ) from None
    finally:
        core.close()


def words(manifest: backups.Manifest) -> str:
    """What is in it, for people."""
    return f"{manifest.rows} dòng dữ liệu, {len(manifest.files)} tệp đính kèm, {manifest.content} tệp nội dung, lược đồ {manifest.revision}"


def _key(settings: Settings) -> str:
    if not settings.backup_key:
        raise ConfigError(
            "chưa có LACHAN_BACKUP_KEY: tạo bằng `lachan backup new-key TỆP`, bản sao lưu luôn được mã hóa"
        )
    return settings.backup_key
