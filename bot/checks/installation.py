"""What `lachan check` proves before the product is served: settings, store, engine, content, and each channel."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlmodel import col
from telegram.error import TelegramError

from bot.app import Core
from bot.channel_set import buttons_mark
from bot.channels.base import PushChannel
from bot.channels.telegram import errors as telegram_errors
from bot.channels.telegram.client import Telegram
from bot.channels.zalo_bot.client import ZaloBot
from bot.channels.zalo_oa.client import ZaloOA
from bot.channels.zalo_oa.limits import VIETNAM
from bot.checks import advisories
from bot.checks.desks import desks
from bot.checks.engine import engine
from bot.checks.findings import Finding, Mark, bad, good
from bot.checks.reviewers import reviewers
from bot.content.reasons import load_reasons
from bot.core.errors import SendError
from bot.core.messages import Channel
from bot.services import soundness
from bot.services.messaging import outbox
from bot.services.tips import blobs, files
from bot.storage import space
from bot.storage.tables import Contact


def local(core: Core) -> list[Finding]:
    """Store, keys, engine and content; reaches nothing outside."""
    settings = core.settings
    found = [*_database(core), _space(core), _scanner(core), *engine(settings)]
    problems = list(core.content.problems)
    found.append(
        bad("Nội dung", f"{len(problems)} lỗi; chạy `lachan content check`")
        if problems
        else good("Nội dung", "đọc được")
    )
    found += reviewers(core)
    found.append(
        good("Nơi nhận báo lỗ hổng", "có; /.well-known/security.txt trả lời")
        if settings.security_contact
        else Finding(
            Mark.WARN,
            "Nơi nhận báo lỗ hổng",
            "chưa có LACHAN_SECURITY_CONTACT (mailto:... hoặc https://...): người tìm ra lỗ hổng không biết báo cho ai, "
            "/.well-known/security.txt trả lời 404",
        )
    )
    found.append(advisories.finding())
    if not settings.mail.host:
        found.append(
            Finding(
                Mark.OFF, "Thư điện tử", "tắt: chưa có LACHAN_MAIL_HOST; đơn vị chỉ thấy tin mới trong trang cán bộ"
            )
        )
    return found


def _database(core: Core) -> list[Finding]:
    name = "Cơ sở dữ liệu"
    trouble = soundness.judge(core.db, core.settings.keys, core.vault, thorough=True)
    if trouble is not None and trouble.code != "keys_unknown":
        return [bad(name, trouble.words)]
    try:
        soundness.write(core.db, core.now())
        with core.db.reading() as session:
            gone = blobs.missing(session, core.settings.blobs_dir)
        found = [good(name, f"mở được, ghi được, lược đồ {soundness.head()}"), *desks(core)]
    except Exception as error:  # whatever the driver raises; its text may hold the URL
        return [bad(name, soundness.WORDS[soundness.cause(error) or "unreachable"])]
    if trouble is not None:
        found.append(Finding(Mark.WARN, "Khóa máy chủ", trouble.words))
    if gone:
        words = (
            "tệp gửi kèm tin báo không có trên máy này; khôi phục thư mục blobs từ bản sao lưu, hoặc từ máy đã nhận tệp"
        )
        found.append(bad("Tệp đính kèm", f"{gone} {words}"))
    return found


def _space(core: Core) -> Finding:
    name, floor = "Ổ đĩa", core.settings.min_free_mb
    left = space.free(core.settings.blobs_dir)
    if left < space.FULL:
        return bad(name, soundness.WORDS["disk_full"])
    if left < floor * 2**20:
        words = (
            f"chỉ còn {left // 2**20} MB, dưới mức LACHAN_MIN_FREE_MB={floor}: đang từ chối tệp, chỉ nhận chữ; thêm chỗ"
        )
        return bad(name, words)
    return good(name, f"còn {left // 2**20} MB")


def _scanner(core: Core) -> Finding:
    name, path = "Quét mã độc", core.settings.clamav_socket
    if not path:
        return Finding(Mark.OFF, name, "tắt: chưa có LACHAN_CLAMAV_SOCKET; PDF và tệp khác đến cán bộ mà chưa quét")
    if files.scan_bytes(b"", path) != "clean":
        return bad(name, "bộ quét ở LACHAN_CLAMAV_SOCKET không trả lời; tệp vẫn được nhận nhưng chưa quét")
    return good(name, "bộ quét trả lời")


async def channels(core: Core, pushes: Mapping[Channel, PushChannel], *, register: bool) -> list[Finding]:
    """Each channel's settings, token and webhook. `register`: also tell the platforms where to deliver."""
    settings = core.settings
    found: list[Finding] = []
    telegram, oa, bot = (pushes.get(kind) for kind in (Channel.TELEGRAM, Channel.ZALO_OA, Channel.ZALO_BOT))
    if isinstance(telegram, Telegram):
        found += await _telegram(core, telegram, register)
    else:
        found.append(Finding(Mark.OFF, "Telegram", "tắt: chưa có LACHAN_TELEGRAM_TOKEN"))
    if isinstance(oa, ZaloOA):
        found += await _zalo_oa(core, oa)
    else:
        found.append(Finding(Mark.OFF, "Zalo OA", "tắt: chưa có LACHAN_ZALO_APP_ID"))
    if isinstance(bot, ZaloBot):
        found += await _zalo_bot(core, bot, register)
    else:
        found.append(Finding(Mark.OFF, "Zalo Bot", "tắt: chưa có LACHAN_ZALO_BOT_TOKEN"))
    if any(isinstance(push, Telegram | ZaloOA | ZaloBot) for push in pushes.values()):
        found.append(await certificate(settings.public_url))
    return found


