"""On which side somebody is whom words name or describe: in danger, or behind it."""

from __future__ import annotations

import pytest

from bot.dialogue.interview import kinds, roles, routing
from bot.dialogue.interview.draft import Message

IN_DANGER = (
    "ảnh tên Nguyễn Văn Đực",
    "chồng tôi tên Sang, 42 tuổi",
    "chong em ten Hai 38 tuoi",
    "vợ tui tên Lý Thị Hoa",
    "Các em tên Vàng Thị Mỷ và Sùng Thị Dở",
    "cac em ten My voi Do, hoc tro lop 8",
    "hai cháu tên Páo và Dế",
    "em tao tên Trang",
    "em gái tao tên Trang nha mậy",
    "em trai tui tên Phúc",
    "con gái tôi là Lê Thị Bé",
    "con gai toi ten Na, 15 tuoi",
    "con trai tui tên Tí",
    "thằng con tui tên Lượm",
    "thang con toi ten Luom 17 tuoi",
    "thằng cháu nội tôi tên Tài",
    "chau noi toi ten Tai",
    "cháu ngoại tui mới 13 tuổi",
    "con nhỏ em tên Thắm",
    "nhỏ bạn em tên Vy, học lớp 10",
    "bn e tên Ngọc 16t",
    "ban than em ten Ngoc",
    "bạn cùng phòng em tên Hiền",
    "học trò tôi, em Giàng Thị Súa",
    "hoc tro cua toi ten Sua",
    "em bị nhốt trong này",
    "em dang bi nhot luon chu khong phai em nao het",
    "minh dang bi giu o day",
    "tui bị tụi nó giữ hai tháng nay",
    "nó bị lừa qua bển",
    "no bi lua ban qua Campuchia",
    "chị ấy bị ép tiếp khách",
    "mấy đứa đó bị xích chân",
    "ẻm 19 tuổi quê Hậu Giang, ẻm tên Mai",
    "bé tên Hương",
    "cháu tên Lò Văn Pâng, 14 tuổi",
    "em năm nay 16 tuổi",
    "mình học lớp 11",
    "mik 15t",
    "e moi 17 tuoi",
    "nạn nhân tên Quách Thị Lan",
    "ba em công nhân bị giữ giấy tờ",
    "o nớ bị họ bán đi rồi",
    "cháu gái tui mất tích",
)
BEHIND = (
    "chủ tàu bà Sáu Lệ",
    "chu tau ten Sau Le",
    "chủ quán tên Phượng",
    "bà chủ tên Hồng, ngoài 50",
    "thang Hung o xom tren ru no di",
    "thằng Hùng xóm trên rủ nó đi",
    "thằng bồ tên Khoa",
    "thang bo ten Khoa",
    "thằng bạn trai quen qua mạng tên Khánh",
    "một thằng tên Dũng chừng 30 tuổi",
    "mot thang ten Dung chung 30 tuoi",
    "bà Mùa dẫn nó đi",
    "ba Mua dan no di qua bien gioi",
    "ông Tư chở mấy đứa đi",
    "con mụ Hạnh dụ em qua đó",
    "người môi giới tên Tâm",
    "nguoi moi gioi ten Tam",
    "chị giới thiệu tên Loan dắt em lên xe",
    "mấy thằng bảo kê nhốt tụi em",
    "thằng Lình nhốt vợ nó",
    "dì ruột em dụ em qua đó làm",
    "bạn em rủ em đi làm",
    "cậu họ tôi bán em tôi cho người ta",
    "bọn này đòi chuộc 200 triệu",
    "no doi chuoc 100 trieu",
    "ông ta thu hộ chiếu của mọi người",
    "ho thu giay to het",
    "tú bà tên Nguyệt",
    "tu ba ten Nguyet",
    "cai thầu tên Bảy Rô",
    "cai ten Bay Ro, cai thau cao su",
    "thằng quản lý người Trung",
    "thang quan ly nguoi Trung",
    "lão chủ lò gạch",
    "mụ Én hay tuyển gái đi Lào",
    "một mụ tóc ngắn, xăm mày",
    "hai vợ chồng chủ nợ",
    "đường dây của Tám Thẹo",
    "anh Quý lừa em ký giấy nợ",
    "thằng Páo dắt hai đứa đi",
)
NO_CUE = (
    "nó tên Đức",
    "42 tuổi",
    "chồng tôi",
    "anh rể em",
    "chị chồng tôi là Đỗ Thị Ngoan",
    "ba tháng rồi không thấy",
    "bà Tư",
    "người ta nói vậy",
    "ở gần chợ",
    "thằng chồng tên Hạng A Lử, đi xe Win",
    "không biết tên",
    "em không rõ",
    "con tui bị thằng chủ quán nhốt",  # both
)
OTHER = {"who": "behind", "behind": "who"}
TOLD = [*((words, "who") for words in IN_DANGER), *((words, "behind") for words in BEHIND)]


