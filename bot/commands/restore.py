"""`lachan restore`: open a backup again, on a new machine or only to see whether it would do."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from nacl.public import PrivateKey
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from bot import settings as settings_module
from bot.app import Core
from bot.commands import backup, db
from bot.core.campaigns.schedule import VIETNAM
from bot.core.errors import ConfigError
from bot.server_keys import Keys
from bot.services import soundness
from bot.services.keeping import backups, restoring
from bot.settings import Settings
from bot.storage import parcels

app = typer.Typer(add_completion=False, help=__doc__)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="a file of `lachan backup run`")],
    key: Annotated[
        Path | None, typer.Option(help="file with the operator's private key; else one line of standard input")
    ] = None,
    keys: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="file of `lachan backup keys`")] = None,
    verify: bool = typer.Option(False, "--verify", help="only prove that it would do; nothing here is changed"),
) -> None:
    """Unpack, compare, and put everything where the settings say, which must be empty. Campaigns are paused, officers sign in anew.

    Ends with 1 when something is missing or does not fit; it is restored all the same and named.
    """
    private = _private(key)
    opened = restoring.open_keys(keys, private) if keys else None
    settings = _settings(opened)
    if not verify:
        restoring.refuse_used(settings.database_url, settings.blobs_dir)
    with _workplace(settings.data_dir, verify) as work:
        with file.open("rb") as source:
            manifest = restoring.unpack(source, private, work)
        restoring.fit(work, settings.keys)
        report = _examine(
            _trial(settings, work), manifest
        )  # all of it beside what is here: refused now, it leaves nothing
        changed = "" if verify else _place(settings, work, opened)
    _show(manifest, report, verify, changed)
    sys.exit(0 if report.sound else 1)


def _private(file: Path | None) -> PrivateKey:
    """Never an argument, which would stay in the shell's history and be seen by others on the machine."""
    try:
        said = file.read_text() if file else sys.stdin.readline()
    except (OSError, UnicodeDecodeError):
        raise ConfigError("không đọc được tệp khóa riêng") from None
    return parcels.private_key(said)


@contextmanager
def _workplace(data: Path, verify: bool) -> Iterator[Path]:
    """On the data's own disk where the files stay, so that they only have to be moved; elsewhere nothing is left behind."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    work = Path(tempfile.mkdtemp(prefix=".verify-" if verify else ".restore-", dir=data))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _settings(opened: Keys | None) -> Settings:
    """With the keys of the backup where they were given; those of this machine otherwise."""
    if opened is not None:
        return settings_module.load(keys=opened)
    if not settings_module.has_keys():
        raise ConfigError(
            "máy này chưa có khóa máy chủ: thêm --keys TỆP (tệp của `lachan backup keys`), hoặc chép lại keys.json"
        )
    return settings_module.load()


def _trial(settings: Settings, work: Path) -> Settings:
    """The same settings, over the unpacked copy."""
    (work / backups.BLOBS).mkdir(exist_ok=True)
    return settings.model_copy(update={"data_dir": work, "database_url": f"sqlite:///{work / backups.DATABASE}"})


def _place(settings: Settings, work: Path, keys: Keys | None) -> str:
    if keys is not None:
        restoring.put_keys(settings_module.keys_file(), keys)
    try:
        restoring.place(work, settings.database_url, settings.blobs_dir)
    except DBAPIError as error:
        raise ConfigError(f"Cơ sở dữ liệu: {soundness.WORDS[soundness.cause(error) or 'unreachable']}") from None
    return _keep_content(work, settings.content_dir, settings.data_dir)


def _examine(settings: Settings, manifest: backups.Manifest) -> restoring.Report:
    db.prepare(settings)
    core = Core(settings)
    try:
        with core.db.reading() as session:
            report = restoring.examine(session, settings.blobs_dir)
        with core.db.transaction() as session:
            paused, out = restoring.settle(session, core.now(), manifest.made_at)
    finally:
        core.close()
    return replace(report, paused=paused, signed_out=out)


def _keep_content(work: Path, current: Path, data: Path) -> str:
    """Content that differs from what is here now is laid beside it, for a person to compare. Returns the folder's name."""
    old = work / backups.CONTENT
    same = old.is_dir() and all(
        (current / path.relative_to(old)).is_file()
        and (current / path.relative_to(old)).read_bytes() == path.read_bytes()
        for path in old.rglob("*")
        if path.is_file()
    )
    if same or not old.is_dir():
        return ""
    name = f"content-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
    shutil.move(old, data / name)
    return name


def _show(manifest: backups.Manifest, report: restoring.Report, verify: bool, content: str) -> None:
    out = Console(highlight=False)
    when = datetime.fromtimestamp(manifest.made_at, VIETNAM)
    lines = [f"Bản sao lưu lúc {when:%H:%M ngày %d/%m/%Y}: {backup.words(manifest)}."]
    lines.append(
        f"[green]✓[/green] Nhật ký nguyên vẹn: {report.entries} mục."
        if report.broken_at is None
        else f"[red]✗[/red] Nhật ký bị sửa từ mục {report.broken_at}."
    )
    lines.append(
        "[green]✓[/green] Đủ tệp đính kèm của mọi tin báo."
        if not report.missing
        else f"[red]✗[/red] Thiếu {report.missing} tệp đính kèm của tin báo."
    )
    if report.doubtful:
        lines.append(f"[red]✗[/red] {report.doubtful} dòng không khớp dấu của máy chủ; xem `lachan audit verify`.")
    if verify:
        lines.append("Bản này dùng được." if report.sound else "Bản này KHÔNG trọn vẹn; thử bản khác.")
    else:
        lines += _todo(report, f"{when:%H:%M ngày %d/%m/%Y}", content)
    for line in lines:
        out.print(line, soft_wrap=True)


def _todo(report: restoring.Report, when: str, content: str) -> list[str]:
    """What a machine cannot know: it happened after the backup."""
    lines = [f"[yellow]![/yellow] Việc phải làm, vì bản này dừng ở {when}:"]
    lines.append("  - Ai đã yêu cầu xóa tin sau lúc đó: xóa lại (`lachan erase`).")
    if report.paused:
        lines.append(
            f"  - {report.paused} đợt truyền thông đang tạm dừng: nhiều người có thể đã nhận; xem lại rồi mới cho chạy tiếp."
        )
    if report.tokens:
        lines.append("  - Mã Zalo OA trong bản sao lưu có thể đã dùng rồi: chạy `lachan zalo login`.")
    if report.waiting or report.unsent:
        left = f"{report.waiting} tin chờ trả lời và {report.unsent} tin chờ gửi"
        lines.append(f"  - {left} sẽ được làm tiếp khi mở dịch vụ; có người sẽ nhận lần thứ hai.")
    if content:
        lines.append(f"  - Nội dung trong bản sao lưu khác nội dung ở đây; bản cũ nằm ở thư mục dữ liệu, {content}.")
    lines.append("  - Mọi cán bộ đăng nhập lại. Chạy `lachan check` rồi mới mở dịch vụ.")
    return lines
