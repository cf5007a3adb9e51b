"""Trying the product out without any account: the page of the pretended Zalo, in a browser, with the real gateway behind it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from bot.commands.sandbox import environment as sandbox_environment
from bot.sandbox.world import World
from tests.e2e.test_canary_channels import connect
from tests.support import live
from tests.support.browser import PHONE
from tests.support.canary import Canary
from tests.support.product import product

pytestmark = pytest.mark.e2e


@pytest.fixture
def trying(browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, World]]:
    with (
        live.zalo("http://127.0.0.1:9") as world,
        product(tmp_path, "gateway", **sandbox_environment(world)) as running,
    ):
        object.__setattr__(world.config, "gateway", running.url)
        world.webhook_url = f"{running.url}/webhooks/zalo-bot"
        connect(running, world, Canary())
        page = browser.new_context(viewport=PHONE).new_page()
        page.goto(world.base)
        yield page, world
        page.context.close()


def say(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")


def answered(page: Page, text: str) -> None:
    expect(page.locator(".b:not(.me)", has_text=text).last).to_be_visible()


def test_a_person_tries_everything_on_the_page(trying):
    page, world = trying
    say(page, "xin chào")
    answered(page, "mình là Lá Chắn")
    page.get_by_role("button", name="Báo tin kín").click()
    answered(page, "an toàn để nhắn tin")
    page.get_by_role("button", name="Có, mình an toàn").click()
    answered(page, "kể mình nghe")
    image = io.BytesIO()
    Image.new("RGB", (60, 40), "olive").save(image, "PNG")
    page.set_input_files("#file", [{"name": "a.png", "mimeType": "image/png", "buffer": image.getvalue()}])
    answered(page, "nhận và khóa lại")
    page.select_option("#trouble", label="Token hết hạn")
    page.get_by_role("button", name="📍 Vị trí").click()
    answered(page, "gần những nơi")
    assert world.exchanges == 2, "once to enter, once to renew"
    page.select_option("#platform", label="Zalo Bot")
    expect(page.locator(".b")).to_have_count(0)
    say(page, "xin chào")
    answered(page, "1. Kiểm tra một lời mời")
    say(page, "2")
    answered(page, "an toàn để nhắn tin")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    last, form = page.locator(".b").last.bounding_box(), page.locator("#form").bounding_box()
    assert last["y"] + last["height"] <= form["y"], "the newest bubble is not hidden"


def test_revoked_tokens_and_how_to_come_back(trying):
    page, world = trying
    page.select_option("#trouble", label="Token bị thu hồi")
    expect(page.locator(".b.me").last).to_contain_text("Refresh token mới")
    expect(page.locator(".b.me").last).to_contain_text(world.refresh)
