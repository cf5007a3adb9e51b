"""How many people are in danger, as people say it."""

from __future__ import annotations

import pytest

from bot.dialogue.interview import corrections, routing
from bot.dialogue.interview.counting import adds, count, is_sure
from bot.dialogue.interview.draft import Message


@pytest.mark.parametrize(
    ("words", "known", "number"),
    [
        ("bn e vs 2 đứa nữa", None, 3),
        ("ba em đang định bán em", None, 1),
        ("em 14 tuổi, ba em nợ tiền nó", None, 1),
        ("em bị ba em nhốt", None, None),
        ("má em mất rồi, ba em đi biển", None, None),
        ("ba em bị nhốt trong quán", None, 3),
        ("ba em công nhân bị giữ giấy tờ", None, 3),
        ("con với 4 bạn nữa, con 11 tuổi", None, 5),
        ("con trai tui 17 tuổi với một đứa bạn cùng xóm nữa, 2 đứa", None, 2),
        ("Một bé gái mới sinh 2 ngày và mẹ bé", None, 2),
        ("Tổng cộng 8 người, trong đó 3 nữ", None, 8),
        ("có 2 đứa chưa đủ 18", 9, 9),
        ("có đứa nữa con bà hàng xóm cũng đi", 1, 2),
        ("Cháu tên Lê Thị Thắm, 16 tuổi, còn hai đứa bạn cùng làng", None, 3),
        ("chở 11 đứa, bây giờ còn 7 đứa trong quán", None, 7),
        ("Nó nói trong đó còn 5 đứa", 1, 6),
        ("con bé tên nà Pàng, bảo mười bẩy tuổi. có một mình ló", None, 1),
        ("1 bé thôi, tên Rơ Mah H'Nhi, tầm 15 16 tuổi", 2, 1),
        ("minh thang Toan, 24 tuoi que Ca Mau", None, 1),
        ("con với thằng Tí với bé Na", None, 3),
        ("nhiều lắm, không đếm được", None, None),
        ("mấy đứa sinh năm 2009", None, None),
    ],
)
def test_count(words, known, number):
    assert count(words, known) == number


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        ("nhầm, t vs 4 thằng nữa là 5", 4, 5),
        ("dạ con đếm lại, 4 bạn nữa chứ hông phải 2 bạn, là 5 đứa", 3, 5),
        ("Xin đính chính: còn 4 người nữa chứ không phải 3, tổng là 5 với chị Ngân.", 4, 5),
        ("à ko phải 3/9, 13/9 mới đúng", 2, 2),
        ("khong phai 3 thang, dem lai la 4 thang roi", 3, 3),
    ],
)
def test_the_number_said_last_counts(words, before, after):
    draft = {"people": before, "done": []}
    corrections.recount(draft, words)
    assert draft["people"] == after


@pytest.mark.parametrize(
    "words",
    [
        "nó phải tiếp 5 người một đêm",
        "no phai tiep 5 nguoi 1 dem",
        "cha phải nuôi 5 đứa",
        "cha phai nuoi 5 dua",
        "đầu phải 5 người canh",
    ],
)
def test_who_has_to_denies_nothing(words):
    draft = {"people": 2, "done": []}
    corrections.recount(draft, words)
    assert draft["people"] == 2


def test_the_dialects_not_still_does():
    draft = {"people": 3, "done": []}
    corrections.recount(draft, "nỏ phải 3 mô, 4 đứa")
    assert draft["people"] == 4


@pytest.mark.parametrize(
    ("words", "known", "number"),
    [
        ("bạn em tên Trà, lớp 10 cùng em", None, 1),
        ("Em Pờ Mì De và em Lỳ Xó Pư, đều 14 tuổi", None, 2),
        ("còn bảy người trong đó có anh rể em với một thằng nhỏ mười hai tuổi", None, 7),
        ("tháng 5 con nhớ vậy", 2, None),
        ("em tui tên Diễm, 16 tuổi mấy tháng thôi", None, 1),
    ],
)
def test_dates_and_named_people(words, known, number):
    assert count(words, known) == number


def test_what_gives_a_number_and_what_adds_to_one():
    assert is_sure("tôi đếm được 7 đứa")
    assert is_sure("mỗi mình thôi")
    assert not is_sure("nhớ ghi là tôi tự báo")
    assert not is_sure("tháng 5 con nhớ vậy")
    assert adds("còn hai đứa con gái nữa")
    assert not adds("bạn em tên Trà")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("mình còn tin nhắn với bill 2 lần ck", 5),  # "lần" is no "lận"
        ("tôi có danh sách của bà con và 2 bức ảnh lán ở", 5),
        ("4 dua lan, con 1 dua nho xiu", 4),
    ],
)
def test_only_what_puts_a_number_right_changes_it(text, people):
    draft = {"people": 5}
    corrections.recount(draft, text)
    assert draft["people"] == people


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("ba nam hai nữ", 5), ("11 công nhân, 7 nam 4 nữ", 11), ("bốn người lớn hai trẻ em", 6), ("4 nữ với 3 nam", 7),
        ("2 gai 1 trai co 6-10t, con 1 dua nho xiu con chi no cong theo", 4),
        ("tôi với vợ", 2), ("vợ chồng em", 2), ("vợ chồng tôi với đứa con nhỏ", 3), ("bà cháu tui", 2),
        ("2 mẹ con với 2 đứa cháu", 4), ("Thảo, Vy và Ngân", 3), ("A Páo và A Chứ", 2), ("chị Lan, chị Hoa với em", 3),
        ("em, chị gái em và mẹ em", 3), ("em tên Hà 15t, bạn em tên Nhi 16t", 2), ("hai chục người", 20),
        ("mười lăm người", 15), ("3 chị còn kẹt, với em là 4", 4), ("con với thằng Tí với bé Na", 3),
        ("anh em tên Lực 23t, có 2 đứa cùng làng nữa", 3), ("mình em", 1), ("BN nữ 20t, người Thái", 1),
    ],
)  # fmt: skip
def test_men_and_women_pairs_and_lists(words, number):
    assert count(words) == number


def test_names_of_some_are_no_fewer_than_were_told_before():
    draft = {"done": [], "people": 5}
    clauses = (("hai đứa tên Khang với Nhi", (("who", 0.9),)), ("mấy đứa kia mất liên lạc", (("who", 0.9),)))
    routing.take(draft, "who", Message(text="hai đứa tên Khang với Nhi, mấy đứa kia mất liên lạc", clauses=clauses))
    assert draft["people"] == 5
