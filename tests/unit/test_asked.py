"""Questions put back in the middle of the interview: heard as what they ask, and never taken for a fact."""

from __future__ import annotations

import pytest

from bot.content.phrasebooks import load_phrasebooks
from bot.dialogue.interview import asked
from bot.dialogue.interview.draft import Message
from bot.dialogue.reading.questions import is_question
from bot.phrases.books import book
from bot.settings import ROOT


def _message(text: str, **more: object) -> Message:
    return Message(text=text, is_question=is_question(text), clauses=((text, (("ask", 0.9),)),), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("mà xã có biết em không", "known"), ("hàng xóm có biết mình báo ko", "known"), ("co bi lo ten k a", "known"),
        ("mẹ em biết thì sao", "known"),
        ("bao lâu thì công an tới", "long"), ("bao gio co ket qua vay", "long"), ("công an mấy giờ mới tới ạ", "long"),
        ("có ai tới liền không", "long"),
        ("có mất tiền không", "money"), ("báo tin có tốn tiền k", "money"), ("mat phi ko", "money"), ("goi 113 co mat tien khong z", "money"),
        ("ảnh có lộ chỗ mình đứng không", "photo"), ("hinh em chup co lo vi tri ko", "photo"), ("gửi ảnh thì có bị lộ không", "photo"),
        ("công an xã có đọc được không", "readers"), ("ai đọc tin này vậy", "readers"), ("tin này gửi đi đâu", "readers"),
        ("nói ở đây có bị ghi âm không", "recorded"), ("có cần tên thật không", "name"), ("có phải khai cccd ko", "name"),
        ("có phải lên công an không", "summoned"), ("em có phải ra tòa làm chứng không", "summoned"), ("lỡ em báo sai thì sao", "wrong"),
        ("có được thưởng không", "reward"), ("em mới 15 có báo được không", "young"), ("không nhớ ngày thì sao", "unknown"),
        ("kể sao giờ", "how"), ("viết tắt được ko", "how"), ("còn mấy câu nữa", "left"), ("sao hỏi kỹ thế", "left"),
        ("xã cũ hay xã mới", "why_place"),
        ("gửi video được không", "file"), ("họ có gọi về nhà em không", "call"), ("rồi sao nữa", "after"), ("nó có bị bắt không", "caught"),
        ("thế có phải tội không", "crime"), ("bạn là ai", "machine"), ("đang nói chuyện với người hay máy", "machine"),
        ("giờ em phải làm gì", "do_now"),
    ],
)  # fmt: skip
def test_a_question_put_back_is_heard_as_what_it_asks(text: str, topic: str) -> None:
    assert asked.topic(text) == topic


@pytest.mark.parametrize(
    "text",
    ["tối qua công an tới rồi", "hai em 16 tuổi không cho về", "nó không có tiền", "có mất tiền không đòi lại được", "nó bắt em gửi ảnh",
     "bà Tư có biết nó không", "quán có lộ đèn đỏ không", "ai cũng biết mà không dám nói", "xã An Lão", "công an xã có ăn tiền không",
     "họ gọi cho mẹ em đòi tiền", "không nhớ", "không biết là ai", "nó bị bắt rồi", "có phải nộp tiền chuộc không", "trả tiền thì nó có thả không",
     "từ lúc công an tới", "nó nói gì cũng không nghe", "chồng tôi có biết số điện thoại của nó", "em sợ lộ lắm", "quán Sao Đêm đúng không",
     "hình như 3 đứa phải không ta", "có 2 đứa mới 15 tuổi"],
)  # fmt: skip
def test_an_answer_is_no_question_put_back(text: str) -> None:
    assert asked.topic(text) == ""


def test_every_list_has_its_answer_in_both_languages() -> None:
    for language in ("vi", "en"):
        lines = load_phrasebooks(ROOT / "content" / "dialogue")[language].lines
        wanted = {f"tip_asked_{name}" for name in book("interview/asked").names()}
        wanted |= {asked.OTHER, asked.AGAIN, "tip_asked_readers_above", *(f"tip_{q}_brief" for q in asked.BRIEF)}
        assert wanted <= set(lines)


def test_the_commune_is_told_of_as_it_was_chosen() -> None:
    text = "công an xã có đọc được không"
    assert asked.heard({}, "evidence", _message(text)) == asked.AskedBack("tip_asked_readers")
    assert asked.heard({"police": "police:above"}, "evidence", _message(text)) == asked.AskedBack(
        "tip_asked_readers_above"
    )
    assert asked.heard({"sent": {"above": True}}, "when", _message(text)) == asked.AskedBack("tip_asked_readers_above")


def test_what_is_told_beside_is_left_for_the_open_question() -> None:
    back = asked.heard({}, "when", _message("tối qua, mà có mất tiền không?"))
    assert back is not None
    assert (back.line, back.rest and back.rest.text) == ("tip_asked_money", "tối qua")


def test_a_deed_told_within_the_question_is_kept() -> None:
    draft = {"done": []}
    assert asked.heard(draft, "who", _message("nó đánh con bé như vậy có phải tội không")) == asked.AskedBack(
        "tip_asked_crime"
    )
    assert "đánh con bé" in draft["what"]


def test_asked_once_more_it_is_not_answered_in_the_same_words() -> None:
    draft: dict[str, object] = {}
    lines = [asked.heard(draft, "who", _message("có mất tiền không")) for _ in range(2)]
    assert [back and back.line for back in lines] == ["tip_asked_money", asked.AGAIN]


def test_a_question_nobody_wrote_an_answer_for_is_no_fact_either() -> None:
    assert asked.heard({}, "evidence", _message("mạng yếu có gửi được không")) == asked.AskedBack(asked.OTHER)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("who", _message("có mất tiền không", emergency=True)),
        ("confirm", _message("khỏi gửi công an phường được hông")),
        ("who", _message("đợi xíu được không")),
        ("behind", _message("em sợ công an xã biết")),
        ("where", Message(text="quán Sao Đêm đúng không", is_question=True, clauses=(("quán Sao Đêm đúng không", (("ask", 0.9),)),))),
        ("when", Message(text="đường dây lừa bán người là gì", intent="ask_signs_of_trafficking", confidence=0.9, is_question=True,
                         clauses=(("đường dây lừa bán người là gì", (("ask", 0.9),)),))),
    ],
)  # fmt: skip
def test_what_has_its_own_reading_is_left_to_it(question: str, message: Message) -> None:
    assert asked.heard({"done": []}, question, message) is None
