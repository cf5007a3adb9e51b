"""The thief's script: with the database, with the server's keys as well, or with a running engine worker, tries to name who told
a tip and to read its words. docs/threat-model.md says what each surrenders; its table is what is expected here.

Ten people write on Telegram in the same minutes, three of them tell a tip. An hour later what was on the way has been sent and
the duties of forgetting have run.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.messages import Channel
from bot.core.sending import Pace
from bot.jobs import clocks as clock_duty
from bot.jobs import retention as retention_duty
from bot.server_keys import Keys
from bot.services.messaging import outbox
from bot.settings import ROOT
from bot.storage.tables import Tip, TipNotice
from tests.support import thief
from tests.support.golden import _CODE, Stage, _filled, _message
from tests.support.thief import Loot
from tests.support.world import core_in

pytestmark = pytest.mark.dialogue
NOW = 1_800_003_000.0  # ten minutes before a quarter of an hour is over
TITLE = "What the thief's script finds"
SKIPPED = ["!ans:skip"] * 5


@dataclass
class Person:
    """Who writes, and what they do one after the other. mark: a word that only they write."""

    deeds: list[str]
    mark: str = field(default_factory=lambda: f"dauvet{secrets.token_hex(5)}")
    sender: str = field(default_factory=lambda: str(700_000_000 + secrets.randbelow(10**8)))
    shown: list[str] = field(default_factory=list)


def teller(reply: str) -> Person:
    person = Person([])
    where = "xã An Phú Hải Phòng"
    person.deeds = [
        "tôi muốn tố giác", "!ans:yes", f"quán {person.mark} giữ giấy tờ ba cô gái làm công", where, "!ans:skip", "!ans:skip",
        "!ans:skip", "!ans:skip", reply, "!ans:send", "{code}",
    ]  # fmt: skip
    return person


def asker(*questions: str) -> Person:
    person = Person([])
    person.deeds = [*questions, f"cho hỏi thêm {person.mark}"]
    return person


def people() -> list[Person]:
    found = [teller("!reply:none"), teller("!reply:notices"), teller("!reply:none")]
    found += [asker("xin chào"), asker("đi làm nước ngoài cần gì", "cảm ơn"), asker("việc nhẹ lương cao là gì")]
    found += [asker("số điện thoại nào gọi được"), asker("làm hộ chiếu ở đâu", "bao lâu", "cảm ơn")]
    found += [asker("lừa đảo qua mạng là sao"), asker("xin chào", "bạn là ai")]
    secrets.SystemRandom().shuffle(found)
    return found


class Town:
    """The installation, its people, and what was stolen of it at which moment."""

    def __init__(self, stage: Stage, now: list[float], folder: Path) -> None:
        self.stage, self.core, self._now, self._folder = stage, stage.core, now, folder
        self.people = people()
        self.sent: dict[str, float] = {}  # the minute of each tip, by its teller's conversation
        self.asked: set[str] = set()  # who asked for notices
        self.live = self.rested = Loot(b"", {})

    def conversation(self, person: Person) -> str:
        return self.core.vault.conversation_id(Channel.TELEGRAM, person.sender)

    def live_through(self) -> None:
        steps = [iter(enumerate(person.deeds)) for person in self.people]
        for person, step in itertools.chain.from_iterable(
            itertools.repeat(list(zip(self.people, steps, strict=True)), 12)
        ):
            number, deed = next(step, (0, ""))
            if deed:
                self._now[0] += 4.0
                self._do(person, number, deed)
        self.live = self._steal("live")
        for _ in range(40):  # every answer goes out, a second apart
            self._now[0] += 2.0
            self._send()
        self._now[0] += 60.0
        clock_duty.run(self.core)
        self._now[0] += 4_600.0
        clock_duty.run(self.core)
        retention_duty.run(self.core)
        self.rested = self._steal("rested")

    def _do(self, person: Person, number: int, deed: str) -> None:
        told = "\n".join(person.shown)
        filled = _filled(deed, _CODE.findall(told), [])
        before = self._tips()
        answer = self.stage._run(
            self.stage._turn(_message(Channel.TELEGRAM, person.sender, number, filled), self.conversation(person))
        )
        person.shown += [reply.text for reply in answer]
        for tip_id, at in self._tips().items() - before.items():
            self.sent[self.conversation(person)] = at
            with self.core.db.reading() as session:
                if session.get(TipNotice, tip_id):
                    self.asked.add(self.conversation(person))

    def _tips(self) -> dict[str, float]:
        with self.core.db.reading() as session:
            return dict(session.execute(select(Tip.id, Tip.created_at)).all())

    def _send(self) -> None:
        with self.core.db.transaction() as session:
            for due in outbox.claim(
                session,
                self.core.vault,
                Channel.TELEGRAM,
                Pace(per_second=100, burst=100, per_chat=1.0),
                self._now[0],
                50,
            ):
                outbox.sent(session, due.id)

    def _steal(self, when: str) -> Loot:
        settings = self.core.settings
        return thief.steal(
            self._folder / when, Path(settings.database_url.removeprefix("sqlite:///")), settings.blobs_dir
        )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder, now = tmp_path_factory.mktemp("loot"), [NOW]
    with core_in(tmp_path_factory.mktemp("town"), LACHAN_ENGINE_WORKERS="1", LACHAN_ENGINE_TIMEOUT="60") as core:
        core.now = lambda: now[0]
        stage = Stage(core)
        try:
            made = Town(stage, now, folder)
            made.live_through()
            yield made
        finally:
            stage.close()


def test_three_of_ten_have_told_a_tip_and_one_asked_for_notices(town: Town) -> None:
    assert len(town.sent) == 3
    assert len(town.people) == 10
    assert len(town.asked) == 1
    assert len(set(town.sent.values())) >= 1


def words_found(town: Town, loot: Loot, keys: Keys | None) -> bool:
    marks = [person.mark for person in town.people if town.conversation(person) in town.sent]
    texts = [text for _, _, text in thief.opened(loot, keys)] if keys else []
    return any(mark.encode() in loot.raw or any(mark in text for text in texts) for mark in marks)


def tellers_named(town: Town, loot: Loot, keys: Keys | None) -> str:
    """'no', 'yes', or 'who asked for notices': whom the thief can name as the teller of a tip."""
    conversations = [town.conversation(person) for person in town.people]
    everybody, tellers = set(conversations), set(town.sent)
    narrowed = {one for one, at in town.sent.items() if thief.by_time(loot, conversations, at) != everybody}
    by_signs = thief.apart(loot, tellers, everybody - tellers)
    names = thief.named(loot, keys)
    if keys is None:
        # A keyed hash is nobody's name, and no id of a platform stands anywhere.
        assert not any(person.sender.encode() in loot.raw for person in town.people)
        assert not narrowed, "a tip's minute leads to a conversation"
        return "no" if not names else "yes"
    told = {
        row["id"] for table, row, text in thief.opened(loot, keys) if table == "conversation" and '"receipt"' in text
    }
    pointed = {text for table, _, text in thief.opened(loot, keys) if table == "tip_notice"} & everybody
    assert everybody <= set(names)
    if narrowed or by_signs or told:
        return "yes"
    assert pointed == town.asked
    return "who asked for notices" if pointed else "no"


@pytest.mark.parametrize(
    "row", thief.page_table((ROOT / "docs/threat-model.md").read_text(encoding="utf-8"), TITLE)[:4], ids=str
)
def test_the_database_surrenders_what_the_page_says(town: Town, row: dict[str, str]) -> None:
    loot = {"while they write": town.live, "an hour later": town.rested}[row["when"]]
    keys = {"database alone": None, "database and server keys": town.core.settings.keys}[row["seized"]]
    assert words_found(town, loot, keys) == (row["words of a tip"] == "yes")
    assert tellers_named(town, loot, keys) == row["who told it"]


def test_nothing_at_rest_tells_those_who_told_from_the_others(town: Town) -> None:
    conversations = [town.conversation(person) for person in town.people]
    tellers = set(town.sent)
    assert thief.apart(town.rested, tellers, set(conversations) - tellers) == []
    for at in town.sent.values():
        assert thief.by_time(town.rested, conversations, at) == set(conversations)
    for rows in (town.rested.rows["outbox"], town.rested.rows["inbox"]):
        assert rows
        assert all(not row["conversation_id"] for row in rows)


def test_the_thief_would_have_found_exact_times(town: Town) -> None:
    """The script sees what earlier versions left: with the true moment beside each conversation it names the teller."""
    one, at = next(iter(town.sent.items()))
    rows = [dict(row) for row in town.rested.rows["conversation"]]
    for row in rows:
        row["updated_at"] = at + 20.0 if row["id"] == one else at + 600.0
    loot = Loot(b"", {**town.rested.rows, "conversation": rows})
    assert thief.by_time(loot, [town.conversation(person) for person in town.people], at) == {one}


def test_the_thief_would_have_found_when_an_answered_message_came(town: Town) -> None:
    """While they write, each answer names the message it is to: with that one's true moment the script names the teller."""
    conversations = [town.conversation(person) for person in town.people]
    for at in town.sent.values():
        assert thief.by_time(town.live, conversations, at) == set(conversations)
    one, at = next(iter(town.sent.items()))
    its = {row["inbox_id"] for row in town.live.rows["outbox"] if row["conversation_id"] == one}
    assert its, "what waits to be sent names messages"
    moved = [dict(row) | {"received_at": at + (20.0 if row["id"] in its else 600.0)} for row in town.live.rows["inbox"]]
    loot = Loot(b"", {**town.live.rows, "inbox": moved})
    assert thief.by_time(loot, conversations, at) == {one}


