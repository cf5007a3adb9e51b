"""Closing, refusing and handing on are done ten seconds after the press, so that a slip of the hand can be taken back.

The safe side is "not done": until the ten seconds are over nothing has happened, the tip is where it was, its clocks run and
the reporter has heard nothing. A process that dies in between leaves the press, sealed with its words, in the database; it
is done by nobody then (hours later it may be the wrong thing) but shown to the officer, who presses again or drops it.
What is done counts from the press.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace

from sqlalchemy import delete, select
from sqlmodel import Session, col

from bot.core.clocks import Clocks
from bot.core.errors import Conflict, InvalidInput
from bot.core.referrals.states import FINAL, Act, State
from bot.services.tips import notes, referrals, transfers
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.database import changed
from bot.storage.tables import Officer, PressedAct, Referral

SECONDS = 10.0
STALE = 60.0  # after that a press was left behind by a process that died, and whoever presses next takes its place
HELD = frozenset({Act.TRANSFER, Act.REFUSE, Act.CLOSE})


@dataclass(frozen=True)
class Press:
    """act: of HELD. state: of the referral at the press; in another one the act is not done any more. unit_id: for a transfer.
    note: of the officer, goes to the tip's notes."""

    act: Act
    reason: str
    state: str
    at: float
    unit_id: str = ""
    note: str = field(default="", repr=False)


@dataclass(frozen=True)
class Waiting:
    """A press of the officer who asks. problem: why it was not done; left: seconds until it is, 0.0 when they are over."""

    referral_id: str
    press: Press
    problem: str
    left: float


def attempt(session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, press: Press) -> None:
    """Do what was pressed, as of the press. Raises whatever the act raises, and Conflict when the tip has moved on."""
    referral, _, _ = referrals.open_tip(session, officer, referral_id)
    if referral.state != press.state:
        raise Conflict("referral")
    if press.act is Act.TRANSFER:
        transfers.transfer(session, officer, clocks, referral_id, press.unit_id, press.reason, press.at, press.note)
        return
    if press.note:
        notes.add(session, officer, referral_id, press.note, press.at)
    if (press.act, press.reason, referral.state) == (Act.REFUSE, "duplicate", State.NEW.value):
        # What is recognised as a repetition was read, so it was received.
        referrals.act(session, officer, clocks, referral_id, Act.RECEIVE, "", press.at)
    referrals.act(session, officer, clocks, referral_id, press.act, press.reason, press.at)


def keep(session: Session, officer: SignedIn, referral_id: str, press: Press, now: float) -> None:
    """Write down what was pressed. Raises Conflict while a colleague's press waits on the same tip."""
    row = session.get(PressedAct, referral_id)
    if row is not None and row.officer_id != officer.officer_id and now - row.pressed_at < STALE:
        raise Conflict("referral")
    if row is not None:
        session.delete(row)
        session.flush()
    body = sealing.seal_json(_key(officer), asdict(press) | {"act": press.act.value}, _where(referral_id))
    session.add(
        PressedAct(referral_id=referral_id, officer_id=officer.officer_id, body=body, pressed_at=press.at, problem="")
    )


def carry_out(
    session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, now: float, at: float | None = None
) -> Press | None:
    """Do what this officer pressed, once, whoever calls first; None where nothing waits any more, or not what was pressed `at`.
    Raises as `attempt` does."""
    row = _row(session, officer, referral_id, at)
    active = session.execute(select(col(Officer.active)).where(col(Officer.id) == officer.officer_id)).scalar()
    if row is None or not active:
        return None
    press = _opened(officer, row)
    if not _gone(session, officer, [referral_id]) or press is None:
        return None
    if now - press.at > STALE:  # left behind and pressed anew: it counts from now
        press = replace(press, at=now)
    attempt(session, officer, clocks, referral_id, press)
    return press


def take_back(session: Session, officer: SignedIn, referral_ids: Iterable[str]) -> int:
    """Drop presses of this officer that were not done. Returns how many there were."""
    return _gone(session, officer, list(referral_ids))


def fail(session: Session, officer: SignedIn, referral_id: str, problem: str, at: float | None = None) -> None:
    """Say why a press could not be done; it waits for its officer then."""
    row = _row(session, officer, referral_id, at)
    if row is not None:
        row.problem = problem[:32]


def problem_of(error: Exception) -> str:
    """The code under which the console's words say why an act was not done."""
    if isinstance(error, InvalidInput):
        return error.code
    return "conflict" if isinstance(error, Conflict) else "not_found"


def waiting(session: Session, officer: SignedIn, now: float) -> list[Waiting]:
    """What this officer pressed and is not done, the oldest first."""
    query = select(PressedAct).where(col(PressedAct.officer_id) == officer.officer_id)
    rows = session.execute(query.order_by(col(PressedAct.pressed_at), col(PressedAct.referral_id))).scalars()
    found = []
    for row in rows:
        if (press := _opened(officer, row)) is not None:
            left = 0.0 if row.problem else max(0.0, press.at + SECONDS - now)
            found.append(Waiting(row.referral_id, press, row.problem, left))
    return found


def of_another(session: Session, officer: SignedIn, referral: Referral, now: float) -> str:
    """The colleague who has just pressed something that ends this tip, "" where nobody has."""
    query = (
        select(col(Officer.name))
        .join(PressedAct, col(PressedAct.officer_id) == col(Officer.id))
        .where(
            col(PressedAct.referral_id) == referral.id, col(PressedAct.officer_id) != officer.officer_id,
            col(PressedAct.pressed_at) > now - STALE, col(PressedAct.problem) == "",
        )
    )  # fmt: skip
    return "" if State(referral.state) in FINAL else session.execute(query).scalar() or ""


def _row(session: Session, officer: SignedIn, referral_id: str, at: float | None = None) -> PressedAct | None:
    row = session.get(PressedAct, referral_id)
    own = row is not None and row.officer_id == officer.officer_id and at in (None, row.pressed_at)
    return row if own else None


def _gone(session: Session, officer: SignedIn, referral_ids: list[str]) -> int:
    return changed(
        session,
        delete(PressedAct)
        .where(col(PressedAct.referral_id).in_(referral_ids), col(PressedAct.officer_id) == officer.officer_id)
        .execution_options(synchronize_session=False),
    )


def _opened(officer: SignedIn, row: PressedAct) -> Press | None:
    """None after a new key of the account, or where somebody else wrote the row."""
    try:
        said = sealing.unseal_json(_key(officer), row.body, _where(row.referral_id))
        return Press(**{**said, "act": Act(said["act"])})
    except (sealing.CannotOpen, TypeError, ValueError):
        return None


def _key(officer: SignedIn) -> bytes:
    """Made of the officer's private key, which lies in the database only under their password."""
    return sealing.subkey(officer.private_key, "pressed-acts")


def _where(referral_id: str) -> str:
    return f"pressed:{referral_id}"
