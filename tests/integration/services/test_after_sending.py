"""What is told after an urgent tip was sent: added by a server that cannot read it, read by who holds the tip's key."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from bot.core.tips import receipt
from bot.dialogue.commands import AddToSentTip, Command, ShowSentTip
from bot.dialogue.interview import afterwards
from bot.dialogue.interview.draft import Message
from bot.dialogue.state import ConversationState, Sent, View
from bot.services.messaging import commands
from bot.services.messaging.commands import Work
from bot.services.tips import files, reading, record
from bot.storage import sealing
from bot.storage.tables import Referral, Tip, TipEntry, TipFile
from tests.integration.services.test_tips import DRAFT, officers, sign_in, submit  # noqa: F401 - a fixture

FACTS = {"when": "tối qua", "traces": ["29A-123.45"]}
TOLD = AddToSentTip("tối qua, xe 29A-123.45", question="when", facts=FACTS, quiet=True)


def half_of(core, code: str) -> Sent:
    keys = core.vault.receipt_keys(code)
    with core.db.reading() as session:
        opened = record.open_with_receipt(session, core.vault, keys.lookup, keys.pair)
    assert opened is not None
    return Sent(opened.tip_id, sealing.adding_half(opened.key))


def add(core, sent: Sent, told: AddToSentTip) -> tuple[list, Work]:
    return run(core, ConversationState(engine={"draft": {"done": [], "sent": {}}}, sent=sent), told)


def run(core, state: ConversationState, told: Command) -> tuple[list, Work]:
    work = Work(
        vault=core.vault, clocks=core.clocks, conversation_id="c", channel="web", language="vi", state=state,
        route=lambda session, draft: None, cards=lambda names: [], check_offer=lambda *args: [], now=3000.0,
    )  # fmt: skip
    commands.prepare(work, 0, told)
    with core.db.transaction() as session:
        return commands.run(session, work, 0, told), work


def test_the_officer_reads_it_with_the_key_of_the_unit(core, officers):  # noqa: F811
    code, created = submit(core)
    assert add(core, half_of(core, code), TOLD)[0] == []
    officer = sign_in(core, officers["anphu"])
    with core.db.transaction() as session:
        referral = session.execute(select(Referral.id).where(Referral.tip_id == created.tip_id)).scalar_one()
        (entry,) = reading.read(session, officer, referral, 4000.0)["entries"]
    assert (entry["author"], entry["text"], entry["question"], entry["facts"]) == ("reporter", TOLD.text, "when", FACTS)


def test_what_can_add_can_read_nothing(core, officers):  # noqa: F811
    code, _created = submit(core)
    sent = half_of(core, code)
    add(core, sent, TOLD)
    with core.db.reading() as session:
        body = session.execute(select(TipEntry.body)).scalar_one()
    assert b"29A" not in body
    for key in (sent.adding, sealing.new_key()):
        with pytest.raises(sealing.CannotOpen):
            sealing.unseal_either(key, body, f"entry:{sent.tip}")
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal_either(sealing.new_key(), b"", f"entry:{sent.tip}")


def test_an_addition_belongs_to_its_tip(core, officers):  # noqa: F811
    code, _created = submit(core)
    sent, keys = half_of(core, code), core.vault.receipt_keys(code)
    add(core, sent, TOLD)
    with core.db.reading() as session:
        opened = record.open_with_receipt(session, core.vault, keys.lookup, keys.pair)
        body = session.execute(select(TipEntry.body)).scalar_one()
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal_either(opened.key, body, "entry:another")


def test_a_file_comes_with_it(core, officers, tmp_path):  # noqa: F811
    code, created = submit(core)
    kept = files.keep(tmp_path, b"%PDF-1.7 \n%%EOF")
    add(core, half_of(core, code), AddToSentTip("", (kept.ref,), quiet=True))
    officer = sign_in(core, officers["anphu"])
    with core.db.transaction() as session:
        referral = session.execute(select(Referral.id).where(Referral.tip_id == created.tip_id)).scalar_one()
        found = reading.read(session, officer, referral, 4000.0)
    assert [ref.id for row, ref in found["files"] if isinstance(row, TipFile)] == found["entries"][0]["files"]


def test_danger_in_an_addition_makes_the_tip_urgent(core, officers):  # noqa: F811
    code, created = submit(core)
    add(core, half_of(core, code), AddToSentTip("nó đang đánh em, cứu em với, em sợ lắm", quiet=True))
    with core.db.reading() as session:
        assert session.get(Tip, created.tip_id).urgency == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "no sap vo kiem tra dien thoai",
        "tụi nó đang dọn đồ đi kìa",
        "10 phút nữa đăng",
        "mai ban no qua cty khac",
        "xe tới đón rồi",
    ],
)
def test_an_urgent_word_after_sending_raises_the_tip(core, officers, text):  # noqa: F811
    code, created = submit(core)
    add(core, half_of(core, code), AddToSentTip(text, quiet=True))
    with core.db.reading() as session:
        assert session.get(Tip, created.tip_id).urgency == "urgent"


def test_the_tip_is_read_back_to_who_opened_it(core, officers):  # noqa: F811
    code, created = submit(core, draft={**DRAFT, "contact": "0987 001 122"})
    keys = core.vault.receipt_keys(code)
    with core.db.reading() as session:
        opened = record.open_with_receipt(session, core.vault, keys.lookup, keys.pair)
    assert opened is not None
    said, _ = run(core, ConversationState(view=View(opened.tip_id, opened.key)), ShowSentTip())
    assert [one["say"] for one in said] == ["status_tip"]
    assert said[0]["args"]["what"] == DRAFT["what"]
    assert "0987" not in json.dumps(said), "the contact is sealed apart, and to nobody with the code"
    (bubble,) = core.renderer.render(said, "vi")
    assert DRAFT["what"] in bubble.text
    with core.db.transaction() as session:
        session.delete(session.get(Tip, created.tip_id))
    gone, work = run(core, ConversationState(view=View(opened.tip_id, opened.key)), ShowSentTip())
    assert [one["say"] for one in gone] == ["status_not_opened"]
    assert work.state.view is None
    assert [one["say"] for one in run(core, ConversationState(), ShowSentTip())[0]] == ["status_not_opened"]


def test_a_tip_that_is_gone_ends_it_and_is_said_truly(core, officers):  # noqa: F811
    code, created = submit(core)
    sent = half_of(core, code)
    with core.db.transaction() as session:
        session.delete(session.get(Tip, created.tip_id))
    said, work = add(core, sent, TOLD)
    assert [one["say"] for one in said] == ["tip_sent_needs_code"]
    assert work.keep_engine
    assert (work.state.engine, work.state.sent) == (None, None)


def test_the_state_after_sending_holds_no_word_and_survives_being_stored(core):
    draft = {"done": ["where", "what", "confirm"], "short": True, "urgent": True, "what": "quán nhốt em", "traces": []}
    afterwards.begin(draft, as_words=False, language="vi")
    afterwards.answer(draft, "behind", Message(text="bà Tư Thơm"))
    state = ConversationState(engine={"draft": draft}, sent=Sent("f" * 32, b"k" * 32))
    stored = json.loads(json.dumps(state.to_json()))
    assert ConversationState.from_json(stored) == state
    assert "nhốt" not in json.dumps(stored, ensure_ascii=False)
    assert "Thơm" not in json.dumps(stored, ensure_ascii=False)
    assert not state.rested().draft_forgotten, "nothing of the tip is lost with it"
    for broken in ({"tip": "f", "adding": "a2tr"}, {"tip": 3}, [], "x", {"adding": "aaaa"}):
        assert ConversationState.from_json(stored | {"sent": broken}).sent is None


def test_a_state_of_the_version_before_goes_on_without_questions():
    road = {"done": ["what", "where"], "as_words": True}
    assert not afterwards.is_on(road)
    state = ConversationState.from_json(
        {"version": 2, "engine": {"draft": road}, "receipt": {"code": receipt.new_code(lambda n: 5)}}
    )
    assert state.sent is None
    assert not state.asks_more
