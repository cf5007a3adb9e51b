"""Officers are told, without a word of content, and somebody hears of it when they cannot be told."""

from __future__ import annotations

import asyncio
import base64
import json
from collections import Counter

import httpx
import pytest
from sqlalchemy import select, update

from bot import channel_set
from bot.app import Core
from bot.core.errors import InvalidInput, SendError, SendPolicy
from bot.core.sending import NOTICES
from bot.jobs import messengers, notices
from bot.services import audit
from bot.services.units import notify, officer_address, posts
from bot.services.units.notices import once, queue_once
from bot.settings import MailSettings, TelegramSettings, ZaloBotSettings
from bot.storage.tables import Audit, Notice, NoticeDelivery, Officer
from tests.support.desk import ABOVE, CENTRAL, DRAFT, UNIT, give_channel, give_email, seed, submit
from tests.support.smtp_sink import smtp_sink

NOW = 1_800_000_000.0
KINDS = ("new", "urgent", "reply", "escalation", "verify", "overdue", "erasure", "erased", "undelivered")


@pytest.fixture
def sink():
    with smtp_sink() as running:
        yield running


@pytest.fixture
def desk(core: Core, sink):
    """The product with a mail server, and officers with addresses."""
    mail = MailSettings(host="127.0.0.1", port=sink.port, sender="Lá Chắn <lachan@example.vn>", tls=False)
    core.settings = core.settings.model_copy(update={"mail": mail})
    seed(core)
    give_email(core, "anphu", "anphu@example.vn")
    give_email(core, "haiphong", "haiphong@example.vn")
    give_email(core, "trungtam", "trungtam@example.vn")
    core.now = lambda: NOW
    return core


def later(core, seconds):
    moment = core.now() + seconds
    core.now = lambda: moment


def statuses(core, table=Notice) -> Counter:
    with core.db.reading() as session:
        return Counter(session.execute(select(table.status)).scalars())


def by_unit(core) -> dict[tuple[str, str], str]:
    with core.db.reading() as session:
        rows = session.execute(select(Notice)).scalars()
        return {(row.unit_id, row.kind): row.status for row in rows}


def failures(core) -> list[str]:
    with core.db.reading() as session:
        assert audit.verify(session).ok
        query = select(Audit.detail).where(Audit.action == "notice_failed").order_by(Audit.seq)
        return list(session.execute(query).scalars())


def queue(core, unit=UNIT, kind="new", name="n1"):
    with core.db.transaction() as session:
        queue_once(session, once(name), unit, "r" * 32, kind, core.now())


def test_a_tip_becomes_one_mail_to_the_unit(desk, sink):
    submit(desk, NOW, urgent=True, tell=True)
    assert notices.run(desk) == 1
    assert notices.run(desk) == 0
    ((recipient, raw),) = sink.mails
    (message,) = sink.parsed()
    assert recipient == "anphu@example.vn"
    assert message["Subject"] == "Lá Chắn: có việc cần xem"
    assert "KHẨN CẤP" in message.get_content()
    assert desk.settings.console_url in message.get_content()
    body = base64.b64decode(raw.partition(b"\r\n\r\n")[2]).decode()
    for secret in (DRAFT["what"], "An Phú", "10645", UNIT):
        assert secret not in raw.decode() + body
    assert statuses(desk) == {"sent": 1}


def test_every_notice_has_the_same_size_and_subject(desk, sink):
    for number, kind in enumerate(KINDS):
        queue(desk, kind=kind, name=f"n{number}")
    assert notices.run(desk) == len(KINDS)
    assert len({len(raw) for _, raw in sink.mails}) == 1
    assert len({message["Subject"] for message in sink.parsed()}) == 1
    assert len(set(sink.texts())) == len(KINDS)


def test_a_busy_server_is_tried_again_with_growing_pauses(desk, sink):
    queue(desk)
    sink.refuse_rcpt["anphu@example.vn"] = b"451 later"
    waits = []
    for _ in range(NOTICES.most_tries - 1):
        assert notices.run(desk) == 1
        with desk.db.reading() as session:
            row = session.execute(select(NoticeDelivery)).scalar_one()
            assert (row.status, row.code) == ("pending", "recipient_451")
            waits.append(row.next_at - desk.now())
        assert notices.run(desk) == 0
        later(desk, waits[-1])
    assert waits == list(NOTICES.back_off)
    sink.refuse_rcpt.clear()
    assert notices.run(desk) == 1
    assert statuses(desk) == {"sent": 1}
    assert len(sink.mails) == 1


