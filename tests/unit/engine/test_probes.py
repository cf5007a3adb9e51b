"""A model that understands less than nine in ten of its probe messages, or has too few, is not served."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.engine import probes


async def always_greet(text: str) -> dict[str, Any]:
    return {"intent": "greet"}


@pytest.mark.parametrize(
    ("total", "wrong", "ok"), [(30, 0, True), (30, 3, True), (30, 4, False), (29, 0, False), (0, 0, False)]
)
def test_threshold(total: int, wrong: int, ok: bool) -> None:
    asked = {f"chào {i}": "thank" if i < wrong else "greet" for i in range(total)}
    result = asyncio.run(probes.run(asked, always_greet))
    assert result.ok is ok
    assert len(result.wrong) == wrong


def test_report_names_what_went_wrong() -> None:
    result = asyncio.run(probes.run({"cảm ơn": "thank"}, always_greet))
    assert "'cảm ơn': expected thank, got greet" in str(result)
    assert "at least 30" in str(result)
