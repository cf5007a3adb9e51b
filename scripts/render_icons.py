"""Draws the chat page's PNG icons from its one SVG mark, with a headless Chromium.

Run after changing bot/gateway/static/shield.svg: `.venv/bin/python scripts/render_icons.py`.
CHROMIUM names the browser if it is not /usr/bin/chromium.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parents[1] / "bot" / "gateway" / "static"
TEAL = "#0f4c5c"
# name, side in pixels, background, share of the side that the mark takes (a maskable icon may lose its outer fifth)
ICONS = (
    ("icon-180", 180, TEAL, 0.72),
    ("icon-192", 192, "transparent", 0.96),
    ("icon-512", 512, "transparent", 0.96),
    ("maskable-512", 512, TEAL, 0.62),
)


def page_for(mark: str, side: int, background: str, share: float) -> str:
    inner = round(side * share)
    style = (
        f"html,body{{margin:0;background:{background}}}body{{display:grid;place-items:center;width:{side}px;height:{side}px}}"
        f"svg{{width:{inner}px;height:{inner}px}}"
    )
    return f"<!doctype html><style>{style}</style>{mark}"


def main() -> None:
    mark = (STATIC / "shield.svg").read_text(encoding="utf-8")
    (STATIC / "icons").mkdir(exist_ok=True)
    browser_path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        for name, side, background, share in ICONS:
            page = browser.new_page(viewport={"width": side, "height": side})
            page.set_content(page_for(mark, side, background, share))
            page.screenshot(path=str(STATIC / "icons" / f"{name}.png"), omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