def test_a_failure_climbs_to_the_unit_above_and_then_to_the_central_desk(desk, sink):
    sink.refuse_rcpt |= {"anphu@example.vn": b"550 no such user", "haiphong@example.vn": b"550 no such user"}
    queue(desk)
    notices.run(desk)
    assert by_unit(desk) == {
        (UNIT, "new"): "failed", (ABOVE, "undelivered"): "failed", (CENTRAL, "undelivered"): "sent"
    }  # fmt: skip
    assert [recipient for recipient, _ in sink.mails] == ["trungtam@example.vn"]
    assert failures(desk) == [
        f"unit={UNIT} kind=new code=undelivered", f"unit={ABOVE} kind=undelivered code=undelivered"
    ]  # fmt: skip
    assert "example.vn" not in " ".join(failures(desk))


def test_when_the_central_desk_cannot_be_told_it_ends(desk, sink):
    for name in ("anphu", "haiphong", "trungtam"):
        sink.refuse_rcpt[f"{name}@example.vn"] = b"550 no"
    queue(desk)
    notices.run(desk)
    later(desk, 86_400)
    notices.run(desk)
    assert len(failures(desk)) == 3
    assert set(by_unit(desk).values()) == {"failed"}


def test_a_unit_without_an_address_is_reported_above(desk, sink):
    give_email(desk, "anphu", "")
    queue(desk)
    notices.run(desk)
    assert failures(desk) == [f"unit={UNIT} kind=new code=no_address"]
    assert [recipient for recipient, _ in sink.mails] == ["haiphong@example.vn"]


def test_one_officer_who_is_told_is_enough(desk, sink):
    with desk.db.transaction() as session:
        officer = session.execute(select(Officer).where(Officer.login == "haiphong")).scalar_one()
        officer.unit_id = UNIT
        posts.set_officer(session, officer)
    sink.refuse_rcpt["anphu@example.vn"] = b"550 no"
    queue(desk)
    notices.run(desk)
    assert by_unit(desk) == {(UNIT, "new"): "sent"}
    assert failures(desk) == []
    assert statuses(desk, NoticeDelivery) == {"sent": 1, "failed": 1}


def test_without_any_way_to_send_nothing_climbs(desk):
    desk.settings = desk.settings.model_copy(update={"mail": MailSettings()})
    queue(desk)
    notices.run(desk)
    assert by_unit(desk) == {(UNIT, "new"): "failed"}
    assert failures(desk) == []


def test_a_mail_that_may_have_arrived_is_not_sent_again_but_reported(desk, sink):
    sink.drop_after_data = True
    queue(desk)
    with_unknown = asyncio.run(_only(desk, UNIT))
    assert with_unknown == 1
    sink.drop_after_data = False
    later(desk, 3_600)
    notices.run(desk)
    assert Counter(recipient for recipient, _ in sink.mails) == {"anphu@example.vn": 1, "haiphong@example.vn": 1}
    assert failures(desk) == [f"unit={UNIT} kind=new code=unknown"]


async def _only(core, unit):
    """One round of planning and sending, without what follows from it."""
    open_ones = messengers.messengers(core)
    words = notices.load_notice_words(core.settings.content_dir / "notices.yml", core.settings.console_url)
    _, found = await core.db.run(lambda s: notices._take(core, s, frozenset(open_ones)))
    for parcel in found:
        await notices._one(core, open_ones, words, parcel)
    return len(found)


def test_a_message_refused_after_it_was_handed_over_may_be_repeated(desk, sink):
    sink.refuse_data = b"451 try later"
    queue(desk)
    notices.run(desk)
    assert statuses(desk, NoticeDelivery) == {"pending": 1}
    sink.refuse_data = b""
    later(desk, 60)
    notices.run(desk)
    assert [recipient for recipient, _ in sink.mails] == ["anphu@example.vn"]


def claimed(core):
    def work(session):
        notify.plan(session, core.vault, frozenset({"email"}), core.now())
        return notify.claim(session, core.vault, frozenset({"email"}), core.now(), 10)

    with core.db.transaction() as session:
        return work(session)


def test_what_a_dead_process_had_only_claimed_is_sent_by_the_next(desk, sink):
    queue(desk)
    (parcel,) = claimed(desk)
    assert notices.run(desk) == 0
    later(desk, notify.STALE_SECONDS + 1)
    assert notices.run(desk) == 1
    assert statuses(desk) == {"sent": 1}
    with desk.db.transaction() as session:
        assert not notify.hand(session, parcel)  # the process was only asleep: it may not send now


def test_what_a_dead_process_had_handed_over_is_never_sent_again(desk, sink):
    queue(desk)
    (parcel,) = claimed(desk)
    with desk.db.transaction() as session:
        assert notify.hand(session, parcel)
    later(desk, notify.STALE_SECONDS + 1)
    notices.run(desk)
    assert [recipient for recipient, _ in sink.mails] == ["haiphong@example.vn"]
    assert by_unit(desk) == {(UNIT, "new"): "failed", (ABOVE, "undelivered"): "sent"}


