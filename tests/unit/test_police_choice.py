"""Whether the commune's police may read a tip: asked of everybody, heard in words, and decisive for where it goes."""

from __future__ import annotations

import pytest

from bot.content.phrasebooks import load_phrasebooks
from bot.core.units.model import Directory, Key, Unit, UnitKind
from bot.core.units.routing import Route, route
from bot.dialogue.interview import intake
from bot.dialogue.interview.aside import steps_out
from bot.dialogue.interview.draft import Message
from bot.dialogue.interview.editing import forget
from bot.dialogue.interview.police import ABOVE, COMMUNE, conflicted, goes_above, heard
from bot.dialogue.interview.summary import summary
from bot.dialogue.reading.questions import is_question
from bot.services.tips.router import facts_of
from bot.settings import ROOT

AN_PHU = {"status": "commune", "code": "10645", "province": "31", "name": "Xã An Phú, Hải Phòng"}
DIRECTORY = Directory.of(
    [
        Unit("c", UnitKind.COMMUNE_POLICE, "Công an xã An Phú", "10645", "31", "p"),
        Unit("p", UnitKind.PROVINCE_POLICE, "Công an Hải Phòng", "", "31", "n"),
        Unit("n", UnitKind.NATIONAL, "Cục", "", "", ""),
        Unit("d", UnitKind.CENTRAL_DESK, "Trực ban", "", "", "n"),
    ],
    ["c", "p", "n", "d"],
)


def decide(directory: Directory, draft: dict) -> Route:
    """Where the rules send a draft when every unit holds its key."""
    return route(facts_of(draft), directory, lambda unit_id: Key.HELD)


INVOLVED = """Ông ấy là anh ruột của trưởng công an xã, đừng gửi cho công an xã
CA xã ăn tiền của ông ấy, báo xã là lộ
báo xã là lộ hết
đừng gửi xã
công an ở đây bao che cho nó
trưởng công an xã là cậu ruột của chủ quán
chủ quán có người nhà làm công an xã
mấy ông công an xã nhậu chung với nó suốt
nó đút lót công an phường hàng tháng
cong an xa an tien cua no
đừng cho công an phường biết nha
em không tin công an xã đâu
ổng là anh trưởng công an
công an xã biết mà không làm gì
chồng bà chủ là phó công an xã
con rể ông trưởng công an xã
tụi nó chung chi cho ca phường
công an xã toàn anh em họ hàng nhà nó
nó quen hết công an xã rồi
dung bao cong an xa, ho bao ke quan nay
gửi thẳng công an tỉnh giùm, đừng qua xã
ở đây công an với nó một phe
bà đó chung tiền cho công an xã mỗi tháng
the local police are paid off""".splitlines()
HARMLESS = """tôi đã báo công an xã
công an xã rất tốt
em trai tôi là công an huyện khác
em đã báo công an xã rồi mà chưa thấy gì
công an xã có tới hỏi chuyện
tôi muốn báo công an
báo công an ở đâu
công an có giữ bí mật không
công an xã ở gần nhà em
cả xã đều biết chuyện này
cả xã ăn tiệc hôm đó
nó giả danh công an gọi điện đòi tiền
có người tự xưng công an gọi điện bắt chuyển tiền
anh em đi làm bên Campuchia
em sợ nó biết em báo công an
gửi công an xã đi
nhờ công an xã giúp em
công an phường đang tìm người
cán bộ xã tới vận động
chủ tịch xã có thông báo
trưởng thôn báo với công an rồi
gia đình đã lên công an phường trình báo
con gái em quen một người qua mạng
nó quen biết nhiều người ở biên giới
nó ăn tiền của em rồi bỏ trốn
chị ấy nhận tiền cọc rồi chặn số
bố em làm công an ở Hà Nội
công an giải cứu được 3 người
em muốn gặp công an
công an ơi cứu em
công an xã chưa biết chuyện này
mẹ em lên xã làm giấy tờ
bạn em bị lừa ở phường 5
bọn nó sợ công an lắm
hàng xóm em là cán bộ xã, ổng kêu em báo tin
báo công an xã là đúng rồi
em gửi công an xã rồi nhưng ở xa quá
công an xã nhiệt tình lắm
ông chủ đưa tiền cho tôi đi mua đồ
tôi là công an xã, tôi báo vụ này
em nhờ anh công an xã chỉ cho trang này
chồng em đánh em, công an xã có lập biên bản
nó nói nó không sợ công an
nó dọa báo công an xã bắt em
đừng báo cho mẹ em biết
đừng nói với ai
đừng gửi cho chủ quán
không biết gửi công an xã bằng cách nào
khi nào công an xã trả lời
hồi xưa công an xã khác bao che""".splitlines()


