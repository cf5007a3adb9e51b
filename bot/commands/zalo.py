"""`lachan zalo`: connect the Official Account, and look whether it still is."""

from __future__ import annotations

import asyncio
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import typer
from rich.console import Console

from bot import settings as settings_module
from bot.app import Core, configure_logging
from bot.channel_set import zalo_oa
from bot.channels.base import quiet_libraries
from bot.channels.http_calls import new_client
from bot.channels.zalo_oa import article as zalo_article
from bot.channels.zalo_oa import tokens
from bot.core.campaigns.schedule import VIETNAM
from bot.core.errors import SendError
from bot.core.messages import Channel
from bot.services.campaigns import words
from bot.services.messaging import channel_tokens
from bot.storage import marks
from bot.storage.database import migrate
from bot.storage.vault import queue_key

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)
out = Console(highlight=False)


def _core() -> Core:
    configure_logging()
    quiet_libraries()
    settings = settings_module.load()
    if not (settings.zalo_oa.app_id and settings.zalo_oa.app_secret):
        raise typer.BadParameter("hãy đặt LACHAN_ZALO_APP_ID và LACHAN_ZALO_APP_SECRET trước")
    migrate(settings.database_url, marks.key_for(settings.keys), queue_key(settings.keys))
    return Core(settings)


@app.command()
def login(
    redirect: str = typer.Option(
        "", help="callback URL saved in Zalo's console; then the account's administrator agrees"
    ),
) -> None:
    """Enter the first pair of tokens, or a new one after an alarm. Nothing typed here is shown or logged."""
    core = _core()
    try:
        if redirect:
            form = _consent(core, redirect)
        else:
            out.print("Lấy cặp token ở API Explorer trong trang developers.zalo.me, mục Official Account.")
            refresh = typer.prompt("Refresh token", hide_input=True)
            form = {
                "refresh_token": refresh.strip(),
                "app_id": core.settings.zalo_oa.app_id,
                "grant_type": "refresh_token",
            }
        asyncio.run(_exchange(core, form))
    except SendError as error:
        out.print(
            f"Zalo không nhận ({error.code}). Kiểm tra app id, app secret, và token còn mới (mỗi refresh token chỉ dùng một lần)."
        )
        raise typer.Exit(1) from None
    finally:
        core.close()
    out.print("Đã nối. Từ giờ token tự đổi; chạy `lachan zalo status` để xem.")


def _consent(core: Core, redirect: str) -> dict[str, str]:
    verifier, state = tokens.new_verifier(), secrets.token_urlsafe(12)
    out.print("Quản trị viên của OA mở đường dẫn này và đồng ý:\n")
    print(tokens.consent_url(core.settings.zalo_oa, redirect, verifier, state))
    answer = typer.prompt("\nDán lại địa chỉ mà trình duyệt được chuyển đến", hide_input=True)
    query = parse_qs(urlsplit(answer.strip()).query)
    if query.get("state", [""])[0] != state:
        raise typer.BadParameter("địa chỉ này không thuộc lần đồng ý vừa rồi")
    return {
        "code": query.get("code", [""])[0], "app_id": core.settings.zalo_oa.app_id, "grant_type": "authorization_code",
        "code_verifier": verifier,
    }  # fmt: skip


async def _exchange(core: Core, form: dict[str, str]) -> None:
    async with new_client() as http:
        access, refresh, life = await tokens.request_pair(http, core.settings.zalo_oa, form)
    await core.db.run(lambda s: channel_tokens.enter(s, core.vault, Channel.ZALO_OA, access, refresh, core.now(), life))


@app.command()
def status() -> None:
    """Whether the account answers, and how old the token is."""
    core = _core()
    try:
        account = asyncio.run(_account(core))
        with core.db.reading() as session:
            pair = channel_tokens.load(session, core.vault, Channel.ZALO_OA)
    except SendError as error:
        out.print(f"OA không trả lời: {error.code}. Cần chạy `lachan zalo login` nếu là no_token hoặc token_refused.")
        raise typer.Exit(1) from None
    finally:
        core.close()
    hours = (core.now() - pair.issued_at) / 3600 if pair else 0
    out.print(f"OA: {account.get('name', '?')} · gói {account.get('package_name', '?')} · token {hours:.1f} giờ tuổi")


@app.command()
def article(
    kit: str = typer.Argument(help="a ready-made campaign, see `lachan campaign kits`"),
    author: str = typer.Option("Lá Chắn", help="name below the title, at most 50 characters"),
) -> None:
    """Make a hidden article of a ready-made campaign, for a broadcast that the account's people send by hand."""
    core = _core()
    try:
        found = words.sources(core).kits.get(kit)
        today = datetime.fromtimestamp(core.now(), VIETNAM).date()
        if found is None or words.kit_problem(found, today):
            out.print(
                "Không có bộ soạn sẵn này, hoặc chưa có người duyệt, hoặc đã hết hạn. Xem `lachan campaign kits`."
            )
            raise typer.Exit(1)
        public = core.settings.public_url
        made = asyncio.run(
            _article(
                core, zalo_article.body(found, f"{public}/pictures" if public.startswith("https://") else "", author)
            )
        )
    except SendError as error:
        out.print(f"Zalo không nhận bài: {error.code}.")
        raise typer.Exit(1) from None
    finally:
        core.close()
    if not made:
        out.print("Zalo vẫn đang xử lý bài. Mời xem trong trang quản lý OA.")
        return
    out.print(f"Đã tạo bài {made}, đang ẩn. Mời mở trang quản lý OA để xem lại, cho hiện, rồi gửi truyền thông.")


async def _article(core: Core, body: dict[str, Any]) -> str:
    client = zalo_oa(core)
    try:
        return await client.create_article(body)
    finally:
        await client.close()


async def _account(core: Core) -> dict:
    client = zalo_oa(core)
    try:
        return await client.account()
    finally:
        await client.close()
