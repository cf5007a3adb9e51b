"""A campaign in a real browser: made by one officer, agreed to by another, watched while it goes out, stopped."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support import newsletter
from tests.support.browser import LAPTOP, PHONE, Visit, chromium
from tests.support.campaign_house import AUTHOR, SECOND, House, house

pytestmark = pytest.mark.e2e
# Relative luminance and contrast by WCAG 2.2; every text node with its first opaque background.
CONTRAST = """() => {
  const linear = (v) => (v <= 10 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const light = (c) => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
  const read = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return { c: n.slice(0, 3), a: n.length > 3 ? n[3] : 1 }; };
  const over = (top, below) => top.c.map((v, i) => v * top.a + below[i] * (1 - top.a));
  const behind = (node) => {
    const stack = [];
    for (let n = node; n; n = n.parentElement) stack.push(read(getComputedStyle(n).backgroundColor));
    return stack.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const bad = [];
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !node.checkVisibility() || node.closest('.sr, option, .other, svg')) continue;
    const style = getComputedStyle(node), ground = behind(node), ink = over(read(style.color), ground);
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) bad.push(`${walker.currentNode.textContent.trim().slice(0, 30)} ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
  }
  return bad;
}"""
UNNAMED = """() => Array.from(document.querySelectorAll('main input:not([type=hidden]), main select, main textarea, main button, main a'))
  .filter((n) => n.checkVisibility() && !(n.labels && n.labels.length) && !n.textContent.trim() && !n.getAttribute('aria-label'))
  .map((n) => n.outerHTML.slice(0, 80))"""
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


def send(running: House, platform: newsletter.Platform, stopping=lambda: False) -> threading.Thread:
    thread = threading.Thread(target=newsletter.run, args=(running.core, platform, stopping), daemon=True)
    thread.start()
    return thread


def fill(page: Page, running: House) -> None:
    page.goto(f"{running.url}/campaigns?month=2026-07")
    page.get_by_role("link", name="Soạn cho ngày 30/07").click()
    expect(page.get_by_label("Tên chiến dịch")).to_have_value("30/7: ba việc nhỏ cho người mình thương")
    expect(page.get_by_label("Ngày bắt đầu")).to_have_value("2026-07-30")
    page.get_by_label("Tên chiến dịch").fill("30/7 cho Hải Phòng")
    page.get_by_label("Nơi ở").fill("Hải Phòng")
    expect(page.locator("#look")).to_contain_text("Thành phố Hải Phòng")
    expect(page.locator("#look .people b")).to_have_text("40")
    page.get_by_label("Nơi ở").fill("Cà Mau")
    expect(page.locator("#look .problems")).to_contain_text("Không có ai")
    page.get_by_label("Nơi ở").fill("")
    expect(page.locator("#look .people b")).to_have_text("60")
    page.get_by_label("Dài", exact=True).check()
    expect(page.locator("#look .telegram").first).to_contain_text("Ba câu hỏi trước khi đi xa")


def test_made_by_one_agreed_to_by_another_and_watched(running: House) -> None:
    newsletter.people(running.core, 20)
    newsletter.people(running.core, 40, commune_code="10645", province_code="31")
    platform, over = newsletter.Platform(per_second=1.0), threading.Event()
    with chromium() as browser:
        author = Visit(browser, running.url, hurry=False, viewport=LAPTOP)
        running.sign_in(author.page, AUTHOR)
        fill(author.page, running)
        author.page.get_by_label("Ngày bắt đầu").fill("2026-07-21")
        author.page.get_by_role("button", name="Lưu bản nháp").click()
        author.page.get_by_role("button", name="Gửi duyệt").click()
        expect(author.page.locator("main")).to_contain_text("Chờ người thứ hai duyệt")
        expect(author.page.get_by_role("button", name="Duyệt", exact=True)).to_have_count(0)
        number = int(author.page.url.rsplit("/", 1)[1])

        second = Visit(browser, running.url, hurry=False, viewport=PHONE)
        running.sign_in(second.page, SECOND)
        second.page.goto(f"{running.url}/campaigns/{number}")
        second.page.get_by_role("button", name="Duyệt", exact=True).click()  # the tick is missing: the browser says so
        expect(second.page.locator("main")).to_contain_text("Chờ người thứ hai duyệt")
        second.page.get_by_label("Tôi đã đọc tin").check()
        second.page.get_by_role("button", name="Duyệt", exact=True).click()
        expect(second.page.locator("main")).to_contain_text("Đã duyệt, chờ đến giờ")

        running.later(22 * 3_600)
        running.sign_in(second.page, SECOND)
        second.page.goto(f"{running.url}/campaigns/{number}")
        thread = send(running, platform, over.is_set)
        expect(second.page.locator("#progress")).to_be_visible(timeout=20_000)  # it began while the page was open
        first = second.page.locator("[data-part=done]").inner_text()
        expect(second.page.locator("[data-part=done]")).not_to_have_text(first)
        second.page.get_by_role("button", name="Tạm dừng").click()
        expect(second.page.locator("main")).to_contain_text("Tạm dừng")
        over.set()
        thread.join()
        assert 0 < len(platform.got) < 60
        second.page.get_by_role("button", name="Gửi tiếp").click()
        expect(second.page.locator("main")).to_contain_text("Đã duyệt")
        platform.pace = newsletter.Platform().pace
        send(running, platform).join()
        second.page.reload()
        expect(second.page.locator("main")).to_contain_text("Đã gửi xong")
        assert sorted(platform.times.values()) == [1] * 60
        second.page.get_by_role("link", name="Xem báo cáo").click()
        expect(second.page.locator(".figures")).to_contain_text(re.compile(r"60\s*đã gửi"))
        expect(second.page.get_by_role("img", name="Biểu đồ kết quả")).to_be_visible()
        author.close()
        second.close()


def test_stopping_for_good_by_keyboard(running: House) -> None:
    newsletter.people(running.core, 5)
    number = running.campaign("Thử dừng", start_at=running.now() + 86_400)
    with chromium() as browser:
        visit = Visit(browser, running.url, hurry=False, viewport=LAPTOP)
        running.sign_in(visit.page, AUTHOR)
        page = visit.page
        page.goto(f"{running.url}/campaigns/{number}")
        page.locator("summary", has_text="Dừng hẳn").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("Đã dừng hẳn")
        visit.close()


def test_every_page_can_be_read_named_and_fits(running: House) -> None:
    done, waiting, draft, going = _examples(running)
    paths = [
        "/campaigns", "/campaigns/new", f"/campaigns/{draft}/edit", f"/campaigns/{waiting}", f"/campaigns/{going}",
        f"/campaigns/{done}/report", "/campaigns/kits/nguoi_tro_ve",
    ]  # fmt: skip
    found: list[str] = []
    with chromium() as browser:
        for view in (LAPTOP, PHONE):
            visit = Visit(browser, running.url, hurry=False, viewport=view)
            running.sign_in(visit.page, SECOND)
            for path in paths:
                visit.page.goto(running.url + path)
                found += [f"{path} contrast: {row}" for row in visit.page.evaluate(CONTRAST)]
                found += [f"{path} unnamed: {row}" for row in visit.page.evaluate(UNNAMED)]
                if visit.page.evaluate(WIDE) > 0:
                    found.append(f"{path} wider than the screen at {view['width']}")
            visit.close()
    assert found == []


def test_a_hostile_title_runs_nothing(running: House) -> None:
    newsletter.people(running.core, 1)
    title = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
    number = running.campaign(title, approve=False, start_at=running.now() + 86_400)
    with chromium() as browser:
        visit = Visit(browser, running.url, hurry=False, viewport=LAPTOP)
        running.sign_in(visit.page, SECOND)
        for path in ("/campaigns", f"/campaigns/{number}", f"/campaigns/{number}/report"):
            visit.page.goto(running.url + path)
            time.sleep(0.2)
            assert visit.page.title() != "hacked"
            expect(visit.page.locator("body")).to_contain_text("onerror")
        visit.close()


def _examples(running: House) -> tuple[int, int, int, int]:
    made: list[tuple[int, int, int, int]] = []
    thread = threading.Thread(target=lambda: made.append(running.examples()), daemon=True)
    thread.start()
    thread.join()
    return made[0]
