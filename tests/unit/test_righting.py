"""Something put right at another question: the new value stands where the old one stood, and nowhere else."""

from __future__ import annotations

import pytest

from bot.dialogue.interview import afterwards, corrections, intake, righting
from bot.dialogue.interview.draft import Draft, Message
from bot.dialogue.interview.extract import extract
from bot.dialogue.reading.clauses import clauses


def told(**sections) -> Draft:
    """A draft after the first questions, with what was answered to them."""
    where = sections.pop("where", "")
    draft: Draft = {"done": ["safe", "what", "where", "pick"], **sections}
    return draft | ({"where": {"status": "none", "text": where}} if where else {})


@pytest.mark.parametrize(
    ("section", "old", "asked", "said", "new"),
    [
        ("when", "hẹn 4h chiều ni", "who", "à nó mới nhắn lại, 3h chiều ni chứ không phải 4h", "hẹn 3h chiều ni"),
        ("when", "hen mo thu 5 tuan toi", "behind", "a lon, mo thu 3 tuan toi, ko phai thu 5", "thu 3 tuan toi"),
        ("when", "bị đưa đi từ sáng nay", "evidence", "em ghi nhầm, chiều qua chứ không phải sáng nay", "chiều qua"),
        ("when", "tụi nó đi mồng 4/9", "who", "tui nói lộn, đi hôm 14/9 chớ khôn phải mồng 4/9", "14/9"),
        ("who", "còn 7 ng vẫn kẹt, đều quê Bắc Giang", "evidence", "nhầm, còn 9 ng chứ k phải 7", "còn 9 ng vẫn kẹt"),
        ("who", "3 bé bán vé số", "when", "ủa em đếm lại là 5 bé chứ hok phải 3", "5 bé bán vé số"),
        ("what", "nó đòi 150 triệu mới thả", "evidence", "à nhầm, nỏ phải 150 mô, hắn đòi 180 triệu lận", "nó đòi 180 triệu mới thả"),
        ("what", "bắt đóng 2 triệu tiền cọc", "who", "không phải 2 triệu đâu, nó bắt đóng 20 triệu", "bắt đóng 20 triệu tiền cọc"),
        ("where", "quán Ánh Trăng gần chợ", "behind", "tôi nhầm, quán Ánh Sao chứ không phải Ánh Trăng", "Ánh Sao gần chợ"),
    ],
)  # fmt: skip
def test_the_new_value_replaces_the_old_one_where_that_stands(section, old, asked, said, new):
    draft = told(**{section: old})
    outcome = intake.answer(draft, asked, Message(text=said))
    assert outcome.ask == asked
    stands = draft["where"]["text"] if section == "where" else draft[section]
    assert new in stands
    assert not draft.get(asked)
    assert draft["righted"]


@pytest.mark.parametrize(
    ("said", "asked", "section"),
    [
        ("à nó mới nhắn lại, 3h chiều ni chứ không phải 4h", "who", "when"),
        ("em kể sai, tối t6 tuần rồi chứ không phải t7", "behind", "when"),
        ("à quên, đợt này 5 bạn, mới thêm 1 bạn hôm qua", "safe", "who"),
        ("nhầm, t với 4 thằng nữa là 5, quên mất ông già nấu cơm", "behind", "who"),
        ("bà đếm lại rồi, 6 đứa chứ không phải 5", "evidence", "who"),
        ("à nhầm, không phải 150 đâu, nó đòi 180 triệu", "evidence", "what"),
        ("ý lộn, số bà Lệ là 0786214415, tui đọc ngược", "safe", "behind"),
    ],
)
def test_where_nothing_old_stands_it_goes_to_its_own_section(said, asked, section):
    draft = told()
    outcome = intake.answer(draft, asked, Message(text=said))
    assert outcome.ask == asked
    assert draft[section] == said
    assert not [name for name in ("what", "when", "who", "behind", "evidence") if name != section and draft.get(name)]


@pytest.mark.parametrize(
    ("said", "number"),
    [("à quên, đợt này 5 bạn", 5), ("4 đứa chứ hong phải 3 đứa", 4), ("nhầm, em với 4 bạn nữa là 5", 5),
     ("nói lộn, 3 đứa lận, còn chị Na nữa", 3)],
)  # fmt: skip
def test_the_count_is_put_right_and_an_earlier_one_does_not_come_back(said, number):
    draft = told(people=2)
    intake.answer(draft, "behind", Message(text=said))
    assert draft["people"] == number
    clause = "đợt này có 2 bạn"
    intake.answer(draft, "who", Message(text=clause, clauses=((clause, (("who", 0.9),)),)))
    assert draft["people"] == number


@pytest.mark.parametrize(
    "said",
    ["con lớn 17 tuổi, con nhỏ 12 tuổi", "em quen nó trên mạng", "tui đi một mình, không phải bị ép", "họ bắt nhầm nhà em",
     "em quên tên rồi", "quen 1 anh tren tiktok", "nó nhầm em với người khác", "không phải em, là bạn em"],
)  # fmt: skip
def test_what_puts_nothing_right(said):
    assert not righting.puts_right(said) or not righting.kind_of(said)


