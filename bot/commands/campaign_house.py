"""What the campaign commands share: the product they work on, who is at the keyboard, and errors in plain Vietnamese."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot import settings as settings_module
from bot.app import Core
from bot.core.errors import ConfigError, InvalidInput, LaChanError, NotAllowed, NotAuthenticated
from bot.presentation.campaign_desk import MAKERS
from bot.presentation.words import words
from bot.services.units import signin

REFUSED = 1
_WHY = {
    "campaign": "Không có chiến dịch mang số này.",
    "kit": "Không có bộ soạn sẵn mang tên này. Xem `lachan campaign kits`.",
    "role": "Tài khoản này không được làm việc với chiến dịch. Chỉ chỉ huy và bàn trực trung tâm được làm.",
    "sign_in": "Tên đăng nhập, mật khẩu hoặc mã 6 số chưa đúng. Mỗi mã chỉ dùng được một lần.",
    "locked": "Tài khoản tạm khóa vì thử sai nhiều lần. Mời thử lại sau mười lăm phút.",
    "file": "Không ghi được tệp này.",
    "suffix": "Tên tệp phải kết thúc bằng .csv, .xlsx hoặc .svg.",
    "start": "Giờ bắt đầu phải viết như 2027-07-30 08:00, theo giờ Việt Nam.",
    "content": "Nội dung phải viết là kit:TÊN hoặc item:TÊN, độ dài short, medium hoặc long.",
}


@contextmanager
def house() -> Iterator[Core]:
    """The product of this machine. An error on the way becomes a sentence and exit code 1."""
    core: Core | None = None
    try:
        core = Core(settings_module.load())
        yield core
    except InvalidInput as error:
        raise _refuse(error.code) from None
    except (NotAllowed, NotAuthenticated) as error:
        raise _refuse(str(error)) from None
    except ConfigError as error:  # names a setting, never its value
        typer.echo(f"Thiết lập chưa đúng: {error}", err=True)
        raise typer.Exit(REFUSED) from None
    except OperationalError:
        typer.echo("Chưa mở được cơ sở dữ liệu. Mời chạy `lachan db init` rồi thử lại.", err=True)
        raise typer.Exit(REFUSED) from None
    except LaChanError as error:
        raise _refuse(type(error).__name__) from None
    finally:
        if core is not None:
            core.close()


def _refuse(code: str) -> typer.Exit:
    known = {**words()["campaign"]["problems"], **_WHY}
    typer.echo(f"{known.get(code, 'Không làm được.')} [{code}]", err=True)
    return typer.Exit(REFUSED)


def prove(core: Core, login: str) -> str:
    """Ask for password and code, as the console does. Returns the officer's id. Raises NotAllowed.

    Whoever writes a campaign proves it too: otherwise one person could write under another's name and agree to it.
    """
    password, code = _ask("Mật khẩu: "), _ask("Mã 6 số: ").replace(" ", "")
    with core.db.reading() as session:
        found = signin.find_login(session, login.strip().lower())
    private = signin.unlock(core.vault, found, password[:200])
    with core.db.transaction() as session:
        try:
            token = signin.sign_in(session, core.vault, found, private, code, core.now())
        except NotAuthenticated:
            raise NotAllowed("locked") from None
    if token is None:  # counted as a failure, in a transaction of its own
        raise NotAllowed("sign_in")
    with core.db.transaction() as session:
        return _officer(session, token, core.now())


def _officer(session: Session, token: str, now: float) -> str:
    officer = signin.resume(session, token, now)
    signin.sign_out(session, officer.session_id)
    if officer.role not in MAKERS:
        raise NotAllowed("role")
    return officer.officer_id


def _ask(prompt: str) -> str:
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
