"""A password made for the demonstration is never one that the console refuses."""

from __future__ import annotations

import secrets

import pytest

from bot.services.units import demo


def test_what_would_be_refused_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = iter(["d304", "d304", "1134", "cd5d", "7a1c", "09be", "e4d2", "51f8"])
    monkeypatch.setattr(secrets, "token_hex", lambda size: next(pieces))
    assert demo._password() == "7a1c-09be-e4d2-51f8"
