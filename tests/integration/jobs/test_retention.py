"""What is forgotten, when, and that nothing of it can be found in any file afterwards."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlmodel import SQLModel

from bot.core.clocks import DAY, HOUR
from bot.core.errors import InvalidInput
from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.core.tips import receipt
from bot.dialogue.commands import AddReporterMessage
from bot.dialogue.state import ConversationState, View
from bot.jobs import retention as job
from bot.services import audit, heartbeat
from bot.services.keeping import erasure, retention
from bot.services.messaging import commands, inbox, turns
from bot.services.minutes import QUARTER
from bot.services.reports import statistics
from bot.services.tips import files, record
from bot.storage.database import migrate
from bot.storage.tables import (
    Attempt,
    Audit,
    ConsoleSession,
    Contact,
    Conversation,
    Inbox,
    Notice,
    NoticeDelivery,
    Officer,
    Outbox,
    Referral,
    Tip,
    TipEntry,
    TipFile,
    TipKey,
    TipNotice,
)  # fmt: skip
from tests.support.canary import Canary, files_in
from tests.support.commands import run as lachan
from tests.support.desk import UNIT, seed, submit
from tests.support.world import core_in, environment

NOW = 1_800_000_000.0
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n" + b"x" * 4000


@pytest.fixture
def clock(core):
    """clock(seconds): the product's time is NOW + seconds."""

    def move(seconds: float) -> float:
        core.now = lambda: NOW + seconds
        return core.now()

    move(0)
    return move


def count(core, table) -> int:
    with core.db.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def say(core, words: str, sender: str = "s", at: float = NOW, channel=Channel.WEB, attachments=()) -> str:
    """A message that waits in the inbox; returns its conversation."""
    message = InboundMessage(channel, sender, f"m{words[:8]}{at}", InboundKind.TEXT, words, attachments=attachments)
    with core.db.transaction() as session:
        (accepted,) = inbox.accept(session, core.vault, [message], at)
    return accepted.conversation_id


def answer(core, conversation: str, at: float, state: dict, reply: str = "dạ") -> None:
    """Take the turn of the waiting message. state: as the previous version stored it."""
    left = ConversationState.from_json(state)
    with core.db.transaction() as session:
        turn = turns.load(session, core.vault, conversation, "test", at, 30.0)
        turns.commit(
            session, core.vault, turn, lambda _: turns.TurnEnd(left, [OutboundMessage(text=reply)]), at
        )  # fmt: skip


def state_of(core, conversation: str):
    with core.db.reading() as session:
        row = session.get(Conversation, conversation)
        return core.vault.open_state(conversation, row.state) if row.state else None


# --- conversations and queues ---------------------------------------------------------------------------------------


def test_a_conversation_that_rests_an_hour_is_forgotten(core, clock):
    conversation = say(core, "bí mật")
    answer(core, conversation, NOW, {"engine": {"slots": {"x": 1}}, "view": {"key": "k"}})
    clock(HOUR - 1)
    job.run(core)
    assert state_of(core, conversation)
    clock(HOUR + 1)
    assert job.run(core)["states"] == 1
    assert state_of(core, conversation) is None
    clock(HOUR + QUARTER + 1)  # in clear the time is known to a quarter of an hour only
    job.run(core)
    with core.db.reading() as session:
        assert [row.payload for row in session.execute(select(Outbox)).scalars()] == [None]


def test_a_person_whose_draft_was_forgotten_is_still_told_so_for_a_day(core, clock):
    conversation = say(core, "bí mật")
    answer(core, conversation, NOW, {"engine": {"draft": {"what": "bí mật"}}})
    clock(2 * HOUR)
    assert job.run(core)["states"] == 1
    assert job.run(core)["states"] == 0
    assert ConversationState.from_json(state_of(core, conversation)) == ConversationState(draft_forgotten=True)
    say(core, "tôi quay lại", at=NOW + 2 * HOUR)
    with core.db.transaction() as session:
        turn = turns.load(session, core.vault, conversation, "test", NOW + 2 * HOUR, 1.0)
    assert (turn.state, turn.expired) == (ConversationState(), True)
    clock(26 * HOUR)
    assert job.run(core)["states"] == 1
    assert state_of(core, conversation) is None


