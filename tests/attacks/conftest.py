"""Attacks are played against real parts on SQLite; what differs between databases is tested elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Core
from tests.integration.channels.conftest import on  # noqa: F401  a product with all channels
from tests.support.world import core_in


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    with core_in(tmp_path) as core:
        yield core
