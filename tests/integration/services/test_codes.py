"""Receipt codes cannot be tried out: not by one person, not by many together, and a wrong one looks like an erased one."""

from __future__ import annotations

import secrets

from bot.core.tips import receipt
from bot.services import commands, erasure, tips
from bot.services.commands import Work
from tests.support.desk import seed, submit

NOW = 1_800_000_000.0
QUARTER = 900.0


def look_up(core, code: str, conversation: str, now: float) -> str:
    """What is said to whoever sends `code`: the name of the sentence."""
    work = Work(
        vault=core.vault, clocks=core.clocks, conversation_id=conversation, channel="web", language="vi", state={},
        route=lambda *_: None, cards=lambda _: [], check_offer=lambda *_: [], code=code, now=now,
    )  # fmt: skip
    commands.prepare(work, 0, "LookUpTip", {})
    with core.db.transaction() as session:
        said = commands.run(session, work, 0, "LookUpTip", {})
    return said[0]["say"]


def wrong() -> str:
    digits = f"{secrets.randbelow(10**20):020d}"
    return digits + str(receipt.check_digit(digits))


def test_a_thousand_wrong_codes_from_everywhere_are_slowed_and_the_right_one_still_works_later(core, monkeypatch):
    seed(core)
    code, _, _ = submit(core, NOW)
    tried = []
    monkeypatch.setattr(tips, "open_with_receipt", lambda *args: tried.append(1))
    said = [look_up(core, wrong(), f"conversation-{number // 4}", NOW + number / 100) for number in range(1000)]
    monkeypatch.undo()
    assert len(tried) == 200, "all conversations together"
    assert said[:200] == ["status_not_opened"] * 200
    assert set(said[200:]) == {"status_slow"}
    assert look_up(core, code, "the-reporter", NOW + 10) == "status_slow"
    assert look_up(core, code, "the-reporter", NOW + QUARTER + 1) == "status_report"


def test_one_person_has_five_tries(core):
    seed(core)
    code, _, _ = submit(core, NOW)
    said = [look_up(core, wrong(), "one", NOW) for _ in range(6)]
    assert said == ["status_not_opened"] * 5 + ["status_slow"]
    assert look_up(core, code, "one", NOW + 1) == "status_slow", "not even the right one"
    assert look_up(core, code, "two", NOW + 1) == "status_report", "others are not held up"
    assert look_up(core, code, "one", NOW + QUARTER + 1) == "status_report"


def test_wrong_erased_and_malformed_codes_cannot_be_told_apart(core):
    seed(core)
    code, _, _ = submit(core, NOW)
    with core.db.transaction() as session:
        assert erasure.erase_by_code(session, core.vault, code, NOW) is not None
    assert {look_up(core, one, "one", NOW) for one in (code, wrong(), "123", "")} == {"status_not_opened"}
