"""What the environment may say, and what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.errors import ConfigError
from bot.settings import MailSettings, TelegramSettings, ZaloOASettings, load
from tests.support.world import settings_in


def test_origins_for_the_widget(tmp_path: Path):
    said = "https://Phuong.example.gov.vn/, https://xa.example.vn:8443,http://localhost:3000"
    found = settings_in(tmp_path, LACHAN_WIDGET_ORIGINS=said).widget_origins
    assert found == ("https://phuong.example.gov.vn", "https://xa.example.vn:8443", "http://localhost:3000")
    assert settings_in(tmp_path).widget_origins == ()


@pytest.mark.parametrize(
    "said",
    [
        "*", "https://*", "https://*.gov.vn", "http://phuong.example.gov.vn", "https://a.vn/path", "phuong.example.gov.vn",
        "https://a.vn; script-src *", "https://a.vn https://b.vn", "null", "https://gov", "data:", "'self'",
    ],
)  # fmt: skip
def test_no_origin_that_lets_in_more_than_one_site(tmp_path: Path, said: str):
    with pytest.raises(ConfigError, match="LACHAN_WIDGET_ORIGINS"):
        settings_in(tmp_path, LACHAN_WIDGET_ORIGINS=said)


@pytest.mark.parametrize("name", ["TELEGRAM_TOKEN", "ZALO_OA_SECRET", "ZALO_BOT_WEBHOOK_SECRET", "MAIL_PASSWORD"])
def test_placeholder_secrets_are_refused_without_being_shown(tmp_path: Path, name: str):
    with pytest.raises(ConfigError, match=f"LACHAN_{name} vẫn là chữ điền sẵn"):
        settings_in(tmp_path, **{f"LACHAN_{name}": "changeme"})


def test_secrets_are_not_in_the_representation(tmp_path: Path):
    told = {f"LACHAN_{name}": f"hidden-{name}" for name in (
        "TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "ZALO_APP_SECRET", "ZALO_OA_SECRET", "ZALO_BOT_TOKEN",
        "ZALO_BOT_WEBHOOK_SECRET", "MAIL_PASSWORD",
    )}  # fmt: skip
    assert "hidden-" not in repr(settings_in(tmp_path, **told))


@pytest.mark.parametrize(
    ("name", "said", "why"),
    [
        ("PORT", "tám nghìn", "phải là một số"),
        ("PORT", "", "phải là một số"),
        ("KDF_MEM", "inf", "phải là một số"),
        ("ENGINE_TIMEOUT", "-3", "không được là số âm"),
        ("TELEGRAM_MODE", "push", "phải là một trong: webhook, polling"),
        ("ZALO_BOT_USERS", "fifty", "phải là một số"),
    ],
)
def test_a_wrong_value_is_told_by_its_variable_and_never_shown(tmp_path: Path, name: str, said: str, why: str):
    with pytest.raises(ConfigError) as told:
        settings_in(tmp_path, **{f"LACHAN_{name}": said})
    assert str(told.value) == f"LACHAN_{name} {why}"


def test_what_is_not_said_has_its_default_and_follows_what_was_said(tmp_path: Path):
    found = settings_in(tmp_path, LACHAN_PORT="9000", LACHAN_ZALO_MEDIA_HOSTS=" ", LACHAN_TELEGRAM_PER_SECOND="0.2")
    assert (found.public_url, found.console_url) == ("http://127.0.0.1:9000", "http://127.0.0.1:8001")
    assert found.database_url == f"sqlite:///{tmp_path / 'lachan.db'}"
    assert found.zalo_oa.media_hosts == ZaloOASettings().media_hosts
    assert found.telegram.per_second == 1.0
    assert found.mail == MailSettings()


@pytest.mark.parametrize(("said", "off", "on"), [("1", True, True), ("0", False, False), ("perhaps", False, True)])
def test_a_flag_keeps_its_default_unless_told_the_opposite(tmp_path: Path, said: str, off: bool, on: bool):
    found = settings_in(tmp_path, LACHAN_ZALO_BILLED_MESSAGES=said, LACHAN_MAIL_TLS=said)
    assert (found.zalo_oa.billed_messages, found.mail.tls) == (off, on)


def test_a_group_made_by_hand_does_not_look_at_the_environment(monkeypatch):
    monkeypatch.setenv("LACHAN_TELEGRAM_TOKEN", "1:other")
    assert TelegramSettings().token == ""


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("ổ-kín", "không phải base64"),
        ("eA", "không phải base64"),
        ("eA==", "phải là 32 byte"),
        ("A" * 43 + "=", "phải là 32 byte"),
    ],
)
def test_a_wrong_key_is_told_by_its_variable_and_never_shown(tmp_path: Path, said: str, why: str):
    with pytest.raises(ConfigError, match=f"^LACHAN_VAULT_KEY {why}") as told:
        settings_in(tmp_path, LACHAN_VAULT_KEY=said)
    assert said not in str(told.value)


@pytest.mark.parametrize(
    "body", ["{bad", "{}", "", '{"server": "eA==", "vault": "eA==", "receipt_salt": "eA=="}', "[1]"]
)
def test_a_damaged_key_file_says_what_mends_it(tmp_path: Path, body: str):
    (tmp_path / "keys.json").write_text(body)
    with pytest.raises(ConfigError, match=r"keys\.json\) bị hỏng; chép lại") as told:
        load({"LACHAN_DATA_DIR": str(tmp_path)})
    assert "db init" not in str(told.value)
