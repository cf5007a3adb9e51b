"""Which passwords are refused, and why; which ones people can live with are not."""

from __future__ import annotations

import base64
import random
import secrets

import pytest

from bot.content.passwords import common_words
from bot.core.passwords import judge

OWN = ("anphu", "Cán bộ xã An Phú", "Công an xã An Phú")

WEAK = """
weak_digits 123456789012
weak_digits 111222333444
weak_digits 031098001234
weak_digits 0912 345 678 90
weak_digits 01/01/1990-1990
weak_own congan123456
weak_own CongAn@113113
weak_own anphu@2026anphu
weak_own anphuanphuanphu
weak_own AnPhu-AnPhu-2026
weak_own canboxaanphu
weak_own xã An Phú 2026
weak_common matkhau12345
weak_pattern q1w2e3r4t5y6
weak_pattern a1s2d3f4g5h6
weak_pattern 1q2w3e4r5t6y
weak_pattern 1a2s3d4f5g6h
weak_pattern Q1w2E3r4T5y6!
weak_pattern qawsedrftgyh
weak_pattern q2w3e4r5t6y7
weak_pattern 6y5t4r3e2w1q
weak_pattern a1b2c3d4e5f6
weak_pattern Mot2ba4nam6bay
weak_pattern Hai3bon5sau7tam
weak_common Matkhau@2026!!
weak_common m@tkh4u2026!
weak_common mật khẩu mới 123
weak_common password12345
weak_common P@ssw0rd!@#$
weak_common haiphong2026
weak_common haiphong#31#2026
weak_common hải phòng 2026
weak_common iloveyou1234
weak_common toiyeuvietnam
weak_common toi yeu viet nam
weak_common anh yeu em nhieu lam
weak_common em yeu anh 1999
weak_common Nguyenvana1990
weak_common tranthihuong1985
weak_common Vietnam@2026
weak_common thaibinh-quetoi-1975
weak_common bac ho chi minh
weak_common lachan2026lachan
weak_common Admin@123456789
weak_common dongchi113114115
weak_common mot hai ba bon nam
weak_pattern qwertyuiop12
weak_pattern 1qaz2wsx3edc
weak_pattern zaq12wsx!@34
weak_pattern asdfghjkl;12
weak_pattern aaaaaaaaaaaa
weak_pattern abcd1234efgh5678
weak_pattern xyzxyzxyzxyz
weak_pattern xinchao12345
weak_common con meo den na
weak_guess qua cau re trai
weak_short ngắn quá
weak_short x7#kQ9!mZp2
"""


@pytest.mark.parametrize("line", WEAK.strip().splitlines())
def test_what_people_choose_is_refused_with_the_reason(line):
    why, _, password = line.partition(" ")
    assert judge(password, common_words(), OWN).why in ({why, "weak_common"} if why == "weak_pattern" else {why})


@pytest.mark.parametrize("password", [
    "mot cau dai de nho", "mot cau khac rat dai", "vịt trời ăn bánh rán lúc nửa đêm", "ghe do bay qua cau tre",
    "Ba con soi 47 chan!", "x7#kQ9!mZp2L", "correct horse battery staple", "T7u-nh0m-xanh-89-ka",
    "bà ngoại giấu kẹo dưới gầm tủ", "sang nay mua roi vao bat pho",
])  # fmt: skip
def test_a_sentence_of_ones_own_is_taken(password):
    assert judge(password, common_words(), OWN).why == ""


def test_the_same_word_for_somebody_else_is_no_name():
    mine = judge("Sơn La xanh mướt", common_words(), ("sonla", "Nguyễn Văn Sơn", "Công an tỉnh Sơn La"))
    assert mine.why == "weak_own"
    assert mine.bits < judge("Sơn La xanh mướt", common_words(), ()).bits


def test_random_ones_pass():
    chance = random.Random(12)
    made = [base64.urlsafe_b64encode(chance.randbytes(12)).decode() for _ in range(500)]
    weak = [judge(password, common_words(), OWN).why for password in made]
    assert weak == [""] * 500


def test_a_very_long_one_costs_no_time_and_is_refused_beyond_the_limit():
    assert judge("ă" * 201, common_words()).why == "weak_long"
    assert judge(secrets.token_urlsafe(140), common_words()).why == ""


def test_the_list_is_written_as_it_is_compared():
    for word in common_words():
        assert word == word.lower()
        assert word.isascii()
