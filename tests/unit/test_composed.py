"""Composed answers: what a message tells, which pieces answer it, and that none says what was not told or rings a wrong number."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from bot.content.phrasebooks import load_phrasebooks
from bot.core.messages import OutboundMessage
from bot.dialogue.composing import answer, pieces, told
from bot.dialogue.composing.told import Told
from bot.dialogue.reading import pages, person
from bot.dialogue.state import ConversationState
from bot.dialogue.triage import assess
from bot.services.messaging import composed

BOOK = load_phrasebooks(Path(__file__).parents[2] / "content" / "dialogue")["vi"]
LONGEST = 600  # characters of both bubbles
PAGE = "safe_migration"
SPEAKERS = {
    "": ("", ""), person.SELF: ("", ""), person.CHILD: ("", ""), person.RELATIVE: ("", "child"), person.FRIEND: ("", "friend"),
    person.PROFESSIONAL: ("teacher", "pupil"), person.WITNESS: ("", ""),
}  # fmt: skip
# Words that say something of their own, and when that was told.
CLAIMS = {
    r"\brủ\b": lambda t: t.stage == told.INVITED,
    r"\btính\b": lambda t: t.stage == told.PLANS,
    r"\bđã về\b": lambda t: t.stage == told.BACK,
    r"đưa (tiền|rồi)|nạp tiền": lambda t: t.paid or t.stage == told.PAID,
    r"18 tuổi": lambda t: t.minor,
    r"trên mạng": lambda t: "lover" in t.matters,
    r"thận": lambda t: "kidney" in t.matters,
    r"mang thai hộ": lambda t: "surrogacy" in t.matters,
    r"trứng": lambda t: "eggs" in t.matters,
    r"lấy chồng|cưới": lambda t: "marry" in t.matters,
    r"nhiệm vụ": lambda t: "task" in t.matters,
    r"học trò|thầy cô": lambda t: t.trade == "teacher",
    r"tối nay|ngày mai|hôm nay": lambda t: bool(t.when),
    r"Campuchia|Trung Quốc|Móng Cái": lambda t: bool(t.to),
}


def grid() -> list[Told]:
    rows = product(SPEAKERS, (*told.STAGES, ""), (*told.MATTERS, ""), ("", "cambodia"), (False, True))
    return [
        Told(
            speaker=speaker, trade=SPEAKERS[speaker][0], whom=SPEAKERS[speaker][1], stage=stage,
            matters=(matter,) if matter else (), to=to, when="tomorrow" if stage == told.LEAVING else "",
            paid=stage in (told.PAID, told.RANSOMED), minor=minor or speaker == person.CHILD,
        )
        for speaker, stage, matter, to, minor in rows
    ]  # fmt: skip


def bubbles(found: Told) -> list[OutboundMessage]:
    args = answer.arguments(("seen", "todo", "asked"), PAGE, found, ConversationState())
    if "seen" not in args or "todo" not in args:
        return []
    args["brief"] = pieces.brief(PAGE, found, "vi")
    return composed.bubbles(BOOK, args, OutboundMessage(text="", meta={"item": PAGE}))


def test_no_first_line_says_what_was_not_told_or_is_too_long() -> None:
    made = 0
    for found in grid():
        shown = bubbles(found)
        if not shown:
            continue
        made += 1
        text = "\n".join(bubble.text for bubble in shown)
        first = shown[0].text.split("\n")[0]
        assert [words for words, said in CLAIMS.items() if re.search(words, first, re.I) and not said(found)] == [], (
            found
        )
        assert not re.search(r"\{\w+\}", text + " ".join(c.id + c.title for b in shown for c in b.choices)), found
        assert len(text) <= LONGEST, found
        ids = [choice.id for choice in shown[-1].choices]
        assert len(ids) == len(set(ids)), found
        assert len(shown[0].text.split("\n")) <= 3
        assert not re.search(r"(?:^|\n) | {2}", text), found
    assert made > 500, "most of what is told has an answer of its own"


def test_every_stage_of_every_known_speaker_has_an_answer() -> None:
    without = {
        (found.stage, found.speaker)
        for found in grid()
        if found.stage in {told.INVITED, told.PLANS, told.LEAVING, told.BACK, told.PAID}
        and found.speaker not in {"", person.WITNESS} and not bubbles(found)
    }  # fmt: skip
    assert without <= {(told.BACK, person.PROFESSIONAL)}, (
        "a teacher's pupil who is back is asked about by the page's own card"
    )


def test_who_has_not_left_is_given_numbers_of_viet_nam() -> None:
    for found in grid():
        text = "\n".join(bubble.text for bubble in bubbles(found))
        if found.stage:  # where somebody may be abroad already, its number is said to be for there
            assert "+84" not in re.sub(r"(?i)ở nước ngoài: \+84[ \d]+", "", text), found
        if found.stage == told.LEAVING and text:
            assert "113" in text, found


TOLD = [
    (
        "em 16 tuổi, có chị quen trên facebook rủ em qua campuchia làm game lương 20 triệu",
        "child",
        "invited",
        "cambodia",
    ),
    ("mai 5h sáng xe đón em đi mộc bài rồi, em đặt cọc rồi giờ không biết sao", "self", "leaving", "moc_bai"),
    ("sang mai xe qua ruoc e di campuchia, e lo coc 3 trieu roi", "self", "leaving", "cambodia"),
    ("con gái tôi 17 tuổi đòi đi làm ở cam, tôi nói không nghe", "relative", "plans", "cambodia"),
    ("tôi là giáo viên, học sinh lớp 9 của tôi nghỉ học nói sắp đi làm xa", "professional", "plans", ""),
    ("nhỏ bạn thân em tối nay trốn nhà đi trung quốc lấy chồng, em can không được", "friend", "leaving", "china"),
    ("bạn em đang rủ em đi cùng qua thái làm chat, nó nói nó làm rồi", "self", "invited", "thailand"),
    ("em mới trốn từ campuchia về, không có giấy tờ gì, giờ phải làm sao", "self", "back", "cambodia"),
    ("em nạp 30 triệu làm nhiệm vụ rồi không rút được", "self", "paid", ""),
    ("nhà em chuyển 150 triệu tiền chuộc rồi mà họ chưa thả", "self", "ransomed", ""),
    # The nearest that tell no such thing.
    ("nó gọi về khóc bảo phải nộp 3000 đô mới được về", "", "", ""),
    ("em lỡ rủ 2 đứa bạn sang đó, giờ em hối hận", "self", "", ""),
    ("ký quỹ 100 triệu đi hàn quốc eps có thật không", "", "", "korea"),
    ("luật phòng chống mua bán người sửa đổi 2025 có gì mới", "", "", ""),
    ("em cảm thấy buồn", "self", "", ""),
]


@pytest.mark.parametrize(("text", "speaker", "stage", "to"), TOLD)
def test_what_a_message_tells(text: str, speaker: str, stage: str, to: str) -> None:
    found = told.read(text)
    assert (found.speaker, found.stage, found.to) == (speaker, stage, to)


SURE = [
    ("tôi đã báo tin 5 ngày rồi không thấy ai", "report_tip_status", ""),
    ("em sợ báo rồi tụi nó biết em báo", "ask_anonymity_confidentiality", ""),
    ("có ai trực ở đây không", "ask_human", ""),
    ("tự xem mình có bị bóc lột không", "self_screening", ""),
    ("cháu bị câm điếc không gọi điện được", "ask_hotline_number", "page_write_only"),
    ("0912345678 có phải số lừa đảo không", "ask_online_collaborator_scam", "page_check_number"),
    ("app VNeID tố giác ẩn danh thế nào", "ask_anonymity_confidentiality", "page_vneid"),
    ("Lá Chắn thuộc cơ quan nào", "bot_challenge", "page_who_runs"),
    ("app vay tiền gọi điện khủng bố gia đình", "ask_online_collaborator_scam", "debt_app"),
    ("làm sao tố cáo trung tâm môi giới du học", "ask_job_abroad_check", "fees_and_complaints"),
    ("làm khai sinh cho con sinh ở trung quốc", "ask_victim_support_rights", "civil_status_returnee"),
    ("cho số liệu mua bán người năm 2025", "ask_30_7_day", "law_and_figures"),
    ("nhà em ở Thốt Nốt", "chitchat", "page_go_on"),
    ("tôi bị điếc, bị người ta nhốt", "", ""),
    ("con trai tôi mất tích, tôi đã báo tin mà chưa ai liên lạc", "", ""),
    ("con gái tôi 17 tuổi đòi đi làm ở cam, tôi nói không nghe", "", ""),
    ("họ bảo cho con nuôi sang Trung Quốc, làm khai sinh giả", "", ""),
]


@pytest.mark.parametrize(("text", "meaning", "page"), SURE)
def test_words_that_leave_no_doubt(text: str, meaning: str, page: str) -> None:
    assert pages.surely(text) == meaning
    assert pages.item_of(meaning, text) == page or not meaning


CALM = [
    ("vay app trễ hạn 3 ngày tụi nó ghép ảnh mình gửi cho cả cơ quan", False),
    ("vay tiền qua app bị dọa đăng ảnh", False),
    ("vay app, nó dọa tung ảnh khỏa thân của em", True),
    ("cô dâu Hàn Quốc qua mai mối, em đóng 60 triệu rồi, họ giữ hộ chiếu của em", False),
    ("em đóng tiền cho môi giới rồi, họ giữ hộ chiếu, nhốt em trong phòng", True),
    ("phí đi xuất khẩu lao động nhật bản tối đa bao nhiêu", False),
    ("chú hàng xóm hay rủ con qua nhà cho kẹo chụp hình", True),
]


@pytest.mark.parametrize(("text", "alarm"), CALM)
def test_debts_and_held_papers_are_no_alarm_and_harm_is(text: str, alarm: bool) -> None:
    assert (assess(text).level == "emergency") is alarm


@pytest.mark.parametrize("text", [
    "con gái tôi 17 tuổi đòi đi làm ở cam, mới bị người ta bắt lên xe rồi", "bạn em đang rủ em đi cùng qua thái, nó khóc quá",
])  # fmt: skip
def test_a_frightened_message_is_never_taken_for_a_calm_one(text: str) -> None:
    assert told.calm_meaning(text) == ""


def test_nothing_is_said_twice_in_the_same_words() -> None:
    state = ConversationState()
    page = [{"say": PAGE, "args": {}}]
    said = [answer.answer(page, "đi làm xa cần gì", state, is_page=lambda name: True)[0]["say"] for _ in range(4)]
    assert said == [PAGE, PAGE, "again", "again_2"]
    first, second = (
        answer.answer(page, "em sắp đi Campuchia làm", ConversationState(said=before), is_page=lambda name: True)
        for before in ((), ("seen_plans_self_to", PAGE))
    )
    assert first[0]["args"]["seen"] == "seen_plans_self_to"
    assert second == [{"say": PAGE, "args": {"more": True}}]


def test_who_paid_a_ransom_is_not_told_not_to_pay() -> None:
    card = [{"say": "ransom_demand", "args": {}}]
    assert (
        answer.ransomed(card, "nhà em chuyển 150 triệu tiền chuộc rồi mà họ chưa thả")[0]["say"] == answer.RANSOM_PAID
    )
    for unpaid in ("họ bắt nhà em chuyển 80 triệu tiền chuộc mới thả em về", "họ đòi nộp 3000 đô chuộc nó rồi mới thả"):
        assert answer.ransomed(card, unpaid) == card


@pytest.mark.parametrize(("text", "line"), [
    ("đi Nhật phí bao nhiêu? báo tin có mất tiền không?", "tip_asked_money"),
    ("lấy chồng Đài Loan có hợp pháp không? em báo thì có ai biết em không?", "tip_asked_known"),
    ("lấy chồng Đài Loan có hợp pháp không", ""),
    ("báo tin có mất tiền không", ""),
])  # fmt: skip
def test_two_questions_get_two_answers(text: str, line: str) -> None:
    says = answer.beside([{"say": "marriage_broker", "args": {}}], text)
    assert [say["say"] for say in says] == [*filter(None, [line]), "marriage_broker"]


@pytest.mark.parametrize(("text", "meaning"), [
    ("chau 15 tuoi, co ban quen tren zalo ru chau qua lao choi, co nen di k", "ask_online_lover_meeting"),
    ("con gái tôi sắp lấy chồng đài loan qua môi giới, có sao không", "ask_marriage_broker"),
    ("em bị người quen trên mạng rủ qua Lào rồi nhốt", ""),
    ("em đi làm ở Lào", ""),
])  # fmt: skip
def test_plans_and_invitations_of_which_nothing_frightening_is_told(text: str, meaning: str) -> None:
    assert told.calm_meaning(text) == meaning
