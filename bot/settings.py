"""The only reader of the environment. Everything else receives a frozen `Settings`."""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.errors import ConfigError

PREFIX = "LACHAN_"
_PLACEHOLDERS = {"", "changeme", "change-me", "secret", "placeholder", "xxx", "todo"}
# https, or http on this machine for trying it out
_ORIGIN = re.compile(r"^(https://[a-z0-9-]+(\.[a-z0-9-]+)+|http://(127\.0\.0\.1|localhost))(:\d{1,5})?$")
_SIZES = {"server": 32, "vault": 32, "receipt_salt": 16}  # bytes of each key in the file
ROOT = Path(__file__).resolve().parent.parent


class NoKeys(ConfigError):
    """This machine has no server keys; whether it should have depends on what lies in the database."""


@dataclass(frozen=True)
class Keys:
    """Server keys, 32 bytes each. `vault` opens contacts, `server` opens conversations in progress; neither opens a
    submitted tip. `receipt_salt` (16 bytes) goes into the slow hash of receipt codes."""

    server: bytes = field(repr=False)
    vault: bytes = field(repr=False)
    receipt_salt: bytes = field(repr=False)


@dataclass(frozen=True)
class TelegramSettings:
    token: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    webhook_url: str = ""
    api_base: str = "https://api.telegram.org"
    mode: str = "webhook"  # webhook | polling
    per_second: float = 30.0  # messages in all; more only where Telegram agreed to it (paid broadcasts: UNVERIFIED)


# Pictures and voice: zdn.vn, zadn.vn. Videos: dlmd.me. Documents: dlfl.vn, which redirects to flchat.vn and dlmd.me. The last
# three are not in Zalo's documents: integrators saw them in the traffic of accounts in use.
ZALO_MEDIA = ("zdn.vn", "zadn.vn", "dlmd.me", "dlfl.vn", "flchat.vn")


@dataclass(frozen=True)
class ZaloOASettings:
    app_id: str = ""
    app_secret: str = field(default="", repr=False)
    oa_id: str = ""
    oa_secret: str = field(default="", repr=False)  # signs webhooks; not the app secret (UNVERIFIED on a live account)
    api_base: str = "https://openapi.zalo.me"
    oauth_base: str = "https://oauth.zaloapp.com"
    media_hosts: tuple[str, ...] = ZALO_MEDIA
    template_type: str = ""  # UNVERIFIED: "" sends buttons without template_type, "button" with it
    buttons: bool = True  # False: choices as numbered text, to be answered by a number
    billed_messages: bool = False  # campaign messages between 48 hours and 7 days cost money each
    appsecret_proof: bool = False  # UNVERIFIED: required on OA endpoints?
    requests_per_minute: int = 100  # "Growth" package; 2,000 for "Comprehensive" (UNVERIFIED officially)
    domain_verifier: str = ""  # the code in zalo_verifier<code>.html


@dataclass(frozen=True)
class ZaloBotSettings:
    token: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    api_base: str = "https://bot-api.zaloplatforms.com"
    mode: str = "webhook"  # webhook | polling
    webhook_url: str = ""
    media_hosts: tuple[str, ...] = ZALO_MEDIA  # UNVERIFIED for bots; the same CDN as official accounts
    monthly_messages: int = 3_000  # Basic plan
    users: int = 50  # Basic plan


@dataclass(frozen=True)
class MailSettings:
    host: str = ""
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    tls: bool = True


@dataclass(frozen=True)
class Settings:
    data_dir: Path
    database_url: str
    keys: Keys
    host: str = "127.0.0.1"
    port: int = 8000
    console_host: str = "127.0.0.1"
    console_port: int = 8001
    public_url: str = "http://127.0.0.1:8000"
    console_url: str = "http://127.0.0.1:8001"
    engine_python: Path = ROOT / "bot/engine/.venv/bin/python"
    engine_workers: int = 2
    engine_timeout: float = 5.0  # seconds one turn may take before the hotline card goes out
    models_dir: Path = ROOT / "models"
    content_dir: Path = ROOT / "content"
    use_tensorflow: bool = False
    demo: bool = False  # demonstration units and officers may exist
    exit_url: str = "https://www.google.com/search?q=th%E1%BB%9Di+ti%E1%BA%BFt"
    widget_origins: tuple[str, ...] = ()
    clamav_socket: str = ""
    min_free_mb: int = 512  # below so much room on the disk no files are taken, only words
    huey_url: str = ""  # "" = SQLite in data_dir; redis://... or postgresql://... for many machines
    kdf_ops: int = 2  # Argon2id passes and memory; lowered only by tests
    kdf_mem: int = 64 * 1024 * 1024
    telegram: TelegramSettings = TelegramSettings()
    zalo_oa: ZaloOASettings = ZaloOASettings()
    zalo_bot: ZaloBotSettings = ZaloBotSettings()
    mail: MailSettings = MailSettings()

    @property
    def blobs_dir(self) -> Path:
        return self.data_dir / "blobs"

    @property
    def secure_cookies(self) -> bool:
        return self.console_url.startswith("https://")


