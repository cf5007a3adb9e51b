"""`lachan db`: prepare the database, and the demonstration data of an empty one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from bot import settings as settings_module
from bot.app import Core
from bot.core.errors import ConfigError
from bot.services import soundness
from bot.services.units import demo, posts, public_keys
from bot.storage import copying, marks
from bot.storage.database import migrate
from bot.storage.vault import queue_key

app = typer.Typer(add_completion=False, help=__doc__)


@app.command()
def init(
    demo_data: bool = typer.Option(False, "--demo", help="create demonstration units and officers if empty"),
) -> None:
    """Make the data directory, the server keys and the schema; safe to run again."""
    if not settings_module.has_keys() and soundness.in_use(settings_module.database_url()):
        raise ConfigError(f"Cơ sở dữ liệu: {soundness.WORDS['keys_missing']}")
    made_keys = not settings_module.has_keys()
    settings = settings_module.load(create_keys=True)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    prepare(settings)
    if made_keys:
        out = Console(highlight=False)
        out.print(
            "Đã tạo khóa máy chủ (keys.json). Chép khóa này tới mọi máy khác và cất một bản riêng, tách khỏi bản sao lưu."
        )
    core, made = Core(settings), []
    try:
        with core.db.transaction() as session:
            public_keys.note_all(session, core.now())
            posts.note_known(session, core.now())
            if demo_data and demo.is_empty(session):
                raw = (settings.content_dir / "units" / "demo.csv").read_bytes()
                made = demo.seed(session, core.vault, raw, core.now())
    finally:
        core.close()
    if made:
        _show(made, settings.data_dir / "demo-officers.json")


@app.command("copy")
def copy_to() -> None:
    """Copy this installation's database into the empty one of LACHAN_COPY_URL (sqlite:///FILE or postgresql://...) and compare
    every row: from SQLite to PostgreSQL, or back.

    Stop gateway, console and jobs first: what is written during the copy stays behind.
    """
    target = settings_module.copy_url()
    if not target:
        raise ConfigError(
            "chưa biết chép đi đâu: đặt LACHAN_COPY_URL (sqlite:///TỆP hoặc postgresql://...), một nơi còn trống"
        )
    source = settings_module.database_url()
    try:
        found = copying.copy(source, target)
    except DBAPIError as error:
        raise ConfigError(f"Cơ sở dữ liệu: {soundness.WORDS[soundness.cause(error) or 'unreachable']}") from None
    out = Console(highlight=False)
    out.print(f"Đã chép và đối chiếu {sum(count for count, _ in found.values())} dòng của {len(found)} bảng: khớp.")
    out.print("Đặt LACHAN_DATABASE_URL tới nơi mới, chạy `lachan check`, rồi mới mở lại các dịch vụ.", soft_wrap=True)


def prepare(settings: settings_module.Settings) -> None:
    """The schema at its newest, and the mark of the keys. Raises ConfigError for a damaged file or foreign keys."""
    core = Core(settings)
    try:
        trouble = soundness.judge(core.db, settings.keys, core.vault, thorough=True)
        if trouble is not None and trouble.code not in {"empty", "schema_old", "keys_unknown"}:
            raise ConfigError(f"Cơ sở dữ liệu: {trouble.words}")
        migrate(settings.database_url, marks.key_for(settings.keys), queue_key(settings.keys))
        with core.db.transaction() as session:
            soundness.remember(session, settings.keys, core.vault)
    finally:
        core.close()


def _show(made: list[demo.DemoOfficer], path: Path) -> None:
    # Kept beside the keys, readable by the owner only, so that a demonstration can be continued after a restart.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump([officer.__dict__ for officer in made], out, ensure_ascii=False, indent=1)
    console = Console()
    console.print("\n[bold]Tài khoản TRÌNH DIỄN[/bold] (chỉ hiện lần này; cũng nằm trong data/demo-officers.json):")
    for officer in made:
        console.print(
            f"  {officer.login:<9} mật khẩu [bold]{officer.password}[/bold]  TOTP [bold]{officer.totp_secret}[/bold]  {officer.unit}",
            soft_wrap=True,
        )
    console.print("  Mã 6 số: thêm khóa TOTP vào ứng dụng xác thực, hoặc chạy: lachan db totp LOGIN\n")


@app.command()
def totp(login: str) -> None:
    """The current six-digit code of a demonstration officer."""
    import pyotp

    settings = settings_module.load()
    path = settings.data_dir / "demo-officers.json"
    officers = json.loads(path.read_text()) if path.exists() else []
    for officer in officers:
        if officer["login"] == login:
            print(pyotp.TOTP(officer["totp_secret"]).now())
            return
    raise typer.BadParameter("no such demonstration officer")
