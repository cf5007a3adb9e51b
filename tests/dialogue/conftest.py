"""One running product and one stage for all tests of the trained model: an engine takes its time to load."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.golden import Stage
from tests.support.product import Product, product
from tests.support.world import core_in


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product(tmp_path_factory.mktemp("dialogue"), "gateway") as made:
        yield made


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """For conversations of which each begins anew; a test that changes the product makes its own."""
    with core_in(tmp_path_factory.mktemp("stage"), LACHAN_ENGINE_WORKERS="1", LACHAN_ENGINE_TIMEOUT="25") as core:
        made = Stage(core)
        yield made
        made.close()
