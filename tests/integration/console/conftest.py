"""The desk most tests of the console sit at."""

from __future__ import annotations

import zlib

import pytest

from bot.app import Core
from tests.support.console import Desk


@pytest.fixture
def desk(core: Core) -> Desk:
    """A console on each database. A test that needs more makes its own."""
    return Desk(core)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages are tested on SQLite, and every third test on PostgreSQL as well; all of them there in the long form. What asks the
    database in its own ways is tested on both, in tests/integration/services and jobs."""
    for item in items:
        if "tests/integration/console/" in item.nodeid and "postgresql" in item.keywords and not _on_both(item):
            item.add_marker(pytest.mark.soak)


def _on_both(item: pytest.Item) -> bool:
    races = item.path.name in {"test_rekey_together.py", "test_matrix.py"}
    return races or zlib.crc32(item.nodeid.partition("[")[0].encode()) % 3 == 0
