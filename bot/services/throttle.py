"""Slowing guesses down: receipt codes and sign-ins, for whoever guesses and for nobody else.

There is no count over everybody: it would be a switch with which one stranger keeps everybody out. What makes guessing
hopeless is the length of a code (66 bits) and the price of a try (Argon2id).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from bot.core.moments import ahead
from bot.storage.tables import Attempt


@dataclass(frozen=True)
class Limit:
    """At most `count` failures in `window` seconds."""

    count: int
    window: float


CODE_PER_PERSON = Limit(5, 900.0)
SIGN_IN = Limit(5, 900.0)  # for one login from one place
CODE_AFTER_PASSWORD = Limit(5, 900.0)  # for one login from everywhere: the password was right, the six digits were not
OWN_CHECK = Limit(5, 900.0)  # a signed-in officer who changes password or device


def code_key(conversation_id: str) -> str:
    """What counts the wrong receipt codes of one conversation."""
    return f"code:{conversation_id}"


def blocked_for(session: Session, key: str, limit: Limit, now: float) -> float:
    """Seconds until the next try is allowed; 0.0 when it is allowed now."""
    row = session.get(Attempt, key)
    if row is None or _over(row, limit, now) or row.count < limit.count:
        return 0.0
    return row.window_start + limit.window - now


def failures(session: Session, key: str, limit: Limit, now: float) -> int:
    """How many tries failed in the window that is open."""
    row = session.get(Attempt, key)
    return 0 if row is None or _over(row, limit, now) else row.count


def count_failure(session: Session, key: str, limit: Limit, now: float) -> None:
    """Count one failed try in the caller's transaction."""
    row = session.get(Attempt, key)
    if row is None:
        session.add(Attempt(key=key, count=1, window_start=now))
    elif _over(row, limit, now):
        row.count, row.window_start = 1, now
    else:
        row.count += 1


def _over(row: Attempt, limit: Limit, now: float) -> bool:
    """Whether the window has passed; one that begins in the future was opened by a clock that ran ahead."""
    return now - row.window_start >= limit.window or ahead(row.window_start, now)


def clear(session: Session, key: str) -> None:
    """Forget the failures, after a success."""
    row = session.get(Attempt, key)
    if row is not None:
        session.delete(row)
