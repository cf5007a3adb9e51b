"""`lachan check` on the officers' side: a tip needs somewhere to go."""

from __future__ import annotations

import pytest

from bot.checks.desks import desks
from bot.checks.findings import Mark
from bot.services import heartbeat
from tests.support.desk import seed
from tests.support.world import core_in


def findings(core) -> dict[str, Mark]:
    return {finding.subject: finding.mark for finding in desks(core)}


def test_nobody_to_read_a_tip_is_an_error_outside_of_a_demonstration(tmp_path):
    with core_in(tmp_path, LACHAN_DEMO="0") as core:
        assert findings(core)["Nơi nhận tin"] is Mark.BAD


def test_demonstration_accounts_left_over_are_an_error(tmp_path):
    with core_in(tmp_path, LACHAN_DEMO="0") as core:
        seed(core)
        found = findings(core)
        assert found["Nơi nhận tin"] is Mark.GOOD
        assert found["Tài khoản"] is Mark.BAD


@pytest.mark.parametrize(
    ("address", "mark"),
    [("https://noi-bo.example", Mark.GOOD), ("http://127.0.0.1:8001", Mark.GOOD), ("http://noi-bo.example", Mark.BAD)],
)
def test_passwords_do_not_travel_in_the_clear(tmp_path, address, mark):
    with core_in(tmp_path, LACHAN_CONSOLE_URL=address) as core:
        assert findings(core)["Trang cán bộ"] is mark


def test_jobs_that_do_not_run_are_seen(tmp_path):
    with core_in(tmp_path) as core:
        assert findings(core)["Việc chạy nền"] is Mark.WARN
        for duty in heartbeat.LATE:
            with core.db.transaction() as session:
                heartbeat.beat(session, duty, core.now())
        assert findings(core)["Việc chạy nền"] is Mark.GOOD