def test_what_points_at_the_local_police_is_caught():
    missed = [text for text in INVOLVED if not conflicted(text)]
    assert len(INVOLVED) == 24
    assert len(missed) <= 2, missed


def test_what_only_speaks_of_the_police_is_not():
    assert len(HARMLESS) == 50
    assert [text for text in HARMLESS if conflicted(text)] == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("đừng, ổng là anh trưởng công an", ABOVE), ("đừng gửi công an xã", ABOVE), ("dung gui xa nha", ABOVE),
        ("đừng cho xã biết", ABOVE), ("không muốn công an ở đây đọc", ABOVE), ("gửi lên tỉnh giùm em", ABOVE),
        ("không sao cứ gửi", COMMUNE), ("sao cũng được", COMMUNE), ("k sao dau", COMMUNE), ("gửi công an xã đi", COMMUNE),
        ("gửi đi", ""), ("có", ""), ("ok", ""), ("không", ""), ("sửa ở đâu", ""), ("đừng lo", ""),
    ],
)  # fmt: skip
def test_free_words_answer_it(text, answer):
    assert heard(text) == answer


def ready(**more):
    done = ["safe", "what", "where", "pick", "when", "who", "behind", "evidence", "reply"]
    return {"done": done, "what": "quán giữ giấy tờ", "where": dict(AN_PHU), **more}


def test_nobody_asked_for_it_the_commune_reads_the_tip():
    draft = ready()
    assert intake.answer(draft, "confirm", Message(choice="ans:send")).ask == "receipt"
    assert decide(DIRECTORY, draft).unit_id == "c"


def test_the_button_sends_the_tip_above_and_can_be_taken_back():
    draft = ready()
    outcome = intake.answer(draft, "confirm", Message(choice="ans:above"))
    assert (outcome.ask, draft["changed"]) == ("confirm", ["police"])
    assert summary(draft)["police"] == ABOVE
    assert decide(DIRECTORY, draft).unit_id == "p"
    assert decide(DIRECTORY, draft).reason == "conflict_of_interest"
    intake.answer(draft, "confirm", Message(choice="ans:commune"))
    assert "police" not in summary(draft)
    assert decide(DIRECTORY, draft).unit_id == "c"


def test_in_an_emergency_it_costs_no_turn():
    draft = ready(urgent=True)
    assert intake.answer(draft, "confirm", Message(choice="ans:send_above")).ask == "receipt"
    assert decide(DIRECTORY, draft).unit_id == "p"


def test_words_anywhere_in_the_interview_do_the_same_and_the_button_overrules_them():
    draft = ready()
    draft["done"].remove("behind")
    intake.answer(draft, "behind", Message(text="CA xã ăn tiền của ông ấy, báo xã là lộ"))
    assert summary(draft)["police"] == ABOVE
    assert decide(DIRECTORY, draft).unit_id == "p"
    intake.answer(draft, "confirm", Message(choice="ans:commune"))
    assert decide(DIRECTORY, draft).unit_id == "c"
    forget(draft, "behind")
    assert decide(DIRECTORY, draft).unit_id == "c"


def test_free_words_at_the_read_back_are_kept_where_they_tell_why():
    draft = ready()
    intake.answer(draft, "confirm", Message(text="đừng, ổng là anh trưởng công an"))
    assert decide(DIRECTORY, draft).unit_id == "p"
    assert "anh trưởng công an" in draft["what"]
    sent = ready()
    assert intake.answer(sent, "confirm", Message(text="không sao cứ gửi")).ask == "receipt"
    assert sent["what"] == "quán giữ giấy tờ"
    assert decide(DIRECTORY, sent).unit_id == "c"


def test_everybody_sees_the_question_with_its_buttons():
    books = load_phrasebooks(ROOT / "content" / "dialogue")
    for language, book in books.items():
        for name in ("tip_summary", "tip_summary_unplaced", "tip_summary_again"):
            assert {"ans:send", "ans:above"} <= {choice.id for choice in book.lines[name].choices}, (language, name)
        assert book.values["police:send_above"]
    assert "không muốn công an xã này đọc tin không" in books["vi"].lines["tip_summary"].text


