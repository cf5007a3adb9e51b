"""The gazetteer is read-only and takes a moment to build: one for the session."""

from __future__ import annotations

import pytest

from bot.content.places.built import CONTENT
from bot.content.places.compile import compile_gazetteer
from bot.core.places.gazetteer import Gazetteer
from bot.core.places.resolver import Resolver


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer(compile_gazetteer(CONTENT))


@pytest.fixture(scope="session")
def resolver(gazetteer: Gazetteer) -> Resolver:
    return Resolver(gazetteer)
