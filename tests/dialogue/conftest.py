"""One running product for all tests of the trained model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.product import Product, product


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product(tmp_path_factory.mktemp("dialogue"), "gateway") as made:
        yield made
