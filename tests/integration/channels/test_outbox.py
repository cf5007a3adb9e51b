"""The outbox on both databases: order, pace, policies, and what a dead process leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.errors import SendError, SendPolicy
from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.core.sending import BULK, NOTICE, REPLY, URGENT, Address, Judgement, Moved, Pace
from bot.gateway.sender import Line, Sender
from bot.services.messaging import inbox, outbox
from bot.storage.tables import Contact, Outbox

QUICK = Pace(per_second=1_000.0, burst=100, per_chat=0.0)
NOW = 1_000_000.0


def meet(core, person: str = "p1", channel: Channel = Channel.TELEGRAM) -> str:
    """Somebody writes, so that they can be written to. Returns the conversation."""
    message = InboundMessage(
        channel=channel, sender=person, message_id=f"hello-{person}", kind=InboundKind.TEXT, text="x"
    )
    with core.db.transaction() as session:
        return inbox.accept(session, core.vault, [message], NOW)[0].conversation_id


def put(core, conversation: str, text: str = "chào", priority: int = 0, channel: Channel = Channel.TELEGRAM) -> int:
    with core.db.transaction() as session:
        serial = len(session.execute(select(Outbox.id)).all())
        dedupe = f"test:{serial}"
        row = Outbox(
            conversation_id=conversation, channel=channel.value, dedupe=dedupe, priority=priority, created_at=NOW,
            payload=core.vault.seal_outbound(conversation, channel.value, dedupe, OutboundMessage(text)),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def claim(core, now: float = NOW, pace: Pace = QUICK, room: int = 10) -> list[outbox.Due]:
    with core.db.transaction() as session:
        return outbox.claim(session, core.vault, Channel.TELEGRAM, pace, now, room)


def row_of(core, row_id: int) -> Outbox:
    with core.db.reading() as session:
        return session.get(Outbox, row_id)


def settle(core, due: outbox.Due, error: SendError, now: float = NOW, *, pauses: bool = False) -> str:
    with core.db.transaction() as session:
        return outbox.settle(session, due, error, now, pauses=pauses)[0]


def done(core, due: outbox.Due) -> None:
    with core.db.transaction() as session:
        outbox.sent(session, due.id)


def start_bucket(core) -> None:
    claim(core, now=NOW - 10)


def test_one_message_of_a_conversation_at_a_time_in_order(core):
    start_bucket(core)
    conversation = meet(core)
    first, second = put(core, conversation, "một"), put(core, conversation, "hai")
    (due,) = claim(core)
    assert (due.id, due.message.text) == (first, "một")
    assert claim(core) == []
    done(core, due)
    assert row_of(core, first).payload is None
    assert [due.id for due in claim(core)] == [second]


def test_answers_come_before_campaigns(core):
    start_bucket(core)
    bulk = [put(core, meet(core, f"b{n}"), priority=2) for n in range(3)]
    answer = put(core, meet(core, "asks"))
    assert [due.id for due in claim(core, room=2)] == [answer, bulk[0]]


def test_an_answer_overtakes_the_campaign_of_the_same_person(core):
    start_bucket(core)
    conversation = meet(core)
    put(core, conversation, "chiến dịch", priority=2)
    answer = put(core, conversation, "trả lời")
    assert [due.id for due in claim(core)] == [answer]


def test_a_waiting_retry_holds_back_what_comes_after_it(core):
    start_bucket(core)
    conversation = meet(core)
    put(core, conversation), put(core, conversation)
    (due,) = claim(core)
    assert settle(core, due, SendError(SendPolicy.RETRY, "connect")) == "retry"
    assert claim(core, NOW + 4) == []
    assert [again.id for again in claim(core, NOW + 6)] == [due.id]


def test_back_off_then_a_dead_letter(core):
    start_bucket(core)
    row_id, now = put(core, meet(core)), NOW
    waits = []
    for _ in range(5):
        (due,) = claim(core, now)
        result = settle(core, due, SendError(SendPolicy.RETRY, "connect"), now)
        row = row_of(core, row_id)
        waits.append(round(row.next_at - now) if result == "retry" else result)
        now = row.next_at + 0.001
    assert waits == [5, 60, 300, 600, "dead"]
    assert (row_of(core, row_id).status, row_of(core, row_id).error) == ("dead", "connect")


POLICIES = [
    (SendError(SendPolicy.UNKNOWN, "timeout"), False, "repeat", "pending", False),
    (SendError(SendPolicy.STOP, "403"), False, "stopped", "dropped", True),
    (SendError(SendPolicy.FIX, "400"), False, "dead", "dead", False),
    (SendError(SendPolicy.ALERT, "401"), False, "waiting", "pending", False),
    (SendError(SendPolicy.RETRY, "429", retry_after=7), True, "waiting", "pending", False),
    (SendError(SendPolicy.RETRY, "-200", tries=2), False, "retry", "pending", False),
]


@pytest.mark.parametrize(("error", "pauses", "result", "status", "stopped"), POLICIES, ids=lambda value: str(value))
def test_policies(core, error, pauses, result, status, stopped):
    start_bucket(core)
    conversation = meet(core)
    row_id = put(core, conversation)
    (due,) = claim(core)
    assert settle(core, due, error, pauses=pauses) == result
    row = row_of(core, row_id)
    assert (row.status, row.error) == (status, error.code)
    with core.db.reading() as session:
        assert session.get(Contact, conversation).stopped is stopped


def test_nothing_goes_to_somebody_who_blocked_us_until_they_write(core):
    start_bucket(core)
    conversation = meet(core)
    put(core, conversation), put(core, conversation)
    (due,) = claim(core)
    settle(core, due, SendError(SendPolicy.STOP, "403"))
    late = put(core, conversation)
    assert claim(core, NOW + 100) == []
    assert row_of(core, late).status == "dropped"


def test_the_pace_of_a_chat_and_of_everybody(core):
    pace = Pace(per_second=25.0, burst=5, per_chat=1.0)
    claim(core, NOW - 10, pace)
    conversation = meet(core, "same")
    put(core, conversation), put(core, conversation)
    (due,) = claim(core, NOW, pace, 1)
    done(core, due)
    assert claim(core, NOW + 0.9, pace, 1) == []
    assert len(claim(core, NOW + 1.1, pace, 1)) == 1
    for n in range(200):
        put(core, meet(core, f"p{n}"))
    taken, at = [], NOW + 5
    while at < NOW + 8:
        taken += [at] * len(claim(core, at, pace, 50))
        at += 0.02
    busiest = max(sum(1 for t in taken if start <= t < start + 1) for start in taken)
    assert 24 <= busiest <= 30


def test_the_pace_of_a_chat_counts_from_the_last_part_of_a_message(core):
    start_bucket(core)
    conversation = meet(core)
    put(core, conversation, "một|hai"), put(core, conversation, "ba")
    clock, sent = [NOW], []

    class Timed(Fake):
        async def send(self, address: Address, part: Any) -> None:
            sent.append((part, round(clock[0] - NOW, 2)))
            clock[0] += 0.9  # until the next right is asked for

    fake = Timed()
    fake.pace = Pace(per_second=1_000.0, burst=100, per_chat=0.1)

    async def run() -> None:
        line = Line(core.db, core.vault, fake, lambda: clock[0])
        for later in (0.0, -0.85, 0.2):
            clock[0] += later
            await line._round()
            while line.tasks:
                await asyncio.gather(*line.tasks)

    asyncio.run(run())
    assert sent == [("một", 0.0), ("hai", 0.9), ("ba", 1.15)], "0.05 s after the second part it was too early"


def test_two_processes_share_the_pace_and_never_a_message(core):
    pace = Pace(per_second=10.0, burst=4, per_chat=0.0)
    claim(core, NOW - 10, pace)
    for n in range(10):
        put(core, meet(core, f"p{n}"))
    first, second = claim(core, NOW, pace, 3), claim(core, NOW, pace, 3)
    assert (len(first), len(second)) == (3, 1)
    assert not {due.id for due in first} & {due.id for due in second}


def test_a_pause_holds_for_everybody(core):
    start_bucket(core)
    put(core, meet(core))
    with core.db.transaction() as session:
        outbox.pause(session, Channel.TELEGRAM, NOW + 17)
    assert claim(core, NOW + 16) == []
    assert len(claim(core, NOW + 18)) == 1


UNSURE = SendError(SendPolicy.UNKNOWN, "http_502")


@pytest.mark.parametrize(("priority", "after"), [(URGENT, (0.5, 3)), (REPLY, (2, 10)), (NOTICE, (2, 10)), (BULK, ())])
def test_an_answer_that_may_be_lost_goes_out_twice_more_and_a_campaign_never(core, priority, after):
    """`after`: seconds before each copy; a cry for help is answered again at once."""
    start_bucket(core)
    row_id, now, waits = put(core, meet(core), priority=priority), NOW, []
    for _ in range(4):
        if not (found := claim(core, now)):
            break
        result = settle(core, found[0], UNSURE, now)
        row = row_of(core, row_id)
        waits.append(round(row.next_at - now, 1) if result == "repeat" else result)
        now = row.next_at + 0.001
    assert waits == [*after, "unknown"]
    row = row_of(core, row_id)
    assert (row.status, row.error, row.payload is not None) == ("unknown", "http_502", bool(after))


def test_tries_that_never_left_do_not_use_up_the_repeats(core):
    start_bucket(core)
    row_id, now = put(core, meet(core)), NOW
    for error in (SendError(SendPolicy.RETRY, "connect"), SendError(SendPolicy.RETRY, "connect"), UNSURE, UNSURE):
        (due,) = claim(core, now)
        settle(core, due, error, now)
        now = row_of(core, row_id).next_at + 0.001
    assert row_of(core, row_id).status == "pending"


def test_what_costs_money_is_never_doubled(core):
    start_bucket(core)
    row_id = put(core, meet(core), priority=NOTICE)
    fake = Fake(trouble=[UNSURE])
    fake.judgement = Judgement(paid=True)
    asyncio.run(one_round(core, fake, NOW))
    assert (row_of(core, row_id).status, row_of(core, row_id).payload) == ("unknown", None)
    # Free when it was lost, and to be paid for by the time it would be repeated.
    row_id = put(core, meet(core, "late"), priority=NOTICE)
    fake = Fake(trouble=[UNSURE])
    asyncio.run(one_round(core, fake, NOW))
    fake.judgement = Judgement(paid=True)
    asyncio.run(one_round(core, fake, NOW + 3))
    assert (fake.sent, row_of(core, row_id).status) == ([], "unknown")


def test_the_answer_to_a_cry_overtakes_what_waits_for_its_repeat(core):
    start_bucket(core)
    conversation = meet(core)
    put(core, conversation, "chào bạn")
    (due,) = claim(core)
    settle(core, due, UNSURE)
    card = put(core, conversation, "Gọi 113", priority=URGENT)
    put(core, meet(core, "other"), "khác")
    assert claim(core, NOW + 1)[0].id == card


def test_only_the_part_that_may_be_lost_is_repeated(core):
    start_bucket(core)
    row_id = put(core, meet(core), "một|hai|ba")
    fake = Fake(trouble=[None, UNSURE])
    asyncio.run(one_round(core, fake, NOW))
    asyncio.run(one_round(core, fake, NOW + 3))  # another process, after a restart: all it knows lies in the row
    assert [part for _, part in fake.sent] == ["một", "hai", "ba"]
    assert row_of(core, row_id).status == "sent"


def test_what_a_dead_process_had_claimed_counts_as_perhaps_lost(core):
    start_bucket(core)
    answer, bulk = put(core, meet(core)), put(core, meet(core, "b"), priority=BULK)
    claim(core)
    with core.db.transaction() as session:
        assert outbox.recover(session, Channel.TELEGRAM, NOW + 60) == 0
        assert outbox.recover(session, Channel.TELEGRAM, NOW + 121) == 2
    assert (row_of(core, answer).status, row_of(core, answer).unsure) == ("pending", 1)
    assert (row_of(core, bulk).status, row_of(core, bulk).payload) == ("unknown", None)


class Fake:
    """A channel of the test's making: what it is told to raise, it raises; the rest it remembers."""

    numbers = False
    pauses = frozenset({"429"})

    def __init__(
        self, kind: Channel = Channel.TELEGRAM, trouble: Sequence[Exception | None] = (), hang: float = 0
    ) -> None:
        self.channel, self.trouble, self.hang = kind, list(trouble), hang
        self.pace = Pace(per_second=1_000.0, burst=100, per_chat=0.0)
        self.sent: list[tuple[str, str]] = []
        self.judgement = Judgement()

    def parts(self, message: OutboundMessage) -> list[str]:
        return message.text.split("|")

    async def send(self, address: Address, part: Any) -> None:
        await asyncio.sleep(self.hang)
        error = self.trouble.pop(0) if self.trouble else None
        if error is not None:
            raise error
        self.sent.append((address.person, part))

    def judge(self, priority: int, last_heard: float, now: float) -> Judgement:
        return self.judgement

    async def typing(self, address: Address) -> None: ...

    async def fetch(self, ref: str) -> bytes:
        return b""

    async def keep_alive(self) -> None: ...

    async def close(self) -> None: ...


