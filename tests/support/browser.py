"""A headless Chromium for end-to-end tests, and a look at what a page leaves behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

expect.set_options(timeout=45_000)  # milliseconds; a page shares two cores with other tests
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}

WATCH_CSP = """
  window.__violations = [];
  document.addEventListener('securitypolicyviolation', (event) => window.__violations.push(event.violatedDirective));
"""
# Waiting times of half a second and more pass twenty times faster; what they are relative to each other stays.
HURRY = """
  const slow = window.setTimeout;
  window.setTimeout = (work, wait, ...rest) => slow(work, wait >= 500 ? wait / 20 : wait, ...rest);
"""
LEFT_BEHIND = """async () => ({
  local: localStorage.length,
  session: sessionStorage.length,
  cookies: document.cookie,
  databases: (await indexedDB.databases()).length,
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  history: history.length,
})"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The installed browser; CHROMIUM names another one."""
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One person's browser window, with everything it complained about."""

    def __init__(self, browser: Browser, base: str, *, hurry: bool = True, **options: Any) -> None:
        options.setdefault("viewport", PHONE)
        options.setdefault("service_workers", "block")
        self.base = base
        self.context: BrowserContext = browser.new_context(**options)
        self.context.set_default_timeout(45_000)
        self.context.add_init_script(WATCH_CSP + (HURRY if hurry else ""))
        self.complaints: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        # A refused request is what several tests ask for; the browser's line about it is not a fault of the page.
        wanted = ("Failed to load resource", "Service Worker registration blocked")
        if message.type == "error" and not message.text.startswith(wanted):
            self.complaints.append(message.text)

    def open(self, path: str = "/") -> Page:
        self.page.goto(self.base + path)
        self.page.wait_for_selector(".option")
        return self.page

    def say(self, text: str) -> None:
        self.page.fill("#input", text)
        self.page.press("#input", "Enter")

    def left_behind(self) -> dict[str, Any]:
        return self.page.evaluate(LEFT_BEHIND)

    def close(self) -> None:
        """Closes the window. Raises AssertionError if a script failed or the content policy was broken."""
        violations = self.page.evaluate("window.__violations || []")
        self.context.close()
        assert not violations, violations
        assert not self.complaints, self.complaints
