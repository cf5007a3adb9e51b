"""Once taken in, a message is answered once, in order, whatever crashes between."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.core.errors import Conflict
from bot.core.messages import Channel, Choice, InboundKind, InboundMessage, OutboundMessage
from bot.dialogue.state import ConversationState
from bot.services.messaging import contacts, inbox, turns
from bot.services.messaging.turns import TurnEnd
from bot.storage.tables import Contact, Conversation, Inbox, Outbox

LEASE = 30.0


def message(
    number: int, text: str = "xin chào", sender: str = "u1", channel: Channel = Channel.TELEGRAM
) -> InboundMessage:
    return InboundMessage(channel=channel, sender=sender, message_id=f"m{number}", kind=InboundKind.TEXT, text=text)


def take_in(core, *messages, now=1000.0):
    with core.db.transaction() as session:
        return inbox.accept(session, core.vault, messages, now)


def load(core, conversation, owner="a", now=1000.0):
    with core.db.transaction() as session:
        return turns.load(session, core.vault, conversation, owner, now, LEASE)


def finish(core, turn, replies=("chào bạn",), state=None, now=1000.0):
    end = TurnEnd(state or ConversationState(unsure=1), [OutboundMessage(text=reply) for reply in replies])
    with core.db.transaction() as session:
        return turns.commit(session, core.vault, turn, lambda _: end, now)


def count(core, table, *where):
    with core.db.reading() as session:
        return session.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def test_a_message_delivered_three_times_is_one(core):
    first = take_in(core, message(1))[0]
    again = take_in(core, message(1), message(1, text="khác"))
    assert first.fresh
    assert [entry.fresh for entry in again] == [False, False]
    assert {entry.inbox_id for entry in again} == {first.inbox_id}
    assert count(core, Inbox) == 1


def test_the_same_id_on_two_channels_is_two_messages(core):
    take_in(core, message(1), message(1, channel=Channel.ZALO_OA))
    assert count(core, Inbox) == 2


def test_web_ids_belong_to_their_session(core):
    take_in(core, message(1, sender="s1", channel=Channel.WEB), message(1, sender="s2", channel=Channel.WEB))
    assert count(core, Inbox) == 2


def test_words_and_ids_are_sealed(core):
    conversation = take_in(core, message(1, text="lời kể của tôi", sender="0912345678"))[0].conversation_id
    with core.db.reading() as session:
        row = session.execute(select(Inbox)).scalar_one()
        contact = session.get(Contact, conversation)
    assert "lời kể".encode() not in row.payload
    assert b"0912345678" not in contact.address
    assert "0912345678" not in conversation + row.message_hash
    assert core.vault.open_contact(conversation, contact.channel, contact.address)["sender"] == "0912345678"


def test_turns_come_in_order_and_one_at_a_time(core):
    conversation = take_in(core, message(1, "có"), message(2, "không"))[0].conversation_id
    turn = load(core, conversation)
    assert turn.message.text == "có"
    assert load(core, conversation, owner="b") is None
    finish(core, turn)
    assert load(core, conversation, owner="b").message.text == "không"


def test_a_lease_ends_by_itself_after_a_crash(core):
    conversation = take_in(core, message(1))[0].conversation_id
    assert load(core, conversation, owner="dead", now=1000.0)
    assert load(core, conversation, owner="b", now=1001.0) is None
    assert load(core, conversation, owner="b", now=1000.0 + LEASE + 1)


def test_a_turn_that_was_taken_elsewhere_leaves_nothing(core):
    conversation = take_in(core, message(1))[0].conversation_id
    slow = load(core, conversation, owner="slow")
    quick = load(core, conversation, owner="quick", now=1000.0 + LEASE + 1)
    finish(core, quick, replies=["trả lời"])
    with pytest.raises(Conflict):
        finish(core, slow, replies=["trả lời lần nữa"])
    assert count(core, Outbox) == 1


def test_an_error_while_committing_leaves_the_message_pending(core):
    conversation = take_in(core, message(1))[0].conversation_id
    turn = load(core, conversation)

    def breaks(session):
        session.add(Outbox(conversation_id=conversation, channel="web", dedupe="x"))
        session.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError), core.db.transaction() as session:
        turns.commit(session, core.vault, turn, breaks, 1000.0)
    assert count(core, Outbox) == 0
    assert count(core, Inbox, Inbox.status == "pending") == 1


def test_a_done_message_keeps_only_the_hash_of_its_id(core):
    conversation = take_in(core, message(1))[0].conversation_id
    finish(core, load(core, conversation))
    with core.db.reading() as session:
        row = session.execute(select(Inbox)).scalar_one()
    assert (row.status, row.payload, row.conversation_id) == ("done", None, "")


def test_state_comes_back_and_is_forgotten_after_an_idle_hour(core):
    conversation = take_in(core, message(1))[0].conversation_id
    finish(core, load(core, conversation), state=ConversationState(engine={"draft": {"what": "chuyện"}}))
    take_in(core, message(2))
    turn = load(core, conversation)
    assert turn.state.draft["what"] == "chuyện"
    finish(core, turn, state=turn.state)
    take_in(core, message(3), now=1000.0 + 3700)
    late = load(core, conversation, now=1000.0 + 3700)
    assert late.state.empty
    assert late.expired


def test_without_an_engine_the_card_goes_out_once_and_the_message_waits(core):
    conversation = take_in(core, message(1))[0].conversation_id
    now, statuses = 1000.0, []
    for _ in range(inbox.MAX_ATTEMPTS):
        turn = load(core, conversation, now=now)
        with core.db.transaction() as session:
            statuses.append(
                turns.fail(session, core.vault, turn, "a", OutboundMessage(text="113 111"), now, blame=True)
            )
        now += 400
    assert statuses == ["pending"] * (inbox.MAX_ATTEMPTS - 1) + ["dead"]
    assert count(core, Outbox) == 1


def test_a_waiting_message_holds_back_the_next(core):
    conversation = take_in(core, message(1, "có"), message(2, "không"))[0].conversation_id
    turn = load(core, conversation)
    with core.db.transaction() as session:
        turns.fail(session, core.vault, turn, "a", OutboundMessage(text="113"), 1000.0, blame=True)
    assert load(core, conversation, now=1000.5) is None
    assert load(core, conversation, now=1003.0).message.text == "có"


def test_choices_survive_the_queue(core):
    conversation = take_in(core, message(1, channel=Channel.WEB))[0].conversation_id
    turn = load(core, conversation)
    reply = OutboundMessage(text="chọn", choices=(Choice("ans:yes", "Có"),), image="a.png", image_alt="thẻ")
    with core.db.transaction() as session:
        turns.commit(session, core.vault, turn, lambda _: TurnEnd(ConversationState(), [reply]), 1000.0)
    with core.db.reading() as session:
        ((number, found),) = turns.replies_to(session, core.vault, conversation, turn.inbox_id)
        assert turns.later_replies(session, core.vault, conversation, number - 1) == [(number, found)]
    assert found == reply


def test_claiming_takes_the_longest_waiting_first(core):
    for number in range(5):
        take_in(core, message(number, sender=f"u{number}"))
    with core.db.transaction() as session:
        claimed = inbox.claim(session, "a", 1000.0, LEASE, 3)
    assert claimed == [core.vault.conversation_id(Channel.TELEGRAM, f"u{n}") for n in range(3)]
    with core.db.transaction() as session:
        assert len(inbox.claim(session, "b", 1000.0, LEASE, 10)) == 2


def test_erasing_leaves_no_trace_of_the_person(core):
    conversation = take_in(core, message(1), message(2))[0].conversation_id
    finish(core, load(core, conversation))
    with core.db.transaction() as session:
        contacts.forget(session, conversation)
    assert count(core, Contact) == 0
    assert count(core, Outbox) == 0
    with core.db.reading() as session:
        assert session.get(Conversation, conversation).state is None


def test_who_blocked_us_is_not_written_to(core):
    conversation = take_in(core, message(1))[0].conversation_id
    finish(core, load(core, conversation))
    with core.db.transaction() as session:
        contacts.stop(session, conversation)
    assert count(core, Outbox, Outbox.status == "pending") == 0


def test_who_waits_behind_a_waiting_message_gets_a_card_at_once_and_only_one(core):
    conversation = take_in(core, message(1, "có"), message(2, "cứu với"))[0].conversation_id
    turn = load(core, conversation)
    with core.db.transaction() as session:
        turns.fail(session, core.vault, turn, "a", OutboundMessage(text="113"), 1000.0, blame=True)
    assert load(core, conversation, now=1000.5) is None
    for expected in (Channel.TELEGRAM, None):
        with core.db.transaction() as session:
            card = lambda t: OutboundMessage(text=f"thẻ cho: {t.message.text}")  # noqa: E731
            assert turns.card_blocked(session, core.vault, conversation, card, 1000.5) == expected
    assert count(core, Outbox) == 2
    assert load(core, conversation, now=1003.0).message.text == "có"


def test_while_no_engine_is_there_a_message_waits_as_long_as_it_takes(core):
    conversation = take_in(core, message(1))[0].conversation_id
    now = 1000.0
    for _ in range(inbox.MAX_ATTEMPTS * 3):
        turn = load(core, conversation, now=now)
        with core.db.transaction() as session:
            assert (
                turns.fail(session, core.vault, turn, "a", OutboundMessage(text="113"), now, blame=False) == "pending"
            )
        now += 3
    assert count(core, Outbox) == 1
