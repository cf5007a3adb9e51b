"""`lachan officers`: the first account of an installation, and a way back in when every administrator is locked out."""

from __future__ import annotations

from typing import NoReturn

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlmodel import col

from bot import settings as settings_module
from bot.app import Core
from bot.core.errors import InvalidInput, NotAllowed
from bot.presentation.words import words
from bot.services.units import accounts
from bot.storage.tables import Officer

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)
HOURS = 72


@app.command()
def invite(
    login: str = typer.Argument(help="lower-case letters, digits, dot, hyphen, underscore"),
    name: str = typer.Option(..., "--name", help="as colleagues know them"),
    role: str = typer.Option("admin", "--role", help=" | ".join(accounts.ROLES)),
    unit: str = typer.Option("", "--unit", help="id of the unit, as in `lachan units export`"),
) -> None:
    """Print a one-time link for a new account. Later accounts are made in the console."""
    with _Product() as core:
        try:
            with core.db.transaction() as session:
                token = accounts.invite(session, None, login=login, name=name, unit_id=unit, role=role, now=core.now())
        except InvalidInput as error:
            _refuse(words()["errors"].get(error.code, error.code))
        _show(core, token)


@app.command()
def renew(login: str) -> None:
    """Print a one-time link for an account whose password or device is lost. It holds no unit's key any more."""
    with _Product() as core:
        try:
            with core.db.transaction() as session:
                officer_id = session.execute(
                    select(col(Officer.id)).where(col(Officer.login) == login.lower())
                ).scalar()
                token = accounts.renew(session, officer_id or "", None, core.now())
        except NotAllowed:
            _refuse("Không có tài khoản này.")
        _show(core, token)


@app.command("list")
def listing() -> None:
    """Who can sign in."""
    table = Table("Đăng nhập", "Tên", "Vai trò", "Đơn vị", "Tình trạng")
    with _Product() as core, core.db.reading() as session:
        for row in session.execute(select(Officer).order_by(col(Officer.login))).scalars():
            state = "đã ngừng" if not row.active else "đang dùng" if row.private_key else "chờ ghi danh"
            table.add_row(row.login, row.name, words()["roles"][row.role], row.unit_id, state)
    Console().print(table)


class _Product:
    """The core for one command; closed at its end."""

    def __enter__(self) -> Core:
        self._core = Core(settings_module.load())
        return self._core

    def __exit__(self, *_: object) -> None:
        self._core.close()


def _show(core: Core, token: str) -> None:
    typer.echo(f"Đường dẫn dùng một lần, trong {HOURS} giờ. Đưa tận tay người nhận:")
    typer.echo(f"{core.settings.console_url}/enrol/{token}")


def _refuse(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(1)
