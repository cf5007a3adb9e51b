"""What came before the interview is in the tip: story, place, numbers, files; what was no story is not."""

from __future__ import annotations

import pytest

from bot.core.messages import Attachment, Channel, InboundKind, InboundMessage
from bot.dialogue import memory as before
from bot.dialogue.interview import intake
from bot.dialogue.interview.before import tells
from bot.dialogue.interview.draft import Message, next_question
from bot.dialogue.interview.summary import summary
from bot.dialogue.reading.message import Reading
from bot.dialogue.state import ConversationState
from bot.dialogue.triage import NOTHING

AN_PHU = {"status": "commune", "code": "10645", "codes": ["10645"], "province": "31", "name": "Xã An Phú, Hải Phòng"}
HERE = {"status": "candidates", "codes": ["10645", "10648"], "code": "", "name": "Xã An Phú, Hải Phòng"}
CHINA = {"status": "foreign", "country": "Trung Quốc", "name": "Trung Quốc", "province": None}
STORY = "con nhỏ kế bên bị bả dụ đi Cam bốt làm ca ve, bển hổng cho dìa"


def entry(text="", place=None, files=(), **more):
    return {"at": 0.0, "text": text, "place": place or {}, "files": list(files), "tells": tells(text, **more)}


TELLING = """con nhỏ kế bên bị bả dụ đi Cam bốt làm ca ve, bển hổng cho dìa, bả biểu đem tiền qua chuộc
giáo viên ở Mường Lát, học sinh lớp 9 nghỉ 4 hôm, có anh quen trên mạng rủ đi Trung Quốc
con gái em bị dụ sang trung quốc mấy hôm nay không liên lạc được giờ em phải làm sao
con toi bi lua sang campuchia lam sao cuu no ve
bạn em bị nhốt ở casino bên Bavet rồi bị đòi chuộc 100 triệu, phải làm sao ạ?
quán karaoke Sao Đêm tối nào cũng chở mấy đứa con gái 15 16 tuổi tới
xe 51F-123.45 đậu trước cửa
có nhóm lạ rủ người đi xa
nha hang xom giam 1 co nguoi campuchia
e bi chu giu cccd ko cho ve
chị em đi làm bên đó 2 năm nay không về, có báo công an được không
vk toi bi no du di tq roi
chồng mất liên lạc 3 tháng rồi
my sister was sold to a man in China, what can I do?""".splitlines()
NOT_TELLING = """xin chào
alo
cảm ơn nhé
công an có giữ bí mật không?
cong an co giu bi mat ko
cho em hỏi bạn là ai vậy
mua bán người là gì?
mua bán người bị phạt bao nhiêu năm tù
dấu hiệu mua bán người là gì
em muốn báo tin
nếu em bị lừa thì gọi ai?
báo tin có bị lộ không
ok
dạ vâng ạ
làm sao biết mình có bị lừa không?
111 là số gì""".splitlines()


@pytest.mark.parametrize("text", TELLING)
def test_a_story_is_told_even_in_a_question(text):
    assert tells(text)


@pytest.mark.parametrize("text", NOT_TELLING)
def test_small_talk_questions_and_wishes_are_no_story(text):
    assert not tells(text)


def test_a_story_in_another_script_is_kept_unread():
    assert tells("他们拿走了我的护照 不让我出门 已经两个月", "non_vietnamese")
    assert tells("เขายึดหนังสือเดินทางของพวกเรา ไม่ให้ออกไปไหน", "non_vietnamese")
    assert not tells("你好", "non_vietnamese")


def test_a_note_of_despair_is_no_report_unless_something_was_done():
    assert not tells("mình mệt mỏi lắm rồi, không muốn sống nữa, chẳng ai cần mình", "self_harm_distress")
    assert tells("em bị ép tiếp khách ở quán karaoke, em không muốn sống nữa", "self_harm_distress")


def test_every_message_of_the_story_is_in_the_tip_in_order():
    draft = intake.begin(
        Message(text="em muốn báo tin"),
        [entry(STORY), entry("cảm ơn nhé"), entry("xe 51F-123.45 hay tới chở"), entry(STORY), entry("bạn là ai?")],
    )
    assert draft["what"] == f"{STORY}\nxe 51F-123.45 hay tới chở"
    assert draft["traces"] == ["51F-123.45"]
    assert next_question(draft) == "safe"
    intake.answer(draft, "safe", Message(text="có"))
    assert next_question(draft) == "where", "what was told is not asked again"


def test_the_story_told_before_is_kept_by_the_urgent_road_too():
    draft = intake.begin_urgent(Message(), Message(choice="do:urgent_tip"), [entry(STORY), entry(place=HERE)])
    assert draft["what"] == STORY
    assert draft["where"]["codes"] == HERE["codes"]
    assert next_question(draft) == "pick", "only which of the two communes, not where"


def test_files_numbers_and_links_sent_first_are_in_the_tip():
    told = [
        entry(files=["a"]),
        entry("đây là ảnh người tuyển", files=["b"]),
        entry("0903112233"),
        entry("t.me/nhomxau"),
    ]
    draft = intake.begin(Message(choice="do:report_tip"), told)
    assert summary(draft)["files"] == "2"
    assert draft["traces"] == ["0903112233", "t.me/nhomxau"]
    assert "what" not in draft["done"], "a caption does not say what happened: it is still asked"
    intake.answer(draft, "what", Message(text="chủ quán giữ giấy tờ của các bạn"))
    assert draft["what"] == "đây là ảnh người tuyển\nchủ quán giữ giấy tờ của các bạn"