def test_a_turn_under_way_is_left_alone(core, clock):
    conversation = say(core, "một")
    answer(core, conversation, NOW, {"engine": {"slots": {}}})
    say(core, "hai", at=NOW + 2 * HOUR)
    clock(2 * HOUR)
    with core.db.transaction() as session:
        assert turns.load(session, core.vault, conversation, "worker", core.now(), 30.0)
    assert job.run(core)["states"] == 0


def test_many_conversations_are_forgotten_page_by_page(core, clock):
    ids = [say(core, "một", sender=f"s{n}") for n in range(25)]
    for number, conversation in enumerate(ids):
        answer(core, conversation, NOW, {"engine": {"draft": {"what": "x"} if number % 2 else {}, "slots": {"a": 1}}})
    clock(2 * HOUR)
    after, forgotten, pages = None, 0, 0
    while True:
        with core.db.transaction() as session:
            page = retention.forget_states(session, core.vault, core.now(), after, limit=4)
        forgotten, pages, after = forgotten + page.forgotten, pages + 1, page.after
        if after is None:
            break
    assert (forgotten, pages) == (25, 7)


def test_a_state_under_a_lost_key_is_erased_too(core, clock):
    conversation = say(core, "một")
    answer(core, conversation, NOW, {"engine": {"slots": {"a": 1}}})
    with core.db.transaction() as session:
        session.execute(update(Conversation).values(state=b"sealed under a key of last year"))
    clock(2 * HOUR)
    job.run(core)
    assert state_of(core, conversation) is None


def test_queues_are_emptied_after_48_hours_and_ids_are_never_given_out_again(core, clock):
    for number in range(3):
        answer(core, say(core, f"câu {number}", channel=Channel.TELEGRAM, at=NOW + number), NOW + number, {})
    with core.db.transaction() as session:
        session.execute(update(Outbox).values(status="sent"))
    clock(47 * HOUR)
    job.run(core)
    assert (count(core, Inbox), count(core, Outbox)) == (3, 3)
    clock(49 * HOUR)
    job.run(core)
    with core.db.reading() as session:
        assert list(session.execute(select(Inbox.id, Inbox.payload))) == [(3, None)]
        assert list(session.execute(select(Outbox.id, Outbox.payload))) == [(3, None)]
    answer(core, say(core, "mới", channel=Channel.TELEGRAM, at=core.now()), core.now(), {})
    with core.db.reading() as session:
        assert session.execute(select(func.max(Inbox.id))).scalar_one() == 4


def test_what_still_waits_is_not_lost_and_dead_letters_keep_no_words(core, clock):
    say(core, "đang chờ")
    say(core, "hỏng", sender="dead")
    with core.db.transaction() as session:
        session.execute(update(Inbox).where(Inbox.id == 2).values(status="dead"))
        for number, status in enumerate(("pending", "sending", "dead", "dead")):
            session.add(
                Outbox(conversation_id="c", channel="telegram", dedupe=f"d{number}", status=status, created_at=NOW,
                       payload=core.vault.seal_outbound("c", "telegram", f"d{number}", OutboundMessage("x")))
            )  # fmt: skip
    clock(49 * HOUR)
    job.run(core)
    with core.db.reading() as session:
        rows = list(session.execute(select(Inbox.status, Inbox.payload.is_(None)).order_by(Inbox.id)))
        assert rows == [("pending", False), ("dead", True)]
        out = list(session.execute(select(Outbox.status, Outbox.payload.is_(None)).order_by(Outbox.id)))
    assert out == [("pending", False), ("sending", False), ("dead", True), ("dead", True)]


def test_a_web_conversation_is_forgotten_as_a_whole_after_a_week(core, clock):
    old, waits = say(core, "cũ"), say(core, "đang chờ", sender="waits")
    answer(core, old, NOW, {})
    phone = say(core, "zalo", channel=Channel.ZALO_OA)
    answer(core, phone, NOW, {})
    clock(7 * DAY - 6 * HOUR - 1)
    assert job.run(core)["web"] == 0
    clock(7 * DAY + 1)  # when it rested, it was rounded to six hours
    assert job.run(core)["web"] == 1
    with core.db.reading() as session:
        for table, key in ((Conversation, Conversation.id), (Contact, Contact.conversation_id)):
            assert set(session.execute(select(key).select_from(table)).scalars()) == {waits, phone}


