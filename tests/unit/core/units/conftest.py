from __future__ import annotations

import pytest

from bot.content.places.built import load_gazetteer
from bot.core.places.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer()