async def _telegram(core: Core, telegram: Telegram, register: bool) -> list[Finding]:
    settings, name = core.settings.telegram, "Telegram"
    url = settings.webhook_url or f"{core.settings.public_url}/webhooks/telegram"
    found = []
    if settings.mode == "webhook" and not settings.webhook_secret:
        found.append(bad(name, "thiếu LACHAN_TELEGRAM_WEBHOOK_SECRET: mọi webhook sẽ bị từ chối"))
    try:
        me = await telegram.bot.get_me()
        found.append(good(name, f"token dùng được, bot @{me.username}"))
        if register and settings.mode == "webhook" and settings.webhook_secret:
            await telegram.register(url, settings.webhook_secret)
        elif register and settings.mode == "polling":
            await telegram.unregister()
        info = await telegram.bot.get_webhook_info()
        found.append(_delivery(name, settings.mode, info.url, url))
        if settings.mode == "webhook" and info.last_error_date and info.pending_update_count:
            found.append(Finding(Mark.WARN, name, f"Telegram giao hụt, {info.pending_update_count} tin đang chờ"))
    except TelegramError as error:
        found.append(bad(name, _why(core, telegram_errors.to_error(error))))
    except SendError as error:
        found.append(bad(name, _why(core, error)))
    return found


def _delivery(name: str, mode: str, registered: str, wanted: str) -> Finding:
    """Whether messages reach us the way that is set. Addresses are not shown: they may hold a secret part."""
    if mode == "polling":
        blocked = "đang có webhook nên không lấy được tin; chạy `lachan check --register`"
        return bad(name, blocked) if registered else good(name, "lấy tin bằng polling (chỉ dùng khi thử)")
    if registered == wanted:
        return good(name, "webhook đã đăng ký đúng")
    return bad(name, "webhook chưa đăng ký, hoặc trỏ tới nơi khác; chạy `lachan check --register`")


async def _zalo_oa(core: Core, oa: ZaloOA) -> list[Finding]:
    settings, name = core.settings.zalo_oa, "Zalo OA"
    needed = {
        "LACHAN_ZALO_APP_SECRET": settings.app_secret,
        "LACHAN_ZALO_OA_SECRET": settings.oa_secret,
        "LACHAN_ZALO_OA_ID": settings.oa_id,
    }
    found = [bad(name, f"thiếu {variable}") for variable, value in needed.items() if not value]
    try:
        account = await oa.account()
        package, pace = account.get("package_name") or "?", settings.requests_per_minute
        words = f"token dùng được, OA “{account.get('name', '?')}”, gói {package}, tối đa {pace} lượt gọi một phút"
        found.append(good(name, words))
        if settings.oa_id and str(account.get("oaid") or account.get("oa_id") or settings.oa_id) != settings.oa_id:
            found.append(bad(name, "token thuộc về một OA khác với LACHAN_ZALO_OA_ID"))
    except SendError as error:
        found.append(bad(name, _why(core, error)))
    with core.db.reading() as session:
        if settings.buttons and outbox.is_marked(session, buttons_mark(settings)):
            words = (
                "Zalo đã từ chối nút bấm, nên lựa chọn đang gửi thành dòng đánh số. "
                "Thử LACHAN_ZALO_TEMPLATE_TYPE=button; vẫn bị từ chối thì đặt LACHAN_ZALO_BUTTONS=0"
            )
            found.append(Finding(Mark.WARN, name, words))
    if not settings.domain_verifier:
        found.append(Finding(Mark.WARN, name, "chưa có LACHAN_ZALO_DOMAIN_VERIFIER; cần khi xác thực tên miền"))
    words = "webhook khai báo trong trang developers.zalo.me (không đọc lại được từ đây): …/webhooks/zalo-oa"
    return [*found, Finding(Mark.WARN, name, words)]


