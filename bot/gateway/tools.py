"""What thinking a turn through needs from outside: the engine, places, routes, cards, clocks and threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from sqlmodel import Session

from bot.core.clocks import Clocks
from bot.core.messages import Channel
from bot.core.units.routing import Route
from bot.dialogue.says import Say
from bot.engine_client.pool import TurnResult
from bot.gateway import signup
from bot.services.messaging.render import Renderer
from bot.storage.vault import Vault


class Engine(Protocol):
    async def turn(
        self,
        *,
        text: str,
        state: dict[str, Any] | None,
        context: dict[str, Any],
        choice: str,
        intent: str,
        conversation: str,
    ) -> TurnResult:
        """See bot.engine_client.pool.EnginePool.turn."""


class PlaceReader(signup.Places, Protocol):
    def read(
        self, text: str, choice: str, latitude: float | None, longitude: float | None, open_place: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What a message says about a place: {"status", "code", "codes", "province", "country", "name", "question"}."""


@dataclass(frozen=True)
class Tools:
    """What thinking needs. `detect` gives the language of a text; the last three carry out commands.

    slow: threads for sealing tips. codes: threads for trying receipt codes, which anybody may do, so that they hold up no tip.
    """

    vault: Vault
    renderer: Renderer
    engine: Engine
    clocks: Callable[[], Clocks]
    detect: Callable[[str], str]
    places: PlaceReader
    route: Callable[[Session, Mapping[str, Any]], Route]
    cards: Callable[[tuple[str, ...]], list[Say]]
    screening: Callable[[Mapping[str, Any]], dict[str, Any] | None]
    check_offer: Callable[[str, str, str, Sequence[str]], list[Say]]
    slow: ThreadPoolExecutor
    codes: ThreadPoolExecutor
    now: Callable[[], float]
    numbers: Callable[[Channel], bool] = lambda channel: False  # whether a channel shows choices as numbered lines
    notices: Callable[[], bool] = lambda: True  # whether officers can be told that something waits
