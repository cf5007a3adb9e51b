"""What axe-core finds in a page as a browser shows it, by the rules of WCAG 2.2 A and AA and its own best practices."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

_SCRIPT = Path(__file__).resolve().parents[2] / ".tools" / "axe" / "axe_playwright_python" / "axe.min.js"
_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  (found) => `${found.id}: ` + found.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | "))"""


@cache
def _script() -> str:
    return _SCRIPT.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Rule and place of each. The page's policy lets no foreign script in, so axe comes by the debugger."""
    page.evaluate(_script())
    return list(page.evaluate(_RUN))


def overflow(page: Page) -> int:
    """Pixels by which a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
