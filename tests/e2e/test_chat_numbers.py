"""Every number to call, in every text the product can say, is one tap away; a count is not."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser

from bot.content.documents import CONTENT_ROOT
from bot.content.files import ContentFiles
from bot.content.placeholders import book_of
from bot.core.content.plain import bubbles
from tests.support.browser import Visit

pytestmark = pytest.mark.e2e

# For each text, what is linked and what is left as words.
LINKS = """async (texts) => {
  const { linkify } = await import('/static/linkify.js');
  return texts.map((text) => {
    const holder = document.createElement('div');
    holder.append(linkify(text, ['gov.vn']));
    return { links: [...holder.querySelectorAll('a[href^="tel:"]')].map((link) => link.getAttribute('href').slice(4)),
             left: [...holder.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data),
             text: holder.textContent };
  });
}"""
# A hotline among other words; not in a date, a sum, a longer number, the name of a law.
NUMBER = re.compile(r"(?<![\d\w./,+-])(?:11[1-5]|\+84 981 84 84 84)(?![\d/-]|[.,]\d)")
CALLED = [
    "Gọi 113 trước.", "thì gọi 113 trước", "hỏi 111 trước khi đi", "113 đang bận thì gọi 111", "113 đi", "Gọi 113 đi bạn",
    "gọi 111 người ta nghe liền", "gọi 111 ngày hay đêm đều được", "113, 111 hoặc 115", "(113)", "Zalo 111 trực 24/7", "113 được không",
    "111 trẻ em gọi được", "112 trên biển", "114 đám cháy", "Gọi 113.", "113: công an", "“113”", "111 ở đâu cũng gọi được",
    "Call 113 first, then 111", "+84 981 84 84 84 (ở nước ngoài)", "gọi ngay 113\ntrước đã",
]  # fmt: skip
COUNTS = [
    "111 người bị lừa", "có 113 người", "113 triệu đồng", "113 tr", "113tr/tháng", "111 đ", "111 nghìn", "111 năm tù", "112 vụ",
    "Điều 113 Bộ luật", "khoản 111", "Nghị định 114/2025", "số nhà 111", "113.000 đồng", "1.113", "0911111111", "113/2025",
    "phòng 113", "ngày 11/1", "111%", "111 trang", "112 nạn nhân", "113 people",
]  # fmt: skip


def said() -> list[str]:
    """Every text: short and long answers, in all languages, and the lines of all phrasebooks, forms and campaigns."""
    library = ContentFiles().library
    texts = [text for item in library.items.values() for text in (item.short, *bubbles(item.long or "."))]
    for path in sorted(CONTENT_ROOT.glob("**/*.yml")):
        if path.parent.name not in {"places", "schema", "pictures", "svg"}:
            texts += _strings(yaml.safe_load(book_of(CONTENT_ROOT).fill(path.read_text(encoding="utf-8"), "vi")))
    return texts


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, row in value.items() if key not in {"source", "sources"} for text in _strings(row)]
    if isinstance(value, list):
        return [text for row in value for text in _strings(row)]
    return [value] if isinstance(value, str) else []


@pytest.fixture(scope="module")
def read(browser: Browser) -> Any:
    from tests.support.chat_stub import Stub, serve

    with serve(Stub()) as base:
        visit = Visit(browser, base)
        page = visit.open()
        yield lambda texts: page.evaluate(LINKS, texts)
        visit.close()


def test_every_number_in_every_text_can_be_tapped(read: Any) -> None:
    texts = [text for text in said() if NUMBER.search(text)]
    assert len(texts) > 200
    missed = []
    for text, found in zip(texts, read(texts), strict=True):
        assert found["text"] == text, "nothing is lost or changed"
        missed += [(match[0], text[max(0, match.start() - 30) : match.end() + 20])
                   for match in NUMBER.finditer(" | ".join(found["left"]))]  # fmt: skip
    assert missed == []


@pytest.mark.parametrize("text", CALLED)
def test_a_number_to_call_is_a_link(read: Any, text: str) -> None:
    (found,) = read([text])
    assert len(found["links"]) == len(NUMBER.findall(text)), found


@pytest.mark.parametrize("text", COUNTS)
def test_a_count_or_a_law_is_no_link(read: Any, text: str) -> None:
    (found,) = read([text])
    assert found["links"] == []