def test_an_engine_worker_surrenders_what_the_page_says(town: Town) -> None:
    (row,) = thief.page_table((ROOT / "docs/threat-model.md").read_text(encoding="utf-8"), TITLE)[4:]
    (pid,) = _workers()
    keys = town.core.settings.keys
    secret = {"server": keys.server, "vault": keys.vault, "salt": keys.receipt_salt}
    wanted = dict(secret.items())
    wanted |= {f"{name} hex": value.hex().encode() for name, value in secret.items()}
    wanted |= {f"sender {number}": person.sender.encode() for number, person in enumerate(town.people)}
    wanted |= {
        f"conversation {number}": town.conversation(person).encode() for number, person in enumerate(town.people)
    }
    wanted["database"] = b"SQLite format 3\x00"
    told = {person.mark.encode() for person in town.people if town.conversation(person) in town.sent}
    found: set[str] = set()
    left: set[bytes] = set()

    def look(page: bytes) -> None:
        found.update(name for name, value in wanted.items() if value in page)
        left.update(mark for mark in told if mark in page)

    thief.memory_of(pid, look)
    assert (row["seized"], row["who told it"]) == ("an engine worker", "no")
    assert found == set(), "no key, nobody's name and no database is in the worker"
    assert bool(left) == (row["words of a tip"] == "scraps")


def _workers() -> list[int]:
    children = Path("/proc/self/task").glob("*/children")
    pids = {int(pid) for path in children for pid in path.read_text().split()}
    return [pid for pid in sorted(pids) if b"bot.engine.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
