"""What a campaign is to do, as plain data that is hashed before somebody agrees to it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from bot.core.campaigns.audience import Audience
from bot.core.errors import InvalidInput

LENGTHS = ("short", "medium", "long")
KIT, ITEM = "kit", "item"  # a ready-made campaign, or an item of the answer library
MAX_TITLE = 120
WEEKLY = 2  # campaign messages a person gets within seven days, unless a campaign says otherwise
MOST_WEEKLY = 7
MOST_SPREAD = 7 * 24 * 60  # minutes


@dataclass(frozen=True)
class Params:
    """Everything that is frozen by approval.

    source, source_id, length: where the words come from. start_at: seconds since the epoch. spread: minutes over which
    the sending is stretched, 0 for as fast as the channels allow. weekly: most campaign messages for one person in seven
    days, this one included. quiet: nothing between 22:00 and 06:00. dry_run: everything but the sending itself.
    """

    title: str
    source: str
    source_id: str
    length: str
    start_at: float
    audience: Audience = field(default_factory=Audience)
    spread: int = 0
    weekly: int = WEEKLY
    quiet: bool = True
    dry_run: bool = False

    def to_json(self) -> str:
        """Canonical JSON: equal parameters give equal text."""
        body = {**self.__dict__, "audience": self.audience.to_json()}
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Params:
        data: dict[str, Any] = json.loads(text)
        return Params(**{**data, "audience": Audience.from_json(data["audience"])})


def check(params: Params) -> Params:
    """The same parameters, if they can be used. Raises InvalidInput naming the one that cannot."""
    title = " ".join(params.title.split())
    if not 1 <= len(title) <= MAX_TITLE:
        raise InvalidInput("title")
    if params.source not in {KIT, ITEM} or params.length not in LENGTHS:
        raise InvalidInput("content")
    if not 0 <= params.spread <= MOST_SPREAD:
        raise InvalidInput("spread")
    if not 1 <= params.weekly <= MOST_WEEKLY:
        raise InvalidInput("weekly")
    if not params.start_at > 0:
        raise InvalidInput("start")
    return Params(**{**params.__dict__, "title": title})


def digest(params: str, frozen: str) -> str:
    """What a second person agrees to: SHA-256 over the parameters and the words as they will be sent."""
    return hashlib.sha256(json.dumps([params, frozen], ensure_ascii=True).encode()).hexdigest()
