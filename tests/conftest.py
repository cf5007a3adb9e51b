"""Tests reach loopback and nothing else."""

from __future__ import annotations

import socket

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes is no verdict: on a busy machine it would be a hidden timed assertion. Nor is chance: a change is
# judged by the same examples as the one before, and the long forms look for others.
_UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("the same", derandomize=True, **_UNTIMED)
settings.register_profile("others", print_blob=True, **_UNTIMED)
settings.load_profile("the same")

_real_connect = socket.socket.connect
_LOOPBACK = ("127.", "::1", "localhost")


def _guarded(self: socket.socket, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(_LOOPBACK):
        raise AssertionError(f"a test tried to reach the network: {address[0]}")
    return _real_connect(self, address)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _guarded)


@pytest.fixture(autouse=True)
def _files_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words wait for their files as long as it takes here; what happens otherwise has tests that say so."""
    monkeypatch.setattr("bot.gateway.dispatcher.FILES_SECONDS", 120.0)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("markexpr").startswith("soak"):
        settings.load_profile("others")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden conversations")