def of_one(words: str, **scores: float) -> Message:
    return Message(text=words, clauses=((words, tuple(scores.items())),))


@pytest.mark.parametrize(("words", "side"), [*TOLD, *((words, "") for words in NO_CUE)])
def test_the_side_somebody_is_on(words, side):
    assert roles.of(words) == side


@pytest.mark.parametrize(("words", "side"), TOLD)
def test_a_cue_outweighs_the_question_and_the_tagger(words, side):
    draft = {"done": []}
    routing.take(draft, OTHER[side], of_one(words, **{OTHER[side]: 0.6, side: 0.2, "what": 0.1}))
    assert words in draft.get(side, "")
    assert OTHER[side] not in draft


def test_a_tagger_that_is_very_sure_outweighs_a_cue():
    draft = {"done": []}
    routing.take(draft, "behind", of_one("anh họ tên Giống, em bạn em", behind=0.97, who=0.02))
    assert draft["behind"]


@pytest.mark.parametrize(
    "words",
    ["tôi là giáo viên chủ nhiệm của các em", "toi la hang xom thoi", "dạ tui là chủ trọ", "giáo viên chủ nhiệm"],
)
@pytest.mark.parametrize("asked", ["who", "behind", ""])
def test_whoever_reports_as_a_bystander_is_on_neither_side(words, asked):
    draft = {"done": []}
    routing.take(draft, asked, of_one(words, who=0.6, behind=0.3))
    assert not draft.get("who")
    assert not draft.get("behind")
    assert words in draft["what"]


def test_a_piece_of_the_story_that_names_somebody_stands_on_their_side_as_well():
    draft = {"done": []}
    routing.take(draft, "what", of_one("bà Mùa dẫn nó đi hồi sáng thứ hai", what=0.9, when=0.05))
    assert "bà Mùa" in draft["behind"]
    assert "bà Mùa" in draft["what"]
    draft = {"done": []}
    routing.take(draft, "where", of_one("cháu Tài bị nhốt ở rẫy cao su", where=0.9, what=0.1))
    assert "Tài" in draft["who"]
    assert "behind" not in draft


def test_a_place_and_a_time_are_nobody():
    draft = {"done": []}
    message = Message(text="", clauses=(
        ("một thằng tên Dũng chừng 30 tuổi", (("behind", 0.5), ("who", 0.4))),
        ("chỗ tôi ở xa", (("where", 0.9), ("who", 0.01))),
        ("hai tuần nay rồi", (("when", 0.95), ("what", 0.02))),
    ))  # fmt: skip
    routing.take(draft, "who", message)
    assert not draft.get("who")
    assert draft["behind"] == "một thằng tên Dũng chừng 30 tuổi"
    assert draft["when"] == "hai tuần nay rồi"


@pytest.mark.parametrize(
    "words",
    [
        "stk Vietcombank 0071000123456 tên Lê Thị Năm",
        "số tài khoản 19032222 MB, Trần Thu",
        "bao gio co nguoi toi",
        "bao giờ mới có người tới vậy",
        "chừng nào công an xuống",
        "bà Mùa dẫn nó đi",
        "anh Nam giữ giấy tờ",
        "chị tên Nguyễn Thị Lễ",
    ],
)
def test_what_only_sounds_like_a_time_is_none(words):
    assert not kinds.is_time(words)
    draft = {"done": []}
    routing.take(draft, "when", of_one(words, when=0.6, what=0.2))
    assert "when" not in draft


