"""The interview as a pure conversation: what is asked after what, and what is never lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.tips import intake
from bot.core.tips.draft import QUESTIONS, Message, is_urgent, next_question, summary
from bot.gateway.numbered import PASSED

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
    assert "what" in draft["done"]
    assert "where" in draft["done"]
    assert draft["where"]["text"] == AN_PHU["name"], "the story is kept once"
    shown = summary(draft)
    assert (shown["people"], shown["child"]) == ("3", "who:child")


def test_candidates_are_asked_about_at_most_twice():
    draft = intake.begin(Message(text="báo tin"))
    outcome = talk(draft, yes(), Message(text="chuyện"), Message(text="An Phú", place=TWO))
    assert outcome.ask == "pick"
    outcome = intake.answer(draft, "pick", Message(text="không nhớ rõ lắm", place={"status": "none"}))
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
                            "edit:nonsense", "who:child", "reply:contact", "place:unknown", "when:now", "ans:kept", "ans:lost"]),
    emergency=st.booleans(),
    place=st.sampled_from([{}, AN_PHU, TWO, {"status": "province", "province": "31"}, {"status": "foreign", "country": "KH"}]),
    receipt=st.sampled_from(["", "match", "mismatch"]),
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
        question = outcome.ask


@given(st.text(min_size=1, max_size=300))
def test_words_are_kept_as_written(words):
    draft = intake.begin(Message(text="báo tin"))
    intake.answer(draft, "what", Message(text="x " + words))
    assert not words.strip() or words.strip() in draft.get("what", "") or draft.get("what") is None