@pytest.mark.parametrize(
    ("said", "asked", "section"),
    [
        ("a lon, mo thu 3 tuan toi, ko phai thu 5", "behind", "when"),
        ("à nhầm, có 4 đứa chứ không phải 3", "evidence", "who"),
        ("tôi nhầm, quán Ánh Sao chứ không phải Ánh Trăng", "behind", "where"),
    ],
)
def test_after_sending_it_has_the_label_of_its_own_kind(said, asked, section):
    draft: Draft = {"done": [], "sent": {"kept": True, "begun": True, "asked": asked}, "urgent": True}
    step = afterwards.answer(draft, asked, Message(text=said))
    assert step.addition is not None
    assert step.addition.question == section
    assert step.outcome.ask == asked


@pytest.mark.parametrize(
    ("said", "section", "words"),
    [
        ("5 chị Lào là nạn nhân mà", "who", "5 chị người Lào"),
        ("5 chi Lao la nan nhan ma", "who", "5 chị người Lào"),
        ("bà Tư không phải người xấu", "who", "bà Tư"),
        ("à nhầm, bà Tư là nạn nhân", "who", "bà Tư"),
        ("nạn nhân: bà Tư", "who", "bà Tư"),
        ("Sính là người kéo chứ không phải nạn nhân", "behind", "Sính"),
        ("người xấu: Vừ Mí Sính", "behind", "Sính"),
        ("thằng Sính mới là kẻ lừa", "behind", "Sính"),
        ("người đàn ông không nguy", "behind", "người đàn ông"),
        ("Sính không phải nạn nhân", "behind", "Sính"),
    ],
)
def test_who_is_put_on_the_other_side_at_the_read_back_stands_there_alone(said, section, words):
    draft = told(who="Sính; người đàn ông", behind="5 chị người Lào; bà Tư")
    outcome = intake.answer(draft, "confirm", Message(text=said))
    assert (outcome.ask, outcome.says) == ("confirm", ("tip_added",))
    other = "behind" if section == "who" else "who"
    assert words in draft[section]
    assert words not in draft[other]
    assert draft.get("what", "") == ""


@pytest.mark.parametrize(
    "said",
    ["em không phải là nạn nhân đâu", "mình là nạn nhân", "nạn nhân là ai?", "nó không nguy hiểm nữa", "họ là người xấu",
     "ở đó có người bán hàng", "nó nói nó là công an", "tôi không phải người xấu"],
)  # fmt: skip
def test_nobody_changes_sides_where_nobody_is_named(said):
    draft = told(who="mình và em Na", behind="bà Tư, họ đi xe")
    intake.answer(draft, "confirm", Message(text=said))
    assert "mình và em Na" in draft["who"]
    assert "bà Tư" in draft["behind"]


@pytest.mark.parametrize(
    ("said", "people"),
    [("37A 012.54 người lái tên Sơn", None), ("gọi 0912 345 678 người đó", None), ("xe 29H-123.54 em thấy", None),
     ("xe 37A 012.54 chở 6 người", 6), ("có 3 người", 3), ("bị giữ 12 người", 12)],
)  # fmt: skip
def test_digits_of_a_plate_or_a_number_count_nobody(said, people):
    assert extract(said).people == people


@pytest.mark.parametrize(
    ("said", "contact"),
    [("thoi khong de", ""), ("thôi không để đâu", ""), ("ko de", ""), ("không cho đâu", ""), ("chẳng muốn để lại", ""), ("0912345678", "0912345678"),
     ("fb Lan Anh", "fb Lan Anh"), ("zalo của em 0912345678, đừng gọi ban ngày", "zalo của em 0912345678, đừng gọi ban ngày")],
)  # fmt: skip
def test_a_refusal_is_no_contact(said, contact):
    draft = told(reply="contact")
    intake.answer(draft, "contact", Message(text=said))
    assert draft.get("contact", "") == contact


