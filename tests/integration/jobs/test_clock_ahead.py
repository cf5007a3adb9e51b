"""A clock that ran a day ahead and was set right stops nothing: no sending, no turn, no sign-in, no job waits for the day."""

from __future__ import annotations

import pyotp
import pytest

from bot.app import Core
from bot.core.lines import RateLimit
from bot.core.messages import Channel, InboundKind, InboundMessage
from bot.dialogue import loop_guard
from bot.dialogue.heard import TurnInput
from bot.dialogue.state import ConversationState
from bot.services import heartbeat, throttle
from bot.services.keeping import retention
from bot.services.messaging import channel_tokens, inbox, outbox, pacing, turns
from bot.services.tips import clocks
from bot.services.units import notify, signin
from bot.storage.tables import (
    ChannelMeter,
    Contact,
    Conversation,
    Inbox,
    Notice,
    NoticeDelivery,
    Officer,
    Outbox,
    Referral,
)

NOW, DAY = 1_800_000_000.0, 86_400.0
AHEAD = NOW + DAY
LIMIT = throttle.Limit(3, 900.0)


def test_sending_rights_come_back_at_once(core: Core):
    with core.db.transaction() as session:
        row = pacing.meter(session, "pace:telegram")
        assert pacing.available(row, 30.0, 30.0, AHEAD) == 30
        row.tokens, row.paused_until = 0.0, AHEAD + 60.0
    with core.db.transaction() as session:
        row = pacing.meter(session, "pace:telegram")
        assert pacing.available(row, 30.0, 30.0, NOW) == 0  # empty, and of now
        assert pacing.available(row, 30.0, 30.0, NOW + 1.0) == 30
        assert session.get(ChannelMeter, "pace:telegram").paused_until <= NOW


def test_two_clocks_a_second_apart_do_not_double_the_pace():
    row = ChannelMeter(key="k", tokens=0.0, at=NOW + 1.0, paused_until=0.0, count=0)
    given = 0
    for tenth in range(100):  # ten seconds, asked by turns by a machine a second ahead and one that is right
        now = NOW + 1.0 + tenth / 10 - tenth % 2
        given += len(pacing.take(row, pacing.available(row, 10.0, 10.0, now), 10.0, now))
    assert given <= 110


def test_a_message_claimed_and_put_off_by_the_wrong_clock_goes_now(core: Core):
    with core.db.transaction() as session:
        sealed = core.vault.seal_contact("c", "telegram", {"sender": "an", "reply_to": ""})
        session.add(Contact(conversation_id="c", channel="telegram", address=sealed))
        session.add(Conversation(id="c", channel="telegram", updated_at=NOW))
        for number, status in ((1, "pending"), (2, "sending")):
            session.add(
                Outbox(conversation_id="c", channel="telegram", dedupe=f"d{number}", payload=b"", status=status,
                       next_at=AHEAD + 600.0, claimed_at=AHEAD, created_at=NOW)
            )  # fmt: skip
    with core.db.transaction() as session:
        assert outbox.anything_due(session, Channel.TELEGRAM, NOW)
        assert outbox.recover(session, Channel.TELEGRAM, NOW) == 1
        found = list(session.execute(outbox._candidates(Channel.TELEGRAM, NOW, NOW - 1.0)).scalars())
        assert [row.dedupe for row in found] == ["d1"]


def test_a_wait_that_a_right_clock_set_is_kept(core: Core):
    with core.db.transaction() as session:
        session.add(
            Outbox(conversation_id="c", channel="telegram", dedupe="d", payload=b"", status="pending", next_at=NOW + 600.0,
                   claimed_at=NOW - 1.0, created_at=NOW)
        )  # fmt: skip
    with core.db.transaction() as session:
        assert not outbox.anything_due(session, Channel.TELEGRAM, NOW)


def test_a_turn_leased_and_put_off_by_the_wrong_clock_is_taken_now(core: Core):
    message = InboundMessage(Channel.TELEGRAM, "an", "1", InboundKind.TEXT, text="cứu em")
    with core.db.transaction() as session:
        (taken,) = inbox.accept(session, core.vault, [message], NOW)
        row = session.get(Conversation, taken.conversation_id)
        row.lease_owner, row.lease_until, row.quiet_until = "gone", AHEAD + 30.0, AHEAD + 1_800.0
        waiting = session.get(Inbox, taken.inbox_id)
        waiting.next_at, waiting.attempts = AHEAD + 300.0, 4
        session.add_all([row, waiting])
    with core.db.transaction() as session:
        assert inbox.claim(session, "me", NOW, 30.0, 10) == [taken.conversation_id]
        turn = turns.load(session, core.vault, taken.conversation_id, "me", NOW, 30.0)
        assert turn is not None
        assert not turn.quiet


def test_a_lease_and_a_retry_of_now_hold(core: Core):
    message = InboundMessage(Channel.TELEGRAM, "an", "1", InboundKind.TEXT, text="cứu em")
    with core.db.transaction() as session:
        (taken,) = inbox.accept(session, core.vault, [message], NOW)
        assert inbox.lease_one(session, taken.conversation_id, "other", NOW, 30.0)
    with core.db.transaction() as session:
        assert inbox.claim(session, "me", NOW + 10.0, 30.0, 10) == []
        session.get(Inbox, taken.inbox_id).next_at = NOW + 200.0
    with core.db.transaction() as session:
        assert turns.load(session, core.vault, taken.conversation_id, "other", NOW + 10.0, 30.0) is None