def test_a_delivery_whose_route_was_switched_off_fails_after_a_day(desk, sink):
    queue(desk)
    assert len(claimed(desk)) == 1
    with desk.db.transaction() as session:
        session.execute(update(NoticeDelivery).values(status="pending"))
    desk.settings = desk.settings.model_copy(update={"mail": MailSettings()})
    notices.run(desk)
    assert by_unit(desk) == {(UNIT, "new"): "sending"}
    later(desk, notify.MOST_AGE + 1)
    notices.run(desk)
    assert by_unit(desk)[(UNIT, "new")] == "failed"


def test_the_address_is_in_no_repr_and_no_error(desk, sink):
    queue(desk)
    (parcel,) = claimed(desk)
    assert "example.vn" not in repr(parcel)
    mail = messengers.messengers(desk)["email"]
    words = notices.load_notice_words(desk.settings.content_dir / "notices.yml", "x")
    sink.refuse_rcpt["anphu@example.vn"] = b"550 anphu@example.vn unknown"

    async def hand():
        raise AssertionError("not reached")

    with pytest.raises(SendError) as caught:
        asyncio.run(mail.send(parcel, words, hand))
    assert str(caught.value) == "stop:recipient_550"
    assert caught.value.policy is SendPolicy.STOP


@pytest.mark.parametrize("address", ["no", "a@b", "a b@c.vn", "a@b.vn\r\nRCPT TO:<x@y.vn>", "a@" + "b" * 300 + ".vn"])
def test_an_address_that_is_none_is_refused(desk, address):
    with pytest.raises(InvalidInput):
        give_email(desk, "anphu", address)


def test_a_channel_that_is_not_for_officers_is_refused(desk):
    for channel, address in (("zalo_oa", "123"), ("telegram", "1 2"), ("web", "x")):
        with pytest.raises(InvalidInput):
            give_channel(desk, "anphu", channel, address)


def test_addresses_lie_sealed_and_can_be_forgotten(desk):
    give_channel(desk, "anphu", "telegram", "777000")
    with desk.db.transaction() as session:
        officer = session.execute(select(Officer).where(Officer.login == "anphu")).scalar_one()
        assert b"anphu@" not in officer.notify_email
        assert officer_address.addresses(desk.vault, officer) == {"email": "anphu@example.vn", "telegram": "777000"}
        officer_address.set_channel(desk.vault, officer, "telegram", "")
        officer_address.set_email(desk.vault, officer, "")
        assert officer_address.addresses(desk.vault, officer) == {}


class Platform:
    """Stands for Telegram and the Zalo Bot Platform; keeps the bodies of sent messages."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        if method == "sendMessage":
            self.sent.append((request.url.host, request.read()))
        if self.status != 200:
            body = {"ok": False, "error_code": self.status, "description": "Forbidden: bot was blocked by the user"}
            return httpx.Response(self.status, json=body)
        chat = {"id": 1, "type": "private"}
        return httpx.Response(200, json={"ok": True, "result": {"message_id": 1, "date": 1, "chat": chat}})


@pytest.fixture
def platform(desk, monkeypatch):
    stand_in = Platform()
    desk.settings = desk.settings.model_copy(
        update={
            "telegram": TelegramSettings(token="1:a", api_base="http://telegram.test"),
            "zalo_bot": ZaloBotSettings(token="2:b", api_base="http://zalo.test"),
        }
    )
    real = channel_set.push_channels
    monkeypatch.setattr(messengers, "push_channels", lambda core: real(core, httpx.MockTransport(stand_in)))
    return stand_in


@pytest.mark.parametrize(("channel", "host"), [("telegram", "telegram.test"), ("zalo_bot", "zalo.test")])
def test_bots_tell_officers_in_the_same_size(desk, sink, platform, channel, host):
    give_email(desk, "anphu", "")
    give_channel(desk, "anphu", channel, "777000")
    for number, kind in enumerate(KINDS):
        queue(desk, kind=kind, name=f"n{number}")
        notices.run(desk)
        later(desk, 2)
    assert statuses(desk) == {"sent": len(KINDS)}
    assert {name for name, _ in platform.sent} == {host}
    assert len({len(body) for _, body in platform.sent}) == 1
    assert len({body for _, body in platform.sent}) == len(KINDS)
    assert sink.mails == []


def test_an_officer_who_blocked_the_bot_counts_as_not_told(desk, sink, platform):
    give_email(desk, "anphu", "")
    give_channel(desk, "anphu", "telegram", "777000")
    platform.status = 403
    queue(desk)
    notices.run(desk)
    assert by_unit(desk) == {(UNIT, "new"): "failed", (ABOVE, "undelivered"): "sent"}
    assert json.dumps(failures(desk)).count("777000") == 0
