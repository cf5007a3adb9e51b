"""Quick exit: every way out ends the session, empties the page and leaves nothing in the browser."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support import live
from tests.support.browser import LAPTOP, Visit
from tests.support.chat_stub import CSP, Stub

pytestmark = pytest.mark.e2e
SECRET = "chuyện riêng của mình 7391"


def _shift_three_times(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


def _hidden_link(page: Page) -> None:
    for _ in range(20):  # backwards through the page: Shift held for Tab must not count as a press of Shift
        if page.evaluate("document.activeElement.id") == "exit-link":
            break
        page.keyboard.press("Shift+Tab")
    expect(page.locator("#exit-link")).to_be_focused()
    expect(page.locator("#exit-link")).to_be_in_viewport()
    page.keyboard.press("Enter")


def _space_on_the_button(page: Page) -> None:
    page.focus("#exit")
    page.keyboard.press("Space")


WAYS: dict[str, Callable[[Page], None]] = {
    "button": lambda page: page.click("#exit"),
    "space on the button": _space_on_the_button,
    "hidden link": _hidden_link,
    "shift three times": _shift_three_times,
}


@pytest.fixture
def with_worker(browser: Browser, base: str) -> Iterator[Visit]:
    """A window in which the service worker runs too, as in real life."""
    window = Visit(browser, base, hurry=False, service_workers="allow")
    yield window
    window.close()


def _wait(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + live.PATIENCE
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_out_leaves_nothing(with_worker: Visit, stub: Stub, way: str) -> None:
    page = with_worker.open()
    page.wait_for_function("navigator.serviceWorker.ready")
    with_worker.say(SECRET)
    expect(page.locator(".theirs")).to_have_count(1)
    page.locator("#input").press_sequentially("chưa gửi")

    WAYS[way](page)

    page.wait_for_url("**/elsewhere")
    _wait(lambda: stub.ended == ["session-1"], "the session was not ended on the server")
    left = with_worker.left_behind()
    _wait(lambda: not with_worker.left_behind()["caches"], "a cache stayed")
    _wait(lambda: not with_worker.left_behind()["workers"], "the service worker stayed")
    assert (left["local"], left["session"], left["cookies"], left["databases"]) == (0, 0, "", 0)
    assert with_worker.context.cookies() == []
    page.go_back()
    assert page.url == "about:blank", "the chat page is no longer in the history"


def test_talking_writes_nothing_to_the_browser(with_worker: Visit) -> None:
    page = with_worker.open()
    page.wait_for_function("navigator.serviceWorker.ready")
    with_worker.say(SECRET)
    expect(page.locator(".theirs")).to_have_count(1)
    left = with_worker.left_behind()
    assert (left["local"], left["session"], left["cookies"], left["databases"]) == (0, 0, "", 0)
    assert "session-1" not in page.url
    assert SECRET not in page.url
    paths = page.evaluate(
        "async () => (await (await caches.open((await caches.keys())[0])).keys()).map((r) => new URL(r.url).pathname)"
    )
    assert sorted(paths) == ["/static/chat.css", "/static/offline.css", "/static/offline.html", "/static/shield.svg"]


def test_the_page_is_covered_while_leaving(visit: Visit, stub: Stub) -> None:
    stub.exit_url = "/#slow"  # an address that never loads another page: what is seen until the next one comes
    page = visit.open()
    visit.say(SECRET)
    expect(page.locator(".theirs")).to_have_count(1)
    page.click("#exit")
    expect(page.locator("#overlay")).to_be_visible()
    assert page.locator("#overlay").get_attribute("role") == "alert"
    assert "7391" not in page.content()
    assert "Lá Chắn" not in page.title()
    assert not page.locator("header").is_visible()


def test_shift_is_announced_counted_and_forgotten(browser: Browser, base: str) -> None:
    visit = Visit(browser, base, hurry=False)
    page = visit.page
    page.clock.install()
    visit.open()
    page.clock.pause_at(page.evaluate("Date.now()") + 1_000)  # from here time passes when the test says so
    said = page.locator("#announce")
    page.keyboard.press("Shift")
    expect(said).to_have_text("Đã nhấn Shift. Nhấn thêm 2 lần nữa để thoát.")
    expect(page.locator("#shift-dots .on")).to_have_count(1)
    page.keyboard.press("Shift")
    expect(said).to_have_text("Đã nhấn Shift. Nhấn thêm 1 lần nữa để thoát.")
    page.clock.fast_forward(4_900)
    expect(said).to_have_text("Đã nhấn Shift. Nhấn thêm 1 lần nữa để thoát.")
    page.clock.fast_forward(200)
    expect(said).to_have_text("Đã hủy thoát nhanh.")
    expect(page.locator("#shift-dots")).to_be_hidden()
    page.keyboard.press("Shift")
    page.wait_for_timeout(100)
    assert page.url.endswith("/")


def test_writing_capital_letters_is_not_an_exit(visit: Visit) -> None:
    page = visit.open()
    page.focus("#input")
    for letter in "ABCDE":
        page.keyboard.down("Shift")
        page.keyboard.press(letter)
        page.keyboard.up("Shift")
    page.wait_for_timeout(100)
    assert page.url.endswith("/")
    assert page.input_value("#input") == "ABCDE"


def test_going_away_and_back_shows_an_empty_page(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    visit.say(SECRET)
    expect(page.locator(".theirs")).to_have_count(1)
    page.goto(visit.base + "/elsewhere")
    _wait(lambda: stub.ended == ["session-1"], "a page that is gone can never use its session again")
    page.go_back()
    page.wait_for_selector(".option")
    assert "7391" not in page.content()
    assert page.input_value("#input") == ""


def test_a_page_from_the_browsers_memory_is_hidden_and_loaded_anew(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    visit.say(SECRET)
    expect(page.locator(".theirs")).to_have_count(1)
    with page.expect_navigation():
        page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.wait_for_selector(".option")
    assert "7391" not in page.content()


def test_the_way_out_works_before_any_script(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + "/")
    expect(page.locator("#boot")).to_contain_text("bạn gọi 111 hoặc 113")
    assert page.locator("#input").is_disabled(), "a form that works without the script would put words in the address"
    page.click("#exit")
    page.wait_for_url("**/elsewhere")
    context.close()


def test_offline_shows_the_numbers_and_only_those_are_kept(with_worker: Visit) -> None:
    page = with_worker.open()
    page.wait_for_function("navigator.serviceWorker.ready")
    page.wait_for_function("async () => (await caches.keys()).length === 1")
    page.reload()
    page.wait_for_selector(".option")
    with_worker.context.set_offline(True)
    page.goto(with_worker.base + "/")
    expect(page.locator("h2")).to_have_text("Máy đang không có mạng")
    for number in ("113", "111", "115", "112", "114", "+84981848484"):
        expect(page.locator(f"a[href='tel:{number}']")).to_be_visible()
    with_worker.complaints.clear()  # the browser's own lines about the missing network
    with_worker.context.set_offline(False)


def test_the_widget_takes_its_page_along(browser: Browser, base: str, stub: Stub) -> None:
    visit = Visit(browser, base, viewport=LAPTOP)
    page = visit.page
    page.goto(base + "/portal")
    opener = page.get_by_role("button", name="Mở trò chuyện kín với Lá Chắn")
    opener.press("Enter")
    chat = page.frame_locator("#lachan-chat")
    chat.locator("#input").fill(SECRET)
    chat.locator("#input").press("Enter")
    expect(chat.locator(".theirs")).to_have_count(1)

    chat.locator("#input").press("Escape")
    expect(page.locator("#lachan-chat")).to_be_hidden()
    closed = page.get_by_role("button", name="Mở trò chuyện kín với Lá Chắn")
    expect(closed).to_be_focused()
    assert closed.get_attribute("aria-expanded") == "false"
    closed.press("Enter")
    expect(chat.locator(".theirs")).to_have_count(1)

    chat.locator("#exit").click()
    page.wait_for_url("**/elsewhere")
    _wait(lambda: stub.ended == ["session-1"], "the session was not ended on the server")
    page.go_back()
    assert page.url == "about:blank"
    visit.close()


def test_shift_in_the_page_around_the_widget_leaves_too(browser: Browser, base: str, stub: Stub) -> None:
    visit = Visit(browser, base, viewport=LAPTOP)
    page = visit.page
    page.goto(base + "/portal")
    _shift_three_times(page)
    page.wait_for_timeout(100)
    assert page.url.endswith("/portal"), "with the chat closed, Shift belongs to the page"
    page.get_by_role("button", name="Mở trò chuyện kín").click()
    expect(page.frame_locator("#lachan-chat").locator("#input")).to_be_enabled()
    page.evaluate("document.getElementById('lachan-chat')?.blur(); window.focus(); document.body.focus()")
    for _ in range(3):
        page.evaluate("document.dispatchEvent(new KeyboardEvent('keyup', { key: 'Shift' }))")
    page.wait_for_url("**/elsewhere")
    visit.close()


def test_the_widget_obeys_its_own_frame_only(browser: Browser, base: str) -> None:
    visit = Visit(browser, base, viewport=LAPTOP)
    page = visit.page
    page.goto(base + "/portal")
    page.get_by_role("button", name="Mở trò chuyện kín").click()
    expect(page.frame_locator("#lachan-chat").locator("#input")).to_be_enabled()
    page.evaluate("window.postMessage({ lachan: 'exit', url: location.origin + '/elsewhere' }, '*')")
    page.wait_for_timeout(200)
    assert page.url.endswith("/portal")
    visit.close()


def test_the_page_needs_no_inline_script_or_style(visit: Visit) -> None:
    page = visit.open()
    assert "unsafe" not in CSP
    found = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter((node) =>
             [...node.attributes].some((a) => a.name.startsWith('on') || (a.name === 'style' && node.id !== 'input')) ||
             (node.matches('script') && !node.src) || node.matches('style')).map((node) => node.outerHTML)"""
    )
    assert found == []
