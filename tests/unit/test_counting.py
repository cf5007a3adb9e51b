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


@pytest.mark.parametrize(
    ("words", "known", "number"),
    [
        ("phòng 8 đứa nằm chung, em với tụi nó", None, 8),
        ("nó ở chung phòng 5 người toàn dân mình", None, 5),
        ("Phòng trọ 10 công nhân, chỉ có một cái quạt", None, 10),
        ("nha do chua 12 nguoi", None, 12),
        ("em ở phòng 305, 4 đứa một phòng", None, 4),
        ("lớp 9 có hai đứa bị nó dụ", None, 2),
        ("chị dâu tôi và con của chị ấy", None, 2),
        ("nó với con nó", None, 2),
        ("cô ấy cùng đứa con mới đẻ", None, 2),
        ("Một em gái quê Lai Châu cùng con nhỏ 5 tháng", None, 2),
        ("ba no voi no", None, 2),
        ("Cháu bé và mẹ cháu đều bị giữ giấy tờ", None, 2),
        ("me voi be moi sanh", None, 2),
        ("Em tên Lò Thị Hoa 16 tuổi, đi cùng một bạn tên Mai cũng 16 tuổi, Mai còn ở đó", None, 2),
        ("chau ten Vy 14t voi ban ten Na 15t, Na tron duoc", None, 2),
        ("Tuấn 19 tuổi, cùng em họ tên Khải 17 tuổi, Khải còn kẹt", None, 2),
        ("nó là Hậu, 20 tuổi, đi với đứa bạn là Phúc, Phúc về được rồi", None, 2),
        ("Hai vợ chồng tôi với 4 người cùng bản là 6", None, 6),
        ("vo chong em voi 2 dua chau la 4", None, 4),
        ("tôi với ba anh nữa là bốn", None, 4),
        ("nhà tôi 3 người, nhà chú Sáu 2 người là năm", None, 5),
        ("em, chị Thu, chị Lý, là ba người hết thảy", None, 3),
        ("có thằng Bo, con Bé Ba với tui là 3 mạng", None, 3),
        ("anh em ruột hai đứa, thêm đứa cháu là ba", None, 3),
        ("con bé giúp việc nhà bên cạnh, bị nhốt trên gác", None, 1),
        ("Em Giàng Thị Sua, học sinh lớp tôi", None, 1),
        ("đứa nhỏ bán vé số hay ngồi trước cổng", None, 1),
        ("con nho lam thue cho nha do", None, 1),
        ("một bà cụ bị ép ăn xin", None, 1),
        ("cô gái phòng 12", None, 1),
        ("thằng Tèo con chú Bảy", None, 1),
        ("ông cụ nhà bên", None, 1),
        ("vợ tôi", None, 1),
        ("chị ruột em, lấy chồng bên đó", None, 1),
        ("nhiều đứa lắm", None, None),
        ("toàn người Khmer", None, None),
        ("không biết mấy người", None, None),
        ("có mình con Nhu thôi\nà khoan, còn con Tý nữa, hai đứa đi chung mà", None, 2),
        ("chi co minh thang Hieu thoi, y quen con thang Dat nua", None, 2),
        ("mỗi em Hà thôi ạ, à không, có cả bạn Linh nữa là hai", None, 2),
        ("em tui với mấy người nữa, chắc 7 người", None, 7),
        ("8 người, có tui nữa là 9", None, 9),
        ("còn 3 đứa con gái với một thằng con trai", None, 4),
        ("hai chị với một em bé", None, 3),
        ("em gái em và con gái nó", None, 2),
        ("một bé sơ sinh với 2 chị sắp đẻ", None, 3),
        ("2 bé sơ sinh\nvới 1 chị đang bầu", None, 3),
        ("1 bé trai, 1 bé gái", None, 2),
        ("ba chau gai, nho nhat 13", None, 3),
        ("năm em còn trẻ lắm, có em chắc chưa 18", None, 5),
        ("chừng chục đứa", None, 10),
        ("7-8 người", None, 8),
        ("ba bốn đứa gì đó", None, 4),
        ("khoảng 5, 6 người", None, 6),
        ("bạn khác nữa cũng bị", 1, 2),
        ("biết quen nhau qua mạng", None, None),
        ("nó quên mất đường về", None, None),
        ("không có đứa nào khác", None, None),
        ("2 đứa, à không 3 đứa", None, 3),
        ("5 người, ủa lộn, 6 người", None, 6),
        ("em Lan và em Huệ", None, 2),
        ("Chủ nhật em Hòa về", None, 1),
        ("ngày 5 người ta chở đi", None, None),
        ("phòng 12 em nằm", None, None),
        ("con gái chị ấy cùng quê tôi", None, 1),
        ("tên Thoa 19 tuổi, nó nói trong đó tới 7 đứa", None, 7),
        ("từ năm 2020 là 5 năm rồi", None, None),
        ("hai chị em tôi", None, 2),
        ("đứa con 3 tuổi là con thứ 2", None, 1),
    ],
)
def test_rooms_sums_second_thoughts_and_one_person_alone(words, known, number):
    assert count(words, known) == number


@pytest.mark.parametrize("words", ["Côn Đảo", "dang o Con Dao", "o con dao", "em o con dao"])
def test_an_island_is_no_child(words):
    assert count(words) is None


@pytest.mark.parametrize(
    ("clauses", "people"),
    [
        ((("con bé giúp việc bị nhốt trên gác", (("what", 0.6), ("who", 0.3))),), 1),
        ((("hôm trước thấy em Sùng Thị Dợ nghỉ học", (("when", 0.6), ("who", 0.3))),), 1),
        ((("ba con nhậu xỉn nên ký giấy", (("what", 0.6), ("who", 0.3))),), None),
        ((("ba con có cất tờ giấy", (("evidence", 0.6), ("who", 0.3))),), None),
    ],
)
def test_somebody_alone_is_counted_where_only_the_story_tells_of_them(clauses, people):
    draft = {"done": []}
    routing.take(draft, "", Message(text=". ".join(words for words, _ in clauses), clauses=clauses))
    assert draft.get("people") == people


def test_mother_who_still_lies_there_is_no_pair():
    assert count("Bé gái sơ sinh và mẹ bé, Mẹ còn nằm phòng trọ gần đó, còn bé thì không rõ") == 2


def test_the_same_people_named_when_asked_are_not_added_to_a_guess():
    words = "Cháu tên Lò Thị Hoa, 15 tuổi, cùng một bạn tên Mai cũng 15 tuổi, Mai vẫn còn trong đó"
    draft = {"done": [], "people": 2}
    routing.take(draft, "who", Message(text=words, clauses=((words, (("who", 0.9),)),)))
    assert draft["people"] == 2


def test_a_number_answers_who_whatever_the_words_sound_like():
    words = "tui thấy năm em còn nhỏ lắm có em chắc chưa đến mười tám"
    draft: dict = {"done": []}
    assert routing.take(draft, "who", Message(text=words, clauses=((words, (("safe", 0.9), ("who", 0.02))),)))
    assert draft["people"] == 5
