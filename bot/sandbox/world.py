"""The state of a pretended Zalo: an Official Account, a bot, the people who write to them, and what is to go wrong.

A development tool built from the vendor's documentation; nothing of it runs in production. Behaviour that is
UNVERIFIED on a live account can be switched.
"""

from __future__ import annotations

import itertools
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

ACCESS_SECONDS = 90_000
WINDOW_SECONDS = 7 * 86_400


@dataclass(frozen=True)
class Config:
    """Credentials of the pretended account and bot, and where webhooks go."""

    gateway: str = "http://127.0.0.1:8000"
    app_id: str = "360846524940903967"
    app_secret: str = "sandbox-app-secret"  # noqa: S105  a pretended account's
    oa_id: str = "388613280878808645"
    oa_secret: str = "sandbox-oa-secret"  # noqa: S105
    bot_token: str = "1234567890:sandbox"  # noqa: S105
    bot_secret: str = "sandbox-bot-secret"  # noqa: S105
    per_minute: int = 100  # calls to the Official Account
    bot_users: int = 50
    bot_month: int = 3_000


@dataclass
class Fault:
    """Something to go wrong in the next `times` calls of `where` ("cs", "anonymous", "upload", "getoa", "oauth",
    "bot.sendMessage"..., or "*").

    code: the platform's error code inside HTTP 200; status: a bare HTTP status; delay: seconds before the answer; lost: the
    call is carried out and its answer is broken.
    """

    where: str
    times: int = 1
    code: int = 0
    status: int = 0
    delay: float = 0.0
    lost: bool = False


@dataclass
class Person:
    """Somebody on Zalo. seen: what arrived in their chat, oldest first."""

    id: str
    name: str = "Người dùng thử"
    conversation: str = ""  # of an anonymous visitor
    blocked: bool = False
    last_interaction: float = 0.0
    seen: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class World:
    """Everything a test or a person can look at or change."""

    config: Config = field(default_factory=Config)
    base: str = ""  # where this sandbox listens
    offset: float = 0.0  # seconds the pretended clock is ahead
    people: dict[str, Person] = field(default_factory=dict)
    bot_people: dict[str, Person] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)  # names of all calls, in order
    uploads: dict[str, bytes] = field(default_factory=dict)  # attachment id -> picture
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # what people sent: name -> (type, bytes)
    access: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    refresh: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    access_until: float = 0.0
    exchanges: int = 0
    codes: dict[str, str] = field(default_factory=dict)  # authorisation code -> PKCE challenge
    webhook_url: str = ""  # of the bot
    webhook_secret: str = ""
    updates: deque[dict[str, Any]] = field(default_factory=deque)  # for the bot's long polling
    wrapped: bool = False  # the bot's updates in the wrapper the documentation shows
    refuse_buttons: bool = False  # buttons without template_type are refused
    month: int = 0  # messages the bot sent
    recent: deque[float] = field(default_factory=deque)
    serial: itertools.count = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.access_until = self.now() + ACCESS_SECONDS

    def now(self) -> float:
        """The pretended time in seconds since the epoch."""
        return time.time() + self.offset

    def person(self, person_id: str, *, bot: bool = False) -> Person:
        """Somebody, made when first named."""
        known = self.bot_people if bot else self.people
        return known.setdefault(person_id, Person(person_id))

    def next_id(self, kind: str) -> str:
        return f"{kind}{next(self.serial):08d}"

    def fault(self, where: str) -> Fault | None:
        """The fault for this call, used up."""
        self.calls.append(where)
        for fault in self.faults:
            if fault.times > 0 and fault.where in {where, "*"}:
                fault.times -= 1
                return fault
        return None

    def over_limit(self) -> bool:
        """Whether the account has made its calls of this minute."""
        now = time.monotonic()
        while self.recent and now - self.recent[0] > 60:
            self.recent.popleft()
        self.recent.append(now)
        return len(self.recent) > self.config.per_minute

    def rotate(self) -> tuple[str, str]:
        """A new pair of tokens; the old one is dead at once."""
        self.access, self.refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.access_until = self.now() + ACCESS_SECONDS
        self.exchanges += 1
        return self.access, self.refresh