def test_a_shared_position_is_the_place_whatever_country_was_mentioned():
    told = [entry("con gái em bị dụ sang Trung Quốc mấy hôm nay", place=CHINA), entry(place=AN_PHU)]
    draft = intake.begin(Message(choice="do:report_tip"), told)
    assert draft["where"]["code"] == "10645"
    assert draft["where"]["country"] == "Trung Quốc"


def test_what_was_taken_in_can_be_taken_out():
    draft = intake.begin(Message(choice="do:report_tip"), [entry(STORY + ", gọi 0903112233", files=["a"])])
    assert intake.answer(draft, "edit", Message(choice="edit:files")).says == ("files_removed",)
    assert "files" not in draft
    assert intake.answer(draft, "edit", Message(choice="edit:what")).ask == "what"
    intake.answer(draft, "what", Message(text="quán giữ giấy tờ của mấy bạn"))
    assert draft["what"] == "quán giữ giấy tờ của mấy bạn"
    assert "traces" not in draft


# The gateway's part: what is kept, how long, and for whom.


def said(text="", *, choice="", files=(), here=False, kind=None):
    kind = kind or (InboundKind.CHOICE if choice else InboundKind.TEXT if text else InboundKind.ATTACHMENT)
    kept = tuple(Attachment(ref, "image", 10) for ref in files)
    at = (20.0, 106.0) if here else (None, None)
    return InboundMessage(Channel.WEB, "x", "1", kind, text, choice, *at, kept)


def turn(state, message, *, place=None, now=100.0, opened=False, intent=""):
    reading = Reading(message.text, message.choice, "", "", "", "vi", NOTHING)
    before.remember(state, message, reading, place or {}, intent, emergency=False, opened=opened, now=now)


def test_words_files_and_positions_are_kept_and_taps_are_not():
    state = ConversationState()
    turn(state, said(STORY), place=CHINA)
    turn(state, said("ảnh nè", files=["f1"]))
    turn(state, said(here=True, kind=InboundKind.LOCATION), place=AN_PHU)
    turn(state, said(choice="say:hotline_card"))
    kept = before.told(state, 100.0)
    assert [(e.text, list(e.files), e.place.get("status")) for e in kept] == [
        (STORY, [], "foreign"), ("ảnh nè", ["f1"], None), ("", [], "commune"),
    ]  # fmt: skip


def test_the_last_ten_messages_of_the_last_hour():
    state = ConversationState()
    for number in range(14):
        turn(state, said(f"chuyện thứ {number} của em"), now=100.0 + number)
    assert [e.text for e in before.told(state, 120.0)] == [f"chuyện thứ {n} của em" for n in range(4, 14)]
    assert [e.text for e in before.told(state, 3_710.5)] == [f"chuyện thứ {n} của em" for n in range(11, 14)]
    turn(state, said("x" * 9_000))
    turn(state, said("y" * 9_000))
    assert sum(len(e.text) for e in before.told(state, 100.0)) <= before.MOST_CHARS


def test_an_album_does_not_push_the_story_out():
    state = ConversationState()
    turn(state, said(STORY))
    turn(state, said("ảnh nè", files=["f0"]))
    for number in range(1, 9):
        turn(state, said(files=[f"f{number}"]))
    first, album = before.told(state, 100.0)
    assert first.text == STORY
    assert album.files == tuple(f"f{n}" for n in range(9))


def test_nothing_is_left_for_a_second_tip_once_an_interview_has_begun():
    state = ConversationState()
    turn(state, said(STORY, files=["f1"]))
    turn(state, said(choice="do:report_tip"), opened=True)
    assert before.told(state, 100.0) == []


@pytest.mark.parametrize("slot", ["tip_what", "tip_receipt", "tip_cancel", "status_message", "screening_answer"])
def test_what_is_said_to_a_form_is_the_forms(slot):
    state = ConversationState(engine={"events": [{"event": "slot", "name": "requested_slot", "value": slot}]})
    turn(state, said(STORY))
    assert before.told(state, 100.0) == []


def test_an_offer_that_was_checked_is_kept_for_a_report_about_it():
    state = ConversationState(engine={"events": [{"event": "slot", "name": "requested_slot", "value": "offer_text"}]})
    turn(state, said("tuyển lao động đi Cam lương 30tr, bao ăn ở"))
    assert before.told(state, 100.0)[0].tells


def test_a_file_that_is_refused_to_be_sent_goes_as_promised():
    state = ConversationState()
    turn(state, said(files=["f1"]))
    before.mark_asked(state, {"files_thanks"})
    turn(state, said(choice="do:menu"))
    assert before.told(state, 100.0) == []


def test_a_file_with_words_is_named_and_a_file_after_a_cry_gets_the_numbers():
    photo = said("ảnh nè", files=["f1"])
    card = [{"say": "ask_hotline", "args": {}}]
    assert [s["say"] for s in before.name_files(card, photo, danger=False, distress=False)] == [
        "ask_hotline",
        "file_waits",
    ]
    alone = [{"say": "files_thanks", "args": {}}]
    assert before.name_files(alone, photo, danger=False, distress=False) == alone
    after = before.name_files(alone, photo, danger=True, distress=False)
    assert [s["say"] for s in after] == ["still_here", "file_waits_urgent"]