@pytest.mark.parametrize(
    ("known", "words", "name", "right", "wrong"),
    [
        (
            {"where": {"text": "ngõ 42 đường Liên Mạc", "status": "none"}},
            "à ngõ 24 nhé, mình gõ lộn thành 42",
            "where",
            "ngõ 24",
            "42",
        ),
        (
            {"where": {"text": "hẻm 118 Lê Lợi", "status": "none"}},
            "hẻm 181 nha, nãy tui ghi nhầm thành 118",
            "where",
            "hẻm 181",
            "118",
        ),
        ({"when": "tối thứ 5"}, "thứ 6 mới đúng, em gõ nhầm thành thứ 5", "when", "thứ 6", "thứ 5"),
        (
            {"traces": ["29H-123.45"], "behind": "xe 29H-123.45"},
            "29H-123.54 mới đúng, 2 số trước bỏ",
            "traces",
            "29H-123.54",
            "29H-123.45",
        ),
        (
            {"traces": ["29H-123.45"], "behind": "xe 29H-123.45"},
            "biển số là 29H-123.54 nha, nãy em gõ sai",
            "traces",
            "29H-123.54",
            "29H-123.45",
        ),
        (
            {"traces": ["37B-123.45"], "behind": "xe biển 37B-123.45"},
            "37A chứ ko phải B",
            "traces",
            "37A-123.45",
            "37B",
        ),
        (
            {"traces": ["37B-123.45"], "behind": "xe biển 37B-123.45"},
            "37A chứ không phải 37B",
            "traces",
            "37A-123.45",
            "37B",
        ),
        (
            {"traces": ["59X2-417.83"], "behind": "SH 59X2-417.83"},
            "59X3-417.83 chứ hông phải 59X2",
            "traces",
            "59X3-417.83",
            "59X2",
        ),
        (
            {"traces": ["51G 882.10"], "behind": "Xe 51G 882.10"},
            "à nhầm, đuôi .01 chứ không phải .10",
            "traces",
            "51G 882.01",
            "882.10",
        ),
        (
            {"traces": ["61B-038.92"], "behind": "xe 61B-038.92"},
            "xin đính chính biển số xe là 61B-038.29",
            "traces",
            "61B-038.29",
            "038.92",
        ),
        (
            {"traces": ["0912 345 678"], "behind": "số nó 0912 345 678"},
            "à lộn, 0912 345 687 mới đúng",
            "traces",
            "0912 345 687",
            "678",
        ),
        (
            {"traces": ["0912 345 678"], "behind": "số nó 0912 345 678"},
            "đuôi 687 chứ không phải 678",
            "traces",
            "0912 345 687",
            "678",
        ),
        (
            {"traces": ["0912 345 678"], "behind": "số nó 0912 345 678"},
            "hai số cuối là 87 chứ ko phải 78",
            "traces",
            "0912 345 687",
            "678",
        ),
        (
            {"people": 12, "who": "12 người"},
            "Xin đính chính: số người là 14 chứ không phải 12, tôi vừa đối chiếu lại danh sách.",
            "people",
            14,
            None,
        ),
        (
            {"people": 7, "who": "còn 7 người làng mình"},
            "à quên, 8 người, thằng Zơ Râm Nhíu nữa chớ không phải 7",
            "people",
            8,
            None,
        ),
        ({"people": 7}, "Ủa quên, nó nói 9 đứa chớ hông phải 7 đứa, thêm hai đứa mới ra", "people", 9, None),
        ({"people": 4}, "em đếm lại rồi, 5 chị nhé chứ không phải 4", "people", 5, None),
        (
            {"traces": ["0978 402 115"], "behind": "SĐT quản lý 0978 402 115"},
            "Tôi xin đính chính số điện thoại của quản lý là 0978 402 151, tôi ghi nhầm hai số cuối.",
            "traces",
            "0978 402 151",
            "115",
        ),
    ],
)
def test_a_number_plate_or_count_is_put_right_in_whole_or_in_part(known, words, name, right, wrong):
    draft = {"done": ["where", "when", "who", "behind"], **known}
    righting.settle(draft, Message(text=words, clauses=tuple((piece.text, ()) for piece in clauses(words))))
    corrections.recount(draft, words)
    assert righting.puts_right(words)
    held = draft[name]
    assert held == right if isinstance(right, int) else right in str(held) and wrong not in str(held)


@pytest.mark.parametrize(
    "words",
    [
        "tôi thấy 37A-123.45 chứ không phải xe khác",
        "nó gọi 2 lần chứ không phải 1",
        "0912 345 678 là số nó",
        "thứ 3 chứ không phải thứ 4",
    ],
)
def test_what_puts_no_trace_right_leaves_them(words):
    draft = {"done": ["behind"], "traces": ["92C-108.44", "0987 111 222"]}
    righting.settle(draft, Message(text=words, clauses=tuple((piece.text, ()) for piece in clauses(words))))
    assert {"92C-108.44", "0987 111 222"} <= set(draft["traces"])


@pytest.mark.parametrize(
    ("known", "words", "people"),
    [
        (3, "a khoan 4 dua lan, con 1 dua nho xiu con chi no cong theo. k phai 3", 4),
        (6, "khoan khoan hồi nãy tui nói 6 người là tui đếm luôn thằng canh rứa là 5 người thôi hỉ", 5),
        (7, "hồi nãy em nói 7 là tính luôn chủ, vậy là 6 người thôi ạ", 6),
        (4, "khoan đã, 5 em lận, còn một em nằm trong buồng", 5),
        (2, "à khoan, 3 đứa, có thằng út nữa", 3),
        (5, "khoan, để tôi chạy ra xem đã", 5),
        (5, "khoan đã, cho em hỏi 2 câu", 5),
    ],
)
def test_on_second_thought_the_last_number_counts(known, words, people):
    draft: Draft = {"done": ["who"], "people": known}
    intake.answer(draft, "behind", Message(text=words))
    assert draft["people"] == people
