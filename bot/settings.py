"""The only reader of the environment. Everything else receives frozen `Settings`.

Each setting is one field: its name with the group's prefix is the variable (`LACHAN_ZALO_BOT_USERS`), its default stands here and
nowhere else. A group made by hand has the defaults: only `load` looks at the environment.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.core.errors import ConfigError
from bot.server_keys import SIZES, Keys, decode_key, stored_keys

PREFIX = "LACHAN_"
_PLACEHOLDERS = {"changeme", "change-me", "secret", "placeholder", "xxx", "todo"}
# https, or http on this machine for trying it out
_ORIGIN = re.compile(r"^(https://[a-z0-9-]+(\.[a-z0-9-]+)+|http://(127\.0\.0\.1|localhost))(:\d{1,5})?$")
ROOT = Path(__file__).resolve().parent.parent
# python-telegram-bot gives spans of time as timedelta, as its next major version will; until it is asked, it warns at each 429.
os.environ.setdefault("PTB_TIMEDELTA", "true")


# What a variable may say. The words of a ValueError follow the variable's name; they never quote the value.


def _no_placeholder(said: str) -> str:
    if said.lower() in _PLACEHOLDERS:
        raise ValueError("vẫn là chữ điền sẵn; đặt giá trị thật, hoặc bỏ biến này đi")
    return said


def _number(said: str | float) -> float:
    try:
        value = float(said)
    except ValueError:
        raise ValueError("phải là một số") from None
    if value < 0:
        raise ValueError("không được là số âm")
    return value


def _whole(said: str | float) -> int:
    value = _number(said)
    try:
        return int(value)
    except (OverflowError, ValueError):  # "inf", "nan"
        raise ValueError("phải là một số") from None


def _items(said: str | tuple[str, ...]) -> tuple[str, ...]:
    parts = said.split(",") if isinstance(said, str) else said
    return tuple(part.strip() for part in parts if part.strip())


def _origins(said: str | tuple[str, ...]) -> tuple[str, ...]:
    """Exact origins such as https://phuong.example.gov.vn; a wildcard or a path would let in more than was meant."""
    found = tuple(part.rstrip("/").lower() for part in _items(said))
    if not all(_ORIGIN.match(part) for part in found):
        raise ValueError(
            "phải là danh sách địa chỉ gốc như https://example.gov.vn, cách nhau bằng dấu phẩy, không có đường dẫn"
        )
    return found


