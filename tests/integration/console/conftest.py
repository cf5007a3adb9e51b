"""The desk most tests of the console sit at."""

from __future__ import annotations

import pytest

from bot.app import Core
from tests.support.console import Desk


@pytest.fixture
def desk(core: Core) -> Desk:
    """A console on each database. A test that needs more makes its own."""
    return Desk(core)
