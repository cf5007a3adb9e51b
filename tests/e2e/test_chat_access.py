"""The chat page for everyone: keyboard alone, screen reader, big thumbs, little contrast, small and short screens."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import LAPTOP, PHONE, Visit
from tests.support.chat_stub import Stub

pytestmark = pytest.mark.e2e

NAMELESS = """() => [...document.querySelectorAll('a, button, textarea, input:not([aria-hidden]), [role=log], nav')]
  .filter((node) => !(node.getAttribute('aria-label') || node.textContent.trim() ||
                      (node.labels && node.labels[0] && node.labels[0].textContent.trim())))
  .map((node) => node.outerHTML)"""
# The visible words must be part of the accessible name, or speech control cannot find the button (WCAG 2.5.3).
UNSPEAKABLE = """() => [...document.querySelectorAll('a[aria-label], button[aria-label]')]
  .map((node) => [node.innerText.replace(/\\s+/g, ' ').trim(), node.getAttribute('aria-label')])
  .filter(([words, name]) => words.length > 1 && !name.startsWith(words))"""
SMALL = """() => [...document.querySelectorAll('a, button, textarea, summary')]
  .filter((node) => node.offsetParent && !node.matches('.jump, .text a'))
  .map((node) => [node.id || node.className || node.tagName, node.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 44)
  .map(([name, box]) => name + ' ' + box.width + 'x' + box.height)"""
# Text colour and the first solid background below it, for every element that shows text of its own.
COLOURS = """() => {
  const solid = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('body *')]
    .filter((node) => node.getClientRects().length && !node.closest('.unseen, .jump, svg') &&
                      [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
    .map((node) => [node.className || node.id || node.tagName, getComputedStyle(node).color, solid(node)]);
}"""
EDGES = """() => ['textarea', '.option', '.hotlines a'].map((selector) => {
  const node = document.querySelector(selector);
  const outside = selector === 'textarea' ? '.composer' : selector === '.option' ? 'body' : '.top';
  return [selector, getComputedStyle(node).borderTopColor, getComputedStyle(document.querySelector(outside)).backgroundColor];
})"""


def _luminance(colour: str) -> float:
    parts = [float(part) for part in re.findall(r"[\d.]+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in parts)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two CSS colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _talk(visit: Visit) -> Page:
    page = visit.open()
    visit.say("nguy hiểm")
    expect(page.locator(".option")).to_have_count(2)
    return page


def _focused(page: Page) -> str:
    return page.evaluate(
        "(() => { const at = document.activeElement; return at.id || at.getAttribute('href') || at.textContent.trim(); })()"
    )


def test_contrast_is_that_of_the_formula() -> None:
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_every_text_has_contrast(browser: Browser, base: str, stub: Stub, scheme: str, view: dict[str, int]) -> None:
    visit = Visit(browser, base, color_scheme=scheme, viewport=view, reduced_motion="reduce")
    page = visit.open()
    page.click("summary")
    colours = page.evaluate(COLOURS)
    edges = page.evaluate(EDGES)
    visit.say("nguy hiểm")
    expect(page.locator(".option")).to_have_count(2)
    stub.fail_next = [422]
    visit.say("?")
    expect(page.locator(".state")).to_have_count(1)
    page.fill("#input", "ư" * 4001)
    page.press("#input", "Enter")
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    colours += page.evaluate(COLOURS)
    assert len(colours) > 25
    faint = [(name, round(contrast(ink, ground), 2)) for name, ink, ground in colours if contrast(ink, ground) < 4.5]
    assert faint == []
    assert [(name, contrast(a, b)) for name, a, b in edges if contrast(a, b) < 3] == []
    visit.close()


def test_everything_has_a_name_and_one_place(visit: Visit) -> None:
    page = _talk(visit)
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(UNSPEAKABLE) == []
    page.click("#language")
    expect(page.locator("#exit")).to_have_text("Quick exit")
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(UNSPEAKABLE) == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids))
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map((node) => Number(node.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_screen_reader_hears_what_comes(visit: Visit) -> None:
    page = _talk(visit)
    log = page.get_by_role("log", name="Nội dung trò chuyện")
    assert log.get_attribute("aria-live") == "polite"
    assert log.locator(".theirs").first.inner_text().startswith("Lá Chắn:")
    assert log.locator(".mine").first.inner_text().startswith("Bạn:")
    expect(log.get_by_role("group", name="Các lựa chọn trả lời")).to_have_count(1)
    expect(page.get_by_role("textbox", name="Tin nhắn của bạn")).to_have_count(1)
    assert page.locator("html").get_attribute("lang") == "vi"
    assert page.locator("#announce").get_attribute("aria-live") == "assertive"
    page.click("#language")
    assert page.locator(".theirs .text").first.get_attribute("lang") == "vi", "Vietnamese words keep their language"


def test_the_way_by_keyboard(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    way = []
    for _ in range(10):
        page.keyboard.press("Tab")
        way.append(_focused(page))
    assert way[:6] == ["exit-link", "#input", "language", "exit", "tel:113", "tel:111"]
    assert way[6] == "log"
    assert way[8].endswith("Mình đang gặp nguy hiểm")
    assert page.locator(":focus").evaluate("node => getComputedStyle(node).outlineStyle") == "solid"

    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".option")).to_have_count(2)
    assert page.evaluate("document.activeElement.className") == "message mine", "the focus stays in the conversation"
    for number in ("tel:113", "tel:111"):  # the numbers in the answer come first, then its buttons
        page.keyboard.press("Tab")
        assert _focused(page) == number
    page.keyboard.press("Tab")
    page.keyboard.press("2")
    expect(page.locator(".theirs").last).to_contain_text("safe_no")
    assert [said.get("choice") for said in stub.taken] == ["say:emergency_in_danger", "safe_no"]


def test_numbers_typed_in_the_box_are_words(visit: Visit, stub: Stub) -> None:
    page = _talk(visit)
    page.focus("#input")
    page.keyboard.type("1")
    assert page.input_value("#input") == "1"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("2")
    page.wait_for_timeout(200)
    assert len(stub.posts) == 1, "number keys work on the focused buttons only"


@pytest.mark.parametrize("view", [PHONE, LAPTOP, {"width": 320, "height": 568}], ids=["phone", "laptop", "small phone"])
def test_thumbs_fit_and_nothing_sticks_out(browser: Browser, base: str, view: dict[str, int]) -> None:
    visit = Visit(browser, base, viewport=view)
    page = visit.open()
    page.set_input_files("#picker", [{"name": "a" * 60 + ".png", "mimeType": "image/png", "buffer": b"x"}])
    assert page.evaluate(SMALL) == []
    visit.say("nguy hiểm")
    expect(page.locator(".option")).to_have_count(0)
    visit.say("nguy hiểm")
    expect(page.locator(".option")).to_have_count(2)
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.getElementById('log').scrollWidth <= document.getElementById('log').clientWidth")
    visit.close()


@pytest.mark.parametrize("height", [844, 420, 320], ids=["whole", "keyboard up", "short phone with keyboard"])
def test_the_exit_and_the_numbers_are_always_in_view(browser: Browser, base: str, height: int) -> None:
    visit = Visit(browser, base, viewport={"width": 360, "height": height})
    page = _talk(visit)
    for must in ("#exit", "a[href='tel:113']", "a[href='tel:111']", "#input"):
        box: dict[str, Any] | None = page.locator(must).first.bounding_box()
        assert box, must
        assert box["y"] >= 0, must
        assert box["y"] + box["height"] <= height, must
        assert box["x"] + box["width"] <= 360, must
    assert page.locator("#log").bounding_box()["height"] >= 90
    visit.close()


def test_text_twice_as_big_still_fits(browser: Browser, base: str) -> None:
    visit = Visit(browser, base, viewport={"width": 390, "height": 844})
    page = _talk(visit)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for must in ("#exit", "a[href='tel:113']", "#input", "button.send"):
        box = page.locator(must).first.bounding_box()
        assert box["x"] >= 0, must
        assert box["x"] + box["width"] <= 390, must
    visit.close()


def test_still_for_those_who_ask(browser: Browser, base: str) -> None:
    visit = Visit(browser, base, reduced_motion="reduce")
    page = _talk(visit)
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter((n) => getComputedStyle(n).animationName !== 'none').length"
    )
    assert moving == 0
    visit.close()
