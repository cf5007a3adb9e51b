"""Campaigns as rules: what state follows which, when it may go, who must agree, whom it is for."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.core.campaigns import audience, kit, params, rules, schedule, states
from bot.core.campaigns.audience import AGES, CHANNELS, LANGUAGES, TOPICS, Audience, make, topic_bits, topics_of
from bot.core.campaigns.params import Params, check, digest
from bot.core.campaigns.schedule import (
    VIETNAM,
    calendar,
    days_to_30_7,
    is_quiet,
    read_time,
    start_problem,
)
from bot.core.campaigns.states import ENDED, Act, State
from bot.core.errors import InvalidInput

NOON = datetime(2026, 7, 30, 12, 0, tzinfo=VIETNAM).timestamp()
DAY = 86_400.0


class Life(RuleBasedStateMachine):
    """Any sequence of acts: what was sent had been approved since its last change."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.agreed, self.started = State.DRAFT, False, False

    @rule(act=st.sampled_from(Act))
    def any_act(self, act: Act) -> None:
        if act not in states.acts(self.state):
            with pytest.raises(InvalidInput, match="act_not_possible"):
                states.after(self.state, act)
            return
        after = states.after(self.state, act)
        if act is Act.APPROVE:
            assert self.state is State.SUBMITTED
            self.agreed = True
        if act in {Act.EDIT, Act.WITHDRAW}:
            self.agreed = False
        self.state, self.started = after, self.started or act is Act.START

    @precondition(lambda self: self.state in ENDED)
    @rule(act=st.sampled_from(Act))
    def nothing_wakes_what_has_ended(self, act: Act) -> None:
        with pytest.raises(InvalidInput):
            states.after(self.state, act)

    @invariant()
    def it_runs_only_with_consent(self) -> None:
        if self.state in {State.APPROVED, State.RUNNING, State.PAUSED, State.DONE}:
            assert self.agreed

    @invariant()
    def it_is_open_or_ended(self) -> None:
        assert bool(states.acts(self.state)) is (self.state not in ENDED)


TestLife = Life.TestCase


def test_the_usual_way():
    state = State.DRAFT
    for act in (Act.EDIT, Act.SUBMIT, Act.APPROVE, Act.START, Act.PAUSE, Act.RESUME, Act.START, Act.FINISH):
        state = states.after(state, act)
    assert state is State.DONE


def _params(**more) -> Params:
    return Params(**{"title": "30/7", "source": "kit", "source_id": "x", "length": "short", "start_at": NOON, **more})


@given(
    topics=st.lists(st.sampled_from(TOPICS)), ages=st.lists(st.sampled_from(AGES)),
    languages=st.lists(st.sampled_from(LANGUAGES)), channels=st.lists(st.sampled_from(CHANNELS)),
    provinces=st.lists(st.from_regex(r"[0-9]{2}", fullmatch=True), max_size=9),
    communes=st.lists(st.from_regex(r"[0-9]{5}", fullmatch=True), max_size=9),
    title=st.text(min_size=1, max_size=40).filter(str.strip), spread=st.integers(0, params.MOST_SPREAD),
    weekly=st.integers(1, 7), quiet=st.booleans(), dry=st.booleans(),
)  # fmt: skip
def test_parameters_survive_storage_and_their_order_does_not_matter(
    topics, ages, languages, channels, provinces, communes, title, spread, weekly, quiet, dry
):
    def made(turn):
        chosen = make(*(turn(values) for values in (topics, provinces, communes, ages, languages, channels)))
        return check(_params(title=title, audience=chosen, spread=spread, weekly=weekly, quiet=quiet, dry_run=dry))

    one, other = made(list), made(lambda values: [*reversed(values), *values])
    assert Params.from_json(one.to_json()) == one
    assert one.to_json() == other.to_json()
    assert digest(one.to_json(), "words") == digest(other.to_json(), "words")


@pytest.mark.parametrize(
    "change",
    [{"title": "khác"}, {"length": "long"}, {"start_at": NOON + 1}, {"spread": 1}, {"weekly": 3}, {"quiet": False},
     {"dry_run": True}, {"audience": Audience(topics=("jobs",))}, {"source_id": "y"}],
)  # fmt: skip
def test_every_change_changes_the_seal(change):
    assert digest(_params().to_json(), "w") != digest(_params(**change).to_json(), "w")
    assert digest(_params().to_json(), "w") != digest(_params().to_json(), "v")


@pytest.mark.parametrize(
    ("change", "code"),
    [({"title": "  "}, "title"), ({"title": "x" * 121}, "title"), ({"source": "file"}, "content"),
     ({"length": "epic"}, "content"), ({"spread": -1}, "spread"), ({"spread": 7 * 1440 + 1}, "spread"),
     ({"weekly": 0}, "weekly"), ({"weekly": 8}, "weekly"), ({"start_at": 0.0}, "start"),
     ({"start_at": float("nan")}, "start")],
)  # fmt: skip
def test_parameters_that_cannot_be_used(change, code):
    with pytest.raises(InvalidInput) as refused:
        check(_params(**change))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "bad",
    [{"topics": ["money"]}, {"ages": ["old"]}, {"languages": ["fr"]}, {"channels": ["web"]}, {"provinces": ["1"]},
     {"provinces": ["031"]}, {"communes": ["1234x"]}, {"communes": [f"{n:05}" for n in range(501)]}],
)  # fmt: skip
def test_audiences_that_do_not_exist(bad):
    with pytest.raises(InvalidInput, match="audience"):
        make(**bad)


