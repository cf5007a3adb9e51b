"""The gateway's readings of places and offers, and the route of a new tip: thin ties between core and the turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session

from bot.app import Core
from bot.services.render import Say


class Places:
    def read(
        self, text: str, choice: str, latitude: float | None, longitude: float | None, open_place: Mapping[str, Any]
    ) -> dict[str, Any]:
        return {}


def place_reader() -> Places:
    return Places()


def router(core: Core) -> Callable[[Session, Mapping[str, Any]], tuple[str, str, tuple[str, ...]]]:
    return lambda session, draft: ("central", "place_unknown", ())


def check_offer(core: Core) -> Callable[[str, str, str], list[Say]]:
    return lambda text, topic, language: [{"say": topic or "job_abroad_check", "args": {}}]
