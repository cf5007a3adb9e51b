"""Somebody who can write to the database and also chats: turns another person's message or answer to a conversation of their own."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import select, update

from bot.app import Core
from bot.checks import installation
from bot.checks.findings import Mark
from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.core.sending import Pace
from bot.dialogue.state import ConversationState
from bot.jobs import retention
from bot.services import audit
from bot.services.messaging import inbox, outbox, turned, turns
from bot.services.messaging.turns import TurnEnd
from bot.storage import marks
from bot.storage.database import MIGRATIONS, migrate
from bot.storage.tables import Audit, Contact, Inbox, Outbox
from bot.storage.vault import outbound_place, queue_key

NOW = 1_800_000_000.0
WORDS = "họ nhốt em ở phòng số bốn"
CODE = "mã tra cứu 12345 67890 12345 67890"
VICTIM, WRITER = "7001", "7002"


class Queues:
    """Two people on one channel: one writes WORDS and is answered with CODE, the other writes to the database."""

    def __init__(self, core: Core, channel: Channel) -> None:
        core.now = lambda: NOW
        self.core, self.channel = core, channel
        self.victim, self.writer = (core.vault.conversation_id(channel, who) for who in (VICTIM, WRITER))

    def writes(self, who: str, text: str, number: int) -> int:
        message = InboundMessage(self.channel, who, f"m{number}", InboundKind.TEXT, text=text)
        with self.core.db.transaction() as session:
            return inbox.accept(session, self.core.vault, [message], NOW)[0].inbox_id

    def answered(self, conversation: str, text: str) -> None:
        """A turn without an engine: what matters is which words it was given."""
        turn = self.load(conversation)
        assert isinstance(turn, turns.TurnInput)
        end = TurnEnd(ConversationState(unsure=1), [OutboundMessage(text)])
        with self.core.db.transaction() as session:
            turns.commit(session, self.core.vault, turn, lambda _: end, NOW)

    def load(self, conversation: str) -> turns.TurnInput | turns.Waits | None:
        with self.core.db.transaction() as session:
            return turns.load(session, self.core.vault, conversation, "o", NOW, 30.0)

    def write(self, table: type, **values: object) -> None:
        with self.core.db.transaction() as session:
            session.execute(update(table).values(**values))

    def doubted(self) -> list[str]:
        with self.core.db.reading() as session:
            assert audit.verify(session).ok
            query = select(Audit.detail).where(Audit.action == turned.FOUND)
            return list(session.execute(query).scalars())


@pytest.fixture(params=[Channel.TELEGRAM, Channel.WEB], ids=str)
def queues(core: Core, request: pytest.FixtureRequest) -> Queues:
    return Queues(core, request.param)


def test_a_waiting_message_turned_to_another_conversation_is_read_to_nobody(queues: Queues, caplog) -> None:
    queues.writes(WRITER, "xin chào", 1)
    queues.answered(queues.writer, "chào bạn")
    number = queues.writes(VICTIM, WORDS, 2)
    queues.write(Inbox, conversation_id=queues.writer)
    with caplog.at_level(logging.ERROR):
        assert queues.load(queues.writer) is None
    assert turned.FOUND in caplog.messages
    assert not any(WORDS in text for text in (caplog.text, *queues.doubted()))
    with queues.core.db.reading() as session:
        row = session.get(Inbox, number)
        assert (row.status, row.payload, row.conversation_id) == ("dead", None, "")
    assert queues.doubted() == [f"row=inbox:{number}"]


def test_what_stands_behind_a_turned_message_is_answered(queues: Queues) -> None:
    queues.writes(VICTIM, WORDS, 1)
    queues.write(Inbox, conversation_id=queues.writer)
    queues.writes(WRITER, "xin chào", 2)
    turn = queues.load(queues.writer)
    assert isinstance(turn, turns.TurnInput)
    assert turn.message.text == "xin chào"


def test_a_turned_message_among_pieces_is_no_piece(queues: Queues) -> None:
    queues.writes(WRITER, "em ở", 1)
    queues.writes(VICTIM, WORDS, 2)
    queues.writes(WRITER, "bến xe", 3)
    queues.write(Inbox, conversation_id=queues.writer, due_at=NOW - 1.0)
    read = []
    while isinstance(turn := queues.load(queues.writer), turns.TurnInput):
        read.append(turn.message.text)
        with queues.core.db.transaction() as session:
            turns.commit(session, queues.core.vault, turn, lambda _: TurnEnd(ConversationState()), NOW)
    assert "".join(read).count("bến xe") == 1
    assert not any(WORDS in text for text in read)


def sent(queues: Queues) -> list[outbox.Due]:
    with queues.core.db.transaction() as session:
        pace = Pace(per_second=100.0, burst=100, per_chat=0.0)
        return outbox.claim(session, queues.core.vault, queues.channel, pace, NOW, 50)


def shown(queues: Queues, conversation: str, inbox_id: int) -> list[str]:
    """What the page of one conversation gets, by each of its ways."""
    with queues.core.db.reading() as session:
        vault = queues.core.vault
        later = turns.later_replies(session, vault, conversation, 0)
        own, _ = turns.outcome(session, vault, conversation, inbox_id)
    return [reply.text for _, reply in [*later, *own]]


def test_an_answer_turned_to_another_conversation_is_shown_to_nobody(queues: Queues) -> None:
    queues.writes(VICTIM, WORDS, 1)
    queues.answered(queues.victim, CODE)
    own = queues.writes(WRITER, "xin chào", 2)
    queues.answered(queues.writer, "chào bạn")
    with queues.core.db.transaction() as session:
        session.execute(
            update(Outbox)
            .where(Outbox.conversation_id == queues.victim)
            .values(conversation_id=queues.writer, inbox_id=own)
        )
        first = session.execute(select(Outbox.id).order_by(Outbox.id)).scalars().first()
    if queues.channel is Channel.WEB:
        assert shown(queues, queues.writer, own) == ["chào bạn", "chào bạn"]
    else:
        assert [due.message.text for due in sent(queues)] in ([], ["chào bạn"])
    retention.run(queues.core)
    assert queues.doubted() == [f"row=outbox:{first}"]
    with queues.core.db.reading() as session:
        row = session.get(Outbox, first)
        assert (row.status, row.payload) == ("dropped", None)


def test_another_messages_answers_are_not_fetched_by_number(queues: Queues) -> None:
    """Which message an answer is to, and which messages were answered together, are plain columns too."""
    number = queues.writes(VICTIM, WORDS, 1)
    queues.answered(queues.victim, CODE)
    own = queues.writes(WRITER, "xin chào", 2)
    with queues.core.db.transaction() as session:
        session.execute(update(Inbox).where(Inbox.id == own).values(with_id=number))
    assert shown(queues, queues.writer, own) == []
    assert CODE in shown(queues, queues.victim, number), "whose it is sees it"


def test_neither_is_sent_on_another_channel(core: Core) -> None:
    """Ids of two platforms can be the same."""
    queues = Queues(core, Channel.TELEGRAM)
    queues.writes(VICTIM, WORDS, 1)
    queues.answered(queues.victim, CODE)
    queues.write(Outbox, channel="zalo_bot")
    queues.write(Contact, channel="zalo_bot")
    queues.channel = Channel.ZALO_BOT
    assert sent(queues) == []
    queues.channel = Channel.TELEGRAM
    queues.writes(VICTIM, WORDS, 2)
    queues.write(Contact, channel="telegram")
    queues.write(Inbox, channel="web")
    assert queues.load(queues.victim) is None
    assert len(queues.doubted()) == 2


def test_a_contact_turned_to_another_person_is_not_written_to(core: Core) -> None:
    queues = Queues(core, Channel.TELEGRAM)
    queues.writes(VICTIM, WORDS, 1)
    queues.answered(queues.victim, CODE)
    queues.writes(WRITER, "xin chào", 2)
    with core.db.transaction() as session:
        own = session.get(Contact, queues.writer).address
        session.execute(update(Contact).where(Contact.conversation_id == queues.victim).values(address=own))
    assert sent(queues) == []
    assert len(queues.doubted()) == 1


def test_check_says_so(queues: Queues) -> None:
    def finding() -> Mark:
        (found,) = [one for one in installation.local(queues.core) if one.subject == "Tin nhắn trong hàng đợi"]
        return found.mark

    assert finding() is Mark.GOOD
    queues.writes(VICTIM, WORDS, 1)
    queues.write(Inbox, conversation_id=queues.writer)
    retention.run(queues.core)
    assert finding() is Mark.BAD


def test_answers_that_wait_are_carried_over_by_an_upgrade(queues: Queues) -> None:
    core = queues.core
    number = queues.writes(VICTIM, WORDS, 1)
    queues.answered(queues.victim, CODE)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    url, key = core.settings.database_url, queue_key(core.settings.keys)
    config.attributes.update(url=url, marks=marks.key_for(core.settings.keys), queue=key)
    command.downgrade(config, "0021")
    assert shown(queues, queues.victim, number) == [], "sealed as the release before did"
    with pytest.raises(RuntimeError, match="db init"):
        migrate(url)
    migrate(url, marks.key_for(core.settings.keys), key)
    assert CODE in shown(queues, queues.victim, number)


def test_without_the_guard_the_way_is_open(queues: Queues) -> None:
    """What the release before did: the words were bound to the row's own key alone, whoever's the row was."""
    queues.writes(VICTIM, WORDS, 1)
    queues.answered(queues.victim, CODE)
    queues.write(Outbox, conversation_id=queues.writer)
    core = queues.core
    with core.db.reading() as session:
        row = session.execute(select(Outbox)).scalar_one()
    message = core.vault.open_outbound(queues.victim, row.channel, row.dedupe, row.payload)
    assert message.text == CODE, "the row is whole: only where it stands is wrong"
    assert outbound_place(queues.writer, row.channel, row.dedupe) != outbound_place(
        queues.victim, row.channel, row.dedupe
    )
    assert sa.inspect(core.db.engine).has_table("outbox")