def test_a_bare_yes_or_no_to_two_questions_is_asked_once():
    for word in ("có", "dạ có ạ", "không", "ko"):
        draft = ready(police_asked=True)
        outcome = intake.answer(draft, "confirm", Message(text=word))
        assert (outcome.ask, outcome.says) == ("confirm", ("tip_police_which",))
    assert intake.answer(draft, "confirm", Message(text="có")).ask == "receipt"
    for word in ("gửi", "ok", "gửi đi", "đồng ý"):
        assert intake.answer(ready(police_asked=True), "confirm", Message(text=word)).ask == "receipt"


@pytest.mark.parametrize("text", [
    "đúng, gửi đi", "ừ đúng, gửi đi", "đúng đúng đúng gửi nhanh giùm", "dạ đúng rồi", "dạ đúng", "dung, gui di", "dung roi gui di em",
    "đúng rồi con ơi, gửi giùm bác", "ừ gửi luôn đi", "dạ đúng rồi đó chị", "dung gui di", "chuẩn, báo luôn", "ok gửi gấp đi",
])  # fmt: skip
def test_yes_send_sends_and_changes_no_routing(text):
    draft = ready(police_asked=True)
    assert intake.answer(draft, "confirm", Message(text=text)).ask == "receipt", text
    assert decide(DIRECTORY, draft).unit_id == "c"


@pytest.mark.parametrize("text", [
    "Không, gửi công an xã cũng được mà", "gửi xã cũng được, miễn nhanh", "công an xã tốt mà", "công an phường nhà em ok mà",
    "gui phuong cung dc", "cho xã đọc cũng được",
])  # fmt: skip
def test_it_is_taken_back_in_words(text):
    draft = ready(police_asked=True, conflict=True)
    assert intake.answer(draft, "confirm", Message(text=text)).ask == "confirm"
    assert decide(DIRECTORY, draft).unit_id == "c", text
    assert intake.answer(ready(), "confirm", Message(text="công an xã tốt mà")).ask == "confirm", "praise sends nothing"


@pytest.mark.parametrize("text", [
    "để chút nữa nha", "để tôi nghĩ đã", "khoan gửi", "đừng gửi vội, em hỏi vợ em đã", "toi so lam, de toi nghi da", "dung gui",
    "thôi khoan đã để em hỏi má", "em sợ quá, để em nghĩ thêm đã", "từ từ đã để cháu hỏi mẹ", "khoan hãy gửi nghen", "để tui tính lại coi",
])  # fmt: skip
@pytest.mark.parametrize(
    "question", ["safe", "what", "where", "when", "who", "behind", "evidence", "reply", "contact", "confirm"]
)
def test_wanting_time_waits_and_chooses_nothing(question, text):
    draft = ready()
    draft["done"] = draft["done"][: draft["done"].index(question)] if question in draft["done"] else draft["done"]
    before = draft["what"]
    outcome = intake.answer(draft, question, Message(text=text, intent="stop_cancel", confidence=0.9))
    assert (outcome.ask, outcome.says) == (question, ("tip_wait",))
    assert draft["what"] == before
    assert decide(DIRECTORY, draft).unit_id == "c"
    assert not steps_out(Message(text=text, intent="self_harm_distress", confidence=0.95), question)


FEARS = [
    "Mình sợ công an xã, anh nó làm ở đó", "Tôi sợ công an xã lắm, anh họ kẻ đó làm công an ở xã", "công an ở đây ăn tiền của nó, tôi sợ",
    "khỏi gửi công an phường được hông", "em ngán mấy ông công an xã lắm", "né công an xã giùm", "chồng nó làm công an phường",
    "so ca xa lam, chu no lam trong do",
]  # fmt: skip


@pytest.mark.parametrize("text", FEARS)
@pytest.mark.parametrize(
    "question", ["safe", "what", "where", "pick", "when", "who", "behind", "evidence", "reply", "contact", "confirm"]
)
def test_fear_of_the_local_police_is_heard_at_every_question(question, text):
    draft = ready()
    draft["done"] = draft["done"][: draft["done"].index(question)] if question in draft["done"] else draft["done"]
    intake.answer(draft, question, Message(text=text, is_question=is_question(text)))
    assert goes_above(draft), text
    assert text in str(draft), "kept for those above to know"
    assert (
        not steps_out(Message(text=text, intent="self_harm_distress", confidence=0.95), question) or question == "safe"
    )


def test_a_question_at_the_read_back_not_to_send_it_there_is_a_choice():
    text = "khỏi gửi công an phường được hông"
    message = Message(text=text, intent="ask_hotline_number", confidence=0.9, is_question=is_question(text))
    assert not steps_out(message, "confirm")
