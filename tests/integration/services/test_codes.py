"""Receipt codes cannot be tried out: not by one person, not by many together, and a wrong one looks like an erased one."""

from __future__ import annotations

import secrets

from bot.core.referrals.states import REASONS
from bot.core.tips import receipt
from bot.services import commands, erasure, tips
from bot.services.commands import Work
from bot.storage.tables import Referral
from tests.support.desk import REMOTE, seed, submit

NOW = 1_800_000_000.0
QUARTER = 900.0


def shown(core, code: str) -> tuple[str, str]:
    """The state and the reason that the reporter is told."""
    args = answer(core, code, "the-reporter", NOW + 120)["args"]
    return args["state"], args["reason"]


def look_up(core, code: str, conversation: str, now: float) -> str:
    """What is said to whoever sends `code`: the name of the sentence."""
    return answer(core, code, conversation, now)["say"]


def answer(core, code: str, conversation: str, now: float) -> dict:
    work = Work(
        vault=core.vault, clocks=core.clocks, conversation_id=conversation, channel="web", language="vi", state={},
        route=lambda *_: None, cards=lambda _: [], check_offer=lambda *_: [], code=code, now=now,
    )  # fmt: skip
    commands.prepare(work, 0, "LookUpTip", {})
    with core.db.transaction() as session:
        said = commands.run(session, work, 0, "LookUpTip", {})
    return said[0]


def test_a_reporter_sees_that_a_tip_was_handed_on_and_why(core):
    seed(core)
    code, tip_id, _ = submit(core, NOW)
    with core.db.transaction() as session:
        first = tips.current_referral(session, tip_id)
        first.state, first.reason = "transferred", "other_place"
        session.add(
            Referral(id="f" * 32, tip_id=tip_id, unit_id=REMOTE, state="new", route_reason="transfer_other_place",
                     previous_id=first.id, created_at=NOW + 60, next_clock_at=NOW + 90)
        )  # fmt: skip
    assert shown(core, code) == ("transferred", "other_place")
    with core.db.transaction() as session:
        session.get(Referral, "f" * 32).state = "received"
    assert shown(core, code) == ("received", "")


def test_every_reason_a_reporter_can_be_told_has_its_words(core):
    for book in (core.books["vi"], core.books["en"]):
        for reason in {reason for reasons in REASONS.values() for reason in reasons}:
            assert book.lines[f"reason_{reason}"].text


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
