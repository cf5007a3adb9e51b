"""An answer that is none: nothing it tells is lost, no question turns in a circle, nothing false is written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.interview import aside, corrections, intake, kinds, listening, number_owner, safety
from bot.dialogue.interview.aside import steps_out
from bot.dialogue.interview.draft import Message, next_question
from bot.dialogue.interview.editing import forget
from bot.dialogue.interview.extract import extract
from bot.dialogue.interview.summary import summary
from bot.dialogue.reading.questions import is_question

AN_PHU = {"status": "commune", "code": "10645", "province": "31", "name": "xã An Phú, Hải Phòng"}
NO_PLACE = [
    "alo",
    "đợi xíu",
    "sai rồi",
    "ok giờ nói được rồi",
    "khoan có người vào",
    "dạ",
    "cảm ơn",
    "em đổi ý rồi",
    "ủa",
    "chờ em chút",
    "hả",
]
DONE = ["safe", "what"]


STORIES = (Path(__file__).parents[1] / "dialogue" / "stories.txt").read_text(encoding="utf-8").splitlines()
TOPICS = [
    "ask_karaoke_or_prostitution_coercion",
    "ask_scam_center_cambodia_myanmar",
    "ask_signs_of_trafficking",
    "greet",
    "report_tip_status",
]


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_kept_whatever_topic_is_seen_in_it(story):
    for topic in TOPICS:
        message = Message(text=story, intent=topic, confidence=0.99, is_question=is_question(story))
        for question in ("safe", "what", "where", "when", "who", "behind", "evidence"):
            assert not steps_out(message, question), (topic, question)
            draft = asking(question) | {"what": ""}
            intake.answer(draft, question, message)
            assert story in str(draft), question


def asking(question):
    order = ["safe", "what", "where", "when", "who", "behind", "evidence", "reply"]
    return {"done": order[: order.index(question)] if question in order else [*order], "what": "nhà trọ giữ giấy tờ mấy bạn nữ",
            "where": {"status": "none", "text": ""}}  # fmt: skip


@pytest.mark.parametrize("text", NO_PLACE)
@pytest.mark.parametrize("urgent", [False, True])
def test_a_filler_is_no_place(text, urgent):
    draft = {"done": list(DONE), "what": "nhà trọ giữ giấy tờ", "urgent": urgent}
    outcome = intake.answer(draft, "where", Message(text=text))
    assert outcome.ask in {"where", "cancel"}
    assert "where" not in draft["done"]
    assert text not in str(draft.get("where", ""))
    assert draft["what"] == "nhà trọ giữ giấy tờ"


@pytest.mark.parametrize("question", ["where", "when", "who", "behind"])
@pytest.mark.parametrize(
    "text", ["ok giờ nói được rồi", "sai rồi", "alo", "khoan có người vào", "em đổi ý rồi", "trời ơi"]
)
def test_a_filler_closes_no_question_and_is_no_story(question, text):
    draft = asking(question)
    before = draft["what"]
    intake.answer(draft, question, Message(text=text))
    assert question not in draft["done"]
    assert draft["what"] == before
    assert not draft.get(question) or question == "where"


@pytest.mark.parametrize(
    "text",
    ["khoan", "đợi xíu", "có người vào", "chờ em chút", "khoan đã", "tí nữa kể tiếp", "wait a minute", "mẹ vào rồi"],
)
@pytest.mark.parametrize(
    "question", ["safe", "what", "where", "when", "who", "behind", "evidence", "reply", "contact", "confirm"]
)
def test_a_pause_keeps_the_question_open_however_often(question, text):
    draft = asking(question)
    for _ in range(5):
        outcome = intake.answer(draft, question, Message(text=text))
        assert (outcome.ask, outcome.says) == (question, ("tip_wait",))


@pytest.mark.parametrize(("question", "text"), [
    ("when", "nó bắt mấy đứa nhỏ tiếp khách"), ("where", "nó bắt mấy đứa nhỏ tiếp khách"), ("behind",
    "từ năm 2024"), ("who", "xe chạy lúc 9h tối"),
    ("when", "là quán có cái bảng đỏ"), ("where", "hôm qua nó còn đánh 1 đứa"),
])  # fmt: skip
def test_words_of_another_kind_are_kept_and_the_question_is_put_once_more(question, text):
    draft = asking(question)
    outcome = intake.answer(draft, question, Message(text=text))
    assert outcome.ask == question
    assert question not in draft["done"]
    assert text in str(draft), "nothing told is lost"
    assert draft["again"]["question"] == question


@pytest.mark.parametrize(("question", "text"), [
    ("when", "hôm qua"), ("when", "tháng 9 năm ngoái"), ("when", "9h tối"), ("when", "lâu rồi"), ("when",
    "tối nào cũng vậy"), ("when", "hom kia"),
    ("when", "20/11"), ("when", "mới nãy"), ("when", "last week"), ("where", "quán Sao Đêm"), ("where",
    "gần chợ"), ("where", "Sóc Bưng"),
    ("where", "cuoi hem"), ("where", "岘港"), ("where", "on a boat near the harbour"), ("who",
    "hai đứa, 15 tuổi"), ("who", "em"), ("who", "chị Hoa"),
    ("who", "5"), ("who", "con bé hàng xóm"), ("who", "two girls"), ("behind", "chị Mỷ"), ("behind",
    "0912345678"), ("behind", "thằng bồ của nó"),
    ("behind", "người đàn ông xăm trổ"), ("behind", "bà chủ quán"),
])  # fmt: skip
def test_answers_of_the_right_kind_close_the_question(question, text):
    draft = asking(question)
    draft.pop("where") if question == "where" else None
    outcome = intake.answer(draft, question, Message(text=text, place={"status": "none"}))
    assert question in draft["done"], text
    assert outcome.ask != question


@pytest.mark.parametrize(
    "text", ["em không nói chỗ đâu", "em ko muốn nói", "không tiện nói ra", "I'd rather not say", "ngại nói lắm"]
)
def test_a_refusal_is_no_place(text):
    draft = {"done": list(DONE), "what": "nhà trọ giữ giấy tờ"}
    outcome = intake.answer(draft, "where", Message(text=text))
    assert (outcome.ask, outcome.says) == ("when", ("tip_refused",))
    assert draft["where"] == {"status": "none", "text": ""}


@pytest.mark.parametrize("question", ["where", "when", "who", "behind", "evidence"])
@pytest.mark.parametrize("text", ["nói rồi", "như trên", "em nói rồi mà", "ở đầu rồi", "hồi nãy kể rồi"])
def test_pointing_back_accepts_what_is_known(question, text):
    draft = asking(question)
    outcome = intake.answer(draft, question, Message(text=text))
    assert question in draft["done"]
    assert outcome.ask != question
    assert text not in str(draft)


@pytest.mark.parametrize("question", ["safe", "what", "where", "when", "who", "behind", "evidence", "reply", "contact"])
@pytest.mark.parametrize(
    "text",
    [
        "alo",
        "sai rồi",
        "ok",
        "là sao vậy",
        "nó cứ vậy đó",
        "xyz abc",
        "số em ở đầu đó 0912000111",
        "không hiểu",
        "🙂",
        "bỏ qua",
        "nói rồi",
    ],
)
def test_no_question_is_put_for_ever(question, text):
    draft = asking(question)
    if question == "what":
        draft.pop("what")
    if question == "contact":
        draft["reply"] = "contact"
    for _ in range(8):
        outcome = intake.answer(draft, question, Message(text=text))
        if outcome.ask != question:
            return
    assert text == "🙂" or outcome.ask != question, f"{question} for ever"


def test_the_same_question_of_ones_own_is_answered_a_bounded_number_of_times():
    draft = asking("contact")
    assert [aside.may_be_aside(draft, "contact", "ask_hotline_number") for _ in range(4)] == [
        True,
        True,
        False,
        False,
    ]
    assert aside.may_be_aside(draft, "contact", "ask_legal_penalty")


def test_a_number_at_the_contact_question_is_never_a_question():
    text = "số em ở đầu đó 0912000111"
    message = Message(text=text, intent="ask_hotline_number", confidence=0.99, is_question=is_question(text))
    assert not steps_out(message, "contact")


def test_cancelling_needs_unmistakable_words():
    for entry, words in (
        ("hủy", "đúng"),
        ("em đổi ý rồi", "đúng"),
        ("hủy", "dung"),
        ("thôi", "đúng rồi"),
        ("em đổi ý rồi", "có"),
    ):
        draft = asking("where")
        assert intake.answer(draft, "where", Message(text=entry)).ask == "cancel"
        for _ in range(3):
            outcome = intake.answer(draft, "cancel", Message(text=words))
            assert outcome.ended == "", (entry, words)
            if outcome.ask != "cancel":
                break
        assert outcome.ask == "where"
    for entry, words in (
        ("hủy", "dạ có"),
        ("thôi", "xóa đi"),
        ("em đổi ý rồi", "hủy"),
        ("dừng lại", "ừ"),
        ("thôi không báo nữa", "dừng"),
    ):
        draft = asking("where")
        intake.answer(draft, "where", Message(text=entry))
        assert intake.answer(draft, "cancel", Message(text=words)).ended == "cancelled", (entry, words)


@pytest.mark.parametrize(
    "text", ["đúng", "đúng rồi ạ", "dung", "dạ đúng", "dũng", "đứng", "dụng", "vâng ạ", "phải rồi"]
)
@pytest.mark.parametrize(
    "question", ["safe", "what", "where", "pick", "when", "who", "behind", "evidence", "reply", "contact", "confirm"]
)
def test_a_yes_never_ends_the_interview(question, text):
    draft = asking(question)
    # What the classifier makes of words without their marks counts for nothing here.
    outcome = intake.answer(draft, question, Message(text=text, intent="stop_cancel", confidence=0.99))
    assert outcome.ended == ""
    if text != "dung" or question in listening.YES_EXPECTED:
        assert outcome.ask != "cancel"


def test_yes_at_the_summary_sends():
    for text in ("đúng", "đúng rồi ạ", "dung", "vâng ạ", "oke", "ừ gửi đi", "gửi"):
        assert intake.answer(asking("confirm"), "confirm", Message(text=text)).ask == "receipt", text


@pytest.mark.parametrize("text", [
    "em chưa an toàn đâu chị", "không an toàn lắm", "tôi không thấy an toàn", "hết an toàn rồi", "sao mà an toàn được",
    "hổng an toàn đâu", "k an toan",
    "có an toàn gì đâu", "ko ổn", "em sợ lắm", "I don't feel safe", "làm gì có an toàn", "chẳng an toàn tí nào",
    "em thì an toàn nhưng bạn em đang bị nhốt",
    "không", "chưa", "Tôi cảm thấy không được an toàn", "toi khong duoc an toan", "chua an toan dau", "nỏ an toàn mô",
])  # fmt: skip
def test_danger_in_a_sentence(text):
    draft = intake.begin(Message(text="báo tin"))
    outcome = intake.answer(
        draft, "safe", Message(text=text, intent="ask_safe_migration", confidence=0.9, is_question=is_question(text))
    )
    assert outcome.says[0] == "emergency_in_danger"
    assert draft["urgent"]
    assert not steps_out(Message(text=text, intent="ask_safe_migration", confidence=0.9, is_question=False), "safe")


@pytest.mark.parametrize("text", [
    "an toàn rồi, tôi ở nhà", "ổn", "bình thường", "e vẫn ổn", "tôi vẫn an toàn và khỏe mạnh", "ok", "dạ có",
    "không nguy hiểm gì", "em không sao", "e on",
    "Thưa quý vị, tôi hiện nay vẫn bình an và mạnh khỏe", "đúng rồi", "tạm ổn", "I am safe", "hết nguy hiểm rồi",
    "mình đang ở nhà", "bth",
])  # fmt: skip
def test_safe_in_a_sentence_is_no_story_and_no_other_card(text):
    draft = intake.begin(Message(text="báo tin"))
    outcome = intake.answer(draft, "safe", Message(text=text, intent="thank", confidence=0.9))
    assert (outcome.ask, outcome.says) == ("what", ())
    assert "what" not in draft
    assert not draft.get("urgent")
    assert not steps_out(Message(text=text, intent="self_harm_distress", confidence=0.9), "safe")
    assert not steps_out(Message(text=text, intent="thank", confidence=0.9), "safe")


@pytest.mark.parametrize("text", ["không biết nữa", "em không chắc", "hơi hơi", "not sure", "chưa biết"])
def test_unsure_leads_on_gently(text):
    draft = intake.begin(Message(text="báo tin"))
    outcome = intake.answer(draft, "safe", Message(text=text))
    assert (outcome.ask, outcome.says) == ("what", ("tip_safe_unsure",))
    assert safety.read(text) == safety.UNSURE


def test_what_is_told_beside_being_safe_is_kept():
    draft = intake.begin(Message(text="báo tin"))
    intake.answer(draft, "safe", Message(text="tôi an toàn, nhưng tụi nó ở sát nhà"))
    assert "tụi nó ở sát nhà" in draft["what"]
    assert next_question(draft) == "what"
    draft = intake.begin(Message(text="báo tin"))
    outcome = intake.answer(
        draft, "safe", Message(text="an toàn, hàng xóm em nhốt một cô gái người Campuchia hai năm nay")
    )
    assert outcome.ask == "what", "kept, and whether there is more is asked"
    assert "nhốt một cô gái" in draft["what"]


def test_a_question_with_a_story_in_it_is_kept_and_answered():
    text = "nhà hàng xóm nhốt cô gái trẻ hai năm nay, cô ấy hay bị đánh, vậy có phải mua bán người không?"
    message = Message(text=text, intent="ask_signs_of_trafficking", confidence=0.9, is_question=is_question(text))
    draft = {"done": ["safe"]}
    assert steps_out(message, "what")
    assert aside.keep_aside(draft, "what", message)
    assert text in draft["what"]
    assert next_question(draft) == "where"
    draft = asking("who")
    assert not aside.keep_aside(draft, "who", message), "the question stays open"
    assert text in draft["what"]


def test_a_place_told_late_fills_the_empty_place():
    draft = asking("when")
    outcome = intake.answer(draft, "when", Message(text="xã An Phú Hải Phòng", place=AN_PHU))
    assert outcome.ask == "when"
    assert draft["where"]["code"] == "10645"


@pytest.mark.parametrize("text", [
    "da em an toan", "dạ vâng em đang nghỉ ở bến", "da an toan a", "dạ răng mà không an toàn, o ở nhà o đây, an toàn",
    "sao mà không an toàn, tui ở nhà, ổn",
])  # fmt: skip
def test_being_safe_in_other_words_shows_no_card(text):
    assert safety.read(text) == safety.SAFE
    assert safety.calm(text)
    assert not safety.calm("an toàn nhưng bạn em đang bị nhốt")
    draft = intake.begin(Message(text="báo tin"))
    assert intake.answer(draft, "safe", Message(text=text)).ask == "what"
    assert not draft.get("urgent")


@pytest.mark.parametrize("text", [
    "thôi không cần, dùng mã thôi", "em dùng mã", "thôi mã là được rồi", "ko để lại gì hết", "khỏi, không để lại đâu", "thui k cần đâu",
    "gửi đi", "thôi gửi đi", "thôi khỏi", "dạ lấy mã là được", "khỏi cần nhắn lại",
])  # fmt: skip
def test_nothing_but_the_code_is_wanted(text):
    draft = asking("reply")
    message = Message(text=text, intent="affirm", confidence=0.95)
    assert intake.answer(draft, "reply", message).ask == "confirm"
    assert (draft["reply"], draft["notices"]) == ("none", False)


@pytest.mark.parametrize("text", ["nhắn cho em đi", "có gì nhắn cho bà nha", "nhắn đi"])
def test_notices_are_wanted(text):
    draft = asking("reply")
    assert intake.answer(draft, "reply", Message(text=text)).ask == "confirm"
    assert draft["notices"]


@pytest.mark.parametrize("text", [
    "không có, thế thôi", "không còn gì nữa", "làm gì có ảnh", "bằng chứng thì chịu", "hình thì tui không có",
    "cái này em hông dám chụp đâu", "dạ hổng chụp được gì hết", "ảnh thì chịu thôi", "đâu có giữ gì",
])  # fmt: skip
def test_no_evidence_is_an_answer_and_no_wish_to_erase(text):
    draft = asking("evidence")
    assert intake.answer(draft, "evidence", Message(text=text, intent="stop_cancel", confidence=0.9)).ask == "reply"
    assert not draft.get("evidence")


def test_the_commune_is_not_named_twice_in_the_read_back():
    where = {
        "status": "commune",
        "name": "Xã An Phú, Hải Phòng",
        "text": "Xã An Phú, Hải Phòng; quán Sao; Xã An Phú, Hải Phòng",
    }
    assert summary({"where": where})["where"] == "Xã An Phú, Hải Phòng (quán Sao)"


@pytest.mark.parametrize(
    ("kept", "words", "held", "wanted"),
    [
        ("where", "à nhầm không phải hẻm 285 mà là hẻm 258 nghe em", "hẻm 285 gần chợ", "hẻm 258 gần chợ"),
        ("behind", "không phải Páo ạ nó tên A Chinh", "thằng Páo ở bản trên", "thằng A Chinh ở bản trên"),
        ("what", "dạ họ hẹn giao thứ năm chứ không phải thứ sáu ạ", "hẹn giao thứ sáu ở cổng", "hẹn giao thứ năm ở cổng"),
    ],
)  # fmt: skip
def test_a_word_put_right_is_replaced_wherever_it_stands(kept, words, held, wanted):
    draft: dict = {"done": [], kept: {"text": held} if kept == "where" else held}
    assert corrections.put_right(draft, words, extract(words))
    assert (draft["where"]["text"] if kept == "where" else draft[kept]) == wanted


@pytest.mark.parametrize("question", ["when", "who", "behind", "where"])
def test_no_picture_says_nothing_of_anything_else(question):
    draft: dict = {"done": ["safe", "what"], "what": "nó bị nhốt ở đó"}
    outcome = intake.answer(draft, question, Message(text="không có hình"))
    assert outcome.ask == question
    assert "evidence" in draft["done"]
    assert question not in draft["done"]


@pytest.mark.parametrize(
    "words",
    [
        "no phai lam viec ma khong duoc tra luong",
        "cha phai ban nha ma no van doi",
        "nhà ở HP cầu rào mà nó đưa đi",
        "KP chợ mới mà em ở",
    ],
)
def test_who_has_to_puts_nothing_right(words):
    assert corrections.pairs(words) == []
    assert not corrections.puts_right(words)


def test_a_place_told_in_a_story_that_is_taken_out_goes_with_it():
    told = "nhà em ở gần cầu, nó bị nhốt ở quán"
    draft: dict = {
        "done": ["what"],
        "what": told,
        "places": [["home", "nhà em ở gần cầu"], ["meeting", "hẹn ở cổng trường"]],
    }
    forget(draft, "what")
    assert draft["places"] == [["meeting", "hẹn ở cổng trường"]]


def test_a_number_that_turns_out_to_be_the_reporters_is_in_no_place():
    draft: dict = {"done": [], "places": [["meeting", "hẹn ở 0912345678"]], "traces": ["0912345678"]}
    number_owner.take_out(draft, "0912345678")
    assert "0912345678" not in str(draft)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("tui thì răng mô, con tui mới khổ", safety.SAFE),
        ("nhà e hỏng sao\nnó thì e hỏng biết sống chết", safety.SAFE),
        ("Mình ở nhà không sao. Em dâu không biết an toàn không", safety.SAFE),
        ("tui ổn mà nó thì không biết sao", safety.SAFE),
        ("an toàn, nhưng con gái tôi thì không", safety.SAFE),
        ("bạn em an toàn, còn em thì không", safety.DANGER),
        ("em không an toàn, bạn em thì ổn", safety.DANGER),
        ("nó ổn, em mới sợ", safety.DANGER),
        ("em ổn nhưng nó đang bị nhốt", safety.DANGER),
        ("em cũng không biết nữa", safety.UNSURE),
    ],
)
def test_whoever_writes_is_told_apart_from_whom_they_fear_for(said, read):
    assert safety.read(said) == read


@pytest.mark.parametrize("text", ["hình bảng hiệu em gửi đó", "vị trí đó", "hong có"])
def test_what_points_at_evidence_or_denies_it_is_kept(text):
    draft: dict = {"done": []}
    intake.answer(draft, "evidence", Message(text=text))
    assert text in str(draft)


@pytest.mark.parametrize(
    "text", ["con đi hồi nghỉ hè lận", "bị nhốt từ hôm 28 tới bựa ni", "bà dẫn đi từ Đôn Ta", "chìu t7 này", "em gửi ảnh hôm 20",
             "hồi lúa chín", "sau khi thi xong", "tối cn tuần rồi"],
)  # fmt: skip
def test_times_as_people_say_them(text):
    assert kinds.is_time(text, asked=True)


@pytest.mark.parametrize("text", ["tôi nợ nó 60tr", "thằng 17 tuổi", "t 16 tuổi"])
def test_no_times(text):
    assert not kinds.is_time(text)
