"""The normaliser: what people type becomes standard words, in linear time, whatever the input."""

from __future__ import annotations

import pytest

from bot.core import text
from tests.support import cost


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("Cứuuu e vs, bị nhốt ở cty k dc ra", "cuu em voi bi nhot o cong ty khong duoc ra"),
        ("tooi muoons baos caos", "toi muon bao cao"),
        ("to6i muo6n1 ba1o tin", "toi muon bao tin"),
        ("nhieuf tieenf lamws", "nhieu tien lam"),
        ("bển hổng cho dìa", "ben do khong cho ve"),
        ("quan 1 phuong 5", "quan 1 phuong 5"),
        ("hoa hồng 5%, hoa hong 5%", "hoa hong 5 hoa hong 5"),
        ("lương 20tr/th", "luong 20 trieu th"),
        ("cuu em voi a", "cuu em voi a"),
        ("a oi giup e", "anh oi giup em"),
        ("c\u200bứ\u200du", "cuu"),
        ("cu\u031b\u0301u", "cuu"),
        ("𝗖𝗼̂𝗻𝗴 𝘁𝘆", "cong ty"),
        ("Tôi bị CA bắt", "toi bi cong an bat"),
        ("cong ty tnhh", "cong ty tnhh"),
        ("treo cổ", "treo co"),
        ("this is his bus", "this is his bus"),
        ("", ""),
        ("...?!", ""),
    ],
)
def test_messages_become_standard_words(raw: str, normal: str) -> None:
    assert text.normalise(raw) == normal


def test_fold_is_one_to_one_on_clean_text() -> None:
    sample = text.clean("Đặng Thị Ý ở İstanbul ß, ＡＢ c̷̡̛ứ̶͜u̴͝ ภาษาไทย ខ្មែរ")
    assert len(text.fold(sample)) == len(sample)
    assert text.fold("Đường Điện Biên Phủ") == "duong dien bien phu"


def test_fold_reads_decomposed_letters() -> None:
    assert text.fold("cu\u031b\u0301u") == "cuu"


def test_tokens_point_into_the_original() -> None:
    raw = "  Cứu\u200b e với 🆘, gọi 113!"
    for token in text.tokens(raw):
        assert raw[token.start : token.end] == token.text
    assert [token.norm for token in text.tokens(raw)] == ["cuu", "em", "voi", "cuu", "goi", "113"]


def test_teencode_map_is_large_and_folded() -> None:
    from bot.core import teencode

    assert len(teencode.SLANG) >= 200
    for table in (teencode.SLANG, teencode.MARKED, teencode.PHRASES):
        assert all(value == text.fold(value) for value in table.values())


@pytest.mark.parametrize(
    "bad",
    ["a" * 10_000, "cứu em " * 1_500, "ầ\u0301\u0316" * 3_000, "\u200f" * 10_000, "1" * 10_000, "😭" * 10_000,
     "\ud800x", "\x00\x01", "ខ្ញុំ" * 2_000, "uwowaadd" * 1_250],
)  # fmt: skip
def test_any_input_is_answered_at_a_cost_that_grows_with_its_length(bad: str) -> None:
    assert isinstance(text.normalise(bad), str)
    assert cost.grows_linearly(text.normalise, bad)


def test_cost_is_linear() -> None:
    assert cost.grows_linearly(text.normalise, "e đc ng ta rủ sang cam lương 20tr k bit lừa hong " * 800, times=8)


def test_excerpt_keeps_both_ends() -> None:
    long = "đầu " + "x" * 5_000 + " cuối"
    assert text.excerpt(long, 100, 50).startswith("đầu ")
    assert text.excerpt(long, 100, 50).endswith(" cuối")
    assert text.excerpt("ngắn", 100, 50) == "ngắn"
