"""The page about channels: what works, what does not and why, and dead letters that may safely go once more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import Core
from bot.core.errors import SendError, SendPolicy
from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.core.sending import REPEAT_AFTER, Pace
from bot.services.messaging import channel_health, channel_tokens, inbox, outbox
from bot.storage.tables import Audit, Outbox
from tests.integration.channels.conftest import SWITCHED_ON
from tests.support.console import NOW, Desk, post, run
from tests.support.world import core_in

QUICK = Pace(per_second=1_000.0, burst=100, per_chat=0.0)
WORDS, PERSON = "lời kể không ai được thấy", "nguoi-nhan-556677"


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with core_in(tmp_path, url, **SWITCHED_ON) as core:
        yield Desk(core)


def put(
    core: Core, channel: Channel, error: SendError | None, *, number: int, created: float = NOW, paid: bool = False
) -> int:
    """A message to a person of its own, tried once with `error` (None: sent). Returns its row."""
    person = f"{PERSON}{number}"
    hello = InboundMessage(channel, person, f"h{number}", InboundKind.TEXT, text=WORDS)
    with core.db.transaction() as session:
        (met,) = inbox.accept(session, core.vault, [hello], created)
        dedupe = f"t{number}"
        row = Outbox(
            conversation_id=met.conversation_id, channel=channel.value, dedupe=dedupe, created_at=created, claimed_at=created,
            payload=core.vault.seal_outbound(met.conversation_id, channel.value, dedupe, OutboundMessage(WORDS)), status="sending",
        )  # fmt: skip
        session.add(row)
        session.flush()
        row_id = row.id
        if error is None:
            outbox.sent(session, row_id)
            return row_id
        due = outbox._open(session, core.vault, row, created)
        assert due is not None
        last = replace(due, unsure=len(REPEAT_AFTER))  # as if it had been repeated as often as it may
        outbox.settle(session, last, error, created, pauses=False, paid=paid)
    return row_id


def status(core: Core, row_id: int) -> tuple[str, str]:
    with core.db.reading() as session:
        row = session.get(Outbox, row_id)
        return row.status, row.error


def once(code: str, policy: SendPolicy = SendPolicy.RETRY) -> SendError:
    """An error that gives a message up at once."""
    return SendError(policy, code, tries=1)


def test_reasons_in_plain_words_and_only_the_safe_ones_again(desk):
    core = desk.core
    rows = {
        "safe": put(core, Channel.TELEGRAM, once("connect"), number=1),
        "safe too": put(core, Channel.TELEGRAM, once("connect"), number=2),
        "too old": put(core, Channel.TELEGRAM, once("connect"), number=3, created=NOW - outbox.MOST_AGE - 10),
        "billed": put(core, Channel.ZALO_OA, once("ReadTimeout", SendPolicy.UNKNOWN), number=4, paid=True),
        "perhaps lost": put(core, Channel.ZALO_OA, once("http_502", SendPolicy.UNKNOWN), number=7),
        "too long": put(core, Channel.ZALO_OA, once("-210", SendPolicy.FIX), number=5),
        "other channel": put(core, Channel.ZALO_OA, once("-200"), number=6),
    }

    async def story():
        client = await desk.signed_in("trungtam")
        shown = (await client.get("/channels")).text
        assert "Không nối được tới máy chủ của nền tảng" in shown
        assert "Gửi lại 2 tin" in shown
        assert "Gửi lại 1 tin" in shown
        assert shown.count("<button>Gửi lại") == 3
        assert "nhận hai bản vẫn hơn không có" in shown
        assert "có thể người nhận đã đọc rồi" in shown
        assert "Nội dung dài quá mức Zalo nhận" in shown
        assert WORDS not in shown
        assert PERSON not in shown
        sent = await post(client, "/channels/again", "/channels", channel="telegram", code="connect")
        assert sent.headers["location"] == "/channels?again=2"
        lost = await post(client, "/channels/again", "/channels", channel="zalo_oa", code="http_502")
        assert lost.headers["location"] == "/channels?again=1"
        assert "Đã xếp 2 tin" in (await client.get("/channels?again=2")).text
        assert "<script" not in (await client.get("/channels?again=<script>alert(1)</script>")).text.split("</head>")[1]

    run(story)
    assert status(core, rows["safe"]) == ("pending", "")
    assert status(core, rows["safe too"]) == ("pending", "")
    assert status(core, rows["perhaps lost"]) == ("pending", "")
    for name in ("too old", "billed", "too long", "other channel"):
        assert status(core, rows[name])[0] in {"dead", "unknown"}, name
    with core.db.transaction() as session:
        again = outbox.claim(session, core.vault, Channel.TELEGRAM, QUICK, desk.now + 10, 10)
        assert {due.message.text for due in again} == {WORDS}
        entries = session.execute(select(Audit).where(Audit.action == "sent_again")).scalars()
        assert {(entry.subject, entry.detail) for entry in entries} == {
            ("telegram", "connect 2"), ("zalo_oa", "http_502 1"),
        }  # fmt: skip


def test_what_costs_money_or_was_refused_for_good_is_never_sent_again(desk):
    row = put(desk.core, Channel.ZALO_OA, once("timeout", SendPolicy.UNKNOWN), number=1, paid=True)

    async def story():
        client = await desk.signed_in("quantri")
        for form in (
            {"channel": "zalo_oa", "code": "timeout"}, {"channel": "zalo_oa", "code": "-210"},
            {"channel": "zalo_oa", "code": "process_lost"}, {"channel": "nowhere", "code": "connect"}, {},
        ):  # fmt: skip
            answer = await post(client, "/channels/again", "/channels", **form)
            assert answer.status_code == 400, form
            assert "không gửi lại được" in answer.text
        none = await post(client, "/channels/again", "/channels", channel="telegram", code="connect")
        assert none.headers["location"] == "/channels?again=0"

    run(story)
    assert status(desk.core, row) == ("unknown", "timeout")


def test_no_code_that_leaves_arrival_open_counts_as_safe():
    from bot.channels.zalo_bot import errors as bot_errors
    from bot.channels.zalo_oa import errors as oa_errors

    policies = {str(code): row[0] for code, row in (oa_errors.TABLE | bot_errors.TABLE).items()}
    for code in channel_health.MAY_SEND_AGAIN & policies.keys():
        assert policies[code] is SendPolicy.RETRY, code
    assert not channel_health.MAY_SEND_AGAIN & {
        "timeout",
        "network",
        "process_lost",
        "ReadTimeout",
        "crash",
        "http_502",
    }


def test_health_of_each_channel(desk):
    core = desk.core
    with core.db.transaction() as session:
        channel_tokens.enter(session, core.vault, Channel.ZALO_OA, "access-1", "refresh-1", NOW, 90_000)
        for _ in range(7):
            outbox.count_month(session, Channel.ZALO_BOT, "2027-01", 3_000)
    put(core, Channel.TELEGRAM, None, number=1)
    put(core, Channel.ZALO_OA, SendError(SendPolicy.ALERT, "-221"), number=2)

    async def story():
        client = await desk.signed_in("trungtam")
        shown = re.sub(r"\s+", " ", (await client.get("/channels")).text)
        zalo, bot, telegram = (
            shown.split(f'id="{name}"')[1].split("</section>")[0] for name in ("zalo_oa", "zalo_bot", "telegram")
        )
        assert "đang gửi được" in telegram
        assert "đang hỏng" in zalo
        assert "OA chưa được xác thực. Xác thực OA với Zalo." in zalo
        assert "1 tin, lâu nhất từ" in zalo
        assert "tự đổi trước đó" in zalo
        assert "chưa gửi tin nào" in bot
        assert "đang hỏng" not in bot
        assert "7/3000 tin" in bot
        assert "0/50 người" in bot
        assert "Chiến dịch dừng ở 2400 tin" in bot
        assert "access-1" not in shown

    run(story)
    with core.db.transaction() as session:
        channel_tokens.refused(session, Channel.ZALO_OA, 1, "-14014")
    with core.db.reading() as session:
        assert channel_health.look(session, Channel.ZALO_OA, "2027-01", NOW).trouble == "-14014"


def test_trouble_is_over_when_something_was_sent_again(desk):
    core = desk.core
    waiting = put(core, Channel.TELEGRAM, SendError(SendPolicy.ALERT, "401"), number=1)
    with core.db.reading() as session:
        assert channel_health.look(session, Channel.TELEGRAM, "2027-01", NOW).trouble == "401"
    with core.db.transaction() as session:
        outbox.sent(session, waiting)
    put(core, Channel.TELEGRAM, None, number=2, created=NOW + 5)
    with core.db.reading() as session:
        found = channel_health.look(session, Channel.TELEGRAM, "2027-01", NOW + 6)
    assert (found.trouble, found.last_sent) == ("", NOW + 5)


def test_with_every_channel_off_the_page_says_so(core, tmp_path):
    desk = Desk(core)

    async def story():
        client = await desk.signed_in("quantri")
        shown = (await client.get("/channels")).text
        assert "Đang tắt vì chưa có token: Zalo OA, Zalo Bot, Telegram." in shown
        assert "Không có tin nào." in shown

    run(story)
