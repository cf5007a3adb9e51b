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


def test_codes_differ():
    assert len({receipt.new_code(secrets.randbelow) for _ in range(200)}) == 200
