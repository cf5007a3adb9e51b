"""The receipt code as the gateway reads it: compared with the one that was shown, also when it comes in pieces."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.core.messages import Channel, InboundKind, InboundMessage
from bot.core.text import fold
from bot.core.tips import receipt
from bot.dialogue.heard import TurnInput
from bot.dialogue.reading import codes
from bot.dialogue.reading.message import Reader
from bot.dialogue.state import ConversationState, Receipt
from bot.phrases.receipt_words import WORDS

CODE = receipt.new_code(lambda n: 28969512345678901234)
GROUPS = [CODE[i : i + 3] for i in range(0, 21, 3)]
RENDERER: Any = SimpleNamespace(has_item=lambda name: False, book=lambda code: SimpleNamespace(intents={}))
READER = Reader(RENDERER, lambda text: "vi")


def asking(slot: str, code: str = "") -> ConversationState:
    events = [{"event": "slot", "name": "requested_slot", "value": slot}]
    return ConversationState(engine={"events": events, "draft": {"done": []}}, receipt=Receipt(code))


ASKED, OPENING = asking("tip_receipt", CODE), asking("status_code")


def read(text: str, state: ConversationState) -> Any:
    message = InboundMessage(Channel.WEB, "p", "m", InboundKind.TEXT, text=text)
    found = READER.read(TurnInput(1, "c", Channel.WEB, message, ConversationState(), 1, False, 0, False), state)
    state.receipt.part = found.part
    return found


@pytest.mark.parametrize("typed", [
    "\n".join(GROUPS), ", ".join(GROUPS), "\u202f".join(GROUPS), "_".join(GROUPS), "\t".join(GROUPS), "   ".join(GROUPS),
    CODE.translate(str.maketrans("0123456789", "０１２３４５６７８９")), CODE.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    f"mã của em là {' · '.join(GROUPS)} ạ", " rồi ".join(GROUPS),
])  # fmt: skip
def test_confirmed_and_hidden_in_every_writing(typed):
    found = read(typed, ASKED.copy())
    assert (found.receipt, found.code) == ("match", CODE)
    assert receipt.digits_of(found.text) == ""
    if "rồi" not in typed:
        opened = read(typed, OPENING.copy())
        assert (opened.code, receipt.digits_of(opened.text)) == (CODE, "")
        outside = read(typed, ConversationState())
        assert (outside.intent, receipt.digits_of(outside.text)) == ("report_tip_status", "")


@pytest.mark.parametrize("sizes", [(9, 12), (3,) * 7, (18, 3), (3, 18), (6, 6, 9)])
def test_a_code_in_several_messages(sizes):
    for start in (ASKED, OPENING):
        state, done = start.copy(), 0
        for size in sizes:
            found = read(CODE[done : done + size], state)
            done += size
            assert CODE[:3] not in found.text
        if done == receipt.LENGTH and not (start is OPENING and sizes[0] >= 18):
            assert found.code == CODE
            assert found.receipt == ("match" if start is ASKED else "")


def test_a_piece_begun_anew_and_a_number_that_is_none():
    state = ASKED.copy()
    assert read(CODE[:9], state).receipt == "part"
    assert read(CODE[:6], state).part == CODE[:6]
    found = read("113", state)
    assert (found.receipt, found.part, found.text) == ("", "", "113")
    assert read(receipt.pretty(CODE), state).receipt == "match"


def test_a_wrong_code_is_a_mismatch_and_hidden():
    wrong = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)
    found = read(wrong, ASKED.copy())
    assert (found.receipt, found.text) == ("mismatch", "…")


@pytest.mark.parametrize("text", ["gửi lại mã giúp em", "gui lai ma giup em voi", "cho con xin lại mã giúp con với"])
def test_a_favour_asked_about_the_code_is_no_cry_for_help(text):
    assert read(text, ASKED.copy()).danger.level != "emergency"


@pytest.mark.parametrize("text", ["gửi lại mã giúp em, em đang bị nhốt", "cứu em với, em chưa thấy mã", "giúp em với"])
def test_a_cry_beside_it_still_is_one(text):
    assert read(text, ASKED.copy()).danger.level == "emergency"


SEVEN = WORDS.words_of(CODE)


@pytest.mark.parametrize("typed", [
    ", ".join(SEVEN), "\n".join(SEVEN), " ".join(SEVEN).upper(), fold("".join(SEVEN)).replace(" ", ""), f"dạ bảy từ là {' '.join(SEVEN)} ạ",
])  # fmt: skip
def test_the_words_of_a_code_are_the_code(typed):
    found = read(typed, ASKED.copy())
    assert (found.receipt, found.code, found.said.as_words) == ("match", CODE, True)
    opened = read(typed, OPENING.copy())
    assert (opened.receipt, opened.code, opened.said.wrong) == ("", CODE, ())
    outside, told = read(typed, ConversationState()), read(typed, asking("tip_what"))
    assert (outside.intent, outside.code, told.intent, told.code) == ("report_tip_status", CODE, "", CODE)
    for reading in (found, opened, outside, told):
        assert not any(fold(word) in fold(reading.text) for word in SEVEN)
        assert fold(SEVEN[0]).replace(" ", "") not in fold(reading.text).replace(" ", "")


def test_a_mistyped_word_is_no_code_and_its_place_is_told():
    slip = ", ".join((*SEVEN[:2], "con zum", *SEVEN[3:]))
    for start, compared in ((ASKED, "mismatch"), (OPENING, ""), (ConversationState(), "")):
        found = read(slip, start.copy())
        assert (found.receipt, found.code, found.said.wrong, found.text) == (compared, codes.UNREADABLE, (3,), "…")


def test_a_wrong_word_of_the_list_is_a_wrong_code_and_nothing_is_told_of_it():
    other = WORDS.words_of(receipt.new_code(lambda n: 5))
    found = read(", ".join((*SEVEN[:2], other[2], *SEVEN[3:])), OPENING.copy())
    assert receipt.is_well_formed(found.code)
    assert found.code != CODE
    assert found.said.wrong == ()


def test_words_beyond_the_last_code_are_no_code():
    found = read(", ".join([WORDS.words[-1]] * 7), OPENING.copy())
    assert (found.code, found.said.wrong, found.text) == (codes.UNREADABLE, (), "…")


@pytest.mark.parametrize("sizes", [(3, 4), (1,) * 7, (6, 1), (2, 2, 3)])
def test_the_words_in_several_messages(sizes):
    for start in (ASKED, OPENING):
        state, done = start.copy(), 0
        for size in sizes:
            found = read(" ".join(SEVEN[done : done + size]), state)
            done += size
            assert found.text == "…"
        assert found.code == CODE
        assert found.receipt == ("match" if start is ASKED else "")


def test_words_begun_anew_and_words_that_are_none_of_it():
    state = ASKED.copy()
    assert read(" ".join(SEVEN[:4]), state).receipt == "part"
    assert read(" ".join(SEVEN[:2]), state).receipt == "part"
    assert read("em nhớ rồi", state).receipt == ""
    found = read(f"em nhớ {SEVEN[4]} {SEVEN[5]} thôi", ASKED.copy())
    assert (found.receipt, found.text) == ("", "em nhớ … thôi")
    assert read(", ".join(SEVEN), ASKED.copy()).receipt == "match"


def test_an_operator_may_type_either_form():
    assert codes.find(receipt.pretty(CODE)) == codes.find(", ".join(SEVEN)) == CODE
    assert codes.find("không có mã") is None


@pytest.mark.parametrize("part", ["wabc", "w,,", "w99999,1", "w\u0663"])
def test_a_broken_part_of_a_code_stops_nobody(part):
    state = OPENING.copy()
    state.receipt.part = part
    assert read(" ".join(SEVEN[:4]), state).text == "…"
    assert read(", ".join(SEVEN), state).code == CODE
