"""Each step of the clocks once, never early, however often or rarely somebody looks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.clocks import DAY, HOUR, MINUTE, Clocks
from bot.core.referrals.escalation import Desk, Kind, Standing, decide, stages
from bot.core.referrals.states import FINAL, State

CLOCKS = Clocks()
BORN = 1_000_000.0

moments = st.lists(st.floats(0, 100 * DAY), min_size=1, max_size=12).map(
    lambda waits: [BORN + w for w in sorted(waits)]
)


@st.composite
def standings(draw, among=tuple(State)):
    state = draw(st.sampled_from(among))
    received = 0.0 if state is State.NEW else BORN + draw(st.floats(1, 30 * DAY))
    extended = draw(st.sampled_from([0.0, received + CLOCKS.decide_extended])) if received else 0.0
    return Standing(state, draw(st.booleans()), draw(st.booleans()), BORN, received, extended, draw(st.integers(0, 4)))


@st.composite
def clocks(draw):
    steps = sorted(draw(st.lists(st.floats(1, 2 * HOUR), min_size=1, max_size=4)))
    receive, verify = draw(st.floats(1, 2 * DAY)), draw(st.floats(1, 5 * DAY))
    decision = verify + draw(st.floats(1, 40 * DAY))
    return Clocks(tuple(steps), receive, receive * 2, verify, decision, decision * 3)


def walk(standing, times, clocks=CLOCKS):
    """Look at each of `times`; returns the steps taken and the standing afterwards."""
    taken = []
    for now in times:
        decision = decide(standing, clocks, now)
        taken += decision.steps
        standing = replace(standing, escalation=decision.escalation)
    return taken, standing


@given(standings(), clocks(), st.floats(0, 100 * DAY))
def test_taking_what_is_due_leaves_nothing_due(standing, clocks, wait):
    now = BORN + wait
    decision = decide(standing, clocks, now)
    again = decide(replace(standing, escalation=decision.escalation), clocks, now)
    assert again.steps == ()
    assert again.next_clock_at == decision.next_clock_at


@given(standings(), clocks(), moments)
def test_looking_often_or_once_takes_the_same_steps(standing, clocks, times):
    often, after_many = walk(standing, times, clocks)
    once, after_one = walk(standing, times[-1:], clocks)
    assert often == once
    assert after_many == after_one


@given(standings(), clocks(), moments)
def test_no_step_is_early_or_repeated_and_numbers_only_grow(standing, clocks, times):
    before = standing.escalation
    for now in times:
        decision = decide(standing, clocks, now)
        assert all(step.due_at <= now for step in decision.steps)
        numbers = [step.number for step in decision.steps]
        assert all(number > before for number in numbers)
        assert numbers == sorted(set(numbers))
        assert decision.escalation == max([before, *numbers])
        assert decision.next_clock_at == 0.0 or decision.next_clock_at > now
        standing, before = replace(standing, escalation=decision.escalation), decision.escalation


@given(standings(sorted(FINAL, key=str)), clocks(), st.floats(0, 1000 * DAY))
def test_nothing_runs_once_a_referral_has_ended(standing, clocks, wait):
    decision = decide(standing, clocks, BORN + wait)
    assert decision.steps == ()
    assert decision.next_clock_at == 0.0


@given(standings(sorted(set(State) - FINAL, key=str)), clocks())
def test_an_open_referral_ends_up_overdue(standing, clocks):
    taken, _ = walk(replace(standing, escalation=0), [BORN + 1000 * DAY], clocks)
    assert taken[-1].kind is Kind.OVERDUE
    assert sum(step.kind is Kind.OVERDUE for step in taken) == 1


@pytest.mark.parametrize(
    ("urgent", "remote", "first", "second"),
    [
        (True, False, 15 * MINUTE, 30 * MINUTE),
        (True, True, 15 * MINUTE, 30 * MINUTE),
        (False, False, 24 * HOUR, 48 * HOUR),
        (False, True, 48 * HOUR, 96 * HOUR),
    ],
)
def test_an_unread_tip_climbs_to_the_unit_above_and_then_to_the_central_desk(urgent, remote, first, second):
    fresh = Standing(State.NEW, urgent, remote, BORN)
    assert decide(fresh, CLOCKS, BORN + first - 1).steps == ()
    assert decide(fresh, CLOCKS, BORN).next_clock_at == BORN + first
    above = decide(fresh, CLOCKS, BORN + first)
    assert [step.desks for step in above.steps] == [(Desk.ABOVE,)]
    assert above.next_clock_at == BORN + second
    both = decide(fresh, CLOCKS, BORN + second)
    assert [step.desks for step in both.steps] == [(Desk.ABOVE,), (Desk.CENTRAL,)]
    assert both.next_clock_at == BORN + CLOCKS.decide


def test_the_victims_verification_is_reminded_of_once_and_until_there_is_a_result():
    received = Standing(State.ACCEPTED, False, False, BORN, received_at=BORN)
    reminder = decide(received, CLOCKS, BORN + 3 * DAY)
    assert [(step.kind, step.desks) for step in reminder.steps] == [(Kind.VERIFY, (Desk.UNIT,))]
    assert reminder.next_clock_at == BORN + 20 * DAY
    begun = replace(received, state=State.VERIFYING)
    assert decide(begun, CLOCKS, BORN + 3 * DAY).steps == reminder.steps, "to begin is not to know"
    assert decide(replace(begun, escalation=1), CLOCKS, BORN + 4 * DAY).steps == ()
    known = replace(begun, verified=True)
    assert decide(known, CLOCKS, BORN + 3 * DAY).steps == ()


def test_an_extension_puts_the_decision_off_and_keeps_the_verification():
    standing = Standing(State.VERIFYING, False, False, BORN, received_at=BORN, extended_until=BORN + 61 * DAY)
    assert [step.kind for step in decide(standing, CLOCKS, BORN + 4 * DAY).steps] == [Kind.VERIFY]


@pytest.mark.parametrize("state", [State.NEW, State.RECEIVED, State.ACCEPTED, State.VERIFYING])
def test_an_unseen_message_of_danger_climbs_as_an_urgent_tip_does(state):
    at = BORN + 5 * DAY
    quiet = Standing(state, True, False, BORN, received_at=BORN, escalation=4)
    written = replace(quiet, reply_danger_at=at)
    assert decide(written, CLOCKS, at + 15 * MINUTE - 1).steps == decide(quiet, CLOCKS, at + 15 * MINUTE - 1).steps
    first = [step for step in decide(written, CLOCKS, at + 15 * MINUTE).steps if step.kind is Kind.REPLY]
    both = [step for step in decide(written, CLOCKS, at + 30 * MINUTE).steps if step.kind is Kind.REPLY]
    assert [step.desks for step in first] == [(Desk.ABOVE,)]
    assert [step.desks for step in both] == [(Desk.ABOVE,), (Desk.CENTRAL,)]
    taken = decide(written, CLOCKS, at + 30 * MINUTE)
    assert taken.reply_steps == 2
    assert decide(replace(written, reply_steps=2), CLOCKS, at + DAY).reply_steps == 2


def test_clocks_begin_anew_with_a_reopening_or_a_higher_urgency():
    later = BORN + 30 * DAY
    new = Standing(State.NEW, True, False, BORN, received_at=BORN, clock_from=later)
    assert decide(new, CLOCKS, later + 14 * MINUTE).steps == ()
    assert decide(new, CLOCKS, later).next_clock_at == later + 15 * MINUTE
    received = Standing(State.RECEIVED, False, False, BORN, received_at=BORN, clock_from=later)
    assert [step.due_at for step in stages(received, CLOCKS)] == [later + 3 * DAY, later + 20 * DAY]


def test_an_extension_puts_the_decision_off_and_is_watched_too():
    standing = Standing(
        State.VERIFYING, False, False, BORN, received_at=BORN, extended_until=BORN + 61 * DAY, verified=True
    )
    assert decide(standing, CLOCKS, BORN + 60 * DAY).steps == ()
    late = decide(standing, CLOCKS, BORN + 61 * DAY)
    assert [step.kind for step in late.steps] == [Kind.OVERDUE]
    # Extended only after the first 20 days had been called overdue: the new end counts again.
    already = replace(standing, escalation=2)
    assert [step.kind for step in decide(already, CLOCKS, BORN + 61 * DAY).steps] == [Kind.OVERDUE]


@given(standings(), clocks())
def test_stages_are_in_order(standing, clocks):
    found = stages(standing, clocks)
    assert [step.number for step in found] == sorted({step.number for step in found})
    assert [step.due_at for step in found] == sorted(step.due_at for step in found)
