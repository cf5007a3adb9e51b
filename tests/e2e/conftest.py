"""One browser for all end-to-end tests; a fresh chat stand-in and window for each that asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import Visit, chromium
from tests.support.chat_stub import Stub, serve


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def base(stub: Stub) -> Iterator[str]:
    with serve(stub) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator[Visit]:
    window = Visit(browser, base)
    yield window
    window.close()