@pytest.mark.parametrize(
    "words",
    ["hôm qua", "từ Thứ Hai tuần trước", "Tháng 3 năm ngoái", "bà Mùa dẫn nó đi hôm qua", "Chủ nhật rồi", "anh Nam đi sáng nay",
     "nó đi mùa hè", "em đi tối qua", "con mai nó bay", "bé năm ngoái còn ở nhà", "dịp Tết Nguyên Đán"],
)  # fmt: skip
def test_a_time_stays_one(words):
    assert kinds.is_time(words)


@pytest.mark.parametrize(
    "words",
    ["mình học lớp 11", "mình 16 tuổi", "e mới 15t", "con năm nay lớp 9", "dạ em chưa đủ 18", "t 17t", "em hoc lop 10"],
)
def test_a_young_speaker(words):
    assert roles.young_speaker(words)


@pytest.mark.parametrize(
    "words", ["mình 26 tuổi", "em gái mình 16 tuổi", "con tôi học lớp 9", "mình dạy lớp 11", "nó 15 tuổi"]
)
def test_an_older_speaker(words):
    assert not roles.young_speaker(words)


@pytest.mark.parametrize(
    "words",
    ["nó về giờ á", "giờ nó ở bên đó", "làm 500 ngàn một ngày", "một ngày 300k", "ngày làm 16 tiếng", "lương 20 triệu một tháng",
     "luong 20 trieu mot thang", "đi bộ một ngày mới tới", "tọa độ 10.5, 105.2"],
)  # fmt: skip
def test_a_wage_a_way_and_now_are_no_time_told_in_passing(words):
    assert not kinds.is_time(words)


@pytest.mark.parametrize(
    "words",
    [
        "bây giờ",
        "5 giờ sáng",
        "hồi 3 giờ chiều",
        "một ngày trước",
        "hai tháng nay",
        "một tháng rồi",
        "nó đi 3 ngày rồi",
    ],
)
def test_how_long_ago_stays_a_time(words):
    assert kinds.is_time(words)


@pytest.mark.parametrize(
    "words", ["hôm chợ phiên", "bữa giỗ ông nội", "lúc nhà gặt lúa", "hom dam cuoi con Hoa", "mùa nước nổi"]
)
def test_what_begins_as_a_time_answers_when(words):
    draft: dict = {"done": []}
    routing.take(
        draft, "when", Message(text=words, clauses=((words, (("where", 0.8), ("who", 0.15), ("when", 0.05))),))
    )
    assert draft["when"] == words
    assert "when" in draft["done"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("ngày nào cũng phải tiếp chục ông khách", "when"),
        ("điện thoại nẫu giữ hết", "evidence"),
        ("mình có gọi video với nó", "evidence"),
        ("nó quay lại", "evidence"),
    ],
)
def test_a_habit_and_what_was_taken_away_answer_nothing(words, kind):
    draft: dict = {"done": []}
    routing.take(draft, "what", Message(text=words, clauses=((words, ((kind, 0.9),)),)))
    assert kind not in draft["done"]


@pytest.mark.parametrize(
    "words", ["em có chụp màn hình", "tôi còn giữ tin nhắn", "camera nhà tôi quay được", "co may tam anh chup tu xa"]
)
def test_what_somebody_holds_is_evidence(words):
    assert kinds.holds_evidence(words)


def test_a_number_of_people_answers_who_in_whatever_sentence_it_stands():
    words = "tui thấy bảy em còn nhỏ lắm vẫn ở trong đó chứ có được ra đâu"
    draft: dict = {"done": []}
    assert routing.take(draft, "who", Message(text=words, clauses=((words, (("what", 0.8), ("who", 0.1))),)))
    assert draft["people"] == 7
    assert words in draft["who"]


def test_of_what_people_somebody_is_stands_with_who_they_are():
    words = "nghe nói là người Dao ở Hà Giang"
    draft: dict = {"done": []}
    routing.take(draft, "who", Message(text=words, clauses=((words, (("where", 0.95), ("who", 0.01))),)))
    assert words in draft.get("who", "")


def test_a_site_by_its_name_answers_where_though_it_sounds_like_a_question():
    words = "chi biet quan ten Sao Khuya"
    draft: dict = {"done": []}
    message = Message(
        text=words, is_question=True, clauses=((words, (("who", 0.6), ("behind", 0.3), ("where", 0.05))),)
    )
    routing.take(draft, "where", message)
    assert draft["where"]["text"] == words
