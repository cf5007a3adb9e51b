"""What is heard first once a tip is sent, and "thôi" in its two meanings: in the words of many people."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.dialogue.interview import after_words, afterwards, receipt_forms
from bot.dialogue.interview.draft import Message
from bot.dialogue.interview.phrases import only_so_many, wants_no_more, wants_out
from bot.dialogue.triage import followup

WATCHED = """
no sap vo kiem tra dien thoai|chồng tui đòi coi máy|nó đang lục điện thoại tui|quản lý sắp vào check máy|họ sắp kiểm tra tin nhắn
bà chủ đang đòi xem điện thoại|sap bi soi may roi|they are about to check my phone
"""
HIDES = """
xoa sao cho het|làm sao xóa cuộc trò chuyện này|giấu đoạn chat này sao|xóa đoạn chat này giúp em|cách nào xóa tin nhắn vậy
how do i delete this chat|xoa doan chat nay kieu gi|muốn xóa lịch sử chat
"""
HIDES_NOT = """
tối qua nó giật điện thoại của em|nó lấy điện thoại của mấy đứa|lỡ tay xóa mất mã|trang web nào gỡ ảnh được không|nó tên Dũng
xóa ảnh trên facebook sao
họ thu hộ chiếu và điện thoại|biển số xe 51F|mẹ con thấy thì sao|nó kiểm tra điện thoại thì sao
"""
ASKED = {
    "receipt_what": """
        ma la gi chau|mã là gì vậy|mã để làm gì|bảy từ này là sao|mã gì thế|what is the code for
    """,
    "tip_after_called": """
        có ai gọi lại cho tôi không|cán bộ có liên lạc lại với em không|khi nào công an gọi lại|co ai goi cho toi khong|will someone call me
    """,
    "tip_after_readers": """
        công an Hà Nội có biết không|công an xã có đọc được không|cong an tinh co nhan khong|bộ đội biên phòng có biết chưa
        tin này gửi đến đâu vậy
    """,
    "tip_after_takedown": """
        trang web nào gỡ ảnh được không|làm sao gỡ clip xuống|xóa ảnh trên mạng được không|go hinh giup em|hình của em có gỡ được không
    """,
    "": "bà Tư Thơm chủ quán|tối qua lúc 9 giờ|nó chở đi bằng xe 51F|tôi chép rồi|mai nó bán tụi em qua công ty khác",
}
COPIED = "tôi chép rồi|em ghi vào giấy rồi ạ|chép lại bảy từ rồi|da chep xong roi|bác ghi rồi cháu|lưu mã rồi nha|chép xong rồi"
COPIED_NOT = "tôi ghi âm rồi|nó chép số của em rồi bán|rồi|chưa chép xong|họ ghi tên em rồi bắt ký giấy|ok"
LOST = "quên mã rồi|mất mã rồi bạn ơi|em không còn mã|tui quên mất bảy từ|mã bị mất rồi|i lost the code"
PRESSING = """
no sap vo kiem tra dien thoai|tụi nó đang dọn đồ đi kìa|10 phút nữa đăng|mai ban no qua cty khac|xe tới đón rồi|nửa tiếng nữa nó tung clip
nó sắp đăng ảnh|họ chuẩn bị lên xe rồi
"""
YOUNG = "mình 16 tuổi|em 12 tuổi|cháu tôi mới 12 tuổi|con bé học lớp 7|em chưa đủ 18|i am 15"
ONLY = "mot minh no thoi|một mình em thôi|có hai đứa thôi|hai mẹ con thôi|mình em thoi|chỉ có 3 người thôi ạ|mỗi đứa em tôi thôi"
NO_MORE = """
thôi tôi sợ lắm, không khai nữa|thôi em sợ lắm|sợ quá không kể nữa đâu|em sợ lắm em không báo nữa|thôi bỏ đi em sợ|sợ nó biết thôi không báo nữa
thôi dừng lại đi tôi sợ quá|thoi khong dam bao nua|toi xin rut, so lam|thôi chị ơi em run quá không viết nổi nữa
"""
NEITHER = "nó không gửi tiền nữa|em sợ nó đánh nên không dám kể với ai|nó dọa giết em sợ lắm|em sợ lắm cứu em|họ không cho em nói nữa"


def cases(block: str) -> list[str]:
    return [text.strip() for text in block.replace("\n", "|").split("|") if text.strip()]


@pytest.mark.parametrize("text", cases(WATCHED))
def test_a_phone_about_to_be_looked_at(text: str) -> None:
    assert after_words.is_watched(text)


@pytest.mark.parametrize("text", cases(HIDES))
def test_how_to_make_it_go_away(text: str) -> None:
    assert after_words.hides(text)


@pytest.mark.parametrize("text", cases(HIDES_NOT))
def test_a_story_or_another_worry_hides_nothing(text: str) -> None:
    assert not after_words.hides(text)


@pytest.mark.parametrize(("line", "text"), [(line, text) for line, block in ASKED.items() for text in cases(block)])
def test_a_question_of_their_own_has_its_answer(line: str, text: str) -> None:
    assert after_words.own_question(text) == line


def test_written_down_and_lost() -> None:
    assert [text for text in cases(COPIED) if not after_words.copied(text)] == []
    assert [text for text in cases(COPIED_NOT) if after_words.copied(text)] == []
    assert [text for text in cases(LOST) if not after_words.code_lost(text)] == []
    assert after_words.code_lost("quên rồi", asked=True)
    assert not after_words.code_lost("quên rồi")


@pytest.mark.parametrize("text", cases(PRESSING))
def test_danger_soon_raises_a_sent_tip(text: str) -> None:
    assert followup.pressing(text)


@pytest.mark.parametrize("text", cases(YOUNG))
def test_somebody_under_eighteen_is_acknowledged_once(text: str) -> None:
    draft = sent()
    step = afterwards.comes_first(draft, "receipt", Message(text=text))
    assert step is not None
    assert step.outcome.says == ("tip_after_young",)
    assert step.addition is not None
    assert step.addition.text == text
    assert afterwards.comes_first(draft, "receipt", Message(text=text)) is None


@pytest.mark.parametrize("text", cases(ONLY))
def test_only_so_many_ends_nothing(text: str) -> None:
    assert only_so_many(text)
    assert not wants_out(Message(text=text), yes_expected=False)
    assert afterwards.answer(sent(kept=True), "who", Message(text=text)).outcome.ended == ""


@pytest.mark.parametrize("text", cases(NO_MORE))
def test_whoever_is_afraid_and_wants_out_is_heard(text: str) -> None:
    assert wants_no_more(text)
    assert wants_out(Message(text=text), yes_expected=False)
    step = afterwards.answer(sent(kept=True), "when", Message(text=text))
    assert (step.outcome.says, step.addition) == (("tip_after_stays",), None)


@pytest.mark.parametrize("text", cases(NEITHER))
def test_fear_alone_ends_nothing(text: str) -> None:
    assert not wants_out(Message(text=text), yes_expected=False)


def sent(*, kept: bool = False) -> dict:
    draft: dict = {
        "done": ["where", "what", "confirm"],
        "urgent": True,
        "other": True,
        "what": "nó bị nhốt",
        "said": [],
    }
    afterwards.begin(draft, as_words=False, language="vi")
    draft["sent"]["kept"] = kept
    return draft


@pytest.mark.parametrize("text", ["tụi nó đang dọn đồ đi kìa", "10 phút nữa đăng", "mai ban no qua cty khac"])
@pytest.mark.parametrize("question", ["receipt", "evidence", "when"])
def test_an_urgent_word_is_acknowledged_first_and_passed_on(question: str, text: str) -> None:
    draft = sent()
    step = afterwards.comes_first(draft, question, Message(text=text)) or afterwards.answer(
        draft, question, Message(text=text)
    )
    assert step.outcome.says[0] == "tip_after_urgent"
    assert step.addition is not None
    assert step.addition.text == text


def test_the_same_words_do_not_acknowledge_twice() -> None:
    draft = sent()
    lines = [after_words.urgent_line(draft) for _ in range(5)]
    assert all(one != other for one, other in pairwise(lines))


def test_a_watched_phone_is_asked_nothing_more_and_what_is_told_still_goes() -> None:
    draft = sent()
    step = afterwards.comes_first(draft, "when", Message(text="no sap vo kiem tra dien thoai"))
    assert step is not None
    assert step.outcome.says == ("tip_after_hide",)
    assert step.addition is not None
    assert draft["sent"]["hidden"]
    asked = afterwards.comes_first(sent(), "receipt", Message(text="xoa sao cho het"))
    assert asked is not None
    assert asked.addition is None  # a question to us, and no message to officers
    later = afterwards.comes_first(draft, "when", Message(text="bà Tư Thơm chủ quán"))
    assert later is not None
    assert later.outcome.says == ("tip_after_told",)
    assert later.addition is not None


def test_kept_is_no_evidence() -> None:
    draft = sent()
    step = afterwards.comes_first(draft, "evidence", Message(text="tôi chép rồi"))
    assert step is not None
    assert (step.outcome.says, step.addition) == (("receipt_kept",), None)
    assert draft["sent"]["kept"]


def test_the_code_is_asked_about_whole_then_short_then_by_buttons() -> None:
    draft = sent()
    assert afterwards.code_asked(draft, "vi") == "tip_receipt"
    assert afterwards.code_asked(draft, "vi") == "tip_receipt_short"
    assert afterwards.code_asked(draft, "vi") == "tip_receipt_idle"
    assert afterwards.code_asked(sent(), "km") == afterwards.code_asked(sent(), "km") == "tip_receipt"


@pytest.mark.parametrize(
    "text",
    [
        "em đang bị nhốt trong phòng, chúng khóa cửa không cho ra",
        "tôi bị giữ ở quán, không cho về",
        "tui đang bị nhốt ở xưởng",
    ],
)
def test_an_adult_who_is_held_is_given_words(text: str) -> None:
    assert receipt_forms.words_first({"said": [["what", text]]}, "vi")
    assert not receipt_forms.words_first({"said": [["what", "nhóm lạ tuyển thanh niên đi làm xa"]]}, "vi")