def test_counted_failures_do_not_lock_until_tomorrow(core: Core):
    with core.db.transaction() as session:
        for _ in range(3):
            throttle.count_failure(session, "k", LIMIT, AHEAD)
        assert throttle.blocked_for(session, "k", LIMIT, NOW) == 0.0
        throttle.count_failure(session, "k", LIMIT, NOW)
        assert throttle.blocked_for(session, "k", LIMIT, NOW) == 0.0


def test_an_officer_signs_in_although_the_last_code_is_of_tomorrow(core: Core):
    secret = pyotp.random_base32()
    officer = Officer(id="o", login="o", name="O", role="unit_officer", unit_id="", totp_last=int(AHEAD // 30))
    officer.totp = core.vault.seal_staff("o", secret.encode(), "totp")
    code = pyotp.TOTP(secret).at(int(NOW))
    step = signin._totp_step(core.vault, officer, code, NOW)
    assert step == int(NOW // 30)
    officer.totp_last = step
    assert signin._totp_step(core.vault, officer, code, NOW) is None, "once"


def test_a_sign_of_life_from_tomorrow_proves_nothing_and_is_overwritten(core: Core):
    with core.db.transaction() as session:
        for duty in heartbeat.LATE:
            heartbeat.beat(session, duty, AHEAD)
        assert heartbeat.late(session, NOW) == list(heartbeat.LATE)
        heartbeat.beat(session, "clocks", NOW)
        assert "clocks" not in heartbeat.late(session, NOW)


def test_a_notice_put_off_by_the_wrong_clock_goes_now(core: Core):
    with core.db.transaction() as session:
        session.add(Notice(id="n", unit_id="u", referral_id="", kind="new", status="sending", created_at=NOW))
        session.flush()
        for number, status in enumerate(("pending", "sending")):
            session.add(
                NoticeDelivery(notice_id="n", officer_id=f"o{number}", route="mail", status=status,
                               next_at=AHEAD + 900.0, claimed_at=AHEAD)
            )  # fmt: skip
    with core.db.transaction() as session:
        assert notify.anything_due(session, NOW)
        assert notify.recover(session, NOW) == 1


def test_the_right_to_renew_a_token_is_not_held_by_tomorrow(core: Core):
    with core.db.transaction() as session:
        channel_tokens.enter(session, core.vault, Channel.ZALO_OA, "a", "r", NOW, 90_000.0)
        version = channel_tokens.load(session, core.vault, Channel.ZALO_OA).version
        assert channel_tokens.lease(session, Channel.ZALO_OA, version, "gone", AHEAD, 30.0)
        assert channel_tokens.lease(session, Channel.ZALO_OA, version, "me", NOW, 30.0)
        assert not channel_tokens.lease(session, Channel.ZALO_OA, version, "third", NOW + 1.0, 30.0)


def test_the_deadline_of_a_tip_dated_tomorrow_runs_from_now(core: Core):
    with core.db.transaction() as session:
        common = {"unit_id": "u", "state": "new", "route_reason": "commune"}
        session.add(Referral(id="a", tip_id="t", created_at=AHEAD, next_clock_at=AHEAD + 900.0, **common))
        session.add(Referral(id="b", tip_id="t", created_at=NOW - 60.0, next_clock_at=NOW + 840.0, **common))
    with core.db.transaction() as session:
        assert clocks.put_right(session, NOW) == 1
        assert clocks.put_right(session, NOW) == 0
    with core.db.reading() as session:
        assert session.get(Referral, "a").next_clock_at == pytest.approx(NOW + 900.0)
        assert session.get(Referral, "b").next_clock_at == NOW + 840.0


def test_words_of_a_conversation_dated_tomorrow_are_forgotten_too(core: Core):
    with core.db.transaction() as session:
        sealed = core.vault.seal_state("c", {"engine": {"draft": {"what": "x"}}})
        session.add(Conversation(id="c", channel="web", updated_at=AHEAD, state=sealed))
    with core.db.transaction() as session:
        assert retention.forget_states(session, core.vault, NOW).forgotten == 1


def test_the_same_words_are_not_met_with_silence_until_tomorrow():
    message = InboundMessage(Channel.WEB, "an", "1", InboundKind.TEXT, text="alo")
    state = ConversationState()
    turn = TurnInput(1, "c", Channel.WEB, message, state, 0, False, 0, False)
    for _ in range(loop_guard.MOST + 2):
        state = loop_guard.look(state, turn, AHEAD).state
    assert loop_guard.look(state, turn, AHEAD).verdict is loop_guard.Verdict.SILENCE
    assert loop_guard.look(state, turn, NOW).verdict is loop_guard.Verdict.ANSWER


def test_requests_are_limited_by_a_clock_that_cannot_be_set_back():
    moment = [100.0]
    limit = RateLimit(2, 1.0, clock=lambda: moment[0])
    assert [limit.allow("k") for _ in range(3)] == [True, True, False]
    moment[0] += 1.0
    assert limit.allow("k")
    assert RateLimit(1, 1.0)._clock.__name__ == "monotonic"
