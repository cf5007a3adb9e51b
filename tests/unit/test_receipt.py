from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.tips import receipt

codes = st.integers(0, 10**receipt.RANDOM_DIGITS - 1).map(lambda n: receipt.new_code(lambda _: n))


def test_a_code_carries_at_least_64_bits():
    assert 10**receipt.RANDOM_DIGITS > 2**64


@given(codes, st.integers(0, 20), st.integers(1, 9))
def test_every_wrong_digit_is_noticed(code, position, shift):
    wrong = str((int(code[position]) + shift) % 10)
    assert not receipt.is_well_formed(code[:position] + wrong + code[position + 1 :])


@given(codes, st.integers(0, 19))
def test_every_swap_of_neighbours_is_noticed(code, position):
    swapped = code[:position] + code[position + 1] + code[position] + code[position + 2 :]
    assert swapped == code or not receipt.is_well_formed(swapped)


@given(
    codes, st.sampled_from(["{}", "mã của em là {} ạ", "{}.", "code: {}\ncảm ơn"]), st.sampled_from([" ", "-", ".", ""])
)
def test_a_code_is_found_however_it_is_grouped(code, sentence, separator):
    typed = separator.join(code[i : i + 3] for i in range(0, 21, 3))
    text = sentence.format(typed)
    assert receipt.find(text) == code
    assert code not in receipt.hide(text)
    assert code[:6] not in receipt.hide(text).replace(" ", "")


@given(codes)
def test_a_code_with_a_digit_lost_or_added_is_still_kept_from_others(code):
    for slip in (code[:-1], code + "7", code[:5] + code[6:]):
        if not receipt._PHONES.fullmatch(slip):  # one in a thousand
            assert receipt.find(f"mã {slip}") == slip
            assert receipt.hide(f"mã {slip}") == "mã …"


@given(codes)
def test_a_code_beside_other_numbers_is_hidden_and_they_are_not(code):
    for typed in (code, receipt.pretty(code)):
        text = f"0912345678 {typed} 0987654321"
        if receipt.find(text) == code:  # by chance the phones complete another code, one in some hundreds
            assert receipt.hide(text).replace(" ", "") == "0912345678…0987654321"
        assert code not in receipt.hide(text).replace(" ", "")


def test_what_is_typed_when_a_code_was_asked_for_is_a_try_at_it():
    assert receipt.find("9704 3668 1234 5678", expected=True) == "9704366812345678"
    assert receipt.hide("9704 3668 1234 5678", expected=True) == "…"


@pytest.mark.parametrize(
    "text",
    ["sđt 0912345678", "stk 1234567890123", "năm 2026", "", "một hai ba", "số nó 0912345678 0987654321",
     "0912 345 678 0987 654 321", "thẻ 9704 3668 1234 5678", "0912345678 0987654321 0901234567 0933333333",
     "+84912345678 0987654321 nhé", "tk 9704366812345678901"],
)  # fmt: skip
def test_other_numbers_are_no_codes(text):
    assert receipt.find(text) is None
    assert receipt.hide(text) == text


SEPARATORS = (
    "", " ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", ",", ", ", ".", "-", " - ", "\u2013", "\u2014", "\u2011", "/", " / ", "\\", "_", "\u00b7",
    "\u2022",
    "|", ":", ";", "+", "*", "\u00a0", "\u202f", "\u2009", "\u2007", "\u200a", "\u3000", "\u2003", "\u2028", "\u200b", "\ufeff", "\u200d",
)  # fmt: skip
SHAPES = {
    "plain": "0123456789", "full-width": "０１２３４５６７８９", "arabic": "٠١٢٣٤٥٦٧٨٩", "persian": "۰۱۲۳۴۵۶۷۸۹",
    "thai": "๐๑๒๓๔๕๖๗๘๙", "lao": "໐໑໒໓໔໕໖໗໘໙", "khmer": "០១២៣៤៥៦៧៨៩", "burmese": "၀၁၂၃၄၅၆၇၈၉", "circled": "⓪①②③④⑤⑥⑦⑧⑨",
    "superscript": "⁰¹²³⁴⁵⁶⁷⁸⁹", "bold": "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "sans": "𝟢𝟣𝟤𝟥𝟦𝟧𝟨𝟩𝟪𝟫",
}  # fmt: skip
AROUND = (
    "{}",
    "mã của em là {} ạ",
    "Mã: {}",
    "({})",
    '"{}"',
    "[{}]",
    "{}.",
    "ma tra cuu {} nha ban",
    "đây ạ\n{}",
    "#{}",
    "{} đó",
)


