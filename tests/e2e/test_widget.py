"""The chat inside a ward's portal, installed on a phone, and without a network: the real gateway in a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.support import live
from tests.support.browser import ARGS, PHONE
from tests.support.product import Product, free_port, product

pytestmark = pytest.mark.e2e
# A portal may have a strict policy of its own: it only has to let our script and our frame in.
POLICY = "default-src 'self'; script-src {gateway}; frame-src {gateway}; img-src {gateway}"


def portal(gateway: str) -> Starlette:
    """A ward's site with the widget's one line."""

    async def home(request: Request) -> Response:
        script = f'<script src="{gateway}/static/widget.js" defer></script>'
        html = f"<!doctype html><html lang=vi><title>Phường</title><h1>Cổng thông tin phường</h1>{script}"
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY.format(gateway=gateway)})

    return Starlette(routes=[Route("/", home)])


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, str, str]]:
    """The product, a portal on its list of origins, and one that is not."""
    port = free_port()
    ours = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        running = stack.enter_context(product(tmp_path_factory.mktemp("widget"), "gateway", LACHAN_WIDGET_ORIGINS=ours))
        stack.enter_context(live.served(portal(running.url), port))
        theirs = stack.enter_context(live.served(portal(running.url)))
        yield running, ours, theirs


@contextmanager
def window(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    said: list[str] = []
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    try:
        yield page, said
    finally:
        context.close()


def test_a_listed_portal_holds_a_conversation_and_sees_none_of_it(browser: Browser, places):
    running, ours, _ = places
    with window(browser) as (page, said):
        page.goto(ours)
        assert page.frames[1:] == [], "nothing is fetched before somebody opens it"
        page.get_by_role("button", name="Mở trò chuyện kín với Lá Chắn").click()
        chat = page.frame_locator("iframe")
        chat.locator("#input").fill("số điện thoại đường dây nóng")
        chat.locator("#input").press("Enter")
        expect(chat.locator(".message").last).to_contain_text("111")
        assert "đường dây nóng" not in page.content()
        cookies = page.context.cookies()
        assert cookies == []
        # The page around cannot reach in, however it tries.
        frame = "[...document.body.children].map((one) => one.shadowRoot).find(Boolean).querySelector('iframe')"
        assert page.evaluate(f"{frame}.src") == f"{running.url}/?embed=1"
        assert page.evaluate(f"{frame}.contentDocument") is None
        assert not [line for line in said if "Refused" in line or "violates" in line], said


def test_a_foreign_site_gets_no_frame_and_no_answer(browser: Browser, places):
    running, _, theirs = places
    with window(browser) as (page, said):
        page.goto(theirs)
        page.get_by_role("button", name="Mở trò chuyện kín với Lá Chắn").click()
        page.wait_for_timeout(1_500)
        (frame,) = page.frames[1:]
        assert frame.url.startswith("chrome-error://"), frame.url
        assert any("frame-ancestors" in line for line in said), said
        answer = """async (url) => { try { return (await fetch(url, {method: 'POST', headers: {Authorization: 'Bearer x'}})).status; }
            catch (error) { return error.name; } }"""
        assert page.evaluate(answer, f"{running.url}/chat/api/messages") == "TypeError"


def test_no_answer_allows_another_origin_to_read_it(places):
    running, ours, theirs = places
    for origin in (ours, theirs, "null"):
        for method, path in (("POST", "/chat/api/sessions"), ("OPTIONS", "/chat/api/messages"), ("GET", "/")):
            answer = httpx.request(method, running.url + path, headers={"Origin": origin})
            assert not [name for name in answer.headers if name.startswith("access-control-")], path
    assert ours in httpx.get(running.url).headers["content-security-policy"]


def test_files_are_kept_for_a_year_and_pages_never(places):
    running, _, _ = places
    page = httpx.get(running.url)
    assert page.headers["cache-control"] == "no-store"
    files = re.findall(r'(?:src|href)="(/static/v/[^"]+)"', page.text)
    assert len(files) > 8
    for path in files:
        answer = httpx.get(running.url + path)
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    version = files[0].split("/")[3]
    assert re.fullmatch(r"[0-9a-f]{12}", version)
    assert f'data-version="{version}"' in page.text
    old = httpx.get(f"{running.url}/static/v/000000000000/chat.js")
    assert (old.status_code, old.headers["cache-control"]) == (200, "no-cache")
    missing = httpx.get(f"{running.url}/static/v/{version}/nothing.js")
    assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")
    assert httpx.get(f"{running.url}/static/widget.js").headers["cache-control"] == "public, max-age=3600"
    assert httpx.get(f"{running.url}/healthz").headers["cache-control"] == "no-store"
    for path in ("/static/v/x/../../asgi.py", "/static/v/x/%2e%2e/asgi.py", "/static/v/x/%2e%2e/%2e%2e/web_api.py"):
        assert httpx.get(running.url + path).status_code == 404, path


@pytest.fixture
def phone(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A browser with a profile: a private window cannot install anything."""
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    context = browser.browser_type.launch_persistent_context(tmp_path, executable_path=path, args=ARGS, viewport=PHONE)
    yield context.new_page()
    context.close()


def test_it_can_be_installed_and_shows_the_numbers_without_a_network(places, phone: Page):
    running, _, _ = places
    phone.goto(running.url)
    phone.wait_for_function("navigator.serviceWorker.controller || navigator.serviceWorker.ready.then(() => true)")
    session = phone.context.new_cdp_session(phone)
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert '"display": "standalone"' in manifest["data"]
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    phone.reload()
    phone.context.set_offline(True)
    phone.goto(running.url)
    expect(phone.locator("h2").first).to_have_text("Máy đang không có mạng")
    for number in ("113", "111", "115", "+84981848484"):
        expect(phone.locator(f'a[href="tel:{number}"]')).to_be_visible()
    assert phone.evaluate("getComputedStyle(document.querySelector('.numbers a')).display") != "inline", (
        "styled offline too"
    )
    phone.context.set_offline(False)
    phone.get_by_role("link", name="Thử mở lại trang trò chuyện").click()
    phone.wait_for_selector(".option")
