"""`lachan audit`: check the chain of the audit log, or write it out."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlmodel import col

from bot import settings as settings_module
from bot.app import Core
from bot.core.errors import ConfigError
from bot.services import audit, audit_heads
from bot.services.tips import binding, notes
from bot.services.units import posts, public_keys
from bot.storage.tables import Audit

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)


@app.command()
def verify() -> None:
    """Walk the whole chain and compare the keys of units, tips and their dialogues with it; exit status 1 when an entry was
    changed, added, removed or moved, when a unit has another key than the log says, or when a tip, a line of a dialogue, a note, a
    unit's place or an account was changed behind the product's back."""
    core = Core(settings_module.load())
    try:
        with core.db.reading() as session:
            verdict = audit.verify(session)
            doubtful = public_keys.doubtful(session)
            changed = binding.doubtful(session)
            noted = notes.doubtful(session)
            standing = posts.doubtful(session)
    finally:
        core.close()
    if verdict.ok:
        typer.echo(f"Chuỗi nguyên vẹn: {verdict.entries} mục, mã cuối {verdict.head}")
    else:
        typer.echo(f"Chuỗi bị sửa từ mục {verdict.broken_at}.", err=True)
    for unit in doubtful:
        typer.echo(f"Khóa của đơn vị {unit.id} không phải khóa mà nhật ký ghi.", err=True)
    for unit_id in standing.units:
        typer.echo(f"Dòng của đơn vị {unit_id} trong danh mục đã bị sửa ngoài hệ thống.", err=True)
    for login in standing.accounts:
        typer.echo(f"Tài khoản {login} (tên, đơn vị, vai trò hoặc tình trạng) đã bị sửa ngoài hệ thống.", err=True)
    if standing.directory:
        typer.echo(
            "Danh mục đơn vị không phải danh mục mà nhật ký ghi: có dòng bị thêm, bớt hoặc trả lại bản cũ.", err=True
        )
    for tip_id in changed.tips:
        typer.echo(
            f"Loại việc, nơi, mức khẩn, dấu trẻ em hoặc đơn vị giữ của tin {tip_id} đã bị sửa ngoài hệ thống.", err=True
        )
    for tip_id in changed.dialogues:
        typer.echo(f"Phần trao đổi của tin {tip_id} đã bị sửa ngoài hệ thống.", err=True)
    for tip_id in noted:
        typer.echo(f"Ghi chú của tin {tip_id} đã bị sửa hoặc bị xóa ngoài hệ thống.", err=True)
    if not verdict.ok or doubtful or changed or standing or noted:
        raise typer.Exit(1)


@app.command()
def export() -> None:
    """All entries as CSV on standard output; to be kept in another place, so that a rewritten chain shows."""
    core = Core(settings_module.load())
    writer = csv.writer(sys.stdout)
    writer.writerow(("seq", "at", "actor", "action", "subject", "detail", "previous", "hash"))
    try:
        with core.db.reading() as session:
            for row in session.execute(
                select(Audit).order_by(col(Audit.seq)).execution_options(yield_per=1000)
            ).scalars():
                writer.writerow(
                    (row.seq, row.at, row.actor, row.action, row.subject, row.detail, row.previous, row.hash)
                )
    finally:
        core.close()


@app.command(name="head")
def last(
    against: Annotated[
        Path | None, typer.Option("--verify", help="Compare the log with a file of codes kept elsewhere.")
    ] = None,
) -> None:
    """The chain's end as one line, to be kept elsewhere. --verify FILE: whether the log still has every end in that file; exit
    status 1 when not."""
    core = Core(settings_module.load())
    try:
        with core.db.reading() as session:
            if against is None:
                typer.echo(audit_heads.line(audit.head(session), core.now()))
                return
            verdict, kept = audit.verify(session), _kept(against)
            missing = audit.contradicted(session, kept)
    finally:
        core.close()
    if not verdict.ok:
        typer.echo(f"Chuỗi bị sửa từ mục {verdict.broken_at}.", err=True)
    for head in missing:
        typer.echo(f"Không khớp: mục {head.seq} từng có mã {head.hash}. Nhật ký đã bị viết lại hoặc cắt bớt.", err=True)
    if missing or not verdict.ok:
        raise typer.Exit(1)
    typer.echo(f"Khớp cả {len(kept)} mã đã cất, mới nhất là mục {max(head.seq for head in kept)}.")


def _kept(path: Path) -> list[audit.Head]:
    try:
        found = audit_heads.read(audit_heads.plain(path.read_bytes()))
    except (OSError, audit_heads.HeadsError):
        raise ConfigError("không đọc được tệp mã đã cất: sai đường dẫn, hoặc một dòng trong đó bị hỏng") from None
    if not found:
        raise ConfigError("trong tệp này không có mã nào của nhật ký")
    return found
