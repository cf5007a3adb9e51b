"""What the environment may say, and what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.errors import ConfigError
from bot.settings import load
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
    "body", ["{bad", "{}", "", '{"server": "eA==", "vault": "eA==", "receipt_salt": "eA=="}', "[1]"]
)
def test_a_damaged_key_file_says_what_mends_it(tmp_path: Path, body: str):
    (tmp_path / "keys.json").write_text(body)
    with pytest.raises(ConfigError, match=r"keys\.json\) bị hỏng; chép lại") as told:
        load({"LACHAN_DATA_DIR": str(tmp_path)})
    assert "db init" not in str(told.value)
