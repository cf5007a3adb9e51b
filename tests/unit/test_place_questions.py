"""How often and in which words the place is asked for, and when it is let go."""

from __future__ import annotations

import pytest

from bot.dialogue.emergency import after_card, leads
from bot.dialogue.interview import intake, place_question
from bot.dialogue.interview.draft import Message, place_open
from bot.dialogue.state import ConversationState

DA_NANG = {"status": "province", "province": "48", "text": "ở Đà Nẵng", "name": "Thành phố Đà Nẵng"}


def asked(**more) -> dict:
    return {"what": "nó nhốt con bé", "where": dict(DA_NANG), "done": ["safe", "what", "where"], **more}


def test_no_question_about_the_place_is_put_twice_in_the_same_words():
    draft = asked()
    lines = [place_question.next_line(draft) for _ in range(2)]
    assert lines == ["tip_pick_commune", "tip_pick_again"]


@pytest.mark.parametrize(
    "text",
    ["không", "khong", "thôi đủ rồi", "thoi du roi", "mình không muốn nói phường nào", "hết rồi", "vậy là đủ rồi"],
)
def test_an_end_or_a_refusal_lets_the_question_go(text):
    draft = asked()
    assert intake.answer(draft, "pick", Message(text=text)).ask != "pick"
    assert "pick" in draft["done"]
    assert not draft.get("conflict")


def test_after_two_answers_that_lead_no_nearer_it_is_let_go():
    draft = asked()
    for words in ("chỉ mình mình thôi", "nó tên Minh Anh"):
        intake.answer(draft, "pick", Message(text=words, clauses=((words, (("who", 0.9),)),)))
    assert not place_open(draft)


@pytest.mark.parametrize("question", ["safe", "what", "where", "pick", "when", "who", "behind", "evidence", "contact"])
@pytest.mark.parametrize("text", ["gửi đi", "gui di"])
def test_sending_leads_to_the_read_back_from_every_question(question, text):
    draft = asked()
    assert intake.answer(draft, question, Message(text=text)).ask == "confirm"


def test_the_words_told_stay_with_a_place_that_is_read_elsewhere():
    draft = asked(where={"status": "candidates", "codes": ["1", "2"], "text": "nhà trọ số 45, Bình Tân"})
    place = {
        "status": "candidates",
        "codes": ["3", "4"],
        "province": "79",
        "corrects": True,
        "denied": ["86"],
        "kept": True,
        "whole": True,
    }
    intake.answer(draft, "pick", Message(text="TP.HCM chứ không phải Vĩnh Long", place=place))
    assert (draft["where"]["text"], draft["where"]["codes"]) == ("nhà trọ số 45, Bình Tân", ["3", "4"])
    assert "Vĩnh Long" not in draft["what"]


@pytest.mark.parametrize(("text", "said"), [("tàu KG 91234 TS", True), ("cứu em với", False)])
def test_at_sea_it_is_not_asked_which_boat_was_said(text, said):
    state = ConversationState()
    state.card.near, state.card.item, state.card.cry, state.signs.place = 3, "emergency_in_danger", text, "sea"
    leads.hear(state, text, "", {}, in_form=False)
    says = after_card.stay([{"say": "chitchat", "args": {}}], "dạ", state)
    assert says[0]["say"] == ("still_here_2" if said else "still_here")


def test_a_boat_number_at_sea_answers_where():
    state = ConversationState()
    state.card.near, state.card.item, state.signs.place = 3, "emergency_in_danger", "sea"
    assert after_card.answers_card("tàu KG 91234 TS, chủ tàu bà Sáu Lệ", {}, state)


@pytest.mark.parametrize("answer", ["quán Hoa Mơ gần chợ", "nhà trọ sau bến xe"])
def test_a_province_of_the_story_stands_where_the_answer_names_none(answer):
    province = {"status": "province", "province": "25", "name": "Tỉnh Phú Thọ", "code": "", "codes": []}
    story = "em ở Vĩnh Phúc, con em bị chủ quán nhốt không cho về"
    clauses = (("em ở Vĩnh Phúc", (("where", 0.9),)), ("con em bị chủ quán nhốt không cho về", (("what", 0.9),)))
    draft = intake.begin(Message(text=story, clauses=clauses, place=province))
    intake.answer(
        draft, "where", Message(text=answer, clauses=((answer, (("where", 0.9),)),), place={"status": "none"})
    )
    assert draft["where"]["province"] == "25"
    assert answer in draft["where"]["text"]


def test_a_province_of_somebody_else_is_no_place_of_the_story():
    province = {"status": "province", "province": "25", "name": "Tỉnh Phú Thọ", "code": "", "codes": []}
    story = "có thằng Hùng quê Vĩnh Phúc nó dụ con em đi làm xa rồi nhốt lại"
    draft = intake.begin(Message(text=story, clauses=((story, (("what", 0.6), ("behind", 0.3))),), place=province))
    assert "province_told" not in draft