def test_the_console_forgets_sessions_tries_and_invitations(core, clock):
    seed(core)
    with core.db.transaction() as session:
        for name, created, seen in (("old", 0, 0), ("long", -13 * HOUR, 100), ("live", 0, 2 * HOUR - 60)):
            session.add(
                ConsoleSession(id=name, officer_id="o", private_key=b"k", csrf="c", created_at=NOW + created,
                               seen_at=NOW + seen)
            )  # fmt: skip
        session.add_all([Attempt(key="a", window_start=NOW - 25 * HOUR), Attempt(key="b", window_start=NOW)])
        officers = session.execute(select(Officer).order_by(Officer.login)).scalars().all()
        for officer, until in zip(officers, (NOW - 1, NOW + DAY), strict=False):
            officer.invite_hash, officer.invite_key, officer.invite_until = officer.login, b"key", until
        session.add(
            Notice(id="told", unit_id="u", referral_id="r", kind="new", status="sent", created_at=NOW - 31 * DAY)
        )
        session.add(NoticeDelivery(notice_id="told", officer_id="o", route="email", status="sent"))
        session.add(Notice(id="wait", unit_id="u", referral_id="r", kind="new", created_at=NOW - 31 * DAY))
    clock(2 * HOUR)
    job.run(core)
    with core.db.reading() as session:
        assert list(session.execute(select(ConsoleSession.id)).scalars()) == ["live"]
        assert list(session.execute(select(Attempt.key)).scalars()) == ["b"]
        assert list(session.execute(select(Notice.id)).scalars()) == ["wait"]
        assert session.execute(select(func.count()).select_from(NoticeDelivery)).scalar_one() == 0
        left = session.execute(select(Officer.invite_key).where(Officer.invite_hash != "")).scalars().all()
        assert left == [b"key"]
        assert audit.verify(session).ok


# --- files ----------------------------------------------------------------------------------------------------------


def keep(core, age: float = 0.0):
    """A stored file of that age."""
    kept = files.keep(core.settings.blobs_dir, PDF)
    path = core.settings.blobs_dir / files.FileRef.unpack(kept.ref).id
    os.utime(path, (core.now() - age, core.now() - age))
    return kept, path


def test_only_old_files_that_nobody_refers_to_are_removed(core, clock):
    seed(core)
    clock(0)
    of_tip, tip_path = keep(core, 3 * HOUR)
    of_draft, draft_path = keep(core, 3 * HOUR)
    of_message, message_path = keep(core, 3 * HOUR)
    _, young = keep(core, HOUR)
    _, orphan = keep(core, 3 * HOUR)
    half = core.settings.blobs_dir / f".{'a' * 32}"
    half.write_bytes(b"half written")
    os.utime(half, (NOW - 3 * HOUR, NOW - 3 * HOUR))
    submit(core, NOW, files=[of_tip.ref])
    conversation = say(core, "một")
    answer(core, conversation, NOW, {"engine": {"draft": {"files": [of_draft.ref]}}})
    say(core, "hai", sender="waits", attachments=(of_message,))
    assert job.run(core)["files"] == 2
    assert not orphan.exists()
    assert not half.exists()
    assert all(path.exists() for path in (tip_path, draft_path, message_path, young))
    clock(2 * HOUR)
    job.run(core)
    assert not draft_path.exists()
    assert tip_path.exists()
    assert message_path.exists()


def test_a_file_that_waits_for_an_interview_is_kept_and_goes_with_the_conversation(core, clock):
    clock(0)
    waits, path = keep(core, 3 * HOUR)
    conversation = say(core, "ảnh nè")
    entry = {"at": NOW, "text": "ảnh nè", "place": {}, "files": [waits.ref], "tells": False}
    answer(core, conversation, NOW, {"before": [entry]})
    job.run(core)
    assert path.exists()
    clock(HOUR + 60)
    job.run(core)
    assert not path.exists(), "the conversation rested an hour: words and file are forgotten together"


def test_a_file_in_a_later_message_of_the_reporter_belongs_to_the_tip(core, clock):
    seed(core)
    clock(0)
    code, tip_id, _ = submit(core, NOW)
    kept, path = keep(core, 3 * HOUR)
    keys = core.vault.receipt_keys(code)
    with core.db.transaction() as session:
        opened = record.open_with_receipt(session, core.vault, keys.lookup, keys.pair)
        work = _work(core, View(tip_id, opened.key))
        assert commands.run(session, work, 0, AddReporterMessage("ảnh đây", (kept.ref,))) == [
            commands.say("status_sent")
        ]
    job.run(core)
    assert path.exists()
    with core.db.reading() as session:
        (entry,) = record.entries(session, opened)
        assert entry["files"] == [files.FileRef.unpack(kept.ref).id]


