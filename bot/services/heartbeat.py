"""Signs of life of the jobs process: a row for each duty, written when it ran to its end."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.core.moments import ahead
from bot.services.moments import stale
from bot.storage.database import insert_ignore
from bot.storage.tables import Heartbeat

# Seconds after which a duty that was not heard of is late.
LATE = {"clocks": 300.0, "notices": 300.0, "campaigns": 300.0, "retention": 3_600.0}


def beat(session: Session, duty: str, now: float) -> None:
    """Note that `duty` has just run."""
    insert_ignore(session, Heartbeat, [{"duty": duty, "at": now}])
    session.execute(
        update(Heartbeat).where(col(Heartbeat.duty) == duty, stale(col(Heartbeat.at), now, 0.0)).values(at=now)
    )


def ages(session: Session, now: float) -> dict[str, float | None]:
    """Seconds since each duty last ran; None for one that never did."""
    seen = {row.duty: row.at for row in session.execute(select(Heartbeat)).scalars()}
    # A sign from the future was given by a clock that ran ahead: it proves nothing about now.
    return {duty: max(0.0, now - seen[duty]) if duty in seen and not ahead(seen[duty], now) else None for duty in LATE}


def late(session: Session, now: float) -> list[str]:
    """Duties that did not run in time; empty while the jobs process is alive."""
    return [duty for duty, age in ages(session, now).items() if age is None or age > LATE[duty]]


def last(session: Session, duty: str) -> float:
    """When `duty` last ran; 0.0 if never."""
    return session.execute(select(col(Heartbeat.at)).where(col(Heartbeat.duty) == duty)).scalar() or 0.0


def give_back(session: Session, duty: str, claimed: float, before: float) -> None:
    """Undo a claim of this process that came to nothing."""
    session.execute(
        update(Heartbeat).where(col(Heartbeat.duty) == duty, col(Heartbeat.at) == claimed).values(at=before)
    )


def claim(session: Session, duty: str, now: float, every: float) -> bool:
    """Whether `duty` is this process's to do, `every` so many seconds: of several that ask, one is told yes."""
    insert_ignore(session, Heartbeat, [{"duty": duty, "at": 0.0}])
    done = session.execute(
        update(Heartbeat).where(col(Heartbeat.duty) == duty, stale(col(Heartbeat.at), now, every)).values(at=now)
    )
    return bool(getattr(done, "rowcount", 0))
