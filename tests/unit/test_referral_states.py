from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.clocks import HOUR, MINUTE, Clocks, receive_deadline
from bot.core.errors import InvalidInput
from bot.core.referrals.states import FINAL, REASONS, REOPENABLE, Act, State, allowed, reopen, step


@given(
    st.sampled_from(State),
    st.sampled_from(Act),
    st.sampled_from(["", "duplicate", "other_place", "victim_safe", "made_up"]),
)
def test_only_listed_steps_with_a_listed_reason_are_possible(state, act, reason):
    possible = act in allowed(state) and (act not in REASONS or reason in REASONS[act])
    if possible:
        assert step(state, act, reason) in State
    else:
        with pytest.raises(InvalidInput):
            step(state, act, reason)


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_an_end_is_an_end(acts):
    state = State.NEW
    for act in acts:
        reason = REASONS.get(act, ("",))[0]
        if state in FINAL:
            assert allowed(state) == ()
        if act in allowed(state):
            state = step(state, act, reason)


def test_a_tip_cannot_be_closed_before_it_is_accepted():
    with pytest.raises(InvalidInput):
        step(State.NEW, Act.CLOSE, "victim_safe")


def test_urgent_tips_climb_after_15_and_30_minutes():
    clocks = Clocks()
    assert [receive_deadline(clocks, urgent=True, remote=True, escalation=n) for n in range(3)] == [
        15 * MINUTE, 30 * MINUTE, float("inf"),
    ]  # fmt: skip


def test_remote_communes_have_48_hours():
    assert receive_deadline(Clocks(), urgent=False, remote=True, escalation=0) == 48 * HOUR
    assert receive_deadline(Clocks(), urgent=False, remote=False, escalation=0) == 24 * HOUR


@given(st.sampled_from(State), st.booleans())
def test_only_a_closing_or_a_refusal_is_taken_back(state, seen):
    if state in REOPENABLE:
        assert reopen(state, seen=seen) is (State.RECEIVED if seen else State.NEW)
    else:
        with pytest.raises(InvalidInput):
            reopen(state, seen=seen)
    assert frozenset({State.CLOSED, State.REFUSED}) == REOPENABLE