def _work(core, view):
    return commands.Work(
        vault=core.vault, clocks=core.clocks, conversation_id="c", channel="web", language="vi",
        state=ConversationState(view=view), route=None, cards=None, check_offer=None, now=core.now(),
    )  # fmt: skip


# --- tips -----------------------------------------------------------------------------------------------------------


def close(core, tip_id, referral_id, at=NOW):
    with core.db.transaction() as session:
        session.execute(
            update(Referral)
            .where(Referral.id == referral_id)
            .values(state="closed", reason="victim_safe", closed_at=at)
        )
        session.execute(update(Tip).where(Tip.id == tip_id).values(closed_at=at, erase_at=at + core.clocks.retention))


def test_a_closed_tip_is_warned_of_and_then_erased_to_a_number(core, clock):
    seed(core)
    _, tip_id, referral = submit(core, NOW, notify="conversation")
    _, open_tip, _ = submit(core, NOW)
    close(core, tip_id, referral)
    clock(87 * DAY - 1)
    assert job.run(core)["warned"] == 0
    clock(87 * DAY)
    assert job.run(core)["warned"] == 1
    assert job.run(core)["warned"] == 0
    with core.db.reading() as session:
        notices = list(session.execute(select(Notice.unit_id, Notice.kind)))
    assert notices == [(UNIT, "erasure")]
    clock(90 * DAY - 1)
    assert job.run(core)["tips"] == 0
    clock(90 * DAY)
    assert job.run(core)["tips"] == 1
    with core.db.reading() as session:
        assert session.get(Tip, tip_id) is None
        assert session.get(Tip, open_tip) is not None
        for table in (TipKey, TipEntry, TipFile, TipNotice, Referral):
            assert session.execute(select(func.count()).select_from(table).where(table.tip_id == tip_id)).scalar() == 0
        (row,) = statistics.erased(session)
        assert (row.province_code, row.category, row.outcome, row.urgency, row.count) == (
            "31", "child", "victim_safe", "normal", 1
        )  # fmt: skip
        assert row.month == "2027-01"
        actions = session.execute(select(Audit.action).where(Audit.subject == tip_id).order_by(Audit.seq)).scalars()
        assert list(actions)[-2:] == ["erasure_warned", "tip_erased"]
        assert audit.verify(session).ok


def test_after_a_long_pause_the_warning_still_comes_first(core, clock):
    seed(core)
    _, tip_id, referral = submit(core, NOW)
    close(core, tip_id, referral)
    clock(200 * DAY)
    done = job.run(core)
    assert (done["warned"], done["tips"]) == (1, 0)
    clock(203 * DAY)
    assert job.run(core)["tips"] == 1


def test_an_officer_keeps_a_tip_longer_and_is_warned_again(core, clock):
    seed(core)
    _, tip_id, referral = submit(core, NOW)
    with core.db.transaction() as session, pytest.raises(InvalidInput):
        retention.keep_longer(session, "o", tip_id, 30, "court", NOW)  # not closed yet
    close(core, tip_id, referral)
    clock(87 * DAY)
    job.run(core)
    for days, reason in ((0, "court"), (366, "court"), (30, "because")):
        with core.db.transaction() as session, pytest.raises(InvalidInput):
            retention.keep_longer(session, "o", tip_id, days, reason, core.now())
    with core.db.transaction() as session:
        assert retention.keep_longer(session, "o", tip_id, 30, "court", core.now()) == NOW + 120 * DAY
    clock(116 * DAY)
    assert job.run(core)["tips"] == 0
    clock(117 * DAY)
    assert job.run(core)["warned"] == 1
    clock(120 * DAY)
    assert job.run(core)["tips"] == 1


