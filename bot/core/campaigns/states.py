"""The life of a campaign: draft -> submitted -> approved -> running -> done, with pause and stop.

An approval holds for what was submitted and for nothing else: any change goes back to a draft.
"""

from __future__ import annotations

from enum import Enum

from bot.core.errors import InvalidInput


class State(str, Enum):
    DRAFT = "draft"
    SUBMITTED = "submitted"  # waits for a second person
    APPROVED = "approved"  # waits for its time
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


class Act(str, Enum):
    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"  # back to a draft, by its author or because it was refused
    APPROVE = "approve"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    FINISH = "finish"


_D, _S, _A, _R, _P, _X, _F = State
_AFTER: dict[tuple[State, Act], State] = {
    (_D, Act.EDIT): _D, (_D, Act.SUBMIT): _S, (_D, Act.STOP): _X,
    (_S, Act.WITHDRAW): _D, (_S, Act.APPROVE): _A, (_S, Act.STOP): _X,
    (_A, Act.WITHDRAW): _D, (_A, Act.START): _R, (_A, Act.PAUSE): _P, (_A, Act.STOP): _X,
    (_R, Act.PAUSE): _P, (_R, Act.STOP): _X, (_R, Act.FINISH): _F,
    (_P, Act.RESUME): _A, (_P, Act.STOP): _X,
}  # fmt: skip
ENDED = (_X, _F)


def after(state: State, act: Act) -> State:
    """The state that `act` leads to. A resumed campaign is approved again and starts at once, being due.

    Raises InvalidInput('act_not_possible').
    """
    try:
        return _AFTER[state, act]
    except KeyError:
        raise InvalidInput("act_not_possible") from None


def acts(state: State) -> tuple[Act, ...]:
    """What can be done now, in the order of `Act`."""
    return tuple(act for act in Act if (state, act) in _AFTER)
