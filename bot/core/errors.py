"""The one tree of errors; a class for each decision a caller makes.

LaChanError
├── InvalidInput            the sender's fault; `.code` names a sentence in content/ to answer with
│   └── TooLarge            over a size limit
├── NotAuthenticated        who are you? (401)
├── NotAllowed              known, and not permitted (403; also answered for things that do not exist)
├── Conflict                somebody else changed it meanwhile; load again and retry
├── BadCommand              the engine asks for something that does not exist; our bug, the message is set aside
├── EngineUnavailable       no engine worker answered in time; the hotline card goes out
├── SendError               a channel refused or lost a message; carries its own retry policy
└── ConfigError             a setting is missing or wrong; the process must not start

No message text, phone number, platform id or receipt code is ever put into an exception: exceptions end in logs.
"""

from __future__ import annotations

from enum import Enum


class LaChanError(Exception):
    """Root of every error this product raises on purpose."""


class InvalidInput(LaChanError):
    """The input cannot be used. `code` is a stable, content-free name of the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TooLarge(InvalidInput):
    """A text, file or request is over its limit."""


class NotAuthenticated(LaChanError):
    """The caller did not prove who they are."""


class NotAllowed(LaChanError):
    """The caller is known and may not do this. Raised for absent objects too, so that existence does not leak."""


class Conflict(LaChanError):
    """A version check failed: the row changed since it was read."""


class EngineUnavailable(LaChanError):
    """No engine worker produced an answer within the time-out."""


class BadCommand(LaChanError):
    """The engine names an unknown command, or an argument of a wrong kind. Tells which, never what was in it."""


class ConfigError(LaChanError):
    """A setting is missing, malformed or still a placeholder."""


class SendPolicy(str, Enum):
    """What the sender does next with a message that was not delivered."""

    RETRY = "retry"  # later, with back-off
    REFRESH = "refresh"  # renew the channel's token once, then retry
    STOP = "stop"  # never contact this person again (blocked, unfollowed, gone)
    FIX = "fix"  # our bug or a refused content: dead-letter, a developer looks
    ALERT = "alert"  # the account itself is in trouble: keep messages, tell a human
    UNKNOWN = "unknown"  # it may have been delivered: bot.core.sending.repeat_after decides


class SendError(LaChanError):
    """A channel did not confirm delivery.

    policy: what to do next. code: the platform's own error code as text, content-free.
    retry_after: seconds the platform asked for, or None. tries: give up after so many, or None for the usual number.
    """

    def __init__(
        self, policy: SendPolicy, code: str, retry_after: float | None = None, tries: int | None = None
    ) -> None:
        super().__init__(f"{policy.value}:{code}")
        self.policy = policy
        self.code = code
        self.retry_after = retry_after
        self.tries = tries
