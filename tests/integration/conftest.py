"""Everything here runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Core
from tests.support.postgres import postgres
from tests.support.world import core_in


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def core(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Core]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with core_in(tmp_path, url) as core:
        yield core
