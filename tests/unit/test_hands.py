"""Who holds the phone now may not be the reporter: what is heard as another's words, as somebody coming in, as the reporter back."""

from __future__ import annotations

import pytest

from bot.dialogue.emergency import after_card
from bot.dialogue.interview import hands
from bot.dialogue.interview.draft import Draft, Message
from bot.dialogue.reading.questions import is_question
from bot.dialogue.state import ConversationState

COMES = """
nó vào|nó dậy|nó tới|nó hỏi e nhắn ai|no day|no toi|nó thức dậy rồi|chồng em về rồi|có người tới|quản lý đang lên phòng|tụi nó quay lại rồi
nghe tiếng bước chân|bà chủ gõ cửa|nó đứng cạnh|nó hỏi em nhắn tin với ai|giấu máy đã|có người vào
sếp em đang coi điện thoại|bố em về|có người gọi cửa|cô chủ vào|ảnh dậy rồi|mẹ vào phòng|bà chủ xuống|đứa kia nhìn em|nó đang đọc|nó đòi coi máy
anh ơi nó vào rồi|thôi nha em tắt máy|em xóa tin nha có người|em phải trả máy|thằng bảo kê gõ cửa|nó sắp lấy máy|nó vô nữa, im nha
"""
COMES_NOT = """
nó đi rồi|nó ra ngoài rồi|nó tới nhà em hôm qua|nó dạy em học|nó bắt em tiếp khách|họ tới đây từ năm ngoái|nó hỏi em tiền|nó ngủ rồi
nó vào nhà lấy hết giấy tờ|chồng em đánh em|ở đây có 3 người|em nghe tiếng con bé khóc
họ lấy điện thoại của em|nó giữ máy em từ tháng trước|bố em về quê rồi|em xóa tin nhắn rồi|nó xem điện thoại của em
chủ thu hết điện thoại|mẹ em về nhà không thấy em
sếp em bắt em uống|anh ta xuống tiền|cô chủ đánh em
"""
COVER = """
thôi k có gì đâu anh|e rảnh k|dạ không có gì đâu chị|em nhắn nhầm|em ăn cơm chưa|thôi có gì đâu anh|em coi phim thôi|anh ngủ chưa
em đang làm gì đấy
"""
COVER_NOT = """
không có gì|không có|không có gì để ăn|em không được ăn|em bị nhốt|không có giấy tờ gì|anh ơi cứu em|em làm gì bây giờ|không có gì hết
nó gửi nhầm tiền cho em
"""
STRANGER = """
ê ai v? đt của con nhỏ này đó, nó nhắn gì vậy|xóa đi, tao ko biết gì hết|mày là ai|máy của con bé này mà|nó nhắn gì vậy|điện thoại của vợ tao
nó dám báo công an hả|con này nó kể gì thế|tao không có nhốt ai|chúng mày là bọn nào
máy này của cháu tôi, cô là ai|mày đang nhắn tin với thằng nào vậy|gửi lại tao coi nó viết gì|đọc lại cho tao nghe coi|xem lại tin nó nhắn đi
tao là chủ quán đây, mày muốn gì|chồng nó đây, nó gửi gì bên mấy người|tao đang cầm máy nó nè|điện thoại này tao thu rồi|đây là máy của nhân viên tôi
nó nói gì với mày|nó kêu cứu với bọn mày à|em tôi nhắn gì cho bạn vậy
"""
STRANGER_NOT = """
đt của thằng đó 0912345678|nó lấy điện thoại của em|nó nhắn tin dọa em|em không biết gì hết|nó nói sẽ bán em|điện thoại của em hết pin
nó nhắn cho em hôm qua|con bé này bị bán|nó báo công an là em ăn cắp|tao bị nhốt cứu tao|nó xem điện thoại của mấy đứa|chị em ở đây có 3 người
số này của em tôi|zalo của con tôi|em mượn điện thoại của em tôi|tôi là chủ nhà trọ, mấy đứa nhỏ bị đánh
để em xem lại tin nó nhắn|em không biết nó nhắn gì cho em
nó kể với mấy người bạn|tôi là mẹ của nó|tao là công nhân bị nhốt
"""
ASKS = """
ai nhắn đấy?|ai nhắn đấy|bên nào đây|tin gì đây|bạn là ai|ai vậy|chat với ai vậy|đây là gì vậy|cái gì đây|số này của ai vậy|nhắn gì đấy
who is this|who r u|máy này của ai vậy|nhắn gì cho ai thế con này
"""
ASKS_NOT = """
ai đó giúp em|đây là đâu|ai nhốt em thì em không biết|em ở bên Campuchia|bên kia đường|ai đó|tin em đi|nhắn cho mẹ em|chỗ nào em cũng không biết
ai cũng sợ|số nhà 12|em nhắn gì tiếp|mấy anh là công an hả|có phải công an không
"""
WITHDRAWS = """
rút lại dc ko|toi so qua, rut lai dc ko|rút lại tin đc ko|có rút lại tin được không|gửi rồi hủy được không|hủy tin này được không ạ
thu hồi tin thế nào|muốn rút lại tin thì sao|làm sao rút tin đã gửi|em rút đơn được không|can i withdraw
"""
WITHDRAWS_NOT = """
rút tiền được không|lấy lại hộ chiếu được không|hủy hợp đồng được không|rút lại|gửi cấp trên được không|gửi đi|thu hồi giấy tờ sao
em không rút ra được|nó rút dao|chuyển lên trên được không|xóa ảnh được không|hủy vé xe được không
"""
BACK = "tiếp|em đây, nó đi ra ngoài rồi|nó đi rồi|em đây|gửi đi|nó ngủ rồi|nó ra ngoài rồi"
NOT_BACK = "ừ|có người gọi cửa|có|xóa đi|gì đây|alo|nói đi|không|ai bảo mày|xem nào|gửi gì vậy"