def test_a_tip_kept_at_the_last_moment_is_not_erased(core, clock):
    seed(core)
    _, tip_id, referral = submit(core, NOW)
    close(core, tip_id, referral)
    clock(90 * DAY)
    with core.db.transaction() as session:
        session.execute(update(Tip).values(erase_warned=True))
    with core.db.reading() as session:
        assert retention.due_erasures(session, core.now()) == [tip_id]
    with core.db.transaction() as session:
        retention.keep_longer(session, "o", tip_id, 1, "court", core.now())
    with core.db.transaction() as session:
        assert erasure.erase_tip(session, tip_id, erasure.RETENTION, core.now()) is None
    assert count(core, Tip) == 1


def test_many_erasures_add_up(core, clock):
    seed(core)
    ids = [submit(core, NOW)[1] for _ in range(3)]
    for tip_id in ids:
        with core.db.transaction() as session:
            assert erasure.erase_tip(session, tip_id, erasure.REQUEST, NOW) == []
            assert erasure.erase_tip(session, tip_id, erasure.REQUEST, NOW) is None
    with core.db.reading() as session:
        assert [(row.outcome, row.count) for row in statistics.erased(session)] == [("new", 3)]
        assert sorted(session.execute(select(Notice.kind)).scalars()) == ["erased"] * 3


def test_a_message_to_an_erased_tip_goes_nowhere(core, clock):
    seed(core)
    _, tip_id, _ = submit(core, NOW)
    with core.db.transaction() as session:
        erasure.erase_tip(session, tip_id, erasure.REQUEST, NOW)
        work = _work(core, View(tip_id, b"k" * 32))
        said = commands.run(session, work, 0, AddReporterMessage("alo"))
    assert said == [commands.say("status_not_opened")]
    assert work.state.empty
    assert count(core, TipEntry) == 0


def test_the_word_of_the_code_holder_erases_wrong_codes_do_not(core, clock):
    seed(core)
    code, _, _ = submit(core, NOW)
    other = receipt.new_code(lambda n: 12345)
    with core.db.transaction() as session:
        assert erasure.erase_by_code(session, core.vault, other, NOW) is None
    assert count(core, Tip) == 1
    with core.db.transaction() as session:
        assert erasure.erase_by_code(session, core.vault, code, NOW) == []
    with core.db.transaction() as session:
        assert erasure.erase_by_code(session, core.vault, code, NOW) is None
    assert count(core, Tip) == 0


# --- on the disk ----------------------------------------------------------------------------------------------------


def sealed_of(core, tip_id: str) -> list[bytes]:
    """Pieces of every ciphertext of a tip."""
    with core.db.reading() as session:
        tip = session.get(Tip, tip_id)
        found = [tip.body, tip.contact, tip.receipt_key, tip.lookup.encode()]
        for table, column in ((TipKey, "sealed"), (TipEntry, "body"), (TipFile, "meta"), (TipNotice, "pointer")):
            rows = session.execute(select(getattr(table, column)).where(table.tip_id == tip_id)).scalars()
            found += list(rows)
        blobs = session.execute(select(TipFile.id).where(TipFile.tip_id == tip_id)).scalars()
        found += [(core.settings.blobs_dir / blob).read_bytes() for blob in blobs]
    return [piece[:24] for piece in found]


def pieces_on_disk(pieces: list[bytes], *folders: Path) -> list[str]:
    hits = []
    for path, data in files_in(*folders):
        # PostgreSQL and SQLite store bytes as they are; the hex form would be a dump or a log.
        hits += [path.name for piece in pieces if piece in data or piece.hex().encode() in data]
    return hits


def full_tip(core, canary: Canary) -> tuple[str, str]:
    kept, _ = keep(core)
    code, tip_id, _ = submit(
        core, NOW, what=f"chuyện {canary.word} " + "dài " * 3000, contact=f"0900 {canary.word}", files=[kept.ref],
        notify="conversation",
    )  # fmt: skip
    keys = core.vault.receipt_keys(code)
    with core.db.transaction() as session:
        opened = record.open_with_receipt(session, core.vault, keys.lookup, keys.pair)
        for number in range(5):
            record.add_entry(session, opened, "reporter", f"{number} {canary.word} " + "lời " * 500, NOW)
    return code, tip_id


def data_folders(core) -> tuple[Path, ...]:
    if core.db.is_sqlite:
        return (core.settings.data_dir,)
    with core.db.engine.connect() as connection:
        folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
    with core.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
    # Not its pg_wal: that keeps old pages, sealed, until they are recycled (docs/runbook.md).
    return (core.settings.data_dir, folder / "base")


