"""A citizen files a tip in the chat page, an officer reads and answers in the console, the citizen reads the answer."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pyotp
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, chromium
from tests.support.product import Product, product

pytestmark = pytest.mark.e2e
STORY = "tôi nghi một nhóm trên mạng rủ thanh niên trong xóm đi làm xa, hứa lương rất cao"


def write(page: Page, text: str) -> None:
    page.fill("#input", text)
    page.keyboard.press("Enter")


def tap(page: Page, title: str) -> None:
    page.get_by_role("button", name=title).last.click()


def send(page: Page) -> None:
    """Beside it stands "Đừng gửi công an xã"."""
    page.get_by_role("button", name="Gửi công an xã", exact=True).last.click()


def says(page: Page, text: str) -> None:
    expect(page.locator(".theirs", has_text=text).last).to_be_visible()


def file_a_tip(page: Page, url: str) -> str:
    """Returns the receipt code."""
    page.goto(url)
    write(page, "em muốn báo tin")
    says(page, "an toàn để nhắn tin")
    tap(page, "Có, mình an toàn")
    says(page, "kể mình nghe")
    write(page, STORY)
    says(page, "Chuyện xảy ra ở đâu")
    write(page, "xã An Phú, Hải Phòng")
    says(page, "khi nào")
    tap(page, "Trong tuần này")
    says(page, "Ai đang gặp nguy hiểm")
    tap(page, "Nhiều người")
    says(page, "ai đứng sau")
    tap(page, "Mình không biết")
    says(page, "gửi kèm")
    tap(page, "Không có")
    says(page, "mã tra cứu")
    tap(page, "Không, chỉ dùng mã")
    says(page, "đọc lại tin của bạn")
    send(page)
    says(page, "Công an xã An Phú")
    code = re.search(r"\d{3}(?: \d{3}){6}", page.locator("#log, .log").first.inner_text())
    assert code
    write(page, code.group())
    says(page, "Khớp rồi")
    return code.group()


def sign_in(page: Page, running: Product, login: str) -> None:
    officers = json.loads((Path(running.env["LACHAN_DATA_DIR"]) / "demo-officers.json").read_text())
    officer = next(entry for entry in officers if entry["login"] == login)
    page.goto(running.console_url)
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", officer["password"])
    page.fill("input[name=code]", pyotp.TOTP(officer["totp_secret"]).now())
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(f"{running.console_url}/")


def answer(page: Page, text: str) -> None:
    page.locator("a.open").first.click()
    expect(page.locator("dl.tip").first).to_contain_text(STORY)
    page.get_by_role("button", name="Nhận tin", exact=True).click()
    expect(page.locator(".tags")).to_contain_text("Đã nhận")
    page.fill("#text", text)
    page.get_by_role("button", name="Gửi trả lời", exact=True).click()
    expect(page.locator(".dialogue")).to_contain_text(text)


def test_from_the_citizen_to_the_officer_and_back(tmp_path):
    with product(tmp_path, "gateway", "console") as running, chromium() as browser:
        citizen = browser.new_context(viewport=PHONE).new_page()
        code = file_a_tip(citizen, running.url)
        officer = browser.new_page()
        sign_in(officer, running, "anphu")
        answer(officer, "Chúng tôi đã nhận tin. Bạn có đang an toàn không?")
        stranger = browser.new_context().new_page()
        sign_in(stranger, running, "binhlu")
        expect(stranger.locator("main")).to_contain_text("Không có tin nào")
        stranger.goto(officer.url)
        expect(stranger.locator("main")).to_contain_text("Không có trang này")
        later = browser.new_context().new_page()  # another day, another device
        later.goto(running.url)
        write(later, code)
        says(later, "Bạn có đang an toàn không?")
        write(later, "dạ an toàn, các cô ấy vẫn ở đó")
        says(later, "đã chuyển lời nhắn")
        officer.reload()
        expect(officer.locator(".dialogue")).to_contain_text("các cô ấy vẫn ở đó")
        assert "nguyên vẹn" in running.lachan("audit", "verify")


def test_a_photo_and_the_phones_own_place_reach_the_officer(tmp_path):
    """The same over the web page alone, with what a phone can add: a picture, and where it is, asked for and allowed."""
    with product(tmp_path, "gateway", "console") as running, chromium() as browser:
        here = {"latitude": 21.007, "longitude": 106.374}
        page = browser.new_context(viewport=PHONE, geolocation=here, permissions=["geolocation"]).new_page()
        page.goto(running.url)
        write(page, "em muốn báo tin")
        says(page, "an toàn để nhắn tin")
        tap(page, "Có, mình an toàn")
        says(page, "kể mình nghe")
        write(page, STORY)
        says(page, "Chuyện xảy ra ở đâu")
        tap(page, "Gửi vị trí của mình")
        says(page, "gần những nơi")
        tap(page, "Xã An Phú")
        says(page, "khi nào")
        tap(page, "Đang xảy ra")
        says(page, "Ai đang gặp nguy hiểm")
        tap(page, "Nhiều người")
        says(page, "ai đứng sau")
        tap(page, "Mình không biết")
        says(page, "gửi kèm")
        image = io.BytesIO()
        Image.new("RGB", (320, 240), "navy").save(image, "JPEG")
        page.set_input_files("#picker", [{"name": "bang.jpg", "mimeType": "image/jpeg", "buffer": image.getvalue()}])
        write(page, "ảnh chụp trước quán")
        says(page, "nhận và khóa lại")
        says(page, "mã tra cứu")
        tap(page, "Không, chỉ dùng mã")
        says(page, "đọc lại tin của bạn")
        send(page)
        says(page, "Công an xã An Phú")
        officer = browser.new_page()
        sign_in(officer, running, "anphu")
        officer.locator("a.open").first.click()
        expect(officer.locator("dl.tip").first).to_contain_text(STORY)
        expect(officer.locator("dl.tip").first).to_contain_text("An Phú")
        picture = officer.locator(".files img").first
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("naturalWidth", 320)  # loaded lazily