@pytest.mark.parametrize("separator", SEPARATORS, ids=ascii)
@given(code=codes, sentence=st.sampled_from(AROUND), size=st.sampled_from([1, 3, 6, 9, 21]))
def test_every_way_of_parting_the_digits_reads(separator, code, sentence, size):
    typed = separator.join(code[i : i + size] for i in range(0, 21, size))
    text = sentence.format(typed)
    for expected in (True, False):
        assert receipt.find(text, expected=expected) == code
        assert receipt.digits_of(receipt.hide(text, expected=expected)) == ""
    assert receipt.find(text, known=code) == code


@pytest.mark.parametrize("shape", SHAPES)
@given(code=codes, separator=st.sampled_from(SEPARATORS), sentence=st.sampled_from(AROUND))
def test_every_shape_of_digits_reads(shape, code, separator, sentence):
    typed = receipt.pretty(code).translate(str.maketrans("0123456789", SHAPES[shape])).replace(" ", separator)
    text = sentence.format(typed)
    for expected in (True, False):
        assert receipt.find(text, expected=expected) == code
        assert receipt.digits_of(receipt.hide(text, expected=expected)) == ""


@given(codes)
def test_the_code_that_was_shown_is_seen_with_words_between_its_digits(code):
    groups = [code[i : i + 3] for i in range(0, 21, 3)]
    text = "đầu tiên " + " rồi ".join(groups) + " hết"
    assert receipt.find(text, expected=True, known=code) == code
    assert receipt.hide(text, known=code) == "đầu tiên … hết"


@given(codes)
def test_a_slip_in_any_writing_is_kept_from_others(code):
    for separator in (", ", "\n", "\t", "_", "   "):
        typed = separator.join([*(code[i : i + 3] for i in range(0, 18, 3)), code[18:20]])
        if not receipt._PHONES.fullmatch(receipt.digits_of(typed)):
            assert receipt.digits_of(receipt.hide(f"mã {typed}")) == ""


@given(codes)
def test_pieces_of_a_code(code):
    for text in (
        code[:3],
        code[:9],
        " ".join((code[:3], code[3:6])),
        f"mã là {code[:6]}",
        f"tiếp {code[3:9]}",
        f"{code[:3]},\n",
    ):
        assert receipt.piece(text) == receipt.digits_of(text)
    for text in ("gọi 113 giúp em", "em 15 tuổi", "", "mã", "ở số 12 đường Lê Lợi"):
        assert receipt.piece(text) == ""


@pytest.mark.parametrize("text", [
    "sđt 0912345678, 0987654321", "0912345678\n0987654321", "gọi 0912345678, ngày 20/11/2026, 15:30", "0912345678 / 0987654321 / 0901",
    "0912345678, 20/11/2026 - 15:30", "thẻ 9704, 3668, 1234, 5678", "stk 1903 5566 778899, 0912345678", "CCCD 001099012345, sđt 0912345678",
    "20/11/2026\n21/11/2026\n22/11/2026", "30tr, 40tr, 0912345678", "+84 912 345 678, +84 987 654 321",
])  # fmt: skip
def test_numbers_of_other_kinds_side_by_side_are_no_codes(text):
    assert receipt.find(text) is None
    assert receipt.hide(text) == text


def test_codes_differ():
    assert len({receipt.new_code(secrets.randbelow) for _ in range(200)}) == 200
