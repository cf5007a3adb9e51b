"""What becomes of a message that was not confirmed: one decision for replies, notices and campaigns."""

from __future__ import annotations

import pytest

from bot.core.errors import SendError, SendPolicy
from bot.core.sending import MESSAGES, NOTICES, Fate, Settled, settle

P = SendPolicy


@pytest.mark.parametrize("patience", [MESSAGES, NOTICES])
@pytest.mark.parametrize(("policy", "fate"), [(P.STOP, Fate.STOPPED), (P.FIX, Fate.REFUSED), (P.UNKNOWN, Fate.UNKNOWN)])
def test_some_errors_end_it_at_once(policy, fate, patience):
    assert settle(SendError(policy, "x"), 0, patience, pauses=True) == Settled(fate, 0)


def test_what_may_have_arrived_is_repeated_only_where_that_was_decided():
    assert settle(SendError(P.UNKNOWN, "x"), 1, MESSAGES, repeat=2.0) == Settled(Fate.REPEAT, 1, 2.0)


@pytest.mark.parametrize("patience", [MESSAGES, NOTICES])
def test_each_try_waits_longer_and_the_last_is_the_last(patience):
    error = SendError(P.RETRY, "connect")
    waits = [settle(error, tried, patience).wait for tried in range(patience.most_tries - 1)]
    assert waits == list(patience.back_off)
    assert settle(error, patience.most_tries - 1, patience) == Settled(Fate.EXHAUSTED, patience.most_tries)


@pytest.mark.parametrize("patience", [MESSAGES, NOTICES])
def test_an_error_may_name_more_tries_than_the_table_has_waits(patience):
    error = SendError(P.RETRY, "x", tries=patience.most_tries + 3)
    assert settle(error, patience.most_tries + 1, patience).wait == patience.back_off[-1]
    assert settle(error, patience.most_tries + 2, patience).fate is Fate.EXHAUSTED


@pytest.mark.parametrize(
    ("policy", "asked", "pauses", "messages", "notices"),
    [
        (P.RETRY, 7.0, False, Settled(Fate.AGAIN, 1, 7.0), Settled(Fate.AGAIN, 1, 10.0)),
        (P.RETRY, 70.0, False, Settled(Fate.AGAIN, 1, 70.0), Settled(Fate.AGAIN, 1, 70.0)),
        (P.RETRY, 7.0, True, Settled(Fate.WAITS, 0, 7.0, rest=True), Settled(Fate.AGAIN, 1, 10.0)),
        (P.RETRY, None, True, Settled(Fate.WAITS, 0, 60.0, rest=True), Settled(Fate.AGAIN, 1, 10.0)),
        (P.ALERT, None, False, Settled(Fate.WAITS, 0, 60.0, rest=True), Settled(Fate.AGAIN, 1, 300.0)),
        (P.REFRESH, 400.0, False, Settled(Fate.WAITS, 0, 400.0, rest=True), Settled(Fate.AGAIN, 1, 400.0)),
    ],
)  # fmt: skip
def test_trouble_of_the_account_or_the_channel(policy, asked, pauses, messages, notices):
    error = SendError(policy, "x", retry_after=asked)
    assert settle(error, 0, MESSAGES, pauses=pauses) == messages
    assert settle(error, 0, NOTICES, pauses=pauses) == notices