@given(st.sets(st.sampled_from(TOPICS)))
def test_topics_as_bits(chosen):
    bits = topic_bits(chosen)
    assert set(topics_of(bits)) == (set() if chosen == set(TOPICS) else chosen)
    assert audience.topic_bits(topics_of(bits)) == bits


@pytest.mark.parametrize(
    ("clock", "night"), [("21:59", False), ("22:00", True), ("00:00", True), ("05:59", True), ("06:00", False)]
)
def test_when_people_sleep(clock, night):
    assert is_quiet(read_time(f"2026-07-30 {clock}")) is night


@pytest.mark.parametrize(
    ("start", "quiet", "problem"),
    [(NOON, True, ""), (NOON - 299, True, ""), (NOON - 301, True, "past"), (NOON + 401 * DAY, True, "too_far"),
     (NOON + 11 * 3_600, True, "night"), (NOON + 11 * 3_600, False, "")],
)  # fmt: skip
def test_when_it_may_start(start, quiet, problem):
    assert start_problem(start, NOON, quiet=quiet) == problem


@pytest.mark.parametrize("text", ["", "mai", "2026-13-01 08:00", "2026-07-30", "30/7/2026 08:00", "2026-07-30 25:00"])
def test_times_that_cannot_be_read(text):
    assert read_time(text) is None


def test_times_are_vietnamese():
    assert read_time(" 2026-07-30T12:00 ") == NOON == read_time("2026-07-30 12:00")


def test_the_calendar_of_a_year():
    periods = {period.id: period for period in calendar(2027)}
    assert set(periods) == {"peak_months", "countdown", "day_30_7", "summer", "before_tet", "after_tet"}
    assert (periods["peak_months"].first, periods["peak_months"].last) == (date(2027, 7, 1), date(2027, 9, 30))
    assert (periods["countdown"].first, periods["countdown"].last) == (date(2027, 6, 30), date(2027, 7, 29))
    assert periods["day_30_7"].first == periods["day_30_7"].last == date(2027, 7, 30)
    assert periods["after_tet"].first == date(2027, 2, 10), "the fifth day of the lunar year"
    assert periods["before_tet"].first == date(2027, 12, 12), "for Tết 2028 it begins in the year before"
    assert [p.first for p in calendar(2027)] == sorted(p.first for p in calendar(2027))


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_days_to_the_day(day):
    left = days_to_30_7(day)
    assert 0 <= left <= 365
    there = date.fromordinal(day.toordinal() + left)
    assert (there.month, there.day) == (7, 30)


def test_problems_name_everything_that_is_wrong():
    facts = rules.Facts(NOON, 0, ("zalo_oa",), "content_expired")
    assert rules.problems(_params(start_at=NOON - DAY), facts) == ["past", "content_expired", "nobody", "channel_off"]
    assert rules.problems(_params(), rules.Facts(NOON, 1, (), "")) == []
    assert rules.problems(_params(dry_run=True), rules.Facts(NOON, 1, ("zalo_oa",), "")) == []


AUTHORS = frozenset({"an", "bình"})


@pytest.mark.parametrize(
    ("state", "approver", "shown", "problem"),
    [("submitted", "chi", None, ""), ("draft", "chi", None, "not_submitted"), ("approved", "chi", None, "not_submitted"),
     ("submitted", "an", None, "own_campaign"), ("submitted", "bình", None, "own_campaign"),
     ("submitted", "chi", "0" * 64, "changed"), ("submitted", "chi", "", "changed")],
)  # fmt: skip
def test_who_may_agree_to_what(state, approver, shown, problem):
    seal = digest("p", "w") if shown is None else shown
    assert rules.approval_problem(state, AUTHORS, approver, seal, "p", "w") == problem


def test_an_approved_campaign_is_compared_again_before_it_sends():
    raw, seal = _params().to_json(), digest(_params().to_json(), "w")
    assert rules.start_refusal(_params(), raw, "w", seal, "chi") == ""
    assert rules.start_refusal(_params(), raw, "other", seal, "chi") == "changed"
    assert rules.start_refusal(_params(), raw, "w", "", "") == "not_approved"
    assert rules.start_refusal(_params(), raw, "w", seal, "") == "not_approved"
    assert rules.start_refusal(_params(dry_run=True), raw, "w", "", "") == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [("Bản tin Lá Chắn\n\nLưu số 111.", ""), ("Mã tra cứu của bạn đã có", "preview"),
     ("Nạn nhân mua bán người", "preview"), ("Bản tin. " + "x" * 80 + " bạn là nạn nhân", "personal"),
     ("Bản tin. " + "x" * 80 + " nạn nhân thường không biết", ""), ("Your report was read", "preview")],
)  # fmt: skip
def test_words_that_would_tell_on_their_reader(text, found):
    assert rules.reveals(text) == found


def test_how_long_a_script_takes_to_read():
    assert kit.speech_seconds("một hai ba, bốn!", kit.BRISK) == pytest.approx(1.0)
    assert kit.speech_seconds("gọi 111", kit.SLOW) == pytest.approx(4 / 3.5), "digits are read one by one"


def test_the_last_lunar_year_in_the_table_is_years_ahead():
    assert schedule.TET[-1].year >= 2033
    assert list(schedule.TET) == sorted(schedule.TET)