async def _zalo_bot(core: Core, bot: ZaloBot, register: bool) -> list[Finding]:
    settings, name = core.settings.zalo_bot, "Zalo Bot"
    url = settings.webhook_url or f"{core.settings.public_url}/webhooks/zalo-bot"
    found = []
    if settings.mode == "webhook" and not 8 <= len(settings.webhook_secret) <= 256:
        found.append(bad(name, "LACHAN_ZALO_BOT_WEBHOOK_SECRET phải dài 8 đến 256 ký tự"))
    try:
        me = _dict(await bot.request("getMe"))
        found.append(good(name, f"token dùng được, gói {me.get('account_type', '?')}"))
        if register and settings.mode == "webhook":
            await bot.request("setWebhook", url=url, secret_token=settings.webhook_secret)
        elif register:
            await bot.request("deleteWebhook")
        info = _dict(await bot.request("getWebhookInfo"))
        found.append(_delivery(name, settings.mode, str(info.get("url") or ""), url))
    except SendError as error:
        found.append(bad(name, _why(core, error)))
    return [*found, _plan(core)]


def _plan(core: Core) -> Finding:
    """How much of the Basic plan is used."""
    settings = core.settings.zalo_bot
    month = datetime.datetime.fromtimestamp(core.now(), VIETNAM).strftime("%Y-%m")
    with core.db.reading() as session:
        used = outbox.month_count(session, Channel.ZALO_BOT, month)
        users = session.execute(
            select(func.count()).select_from(Contact).where(col(Contact.channel) == Channel.ZALO_BOT.value)
        ).scalar_one()
    words = f"tháng này {used}/{settings.monthly_messages} tin, {users}/{settings.users} người"
    near = used > 0.8 * settings.monthly_messages or users >= settings.users
    return Finding(Mark.WARN if near else Mark.GOOD, "Zalo Bot", words)


async def certificate(url: str) -> Finding:
    """Whether the public address has a certificate that lasts."""
    parts, name = urlsplit(url), "Địa chỉ công khai"
    if parts.scheme != "https":
        return Finding(Mark.WARN, name, "LACHAN_PUBLIC_URL chưa phải https: Zalo và Telegram không gọi tới được")
    try:
        context = ssl.create_default_context()
        opened = asyncio.open_connection(parts.hostname, parts.port or 443, ssl=context)
        _, writer = await asyncio.wait_for(opened, 8)
        peer = writer.get_extra_info("peercert") or {}
        writer.close()
    except ssl.SSLCertVerificationError as error:
        return bad(name, _CERTIFICATE.get(error.verify_code, "chứng chỉ không được tin cậy; nền tảng sẽ không gọi tới"))
    except (OSError, ssl.SSLError, TimeoutError):
        return bad(name, "không mở được qua https; kiểm tra nginx, tường lửa, tên miền")
    days = (ssl.cert_time_to_seconds(peer["notAfter"]) - datetime.datetime.now().timestamp()) / 86_400
    mark = Mark.GOOD if days > 14 else Mark.WARN
    return Finding(mark, name, f"chứng chỉ còn {days:.0f} ngày")


_CERTIFICATE = {  # X509_V_ERR_... of OpenSSL
    10: "chứng chỉ đã hết hạn; gia hạn rồi nạp lại nginx",
    18: "chứng chỉ tự ký; nền tảng sẽ không gọi tới",
    62: "chứng chỉ thuộc về tên miền khác",
}


def _why(core: Core, error: SendError) -> str:
    reason = load_reasons(core.settings.content_dir).of(error.code)
    return f"{reason.why}. {reason.todo}".rstrip(" .") + "."


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
