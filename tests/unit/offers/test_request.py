"""Asking to have an offer checked, however it is typed; a report, a receipt and a question how to do it are none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.core.messages import Channel, InboundKind, InboundMessage
from bot.core.offers.request import asks_check, carries_offer, is_advert, looks_like_offer, tells_offer
from bot.dialogue.heard import TurnInput
from bot.dialogue.reading.message import Reader
from bot.dialogue.state import ConversationState

EVAL = Path(__file__).parents[2] / "eval"
ASKED = [
    "lời mời này sao bạn",
    "xem lời mời này thế nào",
    "người ta mời mình đi làm, mình muốn nhờ kiểm tra",
    "em nghi lời mời này lừa đảo, xem giúp",
    "bác muốn hỏi cái tin tuyển người trên phây búc này có thật không",
    "mình có 1 lời mời cần kiểm tra",
    "can you tell if this is a scam",
    "Kiểm tra một lời mời",
    "tôi muốn kiểm tra một tin tuyển dụng",
    "check giúp em cái tin này",
    "xem hộ chỗ này có lừa không",
    "ktra giùm e tin này vs ạ",
    "coi giùm tui cái job này uy tín hông",
    "chek hộ mk cái tin tuyển dụng vs",
    "chỗ nì có lừa đảo k dzậy",
    "ad ơi ngó giùm công việc ni có thiệt không",
    "check offer giúp mình",
    "lời mời này đáng tin k",
    "soi giúp cái tin tuyển dụng vs",
    "kt giúp tin tuyển ctv",
    "thẩm định hộ lời mời làm việc",
    "bạn kt giúp mình lời mời này có bẫy ko nha",
    "xác minh giùm con tin tuyển người này",
    "kiem tra giup toi tin tuyen dung nay",
    "bác nhờ cháu coi dùm cái tin tuyển người này thật hay giả",
    "xem dùm bà cái tin thằng cháu nó gửi có phải lừa không",
    "mình vừa nhận được lời mời làm việc muốn kiểm tra xem có lừa đảo không",
    "việc này có lừa không ạ",
    "em có nhận 1 tin nhắn mời đi làm nhờ mn check giúp",
    "đánh giá giúp em công việc này",
    "coi hộ mệ cái tin ni với con",
    "muốn nhờ kiểm tra lời rủ đi làm",
    "em muốn kiểm tra xem lời mời này có phải lừa đảo không",
    "job này có scam ko",
    "tin này thật hay giả vậy",
    "k.i.ể.m t.r.a lời mời này giúp em",
    "KIỂM TRA TIN TUYỂN DỤNG NÀY",
    "I want to check a job offer",
    "check a job offer",
    "is this job real?",
    "Is this offer legit?",
    "could this job be a scam?",
    "please verify this advert for me",
]
NOT_ASKED = [
    "tại sao mấy tin tuyển dụng lương cao hay là lừa đảo vậy",
    "tôi muốn báo tin",
    "tố giác một người môi giới",
    "công an kiểm tra quán này giúp",
    "đề nghị công an kiểm tra quán karaoke đó",
    "đề nghị xác minh người này",
    "kiểm tra mã",
    "check tin báo",
    "kiểm tra giúp tin của em với",
    "làm sao kiểm tra công ty xuất khẩu lao động có giấy phép không",
    "công ty này có giấy phép đưa người đi nước ngoài không",
    "việc nhẹ lương cao có thật không",
    "xem giúp ngày tốt để động thổ",
    "họ kiểm tra điện thoại của em",
    "em bị nhốt ở chỗ này",
    "trang này là gì",
    "tôi muốn báo một tin tuyển dụng lừa đảo",
    "em không an toàn ở chỗ này",
    "xem hộ khẩu ở đâu",
    "I want to report a job scam",
    "how do I check if a company is licensed",
    "is it safe to report?",
    "are you real?",
]
ADVERT = "tuyển nữ sang Campuchia làm casino, lương 25 triệu, bao vé xe, không cần giấy tờ"


@pytest.mark.parametrize("text", ASKED)
def test_it_is_asked(text: str) -> None:
    assert asks_check(text)
    assert not carries_offer(text)


@pytest.mark.parametrize("text", NOT_ASKED)
def test_it_is_not_asked(text: str) -> None:
    assert not asks_check(text)


@pytest.mark.parametrize(
    "frame", ["xem giúp em tin này có lừa không: {}", "{}. Cái tin này có thật không vậy?", "check giúp\n{}"]
)
def test_an_offer_that_comes_along_is_seen(frame: str) -> None:
    text = frame.format(ADVERT)
    assert carries_offer(text)
    assert looks_like_offer(text)


def test_other_messages_do_not_ask() -> None:
    """Of a thousand messages about everything, only those about offers may be taken so."""
    rows = [
        json.loads(line)
        for path in sorted(EVAL.glob("intents_*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    about = re.compile("ask_|non_vietnamese")
    assert len(rows) > 900
    assert [row["text"] for row in rows if not about.match(row["intent"]) and asks_check(row["text"])] == []


@pytest.mark.parametrize(
    "filler", ["kiem tra ", "xem giup ", "tin nay co ", "loi moi ", "a ", "check ", "is this job "]
)
def test_four_thousand_characters_are_read_at_once(filler: str) -> None:
    text = (filler * 4_000)[:4_000]
    assert asks_check(text) in {True, False}
    assert carries_offer(text) in {True, False}


def read(text: str = "", choice: str = "", language: str = "") -> tuple[str, str, str]:
    kind = InboundKind.CHOICE if choice else InboundKind.TEXT
    message = InboundMessage(Channel.WEB, "x", "1", kind, text=text, choice=choice, language=language)
    turn = TurnInput(1, "c", Channel.WEB, message, ConversationState(), 0, False, 0, False)

    class Renderer:
        def has_item(self, name: str) -> bool:
            return True

    found = Reader(Renderer(), lambda text: "vi" if text else "und").read(turn, turn.state)  # type: ignore[arg-type]
    return found.intent, found.danger.level, found.language


@pytest.mark.parametrize(
    "text",
    [
        "check giúp em cái tin này",
        "giúp em kiểm tra chỗ làm này với",
        "xem giúp em lời mời này với",
        "xem giúp em tin này có lừa không: tuyển nam sang Myanmar làm game, bao ăn ở",
    ],
)
def test_a_polite_request_is_no_cry_for_help(text: str) -> None:
    assert read(text)[:2] == ("check_offer", "none")


@pytest.mark.parametrize("text", ["cứu em với, xem giúp em chỗ này", "em bị nhốt, kiểm tra giúp chỗ này với"])
def test_a_cry_stays_a_cry(text: str) -> None:
    assert read(text)[1] == "emergency"


def test_a_button_of_the_english_page_is_answered_in_english() -> None:
    assert read(choice="do:check_offer", language="en") == ("check_offer", "none", "en")
    assert read(choice="do:check_offer")[2] == "vi"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("có người rủ em qua Campuchia làm game lương 20 triệu", True),
        ("co nguoi ru em qua cam lam game luong 20tr", True),
        ("chị hàng xóm rủ con gái tôi sang Trung làm công nhân lương 15 triệu", True),
        ("em được mời sang Lào làm casino lương 1000 đô bao ăn ở", True),
        ("lương bên campuchia có 20 triệu thật không", False),
        ("tại sao người ta hay rủ đi campuchia làm game lương cao", False),
        ("đi Campuchia làm việc có an toàn không", False),
    ],
)
def test_an_offer_told_in_own_words(text: str, told: bool) -> None:
    assert tells_offer(text) is told


@pytest.mark.parametrize(
    ("text", "advert"),
    [
        ("Tuyển nam nữ sang Campuchia làm casino, lương 25 triệu, bao vé xe, ib zalo 0912345678", True),
        ("can gap 5 ban sang lao lam game, luong 20tr, bao an o, lh tele", True),
        (
            "ông Bảy tuyển người sang Campuchia làm casino, hứa lương 25 triệu rồi giữ hộ chiếu, tôi có số zalo của ổng",
            False,
        ),
        ("em bị lừa sang Cam làm casino, họ nhắn tin zalo hứa 25 triệu", False),
    ],
)
def test_an_advert_is_told_from_a_story(text: str, advert: bool) -> None:
    assert is_advert(text) is advert
