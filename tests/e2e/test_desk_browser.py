"""The officers' pages in a real browser: for every role, on a phone and a laptop; keys, ten seconds, a list that fetches itself.

Of the walks as seven people: B22 (nothing overflows, the first row is on the first screen), B26 (words explained, keys listed),
B1 (ten seconds and a page that says what was done), and of the small things the contrast of counts, keys beyond j and k, and
the row one comes back to.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from bot.services.tips import pressed
from bot.storage.tables import Referral
from tests.support import axe
from tests.support.browser import LAPTOP, PHONE, Visit
from tests.support.campaign_house import House, house
from tests.support.desk import submit, write_back

pytestmark = pytest.mark.e2e
TWICE = {"width": LAPTOP["width"] // 2, "height": LAPTOP["height"] // 2}  # what is left of a laptop's window at 200 %
OWN = ("/me", "/help")
PAGES = {
    "anphu": ("/", "/?show=all&sort=newest", "/unit", "/copies", "/replies", *OWN),
    "haiphong": ("/", "/?show=late", "/unit", "/statistics", "/campaigns", "/campaigns/new", *OWN),
    "trungtam": ("/", "/unit", "/copies", "/statistics", "/channels", "/campaigns", *OWN),
    "quantri": ("/accounts", "/units", "/audit", "/statistics", "/channels", "/campaigns", *OWN),
    "kiemtra": ("/audit", "/campaigns", *OWN),
}


class Tips:
    """On the desk of one commune: urgent and not, with a message since, taken up, closed; and what they are called."""

    def __init__(self, running: House) -> None:
        core, now = running.core, running.now()
        submit(core, now - 3 * 86_400, urgent=True, what="nhà trọ cuối xóm giữ giấy tờ của ba cô, số 0912 345 678")
        code, _, self.written = submit(core, now - 5_000, what="có người hỏi mua trẻ sơ sinh, số 0912 345 678")
        _, _, self.urgent = submit(core, now - 300, urgent=True, contact="chị Hoa 0987 654 321")
        write_back(core, code, "quán tên Hồng Nhung, gần chợ")


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(pressed, "SECONDS", 600.0)  # no test is a race with a full machine
    with house(tmp_path) as made:
        yield made


def looked_at(page: Page, where: str) -> list[str]:
    """What hinders somebody on this page, in three windows."""
    found = []
    for name, size in (("laptop", LAPTOP), ("200 %", TWICE), ("phone", PHONE)):
        page.set_viewport_size(size)
        if name != "200 %":
            found += [f"{where} {name} {one}" for one in axe.violations(page)]
        if (wide := axe.overflow(page)) > 0:
            found.append(f"{where} {name}: {wide} pixels too wide")
    return found


@pytest.mark.parametrize("login", sorted(PAGES))
def test_no_page_hinders_anybody(running: House, browser: Browser, login: str) -> None:
    tips = Tips(running)
    visit = Visit(browser, running.url, hurry=False, viewport=LAPTOP)
    page = visit.page
    running.sign_in(page, login) if login in {"anphu", "haiphong", "trungtam"} else enter(running, page, login)
    found = []
    paths = list(PAGES[login])
    if login in {"anphu", "haiphong"}:
        paths += [f"/referrals/{tips.urgent}", f"/referrals/{tips.written}", f"/referrals/{tips.written}/links"]
    for path in paths:
        page.goto(running.url + path)
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        found += looked_at(page, path)
    if login == "anphu":
        for step in (choose_several, press_refuse):
            step(page, running, tips)
            found += looked_at(page, step.__name__)
    visit.close()
    assert found == []


def enter(running: House, page: Page, login: str) -> None:
    officer = running.officers[login]
    running.later(31)
    page.goto(f"{running.url}/sign-in")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", officer.password)
    page.fill("input[name=code]", pyotp.TOTP(officer.totp_secret).at(running.now()))
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_load_state()


def choose_several(page: Page, running: House, tips: Tips) -> None:
    page.goto(running.url)
    page.locator("input[name=id]").first.check()
    page.get_by_role("button", name="Giao cho người này").click()
    expect(page.get_by_role("heading", name="Giao việc: 1 tin?")).to_be_visible()


def press_refuse(page: Page, running: House, tips: Tips) -> None:
    page.goto(f"{running.url}/referrals/{tips.written}")
    page.get_by_role("button", name="Nhận tin", exact=True).click()
    page.locator("summary", has_text="Không xử lý").click()
    form = page.locator("form", has=page.locator("input[name=act][value=refuse]"))
    form.locator("select").select_option("duplicate")
    form.locator("input[name=sure]").check()
    form.get_by_role("button").click()
    expect(page.get_by_role("heading", name="ghi không xử lý")).to_be_visible()


def state(running: House, referral: str) -> str:
    with running.core.db.reading() as session:
        return session.execute(select(Referral.state).where(Referral.id == referral)).scalar_one()


def test_the_seconds_are_counted_and_a_press_can_be_taken_back(
    running: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    tips = Tips(running)
    visit = Visit(browser, running.url, hurry=False, viewport=LAPTOP)
    page = visit.page
    running.sign_in(page, "anphu")
    press_refuse(page, running, tips)
    page.get_by_role("button", name="Bỏ, để tin như cũ").click()
    expect(page.get_by_role("status").filter(has_text="Tin vẫn như cũ")).to_be_visible()
    assert state(running, tips.written) == "received"
    monkeypatch.setattr(pressed, "SECONDS", 2.0)
    page.locator("summary", has_text="Không xử lý").click()
    form = page.locator("form", has=page.locator("input[name=act][value=refuse]"))
    form.locator("select").select_option("duplicate")
    form.locator("input[name=sure]").check()
    form.get_by_role("button").click()
    expect(page.get_by_role("heading", name="Đã ghi không xử lý")).to_be_visible()  # the page comes by itself
    assert state(running, tips.written) == "refused"
    assert visit.complaints == []
    visit.close()


def test_without_scripts_the_press_is_carried_out_and_said(
    running: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pressed, "SECONDS", 2.0)
    tips = Tips(running)
    context = browser.new_context(java_script_enabled=False, viewport=LAPTOP)
    page = context.new_page()
    running.sign_in(page, "anphu")
    press_refuse(page, running, tips)
    expect(page.get_by_role("heading", name="Đã ghi không xử lý")).to_be_visible()
    context.close()


def test_the_desk_by_keyboard(running: House, browser: Browser) -> None:
    tips = Tips(running)
    visit = Visit(browser, running.url, hurry=False, viewport=LAPTOP)
    page = visit.page
    running.sign_in(page, "anphu")
    page.goto(f"{running.url}/?show=all&sort=newest")
    for key in ("j", "j", "x", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(f"**/referrals/{tips.written}")
    page.keyboard.press("t")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("u? n")
    assert page.locator("#text").input_value() == "u? n", "letters are letters where one writes"
    page.locator("h1").click()
    page.locator("#text").evaluate("one => one.blur()")
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="Nhận tin", exact=True)).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys dl")).to_be_visible()
    page.keyboard.press("u")
    page.wait_for_url(f"**/?show=all&sort=newest#t-{tips.written[:8]}")
    expect(page.locator("tr.at a.open")).to_be_focused()
    page.locator("#keys summary").click()
    page.get_by_label("Dùng phím tắt trên máy này").uncheck()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).not_to_be_focused()
    assert visit.complaints == []
    visit.close()


def test_a_list_that_is_open_shows_what_came_without_being_loaded_anew(running: House, browser: Browser) -> None:
    Tips(running)
    visit = Visit(browser, running.url, viewport=LAPTOP, hurry=False)
    page = visit.page
    page.add_init_script("const often = setInterval; window.setInterval = (work, wait) => often(work, wait / 50);")
    running.sign_in(page, "anphu")
    page.evaluate("window.stays = true")
    expect(page.locator("#rows a.open")).to_have_count(3)
    before = page.locator("#rows input[name=id]").first
    before.check()
    _, _, held = submit(running.core, running.now(), urgent=True)
    expect(page.locator("#news")).to_be_visible()
    expect(page.locator("#rows a.open")).to_have_count(3)
    before.uncheck()
    page.locator("h1").click()
    submit(running.core, running.now() + 60, urgent=True)
    expect(page.locator("#rows a.open")).to_have_count(5)
    expect(page.locator(f"#t-{held[:8]}")).to_be_visible()
    assert page.evaluate("window.stays") is True
    visit.close()


def test_the_first_tip_is_on_the_first_screen_of_a_phone(running: House, browser: Browser) -> None:
    Tips(running)
    visit = Visit(browser, running.url, hurry=False, viewport=PHONE)
    page = visit.page
    for login in ("anphu", "haiphong"):
        running.sign_in(page, login)
        box = page.locator("#rows tbody tr").first.bounding_box()
        assert box["y"] + min(box["height"], 150) <= PHONE["height"], (login, box)
    visit.close()


def test_what_looks_for_hindrances_finds_them(browser: Browser) -> None:
    page = browser.new_page(viewport=PHONE)
    page.set_content("<main><input><p style='color:#ccc;background:#fff;width:900px'>chữ nhạt</p></main>")
    found = axe.violations(page)
    assert any(one.startswith("label:") for one in found)
    assert any(one.startswith("color-contrast:") for one in found)
    assert axe.overflow(page) > 0
    page.close()