@pytest.mark.parametrize("way", ["request", "retention"])
def test_after_erasure_no_file_holds_a_word_or_a_ciphertext(core, clock, way):
    seed(core)
    canary = Canary()
    code, tip_id = full_tip(core, canary)
    _, other_id = full_tip(core, canary)
    pieces, others = sealed_of(core, tip_id), sealed_of(core, other_id)
    assert len(pieces) >= 14
    assert set(pieces_on_disk(pieces, *data_folders(core)))  # the search finds what is there
    if way == "request":
        with core.db.transaction() as session:
            ids = erasure.erase_by_code(session, core.vault, code, NOW)
        erasure.remove_files(core.settings.blobs_dir, ids)
        assert erasure.wipe_erased(core.db)
    else:
        with core.db.transaction() as session:
            session.execute(update(Tip).where(Tip.id == tip_id).values(erase_at=NOW, erase_warned=True))
        assert job.run(core)["tips"] == 1
    canary.add(code)
    canary.add(receipt.pretty(code))
    assert pieces_on_disk(pieces, *data_folders(core)) == []
    assert canary.hits(*data_folders(core)) == []
    assert len(pieces_on_disk(others, *data_folders(core))) >= len(others)  # its neighbour is untouched
    with core.db.reading() as session:
        assert heartbeat.last(session, erasure.WIPED) == heartbeat.last(session, erasure.ERASED) > 0


def test_a_forgotten_conversation_leaves_no_ciphertext(tmp_path):
    """In SQLite's files. PostgreSQL's autovacuum does this in its own time, as the runbook says."""
    with core_in(tmp_path) as core:
        core.now = lambda: NOW
        conversation = say(core, "bí mật")
        answer(core, conversation, NOW, {"engine": {"draft": {"what": "bí mật " * 800}}}, reply="đã nghe " * 100)
        with core.db.reading() as session:
            row = session.get(Conversation, conversation)
            pieces = [row.state[:24], session.execute(select(Outbox.payload)).scalar_one()[:24]]
        assert pieces_on_disk(pieces, tmp_path)
        core.now = lambda: NOW + 2 * HOUR
        job.run(core)
        assert pieces_on_disk(pieces, tmp_path) == []


def test_a_busy_database_is_wiped_at_the_next_run(core, clock):
    seed(core)
    _, tip_id, _ = submit(core, NOW)
    with core.db.transaction() as session:
        erasure.erase_tip(session, tip_id, erasure.REQUEST, NOW)
    blocker = core.db._readers.connect()
    blocker.execute(text("SELECT count(*) FROM tip"))
    if not core.db.is_sqlite:
        blocker.execute(text("LOCK TABLE tip IN ACCESS SHARE MODE"))
    with core.db.transaction() as session:  # something for the log that the reader does not see
        session.add(Attempt(key="x"))
    assert not erasure.wipe_erased(core.db)
    blocker.close()
    assert erasure.wipe_erased(core.db)


# --- the command ----------------------------------------------------------------------------------------------------


def run_erase(env, code: str) -> subprocess.CompletedProcess:
    return lachan("erase", "--yes", env=os.environ | env, typed=code + "\n")


def test_the_command_erases_and_says_the_same_to_every_wrong_code(tmp_path):
    from bot.app import Core
    from bot.settings import load

    env = environment(tmp_path)
    settings = load(env)
    migrate(settings.database_url)
    core = Core(settings)
    try:
        seed(core)
        code, tip_id, _ = submit(core, NOW)
        good = run_erase(env, receipt.pretty(code))
        again = run_erase(env, code)
        wrong = run_erase(env, receipt.new_code(lambda n: 7))
        typo = run_erase(env, "123")
        assert (good.returncode, again.returncode, wrong.returncode, typo.returncode) == (0, 1, 1, 1)
        assert "Đã xóa" in good.stdout
        assert again.stdout == wrong.stdout == typo.stdout
        assert all(code not in done.stdout + done.stderr for done in (good, again))
        assert count(core, Tip) == 0
        assert tip_id
    finally:
        core.close()


def test_the_tables_are_the_ones_the_migrations_make(core):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def ours(_thing, name, kind, _reflected, _compared):
        return not (kind == "table" and str(name).startswith("huey_"))  # the queue makes its tables itself

    with core.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        assert compare_metadata(context, SQLModel.metadata) == []
