"""The offer check: what it sees, what it must not see, and how it speaks."""

from __future__ import annotations

import pytest

from bot.content.offers import load_signal_book
from bot.core.offers.check import check_offer
from bot.core.offers.pay import highest_pay
from bot.core.offers.reading import read
from bot.core.offers.reply import reply_choices, reply_text
from bot.core.offers.signals import PatternError, compile_pattern

BOOK = load_signal_book()
SCAM = (
    "Tuyển nam nữ đi Campuchia làm game, việc nhẹ lương 25-30tr/tháng, bao ăn ở, bao vé xe, không cần bằng cấp, ib tele"
)


def flags(text: str) -> dict[str, str]:
    return {flag.signal.id: flag.quote for flag in check_offer(text, BOOK).flags}


def test_a_plain_scam_is_high_and_quoted_as_written() -> None:
    verdict = check_offer(SCAM, BOOK)
    assert verdict.risk == "high"
    found = flags(SCAM)
    assert found["risk_place"] == "Campuchia"
    assert found["pay_out_of_line"] == "25-30tr"
    assert found["travel_paid"] == "bao vé"
    assert found["chat_only"] == "tele"
    assert all(quote in SCAM for quote in found.values())


@pytest.mark.parametrize(
    "text", ["", " ", "xin chào", "😀😀😀", "12345", "hôm nay trời đẹp quá", "thủ đô Campuchia là gì", "\x00\x00"]
)
def test_what_is_no_offer_is_unknown(text: str) -> None:
    assert check_offer(text, BOOK).risk == "unknown"


def test_an_honest_advert_is_low_and_never_called_safe() -> None:
    verdict = check_offer("Siêu thị tuyển nhân viên bán hàng, lương 7 triệu, ký hợp đồng lao động, đóng BHXH.", BOOK)
    assert verdict.risk == "low"
    text = reply_text(verdict, BOOK, "vi")
    assert "không chứng minh được là an toàn" in text


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Tuyển bán hàng, lương 6 triệu, không đặt cọc, không giữ giấy tờ, có hợp đồng", "deposit_first"),
        ("Tuyển bán hàng, lương 6 triệu, không giữ giấy tờ gốc của nhân viên, có hợp đồng", "papers_taken"),
        ("Đi Đài Loan làm xưởng, lương 22 triệu, công ty có giấy phép, tự giữ hộ chiếu", "papers_taken"),
        ("Tuyển nhân viên, gửi CV giới thiệu bản thân, lương 9 triệu, làm ở quận 3", "organ_sale"),
        ("gioi thieu ban than roi gui cv, tuyen ke toan luong 9 trieu o quan 3", "organ_sale"),
        ("Cần thuê thợ mộc ở gần chợ, lương 9 triệu, bạn còn trẻ khỏe là được", "organ_sale"),
        ("Bạn còn trẻ, cần việc ở quán cơm, lương 6 triệu một tháng", "baby_trade"),
        ("Cửa hàng bán trứng gà tuyển người giao hàng, lương 7 triệu", "surrogacy_or_eggs"),
        ("Tuyển cộng tác viên tuyển sinh cho trung tâm tin học, hoa hồng 10% học phí", "surrogacy_or_eggs"),
        ("Phòng khám tuyển lễ tân nữ, lương 6 triệu, giờ hành chính", "pay_out_of_line"),
        ("Công ty nhập khẩu hàng hóa tuyển kế toán, lương 10 triệu", "guaranteed_pass"),
        ("Tuyển bảo vệ làm thứ 2 đến thứ 6, điện thoại phòng nhân sự, lương 8 triệu", "papers_taken"),
    ],
)
def test_words_that_only_look_alike(text: str, sign: str) -> None:
    assert sign not in flags(text)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("em muốn bán thận trả nợ", "organ_sale"),
        ("ban mot qua than gia 400 trieu", "organ_sale"),
        ("sang đó hộ chiếu sếp giữ, lương 20 triệu", "papers_taken"),
        ("lương 20 triệu, đi đường mòn, có người dẫn", "border_crossing"),
        ("làm 6 tháng mới được về, lương 20 triệu", "cannot_leave"),
        ("tuyển gấp k cần giấy tờ gì hết, lương 15tr", "no_papers"),
        ("chị lo tiền xe, đừng nói với bố mẹ nhé", "secrecy"),
        ("ctv làm nv tiktok kiếm 300k/ngày", "task_commission"),
        ("đi Hàn thời vụ phải chuyển hộ khẩu về tỉnh khác", "guaranteed_pass"),
        ("tuyển gái 16-20 tuổi phụ quán", "minors"),
        ("lay chong dai loan nha trai cho 200 trieu", "marriage_for_money"),
        ("bầu 7 tháng không nuôi được, ai nhận bé thì gửi em 30 triệu", "baby_trade"),
    ],
)
def test_signs_in_several_ways_of_writing(text: str, sign: str) -> None:
    assert sign in flags(text)


@pytest.mark.parametrize(
    ("text", "million"),
    [
        ("lương 25tr/tháng", 25),
        ("lương 25-30 triệu", 30),
        ("thu nhập 1000$ một tháng", 25),
        ("800 USD/tháng", 20),
        ("lương 12.000.000đ", 12),
        ("500k/ngày", 13),
        ("tháng 100 triệu", 100),
        ("22k/giờ", 4.576),
    ],
)
def test_pay_is_read_in_million_dong_a_month(text: str, million: float) -> None:
    pay = highest_pay(read(text), text)
    assert pay is not None
    assert pay.million == pytest.approx(million)


def test_a_price_is_no_pay() -> None:
    assert highest_pay(read("bán xe 25 triệu, gọi 0912 345 678"), "bán xe 25 triệu, gọi 0912 345 678") is None


@pytest.mark.parametrize(
    "filler",
    ["a", "khong can ", "tuyen luong ", "ban than ", "nap ", "1 000 ", ". ", "🔥", "t\u0301\u0302", "(", "\u202e"],
)
def test_ten_thousand_characters_of_anything_are_fine(filler: str) -> None:
    text = (filler * 10_000)[:10_000]
    assert check_offer(text, BOOK).risk in {"high", "medium", "low", "unknown"}


def test_words_beyond_the_limit_are_not_read() -> None:
    assert check_offer("a " * 6_000 + SCAM, BOOK).risk == "unknown"


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_the_reply_says_what_why_what_to_ask_and_what_next(language: str) -> None:
    verdict = check_offer(SCAM, BOOK)
    text = reply_text(verdict, BOOK, language)
    assert "“Campuchia”" in text
    assert "1." in text
    assert "111" in text
    assert len(text) < 2_000
    assert reply_choices(verdict, language)[0].id == "do:report_tip"


@pytest.mark.parametrize(
    "text", [SCAM, "Siêu thị tuyển nhân viên bán hàng, lương 7 triệu, ký hợp đồng lao động, đóng BHXH."]
)
def test_two_or_three_different_questions(text: str) -> None:
    for language in ("vi", "en"):
        asked = check_offer(text, BOOK).questions(language)
        assert 2 <= len(asked) <= 3
        assert len(set(asked)) == len(asked)


def test_every_sign_explains_itself_in_both_languages() -> None:
    for signal in BOOK.signals:
        assert signal.source
        for language in ("vi", "en"):
            assert signal.title[language]
            assert signal.why[language]
            assert signal.questions[language]


@pytest.mark.parametrize("pattern", ["a*", "a+", "a{2}", "a.*b\\d", " a", "a  b", "", "a~b", "(?=a)", "[ab]", "(a"])
def test_patterns_that_could_run_away_are_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern)
