"""What the check may say: never reassuring without proof, never alarmed by a warning, and read before the turn is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.content.offers import load_signal_book
from bot.core.offers.check import check_offer
from bot.core.offers.numerals import value
from bot.core.offers.pay import highest_pay
from bot.core.offers.reading import read
from bot.core.offers.reply import reply_choices, reply_text
from bot.dialogue.commands import CheckOffer
from bot.dialogue.state import ConversationState
from bot.services.messaging import commands

BOOK = load_signal_book()
EVAL = Path(__file__).parents[2] / "eval_offers"
UNPROVEN = (
    "tuyen nguoi lam tai nha cho shopee, ngay lam 2 tieng, nhan luong trong ngay, khong can ra ngoai",
    "shop quần áo ở Đà Nẵng cần bạn nữ phụ bán, lương cao, dưới 18 cũng nhận, có người ra đón",
    "Cần người trông cửa hàng, làm lâu dài, ưu tiên ngoan ngoãn nghe lời, gặp trực tiếp rồi nói chuyện lương",
    "Tuyển bạn nữ phụ việc ở thành phố, lương thỏa thuận, chỗ ngủ có sẵn, đi được ngay thì nhắn",
    "Looking for people to work in an office abroad, good income, friendly team, message for details",
)
PROVEN = (
    "Siêu thị tuyển nhân viên bán hàng, lương 7 triệu, ký hợp đồng lao động, đóng BHXH.",
    "Công ty may tuyển công nhân, khu công nghiệp Hòa Xá, không thu phí tuyển dụng, nộp hồ sơ tại phòng nhân sự, lương 8 triệu",
)
WARNINGS = (
    "Công an tỉnh cảnh báo: khi có người rủ sang Campuchia làm việc nhẹ lương cao, đừng tin lời mời, báo ngay công an gần nhất.",
    "Nhà trường đề nghị phụ huynh cảnh giác với lời mời làm thêm hè lương cao, bao ăn ở, không cần bằng cấp.",
    "Theo Điều 154 Bộ luật Hình sự, mua bán thận, hiến gan lấy tiền bị phạt tù đến 20 năm.",
    "Tòa án tỉnh tuyên phạt bị cáo 12 năm tù vì lừa các cô gái sang Trung Quốc lấy chồng, bán với giá 100 triệu",
    "canh bao thu doan lua dao tuyen cong tac vien nap tien lam nhiem vu, da co nguoi mat 300 trieu",
    "Mang thai hộ vì mục đích thương mại bị nghiêm cấm, người môi giới có thể bị phạt tù",
)


@pytest.mark.parametrize("text", UNPROVEN)
def test_without_proof_nothing_is_called_harmless(text: str) -> None:
    verdict = check_offer(text, BOOK)
    assert verdict.risk != "low"
    for language, reassuring in (("vi", "ít dấu hiệu xấu"), ("en", "few bad signs")):
        said = reply_text(verdict, BOOK, language)
        assert reassuring not in said
        if verdict.risk == "unknown":
            assert BOOK.replies["unclear"][language] in said
            assert "1." in said  # what to ask
            assert "111" in said
            assert len(said) < 2_000


def test_an_unclear_offer_can_still_be_reported() -> None:
    verdict = check_offer(UNPROVEN[2], BOOK)
    assert {"do:report_tip", "do:check_offer"} <= {choice.id for choice in reply_choices(verdict, "vi")}


@pytest.mark.parametrize("text", PROVEN)
def test_low_takes_what_an_honest_employer_shows(text: str) -> None:
    assert check_offer(text, BOOK).risk == "low"


def test_none_of_the_written_scams_is_low() -> None:
    rows = [json.loads(line) for line in (EVAL / "scam.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in rows if check_offer(row["text"], BOOK).risk == "low"] == []


@pytest.mark.parametrize("text", WARNINGS)
def test_a_warning_or_a_law_is_no_offer(text: str) -> None:
    verdict = check_offer(text, BOOK)
    assert (verdict.risk, verdict.kind) == ("unknown", "warning")
    assert BOOK.replies["warning"]["vi"] in reply_text(verdict, BOOK, "vi")


@pytest.mark.parametrize(
    "text",
    [
        "Cảnh báo lừa đảo tràn lan, bên em uy tín 100%: tuyển nam nữ sang Campuchia, lương 30 triệu, bao vé, không cần hộ chiếu",
        "Đừng tin lời mời việc nhẹ nơi khác! Tuyển gấp đi Myanmar lương 1000 đô, bao ăn ở, liên hệ zalo 0912345678",
        "có người cảnh báo rồi mà em vẫn phân vân, họ rủ sang Campuchia làm game lương 30 triệu bao ăn ở, có lừa không?",
    ],
)
def test_a_warning_does_not_wash_an_offer_clean(text: str) -> None:
    assert check_offer(text, BOOK).risk == "high"


def test_the_check_is_done_before_the_transaction() -> None:
    asked: list[str] = []

    def check(text: str, topic: str, language: str, earlier: Sequence[str]) -> list[dict[str, Any]]:
        asked.append(text)
        return [{"say": "offer_report", "args": {}}]

    work: Any = commands.Work(
        vault=None, clocks=None, conversation_id="", channel="web", language="vi", state=ConversationState(), route=None, cards=None,
        check_offer=check,
    )  # type: ignore[arg-type]  # fmt: skip
    commands.prepare(work, 0, CheckOffer("tuyển gấp"))
    assert asked == ["tuyển gấp"]
    no_session: Any = None
    assert commands.run(no_session, work, 0, CheckOffer("tuyển gấp")) == [{"say": "offer_report", "args": {}}]
    assert asked == ["tuyển gấp"]  # nothing more was read while the database waits


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Anh là công an, em liên quan vụ án rửa tiền, chuyển hết tiền vào tài khoản tạm giữ để xác minh, không được cúp máy", "fake_authority"),
        ("can bo vien kiem sat bao em doc ma otp, khong duoc noi voi ai", "fake_authority"),
        ("Chị bị lừa mất tiền à, bên em hỗ trợ lấy lại tiền đã mất, đóng phí luật sư trước", "recover_money"),
        ("Hệ thống lỗi rồi, em nộp thêm hai mươi triệu mới rút được gốc", "deposit_first"),
        ("chuyển cho cô tiền đào tạo ba triệu rồi mai đi làm", "deposit_first"),
        ("em nghỉ học luôn đi, lên thành phố làm với anh, khỏi nói mẹ", "minors"),
    ],
)  # fmt: skip
def test_tricks_without_an_advert_are_seen(text: str, sign: str) -> None:
    verdict = check_offer(text, BOOK)
    assert sign in {flag.signal.id for flag in verdict.flags}
    assert verdict.risk in {"high", "medium"}


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("hai muoi lam", 25),
        ("muoi", 10),
        ("nam tram", 500),
        ("ba", 3),
        ("mot tram linh nam", 105),
        ("hai chuc", 20),
        ("ba me", None),
    ],
)
def test_amounts_in_words(words: str, number: int | None) -> None:
    assert value(words.split()) == number


@pytest.mark.parametrize("text", ["lương hai mươi lăm triệu", "luong hai muoi lam trieu", "lương hai mươi lăm củ"])
def test_pay_said_in_words_is_pay(text: str) -> None:
    pay = highest_pay(read(text), text)
    assert pay is not None
    assert pay.million == pytest.approx(25)