def _networks(said: str | tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(str(ipaddress.ip_network(part, strict=False)) for part in _items(said))
    except ValueError:
        raise ValueError("phải là danh sách địa chỉ hoặc dải mạng như 10.0.0.0/8, cách nhau bằng dấu phẩy") from None


def _one_of(*allowed: str) -> BeforeValidator:
    def check(said: str) -> str:
        if said not in allowed:
            raise ValueError(f"phải là một trong: {', '.join(allowed)}")
        return said

    return BeforeValidator(check)


def _public_key(said: str) -> str:
    """32 bytes in base64, or nothing."""
    try:
        fits = not said or len(base64.b64decode(said, validate=True)) == 32
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("phải là khóa công khai Ed25519 viết bằng base64, như `lachan model sign` in ra")
    return said


PublicKey = Annotated[str, AfterValidator(_public_key)]


def _contacts(said: str | tuple[str, ...]) -> tuple[str, ...]:
    """Addresses as RFC 9116 wants them, which are URIs."""
    found = _items(said)
    if not all(part.startswith(("https://", "mailto:", "tel:")) and not set(part) & set(" \r\n") for part in found):
        raise ValueError(
            "phải là danh sách địa chỉ như mailto:ten@example.vn hoặc https://..., cách nhau bằng dấu phẩy"
        )
    return found


Secret = Annotated[str, AfterValidator(_no_placeholder), Field(repr=False)]
Number = Annotated[float, BeforeValidator(_number)]
Whole = Annotated[int, BeforeValidator(_whole)]
Items = Annotated[tuple[str, ...], BeforeValidator(_items)]
Origins = Annotated[tuple[str, ...], BeforeValidator(_origins)]
Networks = Annotated[tuple[str, ...], BeforeValidator(_networks)]
Contacts = Annotated[tuple[str, ...], BeforeValidator(_contacts)]
Mode = Annotated[Literal["webhook", "polling"], _one_of("webhook", "polling")]
Wall = Annotated[Literal["best", "required"], _one_of("best", "required")]
# A flag that is off, or on, unless the variable says the opposite in so many words.
Off = Annotated[bool, BeforeValidator(lambda said: said in {"1", "true", "yes"} if isinstance(said, str) else said)]
On = Annotated[bool, BeforeValidator(lambda said: said not in {"0", "false", "no"} if isinstance(said, str) else said)]


class _Group(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, enable_decoding=False, frozen=True, hide_input_in_errors=True, extra="forbid"
    )

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


class TelegramSettings(_Group, env_prefix=PREFIX + "TELEGRAM_"):
    token: Secret = ""
    webhook_secret: Secret = ""
    webhook_url: str = ""
    api_base: str = "https://api.telegram.org"
    mode: Mode = "webhook"
    # messages in all; more only where Telegram agreed to it (paid broadcasts: UNVERIFIED)
    per_second: Annotated[Number, AfterValidator(lambda said: max(1.0, said))] = 30.0


# Pictures and voice: zdn.vn, zadn.vn. Videos: dlmd.me. Documents: dlfl.vn, which redirects to flchat.vn and dlmd.me. The last
# three are not in Zalo's documents: integrators saw them in the traffic of accounts in use.
ZALO_MEDIA = ("zdn.vn", "zadn.vn", "dlmd.me", "dlfl.vn", "flchat.vn")
ZaloHosts = Annotated[Items, AfterValidator(lambda said: said or ZALO_MEDIA)]


class ZaloOASettings(_Group, env_prefix=PREFIX + "ZALO_"):
    app_id: str = ""
    app_secret: Secret = ""
    oa_id: str = ""
    oa_secret: Secret = ""  # signs webhooks; not the app secret (UNVERIFIED on a live account)
    api_base: str = "https://openapi.zalo.me"
    oauth_base: str = "https://oauth.zaloapp.com"
    media_hosts: ZaloHosts = ZALO_MEDIA
    template_type: str = ""  # UNVERIFIED: "" sends buttons without template_type, "button" with it
    buttons: On = True  # False: choices as numbered text, to be answered by a number
    billed_messages: Off = False  # campaign messages between 48 hours and 7 days cost money each
    appsecret_proof: Off = False  # UNVERIFIED: required on OA endpoints?
    requests_per_minute: Whole = 100  # "Growth" package; 2,000 for "Comprehensive" (UNVERIFIED officially)
    domain_verifier: str = ""  # the code in zalo_verifier<code>.html


class ZaloBotSettings(_Group, env_prefix=PREFIX + "ZALO_BOT_"):
    token: Secret = ""
    webhook_secret: Secret = ""
    api_base: str = "https://bot-api.zaloplatforms.com"
    mode: Mode = "webhook"
    webhook_url: str = ""
    media_hosts: ZaloHosts = ZALO_MEDIA  # UNVERIFIED for bots; the same CDN as official accounts
    monthly_messages: Whole = 3_000  # Basic plan
    users: Whole = 50  # Basic plan


class MailSettings(_Group, env_prefix=PREFIX + "MAIL_"):
    host: str = ""
    port: Whole = 587
    user: str = ""
    password: Secret = ""
    sender: str = ""
    tls: On = True


class _Place(_Group):
    """Where the data lies: what can be known before there are keys."""

    data_dir: Annotated[Path, AfterValidator(Path.resolve)] = ROOT / "data"
    database_url: str = Field(default_factory=lambda said: f"sqlite:///{said['data_dir'] / 'lachan.db'}")


class _CopyPlace(_Place):
    """Where `lachan db copy` copies to. Never an argument: the address may hold a password."""

    copy_url: str = Field("", repr=False)


class ModelPlace(_Place):
    """Where the model lies, what trains it, and whose signature it must carry: known without server keys."""

    engine_python: Path = ROOT / "bot/engine/.venv/bin/python"
    models_dir: Path = ROOT / "models"
    model_key_file: Path = Field(default_factory=lambda said: said["data_dir"] / "model-key.json")
    model_public_key: PublicKey = ""  # of an operator who signs models elsewhere; wins over the file


class _KeySource(_Place):
    """The server keys as the environment gives them (base64), else the file they are kept in."""

    keys_file: Path = Field(default_factory=lambda said: said["data_dir"] / "keys.json")
    server_key: str = Field("", repr=False)
    vault_key: str = Field("", repr=False)
    receipt_salt: str = Field("", repr=False)


class Settings(ModelPlace):
    """Everything an operator can choose. Made by `load`."""

    keys: Keys
    host: str = "127.0.0.1"
    port: Whole = 8000
    console_host: str = "127.0.0.1"
    console_port: Whole = 8001
    public_url: str = Field(default_factory=lambda said: f"http://127.0.0.1:{said['port']}")
    console_url: str = Field(default_factory=lambda said: f"http://127.0.0.1:{said['console_port']}")
    engine_workers: Whole = 2
    engine_timeout: Number = 5.0  # seconds one turn may take before the hotline card goes out
    engine_use_tensorflow: Off = False
    engine_wall: Wall = "best"  # "required": no worker on a kernel that lacks a part of the wall (bot/engine/wall.py)
    quiet_seconds: Annotated[Number, AfterValidator(lambda said: min(said, 4.0))] = 1.5  # of waiting for the next piece
    content_dir: Path = ROOT / "content"
    reviewers_file: Path | None = None  # who of this house answers for the content (bot/content/signatures.py)
    demo: Off = False  # demonstration units and officers may exist
    proxies: Networks = ()  # machines that stand before the gateway; without any, every address that is not public
    exit_url: str = "https://www.google.com/search?q=th%E1%BB%9Di+ti%E1%BA%BFt"
    widget_origins: Origins = ()
    audit_head_file: Path | None = (
        None  # where the end of the audit chain is written down each hour: another disk or share
    )
    backup_key: str = ""  # the operator's public key (`lachan backup new-key`): only its private half opens a backup
    backup_dir: Path | None = None  # where `lachan backup run` and `lachan upgrade` put them: another disk or share
    backup_keep: Whole = 14  # how many stay there; 0: all
    audit_head_mail: str = ""  # whom it is sent to once a day
    security_contact: Contacts = ()  # for /.well-known/security.txt: mailto:... or https://...
    clamav_socket: str = ""
    min_free_mb: Whole = 512  # below so much room on the disk no files are taken, only words
    huey_url: str = ""  # "" = SQLite in data_dir; redis://... or postgresql://... for many machines
    kdf_ops: Whole = 2  # Argon2id passes and memory; lowered only by tests
    kdf_mem: Whole = 64 * 1024 * 1024
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


def load(env: Mapping[str, str] | None = None, *, create_keys: bool = False, keys: Keys | None = None) -> Settings:
    """Build settings from `env` (default: the process environment).

    create_keys: make and keep fresh server keys when the data directory has none (first `make run`). keys: these, whatever is there.
    Raises ConfigError naming the variable, never its value.
    """
    return _read(
        Settings,
        env,
        keys=keys or _keys(env, create_keys),
        telegram=_read(TelegramSettings, env),
        zalo_oa=_read(ZaloOASettings, env),
        zalo_bot=_read(ZaloBotSettings, env),
        mail=_read(MailSettings, env),
    )


def database_url(env: Mapping[str, str] | None = None) -> str:
    """Where the database is, for a look at it before there are keys."""
    return _read(_Place, env).database_url


def copy_url(env: Mapping[str, str] | None = None) -> str:
    """Where the database is to be copied to; '' when nobody said."""
    return _read(_CopyPlace, env).copy_url


def model_place(env: Mapping[str, str] | None = None) -> ModelPlace:
    """Where model and key of the model are, for training before there are server keys."""
    return _read(ModelPlace, env)


def has_keys(env: Mapping[str, str] | None = None) -> bool:
    """Whether this machine has server keys, right or wrong."""
    source = _read(_KeySource, env)
    return bool(source.server_key) or source.keys_file.exists()


def keys_file(env: Mapping[str, str] | None = None) -> Path:
    """Where this machine's server keys are kept, unless the environment gives them."""
    return _read(_KeySource, env).keys_file


def variables() -> frozenset[str]:
    """The name of every variable that `load` reads; the documents are held against it."""
    groups = (Settings, _KeySource, _CopyPlace, TelegramSettings, ZaloOASettings, ZaloBotSettings, MailSettings)
    return frozenset(_variable(group, name) for group in groups for name in group.model_fields if name not in _PARTS)


_PARTS = {"keys", "telegram", "zalo_oa", "zalo_bot", "mail"}  # read each by itself, never as one variable
_G = TypeVar("_G", bound=_Group)


def _variable(group: type[_Group], name: str) -> str:
    return f"{group.model_config['env_prefix']}{name.upper()}"


def _read(group: type[_G], env: Mapping[str, str] | None, **parts: Any) -> _G:
    source = EnvSettingsSource(group)
    source.env_vars = {name.lower(): said.strip() for name, said in (os.environ if env is None else env).items()}
    try:
        return group(**{**source(), **parts})
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        why = first.get("ctx", {}).get("error", "không đọc được")
        raise ConfigError(f"{_variable(group, str(first['loc'][0]))} {why}") from None


def _keys(env: Mapping[str, str] | None, create: bool) -> Keys:
    source = _read(_KeySource, env)
    if not source.server_key:
        return stored_keys(source.keys_file, create=create)
    return Keys(
        server=decode_key(PREFIX + "SERVER_KEY", source.server_key, SIZES["server"]),
        vault=decode_key(PREFIX + "VAULT_KEY", source.vault_key, SIZES["vault"]),
        receipt_salt=decode_key(PREFIX + "RECEIPT_SALT", source.receipt_salt, SIZES["receipt_salt"]),
    )
