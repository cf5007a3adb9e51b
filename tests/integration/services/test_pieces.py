"""Messages that come in pieces are one turn: all of it or nothing, once, in order, and never longer than a moment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.core.errors import Conflict
from bot.core.messages import MAX_ATTACHMENTS, Attachment, Channel, InboundKind, InboundMessage, OutboundMessage
from bot.core.tips import receipt
from bot.dialogue.bursts import LONGEST_WAIT, MOST_PIECES, Rule
from bot.dialogue.numbered import is_number
from bot.dialogue.state import ConversationState, Receipt, SignUp
from bot.services.messaging import contacts, inbox, turns
from bot.services.messaging.turns import TurnEnd, Waits
from bot.storage.tables import Conversation, Inbox, Outbox

LEASE, QUIET = 30.0, 1.5
RULE = Rule(QUIET, lambda message: is_number(message, lambda channel: channel is Channel.ZALO_BOT))
NOW = 1000.0
CODE = receipt.new_code(lambda most: most // 3)


def at(question: str) -> ConversationState:
    return ConversationState(engine={"events": [{"event": "slot", "name": "requested_slot", "value": question}]})


class Talk:
    """One person, and a clock moved by hand."""

    def __init__(self, core, channel: Channel = Channel.TELEGRAM) -> None:
        self.core, self.channel, self.now, self.serial = core, channel, NOW, 0
        self.id = core.vault.conversation_id(channel, "p")

    def message(self, text: str = "", **more) -> InboundMessage:
        self.serial += 1
        kind = InboundKind.CHOICE if more.get("choice") else InboundKind.ATTACHMENT if more.get("attachments") else None
        kind = kind or (InboundKind.LOCATION if "latitude" in more else InboundKind.TEXT)
        made = InboundMessage(self.channel, "p", f"m{self.serial}", kind, text=text)
        return replace(made, **more)

    def say(self, *said: str | InboundMessage, wait: float = 0.0) -> list[inbox.Accepted]:
        self.now += wait
        messages = [self.message(one) if isinstance(one, str) else one for one in said]
        with self.core.db.transaction() as session:
            return inbox.accept(session, self.core.vault, messages, self.now, RULE)

    def load(self, owner: str = "a", wait: float = 0.0):
        self.now += wait
        with self.core.db.transaction() as session:
            return turns.load(session, self.core.vault, self.id, owner, self.now, LEASE, rule=RULE)

    def claim(self, owner: str = "a") -> list[str]:
        with self.core.db.transaction() as session:
            return inbox.claim(session, owner, self.now, LEASE, 10)

    def end(self, turn, state: ConversationState | None = None, *replies: str) -> bool:
        end = TurnEnd(state or ConversationState(unsure=1), [OutboundMessage(text=one) for one in replies])
        with self.core.db.transaction() as session:
            return turns.commit(session, self.core.vault, turn, lambda _: end, self.now)

    def opened(self, question: str = "tip_what") -> Talk:
        """The conversation with `question` open."""
        self.say("xin chào")
        self.end(self.load(), at(question))
        return self

    def texts(self) -> list[str]:
        """Every turn that is left, as it would be heard."""
        found = []
        while (turn := self.load(wait=LONGEST_WAIT + 1)) is not None:
            found.append(turn.message.text or turn.message.choice)
            self.end(turn, turn.state)
        return found

    def rows(self, column):
        with self.core.db.reading() as session:
            return list(session.execute(select(column).order_by(Inbox.id)).scalars())


@pytest.fixture
def talk(core) -> Talk:
    return Talk(core)


def photo(number: int = 1) -> Attachment:
    return Attachment(f"fetch:{number}", "image", 100)


# ---- one turn


def test_what_is_there_is_one_message_with_a_line_a_piece(talk):
    accepted = talk.say("tui muốn báo", "ở quán sao đêm", "xã an lão", "có 3 đứa nhỏ")
    turn = talk.load()
    assert turn.message.text == "tui muốn báo\nở quán sao đêm\nxã an lão\ncó 3 đứa nhỏ"
    assert turn.inbox_ids == tuple(one.inbox_id for one in accepted)
    assert not talk.end(turn, None, "một câu trả lời")
    assert talk.rows(Inbox.status) == ["done"] * 4
    assert set(talk.rows(Inbox.payload)) == {None}
    with talk.core.db.reading() as session:
        assert list(session.execute(select(Outbox.inbox_id)).scalars()) == [accepted[0].inbox_id]
        first, fourth = (
            turns.outcome(session, talk.core.vault, one.conversation_id, one.inbox_id)
            for one in (accepted[0], accepted[3])
        )
        assert first == fourth, "whoever asks for the answer to any of them gets it"
        assert first[1]
        assert [reply.text for _, reply in first[0]] == ["một câu trả lời"]


def test_files_come_along_and_of_positions_the_last(talk):
    talk.say(
        "ảnh quán đây",
        talk.message(attachments=(photo(1),)),
        talk.message("biển số", attachments=(photo(2),), refused=("file_type",)),
        talk.message(latitude=20.0, longitude=106.0),
        talk.message(latitude=21.0, longitude=105.0),
        "chỗ này nè",
    )
    turn = talk.load()
    message = turn.message
    assert [file.ref for file in message.attachments] == ["fetch:1", "fetch:2"]
    assert (message.kind, message.text) == (InboundKind.ATTACHMENT, "ảnh quán đây\nbiển số")
    assert message.refused == turn.refused == ("file_type",)
    talk.end(turn)
    turn = talk.load()
    assert (turn.message.kind, turn.message.latitude, turn.message.longitude) == (InboundKind.LOCATION, 21.0, 105.0)
    talk.end(turn)
    assert talk.load().message.text == "chỗ này nè"


def test_a_repeated_delivery_adds_nothing(talk):
    first, second = talk.message("ở quán sao đêm"), talk.message("xã an lão")
    talk.say(first, second)
    talk.say(second, first)
    assert talk.load().message.text == "ở quán sao đêm\nxã an lão"


def test_a_crash_before_the_commit_repeats_all_of_it(talk):
    talk.say("ở quán sao đêm", "xã an lão")
    turn = talk.load(owner="dead")

    def breaks(session):
        raise RuntimeError

    with pytest.raises(RuntimeError), talk.core.db.transaction() as session:
        turns.commit(session, talk.core.vault, turn, breaks, talk.now)
    assert talk.rows(Inbox.status) == ["pending", "pending"]
    again = talk.load(wait=LEASE + 1)
    assert again.message == turn.message
    talk.end(again, None, "một")
    with pytest.raises(Conflict):
        talk.end(turn, None, "hai")
    with talk.core.db.reading() as session:
        assert len(session.execute(select(Outbox.id)).all()) == 1


def test_one_piece_taken_elsewhere_takes_the_whole_turn(talk):
    accepted = talk.say("ở quán sao đêm", "xã an lão")
    turn = talk.load()
    with talk.core.db.transaction() as session:
        session.execute(update(Inbox).where(Inbox.id == accepted[1].inbox_id).values(status="done"))
    with pytest.raises(Conflict):
        talk.end(turn)
    assert talk.rows(Inbox.status) == ["pending", "done"]


def test_what_comes_while_a_turn_is_thought_through_is_the_next(talk):
    talk.say("ở quán sao đêm")
    turn = talk.load()
    talk.say("xã an lão", "có 3 đứa nhỏ")
    assert talk.end(turn)
    assert talk.load().message.text == "xã an lão\ncó 3 đứa nhỏ"


# ---- what is never joined


@pytest.mark.parametrize(
    "word", ["DỪNG", "dừng lại", "thôi không báo nữa", "hủy", "bỏ qua", "đúng rồi ạ", "không", "/start", "/dung", "menu",
             "đăng ký", "hủy đăng ký", "gửi đi", "khoan", CODE, receipt.pretty(CODE), "mã của em " + CODE],
)  # fmt: skip
def test_a_word_that_does_something_is_heard_alone_and_in_its_place(talk, word):
    talk.say("ở quán sao đêm", "xã an lão", word, "có 3 đứa nhỏ", "cỡ 14 tuổi")
    assert talk.texts() == ["ở quán sao đêm\nxã an lão", word, "có 3 đứa nhỏ\ncỡ 14 tuổi"]


@pytest.mark.parametrize("kind", [InboundKind.FOLLOW, InboundKind.UNSUPPORTED, InboundKind.STOPPED, InboundKind.HUMAN])
def test_events_signs_and_buttons_are_heard_alone(talk, kind):
    talk.say("a ơi cho hỏi", talk.message(kind=kind), talk.message(choice="do:report_tip"), "quán sao đêm")
    found = []
    while (turn := talk.load()) is not None:
        found.append(turn.message.kind)
        talk.end(turn)
    assert found == [InboundKind.TEXT, kind, InboundKind.CHOICE, InboundKind.TEXT]


def test_a_number_picks_where_choices_are_numbered(core):
    for channel, heard in ((Channel.ZALO_BOT, ["quán sao đêm", "2", "xã an lão"]), (Channel.TELEGRAM, ["quán sao đêm\n2\nxã an lão"])):  # fmt: skip
        talk = Talk(core, channel)
        talk.say("quán sao đêm", "2", "xã an lão")
        assert talk.texts() == heard


@pytest.mark.parametrize(
    "state",
    [ConversationState(receipt=Receipt(code=CODE)), ConversationState(receipt=Receipt(part="123")), at("status_code"),
     at("screening_answer"), ConversationState(signup=SignUp(ask="place"))],
)  # fmt: skip
def test_where_one_answer_follows_the_other_each_is_heard_alone(talk, state):
    talk.say("xin chào")
    talk.end(talk.load(), state)
    talk.say("123 456", "789 012")
    assert talk.load().message.text == "123 456"


def test_another_way_back_is_another_turn(core):
    talk = Talk(core, Channel.ZALO_OA)
    talk.say(talk.message("quán sao đêm", reply_to="x"), talk.message("xã an lão", reply_to="y"))
    assert talk.texts() == ["quán sao đêm", "xã an lão"]


# ---- bounds


def test_a_flood_is_taken_in_bounded_turns(talk):
    talk.say(*(f"mảnh số {n}" for n in range(25)))
    assert [len(text.split("\n")) for text in talk.texts()] == [MOST_PIECES, MOST_PIECES, 5]


def test_no_turn_is_longer_than_a_message_may_be(talk):
    talk.say("a" * 2_500, "b" * 1_499, "c" * 1_500, "d" * 8_000)
    assert [len(text) for text in talk.texts()] == [4_000, 1_500, 8_000]


def test_no_turn_has_more_files_than_a_message_may_have(talk):
    talk.say(*(talk.message(attachments=tuple(photo(4 * n + m) for m in range(4))) for n in range(3)))
    turn = talk.load()
    assert len(turn.message.attachments) == 8 <= MAX_ATTACHMENTS
    talk.end(turn)
    assert len(talk.load().message.attachments) == 4


# ---- the quiet time


def test_an_answer_in_words_waits_a_moment_for_the_next_piece(talk):
    talk.opened()
    (first,) = talk.say("tối nào cũng thấy")
    assert first.due_at == talk.now + QUIET
    assert talk.claim() == []
    assert talk.load() == Waits(first.due_at)
    assert talk.load(owner="another gateway") == Waits(first.due_at), "nothing is held meanwhile"
    talk.say("ở quán sao đêm", wait=1.0)
    assert talk.load(wait=0.6) == Waits(talk.now + 0.9), "measured from the newest piece"
    assert talk.claim() == []
    talk.now += 0.9
    assert talk.claim("b") == [talk.id]
    assert talk.load("b").message.text == "tối nào cũng thấy\nở quán sao đêm"


def test_nobody_waits_longer_than_five_seconds(talk):
    talk.opened()
    began = talk.now
    for n in range(5):
        talk.say(f"mảnh số {n}", wait=1.0 if n else 0.0)
        assert talk.load() == Waits(min(talk.now + QUIET, began + LONGEST_WAIT))
    turn = talk.load(wait=1.0)
    assert talk.now == began + LONGEST_WAIT
    assert turn.message.text.count("\n") == 4


@pytest.mark.parametrize("text", ["cứu em với, em bị nhốt", "bỏ qua", "không biết", "dừng lại", "dài " * 100])
def test_these_never_wait(talk, text):
    talk.opened()
    assert talk.say(text)[0].due_at == 0.0
    assert talk.load().message.text == text.strip() or text


@pytest.mark.parametrize("question", ["", "tip_safe", "tip_confirm", "tip_reply", "tip_pick", "offer_text"])
def test_only_questions_answered_in_words_are_waited_for(talk, question):
    talk.opened(question)
    talk.say("tối nào cũng thấy ở đó")
    assert talk.load().message.text == "tối nào cũng thấy ở đó"


def test_first_contact_is_answered_at_once(talk):
    talk.say("tui muốn báo chuyện này")
    assert talk.claim() == [talk.id]


def test_a_cry_takes_what_waits_along_and_goes_at_once(talk):
    talk.opened()
    talk.say("tối nào cũng thấy", "ở quán sao đêm", "cứu em với, em bị nhốt")
    assert talk.claim() == [talk.id]
    turn = talk.load()
    assert turn.message.text == "tối nào cũng thấy\nở quán sao đêm\ncứu em với, em bị nhốt"
    assert turn.pieces[-1] == "cứu em với, em bị nhốt"


def test_a_button_ends_the_waiting(talk):
    talk.opened()
    talk.say("tối nào cũng thấy", talk.message(choice="ans:skip"))
    assert talk.claim() == [talk.id]
    turn = talk.load()
    assert turn.message.text == "tối nào cũng thấy"
    talk.end(turn, turn.state)
    assert talk.load().message.choice == "ans:skip"


def test_an_album_is_waited_for_wherever_it_is_sent(talk):
    for n in range(6):
        talk.say(talk.message("quán này nè" if n == 2 else "", attachments=(photo(n),), album="777"), wait=0.1)
    assert isinstance(talk.load(), Waits)
    turn = talk.load(wait=QUIET)
    assert len(turn.message.attachments) == 6
    assert turn.message.text == "quán này nè"
    assert not talk.end(turn)


def test_the_mark_ends_with_the_question_and_with_the_conversation(talk):
    listening = lambda: talk.core.db.reading()  # noqa: E731
    talk.opened()
    with listening() as session:
        assert session.get(Conversation, talk.id).listening
    talk.say("xong rồi đó nhe bạn")
    talk.end(talk.load(wait=QUIET), at("tip_confirm"))
    with listening() as session:
        assert not session.get(Conversation, talk.id).listening
    talk.say(talk.message(choice="ans:yes"))
    talk.end(talk.load(), at("tip_what"))
    with talk.core.db.transaction() as session:
        contacts.forget(session, talk.id)
    with listening() as session:
        assert not session.get(Conversation, talk.id).listening


def test_a_clock_that_ran_ahead_makes_nobody_wait(talk):
    talk.opened()
    talk.now += 86_400.0
    talk.say("tối nào cũng thấy")
    talk.now -= 86_400.0
    assert talk.load().message.text == "tối nào cũng thấy"


# ---- when a turn of several fails


def fail(talk: Talk, turn, *, blame: bool) -> str:
    with talk.core.db.transaction() as session:
        return turns.fail(session, talk.core.vault, turn, "a", OutboundMessage(text="113"), talk.now, blame=blame)


def test_without_an_engine_one_card_goes_out_and_they_stay_together(talk):
    talk.say("ở quán sao đêm", "xã an lão")
    assert fail(talk, talk.load(), blame=False) == "pending"
    assert talk.load() is None
    again = talk.load(wait=3.0)
    assert again.message.text == "ở quán sao đêm\nxã an lão"
    fail(talk, again, blame=False)
    with talk.core.db.reading() as session:
        assert len(session.execute(select(Outbox.id)).all()) == 1


def test_where_one_of_them_may_be_the_cause_each_is_tried_alone(talk):
    talk.say("ở quán sao đêm", "xã an lão", "có 3 đứa nhỏ")
    fail(talk, talk.load(), blame=True)
    talk.now += 3.0
    assert talk.texts() == ["ở quán sao đêm", "xã an lão", "có 3 đứa nhỏ"]
    assert talk.rows(Inbox.status) == ["done"] * 3
