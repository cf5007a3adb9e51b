"""A trained test bot and a worker that serves it. Trained once and kept below .build/ until its inputs change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.engine_worker import Worker, trained


@pytest.fixture(scope="session")
def models() -> Path:
    """Folder with the trained test bot."""
    return trained()


@pytest.fixture(scope="session")
def worker(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """One ready worker for all tests that leave it alive."""
    running = Worker(tmp_path_factory.mktemp("w"), models)
    try:
        running.connect()
        yield running
    finally:
        running.end()
