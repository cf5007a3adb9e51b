"""The life of a referral: new -> received -> accepted | transferred | refused -> verifying -> closed.

What was closed or refused can be reopened: by an officer, or because the reporter wrote that somebody is in danger. What was
handed on stays so; the tip is another unit's. Pure rules. Who may do what is the console's concern; here is only what can follow what.
"""

from __future__ import annotations

from enum import Enum

from bot.core.errors import InvalidInput


class State(str, Enum):
    NEW = "new"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    VERIFYING = "verifying"
    TRANSFERRED = "transferred"
    REFUSED = "refused"
    CLOSED = "closed"


class Finding(str, Enum):
    """What the verification of a victim came to. It ends the clock of Luật 53/2024/QH15, Đ.27; beginning it does not."""

    VICTIM = "victim"
    NOT_ENOUGH = "not_enough"
    NOT_VICTIM = "not_victim"


# What a result of the verification rests on; their sentences are in the console's words.
BASES = ("victim_told", "others_told", "papers", "rescue", "agency", "abroad_told")


class Decision(str, Enum):
    """How the report of a crime was decided (BLTTHS, Đ.145 to 148). It ends the clock of Đ.147."""

    PROSECUTED = "prosecuted"  # khởi tố vụ án hình sự
    NOT_PROSECUTED = "not_prosecuted"  # không khởi tố vụ án hình sự
    SUSPENDED = "suspended"  # tạm đình chỉ giải quyết (Đ.148)
    PASSED_ON = "passed_on"  # chuyển cơ quan có thẩm quyền (Đ.145)


class Act(str, Enum):
    RECEIVE = "receive"
    ACCEPT = "accept"
    VERIFY = "verify"
    TRANSFER = "transfer"
    REFUSE = "refuse"
    CLOSE = "close"
    REOPEN = "reopen"  # see `reopen`; no step of its own, since it leads back from an end


_NEXT: dict[State, dict[Act, State]] = {
    State.NEW: {Act.RECEIVE: State.RECEIVED, Act.TRANSFER: State.TRANSFERRED},
    State.RECEIVED: {Act.ACCEPT: State.ACCEPTED, Act.TRANSFER: State.TRANSFERRED, Act.REFUSE: State.REFUSED},
    State.ACCEPTED: {Act.VERIFY: State.VERIFYING, Act.TRANSFER: State.TRANSFERRED, Act.CLOSE: State.CLOSED},
    State.VERIFYING: {Act.TRANSFER: State.TRANSFERRED, Act.CLOSE: State.CLOSED},
    State.TRANSFERRED: {},
    State.REFUSED: {},
    State.CLOSED: {},
}

# Reasons and outcomes are codes; their sentences are in content/. An act in this table must name one of them.
REASONS: dict[Act, tuple[str, ...]] = {
    Act.REFUSE: ("not_trafficking", "duplicate", "cannot_verify", "not_our_competence"),
    Act.TRANSFER: ("other_place", "higher_level", "conflict_of_interest", "specialised_unit"),
    Act.CLOSE: ("victim_safe", "handed_to_investigation", "no_offence_found", "cannot_verify", "prevented"),
}
FINAL = frozenset({State.TRANSFERRED, State.REFUSED, State.CLOSED})
REOPENABLE = frozenset({State.REFUSED, State.CLOSED})
VERIFIABLE = frozenset({State.RECEIVED, State.ACCEPTED, State.VERIFYING, State.CLOSED})


def allowed(state: State) -> tuple[Act, ...]:
    """What can be done now, in a stable order."""
    return tuple(_NEXT[state])


def step(state: State, act: Act, reason: str = "") -> State:
    """The state after `act`. Raises InvalidInput('act_not_possible' | 'reason_needed')."""
    following = _NEXT[state].get(act)
    if following is None:
        raise InvalidInput("act_not_possible")
    if act in REASONS and reason not in REASONS[act]:
        raise InvalidInput("reason_needed")
    return following


def reopen(state: State, *, seen: bool) -> State:
    """The state after an end was taken back. seen: an officer does it and knows the tip; otherwise it waits to be received
    once more. Raises InvalidInput('act_not_possible')."""
    if state not in REOPENABLE:
        raise InvalidInput("act_not_possible")
    return State.RECEIVED if seen else State.NEW
