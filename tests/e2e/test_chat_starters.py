"""Every first button of the page, in both languages, against the real product: it does what it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from bot.content.documents import CONTENT_ROOT
from bot.content.files import ContentFiles
from bot.content.phrasebooks import load_phrasebooks
from bot.services.messaging.render import Renderer
from tests.support.browser import Visit
from tests.support.product import Product, product

pytestmark = pytest.mark.e2e
STARTERS = ("emergency_in_danger", "offer_ask", "tip_intro", "status_code", "safe_migration")  # in the page's order


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product(tmp_path_factory.mktemp("starters"), "gateway") as made:
        yield made


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_first_button_does_what_it_says(browser: Browser, running: Product, language: str) -> None:
    content, books = ContentFiles(), load_phrasebooks(CONTENT_ROOT / "dialogue")
    renderer = Renderer(lambda: content.library, lambda: books, lambda: content.checklist, date.today)
    for number, name in enumerate(STARTERS):
        visit = Visit(browser, running.url, hurry=False)
        page = visit.open("/?lang=en" if language == "en" else "/")
        if language == "en":
            expect(page.locator("#exit")).to_have_text("Quick exit")
        buttons = page.locator(".option")
        expect(buttons).to_have_count(len(STARTERS))
        title = buttons.nth(number).locator("span").inner_text()
        buttons.nth(number).click()
        expect(page.locator(".mine .text")).to_have_text(title)
        wanted = renderer.one(name, {}, language)[0].text
        expect(page.locator(".theirs .text").first).to_have_text(wanted, use_inner_text=False)
        visit.close()
