"""The queue carries names and nothing else, whichever store it uses, and a duty that fails takes nothing down."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import signal
import subprocess
import sys
import time

import pytest

from bot.app import Core
from bot.core.errors import ConfigError
from bot.jobs import audit_head, clocks, notices, retention, schedule
from bot.jobs.campaigns import CampaignDuty
from bot.jobs.queue import make_queue
from bot.services import heartbeat
from bot.settings import ROOT, load
from bot.storage.database import migrate
from tests.support.world import environment, settings_in


@pytest.fixture(params=["sqlite", "postgresql"])
def core(request, tmp_path):
    """A product whose queue lies in a file, or in PostgreSQL."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    core = Core(settings_in(tmp_path, LACHAN_HUEY_URL=url))
    yield core
    make_queue(core.settings).storage.flush_all()
    core.close()


def test_jobs_are_names(core, monkeypatch):
    called = []
    for module, name in (
        (clocks, "clocks"),
        (notices, "notices"),
        (retention, "retention"),
        (audit_head, "audit_head"),
    ):
        monkeypatch.setattr(module, "run", lambda core, name=name: called.append(name))
    monkeypatch.setattr(CampaignDuty, "run", lambda self: called.append("campaigns"))
    queue = make_queue(core.settings)
    duties = schedule.register(queue, core)
    for enqueue in duties.values():
        enqueue()
    stored = queue.storage.enqueued_items()
    assert len(stored) == 5
    assert all(len(bytes(item)) < 400 for item in stored)
    while task := queue.dequeue():
        queue.execute(task)
    assert called == ["clocks", "notices", "campaigns", "retention", "audit_head"]
    assert queue.storage.result_store_size() == 0


@pytest.mark.parametrize("name", ["notices", "campaigns"])
def test_each_minute_some_duties_are_looked_at_six_times(core, monkeypatch, name):
    monkeypatch.setattr(notices, "run", lambda core: 0)
    monkeypatch.setattr(CampaignDuty, "run", lambda self: 0)
    queue = make_queue(core.settings)
    schedule.register(queue, core)
    queue.execute(next(task for task in queue._registry.periodic_tasks if task.name == f"{name}_each_minute"))
    later = [queue.dequeue() for _ in range(5)]
    assert queue.dequeue() is None
    assert all(task.name == name and task.expires_resolved > task.eta for task in later)
    waits = [task.eta.timestamp() for task in later]
    assert waits == sorted(waits)
    assert waits[-1] - waits[0] == pytest.approx(40, abs=1)


def test_a_job_that_somebody_else_put_into_the_queue_is_not_run(core):
    queue = make_queue(core.settings)
    schedule.register(queue, core)
    other_keys = dataclasses.replace(core.settings.keys, server=b"x" * 32)
    stranger = make_queue(core.settings.model_copy(update={"keys": other_keys}))
    schedule.register(stranger, core)["clocks"]()
    assert queue.storage.queue_size() == 1
    with pytest.raises(ValueError):
        queue.dequeue()


def test_a_failing_duty_is_logged_by_its_kind_only(core, monkeypatch, caplog):
    def broken(core):
        raise ValueError("0900 000 000 của một người")

    monkeypatch.setattr(clocks, "run", broken)
    queue = make_queue(core.settings)
    duties = schedule.register(queue, core)
    duties["clocks"]()
    with caplog.at_level(logging.DEBUG):
        queue.execute(queue.dequeue())
    assert "0900" not in caplog.text
    assert [(record.code, record.error) for record in caplog.records if record.msg == "duty_failed"] == [
        ("clocks", "ValueError")
    ]


@pytest.mark.parametrize("url", ["mysql://x", "nonsense", "http://127.0.0.1"])
def test_an_unknown_queue_is_refused_at_the_start(tmp_path, url):
    with pytest.raises(ConfigError):
        make_queue(settings_in(tmp_path, LACHAN_HUEY_URL=url))


def test_the_process_starts_works_and_stops_in_time(tmp_path):
    env = environment(tmp_path)
    settings = load(env)
    migrate(settings.database_url)
    core = Core(settings)
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve", "jobs"], cwd=ROOT, env=os.environ | env, stderr=out
        )
    try:
        end = time.monotonic() + 200
        late = ["?"]
        while late and time.monotonic() < end:
            time.sleep(0.3)
            with core.db.reading() as session:
                late = heartbeat.late(session, time.time())
        assert late == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
    finally:
        process.kill()
        core.close()
    assert "jobs_started" in log.read_text()
    assert json.dumps(log.read_text()).count("Traceback") == 0
