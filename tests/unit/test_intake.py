"""The interview as a pure conversation: what is asked after what, and what is never lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.messages import MAX_ATTACHMENTS
from bot.dialogue.interview import intake
from bot.dialogue.interview.draft import QUESTIONS, Message, is_urgent, next_question
from bot.dialogue.interview.editing import EDITABLE
from bot.dialogue.interview.summary import summary
from bot.dialogue.numbered import PASSED

AN_PHU = {"status": "commune", "code": "10645", "province": "31", "name": "xã An Phú, Hải Phòng"}
TWO = {"status": "candidates", "codes": ["a", "b"], "name": "An Phú"}


def talk(draft, *answers):
    """Answer question after question; returns the last outcome."""
    question, outcome = next_question(draft), None
    for message in answers:
        outcome = intake.answer(draft, question, message)
        question = outcome.ask
    return outcome


def yes(text="có"):
    return Message(text=text)


SKIP = Message(choice="ans:skip")


def test_the_whole_interview_in_order():
    draft = intake.begin(Message(text="em muốn báo tin"))
    asked = []
    question = next_question(draft)
    for message in [
        yes(), Message(text="nhà trọ giữ giấy tờ mấy bạn nữ"), Message(text="xã An Phú", place=AN_PHU), SKIP, SKIP, SKIP, SKIP,
        Message(choice="reply:none"), Message(choice="ans:send"),
    ]:  # fmt: skip
        asked.append(question)
        question = intake.answer(draft, question, message).ask
    assert asked == ["safe", "what", "where", "when", "who", "behind", "evidence", "reply", "confirm"]
    assert question == "receipt"
    assert draft["what"] == "nhà trọ giữ giấy tờ mấy bạn nữ"
    assert draft["where"]["code"] == "10645"


def test_a_sticker_answers_no_question():
    for question in (*QUESTIONS, "receipt", "cancel", "edit"):
        draft = intake.begin(Message())
        draft |= {"where": dict(TWO), "cancel_from": "what"}
        before = repr(draft)
        outcome = intake.answer(draft, question, Message(intent="unsupported"))
        assert (outcome.ask, outcome.says, outcome.ended) == (question, ("tip_unread",), ""), question
        assert repr(draft) == before, question


def test_a_number_of_an_earlier_question_answers_none():
    for question in QUESTIONS:
        draft = intake.begin(Message())
        before = repr(draft)
        assert intake.answer(draft, question, Message(choice=PASSED)).ask == question
        assert repr(draft) == before


def test_a_position_shared_early_is_kept_as_the_place_and_the_question_stays_open():
    here = Message(intent="send_location", place=AN_PHU)
    for question in ("safe", "what", "when", "who", "behind", "evidence", "reply"):
        draft = intake.begin(Message())
        outcome = intake.answer(draft, question, here)
        assert (outcome.ask, outcome.says) == (question, ("tip_added",))
        assert draft["where"]["code"] == "10645"
        assert question not in draft["done"]
    told = intake.begin(Message())
    intake.answer(told, "where", Message(text="quán Sao Đêm gần chợ", place=TWO))
    assert intake.answer(told, "who", here).ask == "who"
    assert told["where"]["text"] == "quán Sao Đêm gần chợ", "their own words are not replaced"


def test_a_first_message_fills_three_answers():
    text = "ở xã An Phú có nhà cô Lan đang nhốt 3 đứa con gái"
    draft = intake.begin(Message(text=text, place=AN_PHU))
    assert draft["what"] == text
    assert draft["where"]["code"] == "10645"
    assert draft["people"] == 3
    assert draft["child"]
    assert "what" not in draft["done"], "kept, and whether there is more is asked"
    assert "where" in draft["done"]
    assert draft["where"]["text"] == AN_PHU["name"], "the story is kept once"
    shown = summary(draft)
    assert (shown["people"], shown["child"]) == ("3", "who:child")


def test_candidates_are_asked_about_at_most_twice():
    draft = intake.begin(Message(text="báo tin"))
    outcome = talk(draft, yes(), Message(text="chuyện"), Message(text="An Phú", place=TWO))
    assert outcome.ask == "pick"
    outcome = intake.answer(draft, "pick", Message(text="ở gần cái chợ lớn", place={"status": "none"}))
    assert outcome.ask == "pick"
    outcome = intake.answer(draft, "pick", Message(text="chịu", place={"status": "none"}))
    assert outcome.ask == "when"
    assert "An Phú" in draft["where"]["text"]


def test_picking_a_commune_settles_the_place():
    draft = intake.begin(Message(text="báo tin"))
    talk(draft, yes(), Message(text="chuyện"), Message(text="An Phú", place=TWO))
    outcome = intake.answer(draft, "pick", Message(choice="place:10645", place=AN_PHU))
    assert outcome.ask == "when"
    assert draft["where"]["code"] == "10645"


def test_danger_leaves_only_where_and_what():
    draft = intake.begin(Message(text="báo tin"))
    outcome = intake.answer(draft, "safe", Message(choice="ans:no"))
    assert outcome.says[0] == "emergency_in_danger"
    assert outcome.ask == "where"
    outcome = intake.answer(draft, "where", Message(text="phòng trọ 12 đường Lê Lợi", place={"status": "none"}))
    assert outcome.ask == "pick", "a street is in many communes"
    outcome = intake.answer(draft, "pick", Message(choice="place:unknown"))
    assert outcome.ask == "what"
    outcome = intake.answer(draft, "what", Message(text="nó khoá cửa"))
    assert outcome.ask == "confirm"
    assert is_urgent(draft)


def test_cancel_asks_once_and_can_be_taken_back():
    draft = intake.begin(Message(text="báo tin"))
    outcome = talk(draft, yes(), Message(text="huỷ"))
    assert outcome.ask == "cancel"
    outcome = intake.answer(draft, "cancel", Message(choice="ans:resume"))
    assert outcome.ask == "what"
    outcome = talk(draft, Message(text="chuyện này"), Message(text="thôi"))
    assert outcome.ask == "cancel"
    assert intake.answer(draft, "cancel", yes()).ended == "cancelled"


def test_a_place_called_like_a_cancel_word_is_kept():
    draft = intake.begin(Message(text="báo tin"))
    talk(draft, yes(), Message(text="chuyện"))
    outcome = intake.answer(
        draft, "where", Message(text="phố Hàng Thôi, quán Dừng Chân", intent="stop_cancel", confidence=0.7)
    )
    assert outcome.ask == "when"
    assert draft["where"]["text"].startswith("phố Hàng Thôi")


def test_the_story_cannot_be_skipped_but_a_picture_is_enough():
    draft = intake.begin(Message(text="báo tin"))
    talk(draft, yes())
    assert intake.answer(draft, "what", SKIP).ask == "what"
    assert intake.answer(draft, "what", Message(files=("ref",))).ask == "where"


def test_back_goes_to_the_question_before():
    draft = intake.begin(Message(text="báo tin"))
    talk(draft, yes(), Message(text="chuyện"), Message(text="An Phú", place=AN_PHU))
    assert intake.answer(draft, "when", Message(choice="ans:back")).ask == "where"


def test_each_answer_can_be_changed_from_the_summary():
    draft = intake.begin(Message(text="báo tin"))
    talk(
        draft,
        yes(),
        Message(text="chuyện"),
        Message(text="An Phú", place=AN_PHU),
        SKIP,
        SKIP,
        SKIP,
        SKIP,
        Message(choice="reply:none"),
    )
    assert intake.answer(draft, "confirm", Message(choice="ans:edit")).ask == "edit"
    assert intake.answer(draft, "edit", Message(choice="edit:where")).ask == "where"
    assert intake.answer(draft, "where", Message(text="xã khác", place=AN_PHU)).ask == "confirm"


def at_summary(*, what="chuyện", behind="", reply="reply:none"):
    draft = intake.begin(Message(text="báo tin"))
    told = Message(text=behind) if behind else SKIP
    end = talk(
        draft,
        yes(),
        Message(text=what),
        Message(text="An Phú", place=AN_PHU),
        SKIP,
        SKIP,
        told,
        SKIP,
        Message(choice=reply),
    )
    return draft, end


def change(draft, question):
    assert intake.answer(draft, "confirm", Message(choice="ans:edit")).ask == "edit"
    assert intake.answer(draft, "edit", Message(choice=f"edit:{question}")).ask == question


def test_what_was_read_from_an_answer_goes_with_it():
    draft, _ = at_summary(what="họ nhốt 3 đứa trẻ, số em là 0912345678", behind="ông Ba 0987000111")
    change(draft, "what")
    assert draft["traces"] == ["0987000111"]
    assert "people" not in draft
    assert "child" not in draft
    intake.answer(draft, "what", Message(text="có người lạ dụ đi làm xa"))
    assert summary(draft)["traces"] == "0987000111"
    change(draft, "behind")
    intake.answer(draft, "behind", SKIP)
    assert "traces" not in draft


def test_going_back_from_a_change_leaves_the_tip_as_it_was():
    draft, _ = at_summary(what="họ nhốt 3 đứa trẻ", behind="ông Ba 0987000111", reply="reply:notices")
    before = summary(draft) | {"notices": draft["notices"]}
    for question in EDITABLE:
        change(draft, question)
        assert intake.answer(draft, question, Message(choice="ans:back")).ask == "confirm", question
        assert summary(draft) | {"notices": draft["notices"]} == before, question
        assert "edited" not in draft
    assert intake.answer(draft, "edit", Message(choice="edit:more")).ask == "edit"
    assert draft["edit_more"]
    assert intake.answer(draft, "edit", Message(choice="ans:back")).ask == "confirm"


def test_who_wants_to_leave_a_contact_after_all_is_asked_for_it():
    for urgent in (False, True):
        draft, _ = at_summary(reply="reply:contact")
        intake.answer(draft, "contact", Message(text="chị Hoa 0987 654 321"))
        draft |= {"urgent": True} if urgent else {}
        change(draft, "reply")
        assert "contact" not in draft
        assert intake.answer(draft, "reply", Message(choice="reply:contact")).ask == "contact"
        assert intake.answer(draft, "contact", Message(text="anh Nam 0912 345 678")).ask == "confirm"
        assert draft["contact"] == "anh Nam 0912 345 678"


def test_a_cry_for_help_does_not_carry_the_reporters_number_into_the_story():
    draft = {"done": ["safe", "what", "where", "when", "who", "behind", "evidence"], "what": "chuyện", "where": {}}
    intake.answer(draft, "reply", Message(choice="reply:contact"))
    outcome = intake.answer(draft, "contact", Message(text="0987 000 111 cứu em với, nó đánh em", emergency=True))
    assert outcome.ask == "confirm"
    assert draft["contact"].startswith("0987 000 111")
    assert draft["what"] == "chuyện\n… cứu em với, nó đánh em"
    assert "traces" not in draft


def test_a_number_written_instead_of_notices_takes_the_notices_back():
    draft, _ = at_summary(reply="reply:notices")
    change(draft, "reply")
    intake.answer(draft, "reply", Message(text="gọi 0912345678"))
    assert not draft["notices"]


def test_going_back_over_a_place_opens_its_deciding_question_again():
    draft = intake.begin(Message(text="báo tin"))
    talk(
        draft,
        yes(),
        Message(text="chuyện"),
        Message(text="An Phú", place=TWO),
        Message(text="chịu"),
    )
    assert intake.answer(draft, "when", Message(choice="ans:back")).ask == "where"
    assert intake.answer(draft, "where", Message(text="Tân An", place=TWO)).ask == "pick"


@pytest.mark.parametrize("question", ["safe", "where", "pick", "when", "who", "behind", "reply", "contact", "confirm"])
def test_a_picture_answers_no_question_that_needs_words(question):
    draft = {"done": [q for q in QUESTIONS[: QUESTIONS.index(question)] if q != "pick"], "what": "chuyện", "where": {}}
    outcome = intake.answer(draft, question, Message(files=("ref",)))
    assert (outcome.ask, outcome.says) == (question, ("file_kept",))
    assert draft["files"] == ["ref"]
    assert question not in draft["done"]
    assert not draft.get(question)


def test_an_eleventh_file_is_refused_aloud():
    draft = {"done": ["safe", "what", "where", "when", "who", "behind"], "what": "chuyện", "where": {}}
    refs = tuple(f"ref{number}" for number in range(MAX_ATTACHMENTS))
    assert intake.answer(draft, "evidence", Message(files=refs)).says == ("file_kept",)
    assert intake.answer(draft, "evidence", Message(files=("more",), text="thêm nữa")).says == ("files_full",)
    assert draft["files"] == list(refs)
    assert draft["evidence"] == "thêm nữa"


def test_what_is_told_after_sending_is_not_swallowed_and_opens_nothing_again():
    draft = {"done": list(QUESTIONS[:-1])}
    for late in (Message(text="còn một đứa nữa ở tầng hai", emergency=True), Message(files=("ref",))):
        outcome = intake.answer(draft, "receipt", late)
        assert (outcome.ask, outcome.says) == ("receipt", ("tip_sent_already",))
    assert intake.answer(draft, "receipt", Message(text="quay lại")).ask == "receipt"
    assert "files" not in draft
    assert draft["done"] == list(QUESTIONS[:-1])


def test_the_receipt_has_to_be_typed_back():
    draft = {"done": list(QUESTIONS[:-1])}
    assert intake.answer(draft, "receipt", Message(text="…", receipt="mismatch")).says == ("receipt_mismatch",)
    assert intake.answer(draft, "receipt", Message(text="…", receipt="match")).ended == "finished"


def test_a_contact_is_not_mixed_with_the_traces_of_others():
    draft = {"done": ["safe", "what", "where", "when", "who", "behind", "evidence"], "what": "chuyện", "where": {}}
    intake.answer(draft, "reply", Message(choice="reply:contact"))
    intake.answer(draft, "contact", Message(text="chị Hoa 0987 654 321"))
    assert draft["contact"] == "chị Hoa 0987 654 321"
    assert "traces" not in draft


messages = st.builds(
    Message,
    text=st.sampled_from(["", "có", "không", "huỷ", "bỏ qua", "quay lại", "nhà trọ số 5", "đang bị nhốt", "sửa", "123"]),
    choice=st.sampled_from(["", "ans:yes", "ans:no", "ans:skip", "ans:back", "ans:cancel", "ans:send", "ans:edit", "edit:where",
                            "edit:nonsense", "edit:more", "edit:reply", "edit:what",
                            "who:child", "reply:contact", "reply:notices", "place:unknown", "when:now", "ans:kept", "ans:lost"]),
    emergency=st.booleans(),
    place=st.sampled_from([{}, AN_PHU, TWO, {"status": "province", "province": "31"}, {"status": "foreign", "country": "KH"}]),
    receipt=st.sampled_from(["", "match", "mismatch"]),
    files=st.sampled_from([(), (), ("ref",)]),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(messages, max_size=40))
def test_no_sequence_of_answers_gets_lost(sequence):
    draft = intake.begin(Message())
    question = next_question(draft)
    known = {*QUESTIONS, "cancel", "edit"}
    for message in sequence:
        outcome = intake.answer(draft, question, message)
        if outcome.ended:
            return
        assert outcome.ask in known
        assert len(draft.get("files", ())) <= MAX_ATTACHMENTS
        question = outcome.ask


@given(st.text(min_size=1, max_size=300))
def test_words_are_kept_as_written(words):
    draft = intake.begin(Message(text="báo tin"))
    intake.answer(draft, "what", Message(text="x " + words))
    assert not words.strip() or words.strip() in draft.get("what", "") or draft.get("what") is None