def load(env: Mapping[str, str] | None = None, *, create_keys: bool = False) -> Settings:
    """Build settings from `env` (default: the process environment).

    create_keys: make and keep fresh server keys when the data directory has none (first `make run`).
    Raises ConfigError naming the variable, never its value.
    """
    read = _Reader(os.environ if env is None else env)
    data_dir = _data_dir(read)
    return Settings(
        data_dir=data_dir,
        database_url=read.text("DATABASE_URL", f"sqlite:///{data_dir / 'lachan.db'}"),
        keys=_keys(read, data_dir, create_keys),
        host=read.text("HOST", "127.0.0.1"),
        port=read.integer("PORT", 8000),
        console_host=read.text("CONSOLE_HOST", "127.0.0.1"),
        console_port=read.integer("CONSOLE_PORT", 8001),
        public_url=read.text("PUBLIC_URL", f"http://127.0.0.1:{read.integer('PORT', 8000)}"),
        console_url=read.text("CONSOLE_URL", f"http://127.0.0.1:{read.integer('CONSOLE_PORT', 8001)}"),
        engine_python=Path(read.text("ENGINE_PYTHON", str(Settings.engine_python))),
        engine_workers=read.integer("ENGINE_WORKERS", 2),
        engine_timeout=read.number("ENGINE_TIMEOUT", 5.0),
        models_dir=Path(read.text("MODELS_DIR", str(Settings.models_dir))),
        content_dir=Path(read.text("CONTENT_DIR", str(Settings.content_dir))),
        use_tensorflow=read.flag("ENGINE_USE_TENSORFLOW"),
        demo=read.flag("DEMO"),
        exit_url=read.text("EXIT_URL", Settings.exit_url),
        widget_origins=read.origins("WIDGET_ORIGINS"),
        clamav_socket=read.text("CLAMAV_SOCKET", ""),
        min_free_mb=read.integer("MIN_FREE_MB", Settings.min_free_mb),
        huey_url=read.text("HUEY_URL", ""),
        kdf_ops=read.integer("KDF_OPS", 2),
        kdf_mem=read.integer("KDF_MEM", 64 * 1024 * 1024),
        telegram=TelegramSettings(
            token=read.secret("TELEGRAM_TOKEN"),
            webhook_secret=read.secret("TELEGRAM_WEBHOOK_SECRET"),
            webhook_url=read.text("TELEGRAM_WEBHOOK_URL", ""),
            api_base=read.text("TELEGRAM_API_BASE", TelegramSettings.api_base),
            mode=read.one_of("TELEGRAM_MODE", ("webhook", "polling")),
            per_second=max(1.0, read.number("TELEGRAM_PER_SECOND", TelegramSettings.per_second)),
        ),
        zalo_oa=ZaloOASettings(
            app_id=read.text("ZALO_APP_ID", ""),
            app_secret=read.secret("ZALO_APP_SECRET"),
            oa_id=read.text("ZALO_OA_ID", ""),
            oa_secret=read.secret("ZALO_OA_SECRET"),
            api_base=read.text("ZALO_API_BASE", ZaloOASettings.api_base),
            oauth_base=read.text("ZALO_OAUTH_BASE", ZaloOASettings.oauth_base),
            media_hosts=read.items("ZALO_MEDIA_HOSTS") or ZaloOASettings.media_hosts,
            template_type=read.text("ZALO_TEMPLATE_TYPE", ""),
            buttons=read.text("ZALO_BUTTONS", "1") not in {"0", "false", "no"},
            billed_messages=read.flag("ZALO_BILLED_MESSAGES"),
            appsecret_proof=read.flag("ZALO_APPSECRET_PROOF"),
            requests_per_minute=read.integer("ZALO_REQUESTS_PER_MINUTE", 100),
            domain_verifier=read.text("ZALO_DOMAIN_VERIFIER", ""),
        ),
        zalo_bot=ZaloBotSettings(
            token=read.secret("ZALO_BOT_TOKEN"),
            webhook_secret=read.secret("ZALO_BOT_WEBHOOK_SECRET"),
            api_base=read.text("ZALO_BOT_API_BASE", ZaloBotSettings.api_base),
            mode=read.one_of("ZALO_BOT_MODE", ("webhook", "polling")),
            webhook_url=read.text("ZALO_BOT_WEBHOOK_URL", ""),
            media_hosts=read.items("ZALO_BOT_MEDIA_HOSTS") or ZaloBotSettings.media_hosts,
            monthly_messages=read.integer("ZALO_BOT_MONTHLY_MESSAGES", 3_000),
            users=read.integer("ZALO_BOT_USERS", 50),
        ),
        mail=MailSettings(
            host=read.text("MAIL_HOST", ""),
            port=read.integer("MAIL_PORT", 587),
            user=read.text("MAIL_USER", ""),
            password=read.secret("MAIL_PASSWORD"),
            sender=read.text("MAIL_SENDER", ""),
            tls=read.text("MAIL_TLS", "1") not in {"0", "false", "no"},
        ),
    )