def cases(block: str) -> list[str]:
    return [text.strip() for text in block.replace("\n", "|").split("|") if text.strip()]


HEARD = [
    (hands.comes, COMES, COMES_NOT),
    (hands.covers, COVER, COVER_NOT),
    (hands.is_stranger, STRANGER, STRANGER_NOT),
    (hands.asks_who, ASKS, ASKS_NOT),
    (hands.withdraws, WITHDRAWS, WITHDRAWS_NOT),
]


@pytest.mark.parametrize(("hears", "block", "meant"), [
    (hears, block, meant) for hears, yes, no in HEARD for block, meant in ((yes, True), (no, False))
])  # fmt: skip
def test_words_are_heard_as_meant(hears: object, block: str, meant: bool) -> None:
    assert callable(hears)
    assert [text for text in cases(block) if hears(text) is not meant] == []


def held(**more: object) -> Draft:
    draft: Draft = {"done": ["where", "what"], "urgent": True, "short": True, "what": "em bị nhốt"}
    return draft | more


@pytest.mark.parametrize("text", [*cases(STRANGER), *cases(ASKS)])
@pytest.mark.parametrize("question", ["confirm", "where", "receipt"])
def test_whoever_else_writes_is_told_of_no_report(text: str, question: str) -> None:
    draft = held()
    outcome = hands.heed(draft, question, Message(text=text, is_question="?" in text))
    assert outcome is not None
    assert (outcome.ask, outcome.says, outcome.ended) == (question, (hands.NEUTRAL,), "")
    assert draft["quiet"]
    assert draft["what"] == "em bị nhốt"


@pytest.mark.parametrize("text", cases(NOT_BACK))
def test_nothing_is_shown_or_erased_until_the_reporter_is_surely_back(text: str) -> None:
    draft = held(hands=hands.OTHER)
    outcome = hands.heed(draft, "confirm", Message(text=text, is_question=is_question(text)))
    assert outcome is not None
    assert outcome.says == (hands.NEUTRAL,)
    assert draft["hands"] == hands.OTHER
    assert draft["quiet"]
    assert draft["what"] == "em bị nhốt"