async def one_round(core, fake: Fake, now: float) -> Line:
    line = Line(core.db, core.vault, fake, lambda: now)
    await line._round()
    while line.tasks:
        await asyncio.gather(*line.tasks)
    return line


def test_parts_that_went_out_are_not_repeated(core):
    start_bucket(core)
    row_id = put(core, meet(core), "một|hai|ba")
    fake = Fake(trouble=[None, SendError(SendPolicy.RETRY, "connect"), None, None])
    asyncio.run(one_round(core, fake, NOW))
    assert row_of(core, row_id).parts_sent == 1
    asyncio.run(one_round(core, fake, NOW + 10))
    assert fake.sent == [("p1", "một"), ("p1", "hai"), ("p1", "ba")]
    assert row_of(core, row_id).status == "sent"


def test_a_chat_that_moved_is_followed_and_remembered(core):
    start_bucket(core)
    conversation = meet(core)
    put(core, conversation, "một")
    fake = Fake(trouble=[Moved("p2")])
    asyncio.run(one_round(core, fake, NOW))
    assert fake.sent == [("p2", "một")]
    with core.db.reading() as session:
        contact = session.get(Contact, conversation)
    assert core.vault.open_contact(conversation, contact.channel, contact.address)["sender"] == "p2"


def test_trouble_with_the_account_keeps_messages_and_raises_an_alarm(core):
    start_bucket(core)
    row_id = put(core, meet(core))
    fake = Fake(trouble=[SendError(SendPolicy.ALERT, "401")] * 10)
    line = asyncio.run(one_round(core, fake, NOW))
    assert line.alarm == "401"
    assert (row_of(core, row_id).status, row_of(core, row_id).attempts) == ("pending", 0)
    fake.trouble.clear()
    line = asyncio.run(one_round(core, fake, NOW + 61))
    assert row_of(core, row_id).status == "sent"


