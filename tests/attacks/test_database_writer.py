"""Somebody who can write to the database and has no key: turns lines, moves them, takes them out, changes what a tip is about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from bot.checks import installation
from bot.checks.findings import Mark
from bot.jobs import retention
from bot.services import audit
from bot.services.tips import binding, classify, record
from bot.storage.tables import Notice
from tests.support.console import Desk, post, run
from tests.support.world import core_in

NOTICE = "Dòng này đã bị sửa ngoài hệ thống"
BAND = "Tin này đã bị sửa ngoài hệ thống"


class Attacked(Desk):
    """A tip with three lines: the reporter's, an officer's, the reporter's."""

    def begin(self) -> None:
        self.code, self.referral = self.tip()
        keys = self.core.vault.receipt_keys(self.code)
        with self.core.db.transaction() as session:
            opened = record.open_with_receipt(session, self.core.vault, keys.lookup, keys.pair)
            assert opened
            self.tip_id = opened.tip_id
            for author, words in (
                ("reporter", "họ dời chỗ rồi"),
                ("0f" * 16, "chị ra bến xe lúc tám giờ"),
                ("reporter", "dạ"),
            ):
                record.add_entry(session, opened, author, words, self.now)

    def write(self, *statements: str) -> None:
        with self.core.db.transaction() as session:
            for statement in statements:
                session.execute(text(statement.replace("TIP", self.tip_id)))

    def lines(self) -> list[dict]:
        keys = self.core.vault.receipt_keys(self.code)
        with self.core.db.reading() as session:
            opened = record.open_with_receipt(session, self.core.vault, keys.lookup, keys.pair)
            return record.entries(session, opened) if opened else []

    def found(self) -> binding.Doubtful:
        with self.core.db.reading() as session:
            assert audit.verify(session).ok
            return binding.doubtful(session)

    def warned(self) -> bool:
        """Whether the duty of the jobs process tells the unit."""
        retention.run(self.core)
        with self.core.db.reading() as session:
            return "changed" in session.execute(select(Notice.kind)).scalars().all()


def attacked(tmp_path_factory: pytest.TempPathFactory, story: Callable) -> None:
    with core_in(tmp_path_factory.mktemp("writer")) as core:
        desk = Attacked(core)
        desk.begin()
        run(lambda: story(desk))


LINES = {
    "an officer's line becomes the reporter's": (("UPDATE tip_entry SET author = 'reporter' WHERE id = 2",), 1, False),
    "the reporter's line becomes an officer's": ((f"UPDATE tip_entry SET author = '{'0f' * 16}' WHERE id = 1",), 1, False),
    "another hour": (("UPDATE tip_entry SET created_at = created_at + 86400 WHERE id = 2",), 1, False),
    "two change places": (
        ("UPDATE tip_entry SET id = 99 WHERE id = 1", "UPDATE tip_entry SET id = 1 WHERE id = 2", "UPDATE tip_entry SET id = 2 WHERE id = 99"),
        3,
        False,
    ),
    "one is taken out": (("DELETE FROM tip_entry WHERE id = 2",), 1, True),
    "one is repeated": (
        ("INSERT INTO tip_entry (tip_id, author, body, created_at, mark) SELECT tip_id, author, body, created_at, mark FROM tip_entry WHERE id = 2",),
        1,
        True,
    ),
    "the last one is taken out": (("DELETE FROM tip_entry WHERE id = 3",), 0, True),
    "all are taken out": (("DELETE FROM tip_entry", "UPDATE tip SET lines_mark = NULL"), 0, True),
    "words of one in another": (
        ("UPDATE tip_entry SET body = (SELECT body FROM tip_entry WHERE id = 1) WHERE id = 3",), 1, False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_line_that_was_turned_is_seen(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    statements, doubtful, missing = LINES[name]

    async def story(desk: Attacked) -> None:
        assert not desk.found()
        assert not any("doubtful" in line for line in desk.lines())
        desk.write(*statements)
        assert sum("doubtful" in line for line in desk.lines()) == doubtful
        assert desk.found() == binding.Doubtful((), (desk.tip_id,))
        officer = await desk.signed_in("anphu")
        page = (await officer.get(f"/referrals/{desk.referral}")).text
        assert page.count(NOTICE) == doubtful
        assert (BAND in page) == missing
        assert desk.warned()
        (finding,) = [one for one in installation.local(desk.core) if one.subject == "Tin và trao đổi"]
        assert finding.mark is Mark.BAD
        assert desk.tip_id in finding.words

    attacked(tmp_path_factory, story)


@pytest.mark.parametrize(
    "change",
    ["urgency = 'urgent'", "category = 'organ'", "commune_code = '10507'", "province_code = '01'", "child = 1", "channel = 'zalo_oa'"],
)  # fmt: skip
def test_what_a_tip_is_about_cannot_be_changed_unseen(change: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    async def story(desk: Attacked) -> None:
        officer = await desk.signed_in("anphu")
        assert BAND not in (await officer.get(f"/referrals/{desk.referral}")).text
        desk.write(f"UPDATE tip SET {change} WHERE id = 'TIP'")
        assert desk.found() == binding.Doubtful((desk.tip_id,), ())
        assert BAND in (await officer.get(f"/referrals/{desk.referral}")).text
        assert desk.warned()
        # The reporter's next message does not make it good; the officer who reads and corrects does.
        keys = desk.core.vault.receipt_keys(desk.code)
        with desk.core.db.transaction() as session:
            opened = record.open_with_receipt(session, desk.core.vault, keys.lookup, keys.pair)
            assert opened
            record.add_entry(session, opened, "reporter", "còn em gái tôi nữa", desk.now)
        assert desk.found().tips == (desk.tip_id,)
        page = f"/referrals/{desk.referral}"
        form = {
            "category": "labour", "urgency": "normal", "place": "Xã An Phú, Hải Phòng", "people": "3",
            "reason": classify.REASONS["normal"][0], "child_reason": classify.CHILD_REASONS[0],
        }  # fmt: skip
        answer = await post(officer, f"/referrals/{desk.referral}/classify", page, **form)
        assert answer.status_code == 303, answer.text
        assert not desk.found()

    attacked(tmp_path_factory, story)


def test_an_older_row_with_its_older_mark_shows_to_the_log(tmp_path_factory: pytest.TempPathFactory) -> None:
    async def story(desk: Attacked) -> None:
        with desk.core.db.reading() as session:
            before = session.execute(text("SELECT lines_mark FROM tip")).scalar_one()
        keys = desk.core.vault.receipt_keys(desk.code)
        with desk.core.db.transaction() as session:
            opened = record.open_with_receipt(session, desk.core.vault, keys.lookup, keys.pair)
            assert opened
            record.add_entry(session, opened, "reporter", "xe màu trắng", desk.now)
        with desk.core.db.transaction() as session:
            session.execute(text("DELETE FROM tip_entry WHERE id = 4"))
            session.execute(text("UPDATE tip SET lines_mark = :mark"), {"mark": before})
        assert desk.found() == binding.Doubtful((), (desk.tip_id,))

    attacked(tmp_path_factory, story)