@pytest.mark.parametrize("message", [*(Message(text=text) for text in cases(BACK)), Message(choice="ans:send")])
def test_the_reporter_is_heard_again(message: Message) -> None:
    draft = held(hands=hands.OTHER)
    assert hands.heed(draft, "confirm", message) is None
    assert "hands" not in draft


@pytest.mark.parametrize("who", [hands.BY, hands.OTHER])
def test_a_fright_that_sounds_urgent_is_nobody_coming_back(who: str) -> None:
    draft = held(hands=who)
    outcome = hands.heed(draft, "where", Message(text="có người gọi cửa", emergency=True))
    assert outcome is not None
    assert draft["hands"]


def test_no_card_with_numbers_goes_before_the_quiet_line() -> None:
    quiet = [{"say": "tip_wait", "args": {}}]
    assert hands.hushed(quiet, "có người gọi cửa")
    assert not hands.hushed(quiet, "nó đánh em chảy máu, cứu em với"), "a cry is a cry"
    assert not hands.hushed([{"say": "tip_where", "args": {}}], "có người gọi cửa")


def test_a_file_sent_meanwhile_is_kept_and_nothing_said_of_it() -> None:
    draft = held(hands=hands.OTHER)
    outcome = hands.heed(draft, "confirm", Message(files=("one",)))
    assert outcome is not None
    assert outcome.says == (hands.NEUTRAL,)
    assert draft["files"] == ["one"]


@pytest.mark.parametrize("text", cases(COMES))
def test_who_cannot_write_now_is_waited_for(text: str) -> None:
    draft = held()
    outcome = hands.heed(draft, "where", Message(text=text))
    assert outcome is not None
    assert outcome.says == ("tip_wait",)
    assert draft["quiet"]
    sent = held(sent={"kept": False})
    outcome = hands.heed(sent, "receipt", Message(text=text))
    assert outcome is not None
    assert outcome.says == (hands.AWAY,)
    assert sent["quiet"]


@pytest.mark.parametrize("text", cases(COVER))
def test_words_for_somebody_beside_answer_nothing(text: str) -> None:
    draft = held()
    outcome = hands.heed(draft, "confirm", Message(text=text, is_question=is_question(text)))
    assert outcome is not None
    assert outcome.says == (hands.AWAY,)
    assert draft["quiet"]
    assert hands.heed(held(), "evidence", Message(text=text)) is None


@pytest.mark.parametrize("text", [*cases(ASKS), *cases(COVER), "em ở xã An Phú", "dạ", "không biết"])
def test_a_calm_report_is_heard_as_before(text: str) -> None:
    draft: Draft = {"done": ["safe"], "safe": True, "what": "có người rủ đi làm xa"}
    assert hands.heed(draft, "who", Message(text=text)) is None
    assert "hands" not in draft
    assert "quiet" not in draft


@pytest.mark.parametrize("text", cases(WITHDRAWS))
def test_asked_whether_it_can_be_taken_back_nothing_is_sent_or_erased(text: str) -> None:
    draft = held()
    outcome = hands.heed(draft, "confirm", Message(text=text, is_question=True))
    assert outcome is not None
    assert (outcome.ask, outcome.says, outcome.ended) == ("confirm", ("tip_withdraw",), "")
    assert "police" not in draft
    assert "confirm" not in draft["done"]
    assert draft["what"] == "em bị nhốt"
    outcome = hands.heed(held(sent={"kept": False}), "receipt", Message(text=text, is_question=True))
    assert outcome is not None
    assert outcome.says == ("tip_after_withdraw",)


@pytest.mark.parametrize("text", [*cases(COMES), *cases(COVER), *cases(STRANGER), *cases(ASKS)])
def test_after_a_card_nothing_urges_on_while_somebody_is_there(text: str) -> None:
    state = ConversationState()
    after_card.keep(state, "emergency_in_danger", "em bị nhốt cứu em", "")
    says = after_card.stay([{"say": "emergency_in_danger", "args": {}}], text, state, "emergency_in_danger")
    says = after_card.card_first(says, "emergency_in_danger", state, "vi", in_form=False)
    assert [say["say"] for say in says] in ([hands.AWAY], [hands.NEUTRAL])