def test_an_alarm_ends_when_a_person_mended_it_even_if_nothing_is_sent(core):
    class Sleeper(Fake):
        broken = True

        async def keep_alive(self) -> None:
            if self.broken:
                raise SendError(SendPolicy.ALERT, "token_refused")

    async def look(line: Line) -> str:
        line._kept_at = float("-inf")
        await line._keep_alive()
        return line.alarm

    fake = Sleeper()
    line = Line(core.db, core.vault, fake, lambda: NOW)
    assert asyncio.run(look(line)) == "token_refused"
    fake.broken = False
    assert asyncio.run(look(line)) == ""
    line._set_alarm("-221")  # found while sending: only a sent message ends it
    assert asyncio.run(look(line)) == "-221"


def test_a_crash_in_a_client_is_a_dead_letter_not_a_loop(core):
    start_bucket(core)
    row_id = put(core, meet(core))
    asyncio.run(one_round(core, Fake(trouble=[ZeroDivisionError()]), NOW))
    assert (row_of(core, row_id).status, row_of(core, row_id).error) == ("dead", "crash")


def test_a_closed_window_and_the_night(core):
    start_bucket(core)
    closed, night = put(core, meet(core, "a")), put(core, meet(core, "b"))
    fake = Fake()
    fake.judgement = Judgement(False, "night", 3_600.0)
    asyncio.run(one_round(core, fake, NOW))
    assert {row_of(core, row).status for row in (closed, night)} == {"pending"}
    fake.judgement = Judgement(False, "window_closed")
    asyncio.run(one_round(core, fake, NOW + 3_601))
    assert {(row_of(core, row).status, row_of(core, row).error) for row in (closed, night)} == {
        ("dead", "window_closed")
    }


def test_an_answer_two_days_late_is_not_sent(core):
    start_bucket(core)
    row_id = put(core, meet(core))
    fake = Fake()
    asyncio.run(one_round(core, fake, NOW + outbox.MOST_AGE + 1))
    assert (fake.sent, row_of(core, row_id).error) == ([], "expired")


def test_a_channel_that_hangs_keeps_nobody_else_waiting(core):
    stuck = Fake(Channel.TELEGRAM, hang=600)
    works = Fake(Channel.ZALO_BOT)
    for n in range(30):
        put(core, meet(core, f"t{n}"))
    for n in range(20):
        put(core, meet(core, f"z{n}", Channel.ZALO_BOT), channel=Channel.ZALO_BOT)

    async def run() -> None:
        sender = Sender(core.db, core.vault, [stuck, works], now=lambda: NOW)
        tasks = sender.start()
        try:
            while len(works.sent) < 20:
                await asyncio.sleep(0.02)
        finally:
            for task in tasks + [t for line in sender.lines.values() for t in line.tasks]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())
    assert stuck.sent == []
