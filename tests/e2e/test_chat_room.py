"""Room to read: the alarm with its action on one small screen, and the conversation at 200 % (WCAG 1.4.4) and beyond."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import LAPTOP, PHONE, Visit

pytestmark = pytest.mark.e2e

SMALL_PHONE = {"width": 360, "height": 640}
ALARMS = ("emergency_in_danger", "emergency_other_person", "child_in_danger", "missing_person", "ransom_demand")
# Zoom makes the page narrower in its own pixels; a larger font does not. Both are what "large text" means to somebody.
ZOOMED = {
    "a phone at 150 %": ({"width": 240, "height": 390}, ""),
    "a phone at 200 %": ({"width": 180, "height": 320}, ""),
    "a phone at 200 %, with the browser's bar": ({"width": 180, "height": 292}, ""),
    "a laptop at 200 %": ({"width": 640, "height": 400}, ""),
    "a laptop at 400 %": ({"width": 320, "height": 256}, ""),
    "a low laptop at 400 %": ({"width": 320, "height": 192}, ""),
    "letters of 24 px": (SMALL_PHONE, "24px"),
    "letters of 32 px": (SMALL_PHONE, "32px"),
    "letters of 32 px on a laptop": (LAPTOP, "32px"),
}
BOXES = """() => {
  const box = (node) => { const b = node.getBoundingClientRect();
    return { top: b.top, bottom: b.bottom, left: b.left, right: b.right, width: b.width, height: b.height }; };
  const all = (selector) => [...document.querySelectorAll(selector)].map(box);
  return { log: box(document.querySelector('#log')), top: box(document.querySelector('#top')),
    input: box(document.querySelector('#input')), send: box(document.querySelector('.send')), exit: box(document.querySelector('#exit')),
    numbers: all('.hotlines a'), bubbles: all('.theirs .text'), calls: all('.theirs .call'), options: all('.option'),
    width: document.documentElement.scrollWidth, height: document.documentElement.scrollHeight,
    window: [innerWidth, innerHeight] };
}"""


def _answered(visit: Visit, words: str) -> Page:
    page = visit.page
    visit.say(words)
    expect(page.locator(".theirs").last).to_be_visible()
    expect(page.locator("#typing")).to_be_hidden()
    expect(page.locator("#status.shown")).to_have_count(0)
    return page


@pytest.fixture
def opened(browser: Browser, base: str) -> Any:
    visits: list[Visit] = []

    def open_(view: dict[str, int], font: str = "", **options: Any) -> Visit:
        visit = Visit(browser, base, viewport=view, reduced_motion="reduce", **options)
        visits.append(visit)
        page = visit.open()
        if font:
            page.evaluate("size => { document.documentElement.style.fontSize = size; }", font)
            page.wait_for_timeout(100)
        return visit

    yield open_
    for visit in visits:
        visit.close()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("item", ALARMS)
def test_an_alarm_shows_its_numbers_and_its_action_at_once(
    opened: Callable[..., Visit], item: str, language: str
) -> None:
    page = _answered(opened(SMALL_PHONE), f"real {item} {language}")
    boxes = page.evaluate(BOXES)
    assert len(boxes["bubbles"]) == 2, "whom to call; where are you"
    assert page.locator(".theirs img").count() == 0
    assert boxes["calls"]
    assert all(call["height"] >= 44 and call["width"] >= 44 for call in boxes["calls"])
    hrefs = page.locator(".theirs .call").evaluate_all("nodes => nodes.map(node => node.getAttribute('href'))")
    assert hrefs[0] in {"tel:113", "tel:111", "tel:+84981848484"}
    assert len(set(hrefs)) == len(hrefs)
    log = boxes["log"]
    for box in (*boxes["bubbles"], *boxes["calls"], boxes["options"][0]):
        assert box["top"] >= log["top"] - 1, (box, log)
        assert box["bottom"] <= log["bottom"] + 1, (box, log)


@pytest.mark.parametrize("name", ZOOMED)
def test_an_answer_can_be_read_in_large_letters(opened: Callable[..., Visit], name: str) -> None:
    view, font = ZOOMED[name]
    page = _answered(opened(view, font), "real emergency_in_danger vi")
    boxes = page.evaluate(BOXES)
    width, height = boxes["window"]
    assert boxes["width"] <= width, "nothing is wider than the window"
    assert boxes["height"] <= height + 1
    assert boxes["log"]["height"] >= 0.5 * height
    assert min(bubble["width"] for bubble in boxes["bubbles"]) >= 0.3 * width
    for box in (*boxes["numbers"], boxes["exit"], boxes["send"]):
        assert box["width"] >= 44 and box["height"] >= 44, box  # noqa: PT018
        assert box["left"] >= 0 and box["right"] <= width + 1, box  # noqa: PT018
        assert box["top"] >= 0 and box["bottom"] <= height + 1, box  # noqa: PT018
    page.focus("#input")
    assert page.evaluate(BOXES)["input"]["width"] >= min(110, 0.6 * width)
    for selector in ("#language", "#erase"):  # pushed aside, not lost
        page.locator(selector).scroll_into_view_if_needed()
        expect(page.locator(selector)).to_be_in_viewport()


def test_the_page_takes_its_room_back(opened: Callable[..., Visit]) -> None:
    visit = opened({"width": 180, "height": 320})
    page = visit.page
    assert "tight" in (page.locator("html").get_attribute("class") or "")
    page.set_viewport_size(PHONE)
    expect(page.locator(".brand h1")).to_be_visible()
    expect(page.locator("#foot #erase")).to_be_visible()


@pytest.mark.parametrize("view", [PHONE, LAPTOP])
def test_an_ordinary_window_keeps_its_whole_header(opened: Callable[..., Visit], view: dict[str, int]) -> None:
    page = opened(view).page
    assert "tight" not in (page.locator("html").get_attribute("class") or "")


def test_an_alarm_of_the_page_can_be_dialled_by_a_screen_reader_too(opened: Callable[..., Visit]) -> None:
    page = _answered(opened(SMALL_PHONE), "real emergency_in_danger vi")
    expect(page.get_by_role("link", name="Gọi 113").first).to_be_visible()
