"""A clock that has run out is heard once, wherever the process stops and however many of them run."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from bot.core.clocks import DAY, HOUR, MINUTE
from bot.core.referrals.states import State
from bot.jobs import clocks as job
from bot.services import audit, heartbeat
from bot.services.tips import clocks
from bot.services.units import hierarchy, posts, public_keys
from bot.storage.tables import Audit, Notice, Referral, Unit
from tests.support.desk import ABOVE, CENTRAL, REMOTE, UNIT, seed, submit

BORN = 1_800_000_000.0  # a whole minute


@pytest.fixture
def at(core):
    """Set the clock of the product: at(seconds after BORN)."""
    seed(core)

    def move(seconds: float) -> float:
        core.now = lambda: BORN + seconds
        return core.now()

    move(0)
    return move


def notices(core) -> Counter:
    with core.db.reading() as session:
        return Counter((unit, kind) for unit, kind in session.execute(select(Notice.unit_id, Notice.kind)))


def audited(core) -> list[str]:
    with core.db.reading() as session:
        assert audit.verify(session).ok
        query = select(Audit.action).where(Audit.action.in_(["escalated", "overdue", "verify_reminded"]))
        return list(session.execute(query.order_by(Audit.seq)).scalars())


def change(core, referral_id, **values):
    with core.db.transaction() as session:
        session.execute(update(Referral).where(Referral.id == referral_id).values(**values))


def read(core, referral_id) -> Referral:
    with core.db.reading() as session:
        return session.get(Referral, referral_id)


def test_an_urgent_tip_climbs_after_15_and_30_minutes(core, at):
    _, _, referral = submit(core, BORN, urgent=True)
    at(15 * MINUTE - 1)
    assert job.run(core) == 0
    at(15 * MINUTE)
    assert job.run(core) == 1
    assert notices(core) == {(ABOVE, "escalation"): 1}
    assert job.run(core) == 0
    at(30 * MINUTE)
    assert job.run(core) == 1
    assert notices(core) == {(ABOVE, "escalation"): 1, (CENTRAL, "escalation"): 1}
    assert audited(core) == ["escalated", "escalated"]
    row = read(core, referral)
    assert (row.escalation, row.next_clock_at) == (2, BORN + 20 * DAY)


def test_a_remote_commune_has_48_hours(core, at):
    submit(core, BORN, unit=REMOTE)
    at(47 * HOUR)
    assert job.run(core) == 0
    at(48 * HOUR)
    assert job.run(core) == 1
    assert notices(core) == {("ca.12", "escalation"): 1}


def test_a_machine_that_was_off_catches_up_without_doubling(core, at):
    submit(core, BORN, urgent=True)
    submit(core, BORN)
    at(10 * DAY)
    assert job.run(core) == 4
    assert notices(core) == {(ABOVE, "escalation"): 2, (CENTRAL, "escalation"): 2}
    assert job.run(core) == 0
    assert audited(core) == ["escalated"] * 4


def test_where_nobody_is_above_the_steps_caught_up_are_one_notice(core, at):
    submit(core, BORN, unit=CENTRAL, urgent=True)
    at(HOUR)
    assert job.run(core) == 2
    assert notices(core) == {(CENTRAL, "escalation"): 1}
    assert audited(core) == ["escalated", "escalated"]


def test_the_unit_above_is_the_first_with_an_officer(core, at):
    with core.db.transaction() as session:
        assert hierarchy.above(session, UNIT) == ABOVE
        session.get(Unit, ABOVE).public_key = None
    with core.db.reading() as session:
        assert hierarchy.above(session, UNIT) == ""
        assert set(clocks.desks_of(session, UNIT).values()) == {UNIT, CENTRAL}


def test_a_directory_that_goes_in_circles_ends(core, at):
    with core.db.transaction() as session:
        for unit_id, parent in ((UNIT, "ca.14"), ("ca.14", "ca.15"), ("ca.15", "ca.14")):
            unit = session.get(Unit, unit_id)
            unit.parent_id = parent
            posts.set_unit(session, unit)
    with core.db.reading() as session:
        assert hierarchy.above(session, UNIT) == ""


def test_received_tips_are_reminded_of_the_victim_and_then_of_the_decision(core, at):
    _, _, referral = submit(core, BORN)
    change(core, referral, state=State.RECEIVED.value, received_at=BORN, next_clock_at=BORN + 20 * DAY, escalation=0)
    at(3 * DAY)
    assert job.run(core) == 1
    assert notices(core) == {(UNIT, "verify"): 1}
    at(20 * DAY)
    assert job.run(core) == 1
    assert notices(core) == {(UNIT, "verify"): 1, (UNIT, "overdue"): 1, (ABOVE, "overdue"): 1}
    change(core, referral, extended_until=BORN + 61 * DAY, next_clock_at=BORN + 61 * DAY)
    at(60 * DAY)
    assert job.run(core) == 0
    at(61 * DAY)
    assert job.run(core) == 1
    assert notices(core)[(UNIT, "overdue")] == 2
    assert audited(core) == ["verify_reminded", "overdue", "overdue"]


@pytest.mark.parametrize("state", [State.REFUSED, State.TRANSFERRED, State.CLOSED])
def test_a_referral_that_has_ended_is_left_alone(core, at, state):
    _, _, referral = submit(core, BORN, urgent=True)
    change(core, referral, state=state.value)
    at(100 * DAY)
    assert job.run(core) == 0
    assert notices(core) == {}


def test_many_processes_at_once_take_each_step_once(core, at):
    referrals = [submit(core, BORN, urgent=True)[2] for _ in range(6)]
    at(40 * MINUTE)

    def process(_):
        return job.run(core)

    with ThreadPoolExecutor(6) as pool:
        steps = list(pool.map(process, range(6)))
    assert sum(steps) == 12
    assert notices(core) == {(ABOVE, "escalation"): 6, (CENTRAL, "escalation"): 6}
    assert audited(core) == ["escalated"] * 12
    assert {read(core, referral).escalation for referral in referrals} == {2}


def test_a_step_is_not_taken_on_what_was_read_before_an_officer_acted(core, at):
    _, _, referral = submit(core, BORN, urgent=True)
    at(HOUR)
    change(core, referral, version=7)
    with core.db.transaction() as session:
        stale = session.get(Referral, referral)
        stale.version = 3  # what this process believes
        with session.no_autoflush:
            assert clocks.escalate(session, core.clocks, referral, core.now()) == 0
        session.expunge(stale)
    assert notices(core) == {}


def test_the_job_gives_a_sign_of_life(core, at):
    with core.db.reading() as session:
        assert heartbeat.late(session, core.now()) == ["clocks", "notices", "campaigns", "retention"]
    job.run(core)
    at(60)
    with core.db.reading() as session:
        assert heartbeat.ages(session, core.now())["clocks"] == 60
        assert "clocks" not in heartbeat.late(session, core.now())
        assert "clocks" in heartbeat.late(session, core.now() + 3600)


def test_a_unit_that_leaves_the_directory_while_its_key_is_looked_at_stops_no_other(core, at, monkeypatch):
    with core.db.transaction() as session:
        session.get(Unit, UNIT).key_mark = b""
    units = [Unit(id="gone", kind="national", name="X"), Unit(id=UNIT, kind="commune_police", name="Y")]
    monkeypatch.setattr(public_keys, "unmarked", lambda _: units)
    job.run(core)
    with core.db.reading() as session:
        told = session.execute(select(Notice.unit_id).where(Notice.kind == "key")).scalars()
        assert UNIT in set(told)