def database_url(env: Mapping[str, str] | None = None) -> str:
    """Where the database is, for a look at it before there are keys."""
    read = _Reader(os.environ if env is None else env)
    return read.text("DATABASE_URL", f"sqlite:///{_data_dir(read) / 'lachan.db'}")


def has_keys(env: Mapping[str, str] | None = None) -> bool:
    """Whether this machine has server keys, right or wrong."""
    read = _Reader(os.environ if env is None else env)
    return bool(read.text("SERVER_KEY", "")) or _keys_path(read, _data_dir(read)).exists()


def _data_dir(read: _Reader) -> Path:
    return Path(read.text("DATA_DIR", str(ROOT / "data"))).resolve()


def _keys_path(read: _Reader, data_dir: Path) -> Path:
    return Path(read.text("KEYS_FILE", str(data_dir / "keys.json")))


class _Reader:
    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def text(self, name: str, default: str) -> str:
        return self._env.get(PREFIX + name, default).strip()

    def secret(self, name: str) -> str:
        value = self.text(name, "")
        if PREFIX + name in self._env and value.lower() in _PLACEHOLDERS - {""}:
            raise ConfigError(f"{PREFIX}{name} vẫn là chữ điền sẵn; đặt giá trị thật, hoặc bỏ biến này đi")
        return value

    def integer(self, name: str, default: int) -> int:
        return int(self.number(name, default))

    def number(self, name: str, default: float) -> float:
        raw = self.text(name, str(default))
        try:
            value = float(raw)
        except ValueError:
            raise ConfigError(f"{PREFIX}{name} phải là một số") from None
        if value < 0:
            raise ConfigError(f"{PREFIX}{name} không được là số âm")
        return value

    def flag(self, name: str) -> bool:
        return self.text(name, "") in {"1", "true", "yes"}

    def items(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text(name, "").split(",") if part.strip())

    def origins(self, name: str) -> tuple[str, ...]:
        """Exact origins such as https://phuong.example.gov.vn; a wildcard or a path would let in more than was meant."""
        found = tuple(part.rstrip("/").lower() for part in self.items(name))
        if not all(_ORIGIN.match(part) for part in found):
            raise ConfigError(
                f"{PREFIX}{name} phải là danh sách địa chỉ gốc như https://example.gov.vn, cách nhau bằng dấu phẩy, không có đường dẫn"
            )
        return found

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, allowed[0])
        if value not in allowed:
            raise ConfigError(f"{PREFIX}{name} phải là một trong: {', '.join(allowed)}")
        return value


def _keys(read: _Reader, data_dir: Path, create: bool) -> Keys:
    if read.text("SERVER_KEY", ""):
        return Keys(_key(read, "SERVER_KEY", 32), _key(read, "VAULT_KEY", 32), _key(read, "RECEIPT_SALT", 16))
    path = _keys_path(read, data_dir)
    if not path.exists():
        if not create:
            raise NoKeys(
                f"chưa có khóa máy chủ; máy mới thì chạy `lachan db init`, còn máy đã từng dùng thì chép lại keys.json "
                f"(hoặc đặt {PREFIX}SERVER_KEY, {PREFIX}VAULT_KEY, {PREFIX}RECEIPT_SALT)"
            )
        _write_keys(path)
    damaged = (
        "tệp khóa máy chủ (keys.json) bị hỏng; chép lại đúng tệp đã cất riêng hay từ máy khác rồi chạy lại. Không xóa, không tạo "
        "khóa mới: khóa mới không mở được gì đã lưu"
    )
    try:
        stored = json.loads(path.read_text())
        decoded = {name: base64.b64decode(stored[name], validate=True) for name in _SIZES}
    except PermissionError:
        raise ConfigError(
            "không có quyền đọc tệp khóa máy chủ (keys.json); tệp phải thuộc về tài khoản đang chạy chương trình, quyền 0600"
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigError(damaged) from None
    if any(len(decoded[name]) != size for name, size in _SIZES.items()):
        raise ConfigError(damaged)
    return Keys(**decoded)


def _write_keys(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    body = json.dumps({name: base64.b64encode(secrets.token_bytes(size)).decode() for name, size in _SIZES.items()})
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # another process made them first: use those
    with os.fdopen(handle, "w") as out:
        out.write(body)


def _key(read: _Reader, name: str, size: int) -> bytes:
    try:
        value = base64.b64decode(read.text(name, ""), validate=True)
    except binascii.Error:
        raise ConfigError(f"{PREFIX}{name} không phải base64; chép lại đúng khóa đã cất") from None
    if len(value) != size or len(set(value)) < 4:
        raise ConfigError(f"{PREFIX}{name} phải là {size} byte ngẫu nhiên viết bằng base64; chép lại đúng khóa đã cất")
    return value
