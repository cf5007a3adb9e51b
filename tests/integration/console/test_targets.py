"""The plans' measures: every tip passed on, over 90 % resolved, received in time."""

from __future__ import annotations

from bot.services.reports.statistics import count
from bot.services.reports.targets import Share, targets
from bot.storage.tables import Referral, Tip
from tests.support.console import Desk, run
from tests.support.desk import REMOTE

DAY, HOUR = 86_400.0, 3_600.0


def change(desk: Desk, referral: str, **values: object) -> None:
    with desk.core.db.transaction() as session:
        row = session.get(Referral, referral)
        for name, value in values.items():
            setattr(row, name, value)


def measure(desk: Desk, province: str = ""):
    with desk.core.db.reading() as session:
        return targets(session, desk.core.clocks, desk.now, province)


def test_nothing_is_measured_before_there_is_anything(desk):
    found = measure(desk)
    assert (found.passed_on, found.resolved, found.in_time) == (Share(0, 0),) * 3
    assert found.passed_on.percent == 0


def test_what_counts_as_resolved_and_as_in_time(desk):
    start = desk.now
    closed, refused, fresh, late, slow = (desk.tip()[1] for _ in range(5))
    far = desk.tip(unit=REMOTE)[1]
    change(desk, closed, state="closed", received_at=start + HOUR, reason="victim_safe")
    change(desk, refused, state="refused", received_at=start + 23 * HOUR, reason="duplicate")
    change(desk, slow, state="received", received_at=start + 25 * HOUR)
    change(desk, far, state="received", received_at=start + 47 * HOUR)  # remote: 48 hours
    desk.now = start + 2 * DAY
    found = measure(desk)
    assert found.passed_on == Share(6, 6)
    assert found.resolved == Share(2, 2), "nothing else is due yet"
    assert found.in_time == Share(3, 6), "closed, refused and the remote one; one was slow, two were never received"
    desk.now = start + 22 * DAY
    found = measure(desk)
    assert found.resolved == Share(2, 6)
    assert found.resolved.percent == 33
    change(desk, slow, extended_until=start + 60 * DAY)
    assert measure(desk).resolved == Share(2, 5), "a lengthened clock is not over"
    assert {fresh, late}


def test_what_was_transferred_counts_once_and_what_was_erased_stays_resolved(desk):
    old, new = desk.tip()[1], desk.tip()[1]
    with desk.core.db.transaction() as session:
        tip_id = session.get(Referral, old).tip_id
        session.get(Referral, new).tip_id = tip_id
        session.get(Referral, old).state = "transferred"
        session.get(Referral, new).state, session.get(Referral, new).reason = "closed", "victim_safe"
        tip, ended = session.get(Tip, tip_id), session.get(Referral, new)
        count(session, tip, ended)  # as if another one like it had been erased
    assert measure(desk).resolved == Share(2, 2)
    assert measure(desk, "31").resolved == Share(2, 2)
    assert measure(desk, "12").resolved == Share(0, 0)


def test_a_supervisor_sees_the_measures(desk):
    async def story():
        desk.tip()
        page = (await (await desk.signed_in("haiphong")).get("/statistics")).text
        assert "Tin đã chuyển đến đơn vị" in page
        assert "100 % <small>(1/1)</small>" in page

    run(story)
