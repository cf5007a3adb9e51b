"""A passkey in a real browser: Chromium's virtual authenticator makes it, keeps it and signs with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Visit
from tests.support.campaign_house import AUTHOR, House, house

pytestmark = pytest.mark.e2e
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def running(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.url = made.url.replace("127.0.0.1", "localhost")  # a key is bound to a name
        yield made


def typed(page: Page, running: House, password: str = "") -> None:
    page.goto(f"{running.url}/sign-in")
    page.get_by_label("Tên đăng nhập").fill(AUTHOR)
    page.get_by_label("Mật khẩu").fill(password or running.officers[AUTHOR].password)


def test_a_key_is_made_and_opens_the_console(running: House, browser: Browser) -> None:
    visit = Visit(browser, running.url, hurry=False)
    page, officer = visit.page, running.officers[AUTHOR]
    devices = visit.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    running.sign_in(page, AUTHOR)
    page.goto(f"{running.url}/me#passkeys")
    part = page.locator("#passkeys")
    part.get_by_text("Thêm khóa", exact=True).click()
    part.get_by_label("Mật khẩu đang dùng").fill(officer.password)
    running.later(31)
    part.get_by_label("Mã 6 số").fill(pyotp.TOTP(officer.totp_secret).at(running.now()))
    part.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Tên khóa").fill("Máy ở cơ quan")
    page.get_by_label("Tên khóa").press("Enter")
    expect(page.locator(".alert.teal")).to_contain_text("Đã thêm khóa")
    expect(part.get_by_label("Tên khóa")).to_have_value("Máy ở cơ quan")
    page.get_by_role("button", name="Đăng xuất").click()

    typed(page, running, "không phải câu này đâu")
    page.get_by_role("button", name="Dùng khóa (passkey)").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("mật khẩu chưa đúng")
    typed(page, running)
    page.get_by_role("button", name="Dùng khóa (passkey)").click()
    page.wait_for_url(f"{running.url}/")

    page.goto(f"{running.url}/me#device")
    form = page.locator("#device")
    form.get_by_text("Đổi ứng dụng xác thực").click()
    form.get_by_label("Mật khẩu đang dùng").fill(officer.password)
    form.get_by_role("button", name="Dùng khóa (passkey)").click()
    expect(page.get_by_role("heading", name="Ứng dụng xác thực mới")).to_be_visible()
    page.goto(f"{running.url}/me#passkeys")
    part.get_by_role("button", name="Bỏ khóa này").click()
    expect(page.locator(".alert.teal")).to_contain_text("Đã bỏ khóa")
    visit.close()


def test_without_scripts_the_six_digits_open_it_and_no_key_is_offered(running: House, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{running.url}/sign-in")
    expect(page.get_by_role("button", name="Dùng khóa (passkey)")).to_be_hidden()
    running.sign_in(page, AUTHOR)
    context.close()
