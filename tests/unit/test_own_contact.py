"""Whose a number is: the reporter's own is contact, sealed apart, and no trace of anybody."""

from __future__ import annotations

import pytest

from bot.dialogue.interview import intake, own_contact
from bot.dialogue.interview.draft import Message
from bot.dialogue.interview.extract import extract
from bot.dialogue.interview.summary import summary

N = "0912000111"
OWN = [
    f"Liên lạc với tôi qua {N}, đừng nói tên tôi", f"số tôi {N}", f"số em ở đầu đó {N}", "gọi em số 0912 000 111",
    f"em tên Hoa, sđt {N}",
    "số điện thoại của tôi là 0912.000.111 nhé", f"cần gì thì gọi em {N}", f"so cua em la {N}", f"lh em qua zalo {N}",
    f"zalo em {N}",
    f"tôi là Nam sđt {N}", f"công an gọi lại cho tôi theo số {N} giúp", f"{N} là số của em", f"my number is {N}",
    f"call me at {N}",
    f"thằng Tùng 0903112233 nó giữ giấy tờ 5 đứa, liên lạc với tôi qua {N}", f"nó dọa giết, các anh gọi em số {N} gấp",
    "mail của tôi lan.ng@gmail.com",
    "nhắn cho cháu qua facebook fb.com/chaulan99",
]  # fmt: skip
OTHERS = [
    f"nó gọi em bằng số {N}", "Nó gọi từ 0912345678 0987654321 rủ em đi", f"số của em gái tôi {N}", f"bà chủ số {N}",
    f"chị Mỷ, số {N}",
    f"họ liên lạc với tôi qua số {N}", f"gọi số {N} thì nó bắt máy", f"người ta gọi em từ số {N}", f"số em Lan bị bắt {N}",
    f"có số lạ {N} gọi cho tôi đòi tiền", f"số em trai em {N}", f"kẻ lừa em dùng số {N}",
]  # fmt: skip


@pytest.mark.parametrize("text", OWN)
def test_the_reporters_own_number_is_contact_and_no_trace(text):
    found = extract(text)
    assert found.own
    assert N not in "".join(found.traces)
    assert N not in own_contact.split(text)[0]
    draft = intake.begin(Message(text=f"nhóm lạ tuyển thanh niên đi làm xa, hứa lương cao. {text}"))
    assert found.own.split("; ")[0] in draft["contact"]
    assert N not in draft["what"]
    assert N not in "".join(draft.get("traces", []))


@pytest.mark.parametrize("text", OTHERS)
def test_somebody_elses_number_stays_a_trace(text):
    found = extract(text)
    assert not found.own
    assert found.traces


def at_summary(*, urgent=False):
    done = ["safe", "what", "where", "when", "who", "behind", "evidence", "reply"]
    return {"done": done, "what": "nó giữ giấy tờ chị em, số nó 0903112233", "where": {"status": "none", "text": ""},
            "traces": ["0903112233"], "urgent": urgent, "reply": "none"}  # fmt: skip


@pytest.mark.parametrize("urgent", [False, True])
@pytest.mark.parametrize(
    "wish",
    [
        "tôi muốn để lại số",
        "em muốn để lại số điện thoại ạ",
        "cho em để lại liên lạc",
        "goi lai cho em",
        "thêm số của em",
    ],
)
def test_a_wish_to_leave_a_number_at_the_summary_opens_the_contact_question(urgent, wish):
    draft = at_summary(urgent=urgent)
    assert intake.answer(draft, "confirm", Message(text=wish)).ask == "contact"
    assert intake.answer(draft, "contact", Message(text="0987654321")).ask == "confirm"
    assert draft["contact"] == "0987654321"
    assert draft["traces"] == ["0903112233"]
    assert "0987654321" not in draft["what"]


@pytest.mark.parametrize(
    ("answer", "own"), [("đúng", True), ("dạ của em", True), ("không, của nó", False), ("không", False)]
)
def test_a_bare_number_at_the_summary_is_asked_about(answer, own):
    draft = at_summary(urgent=True)
    assert intake.answer(draft, "confirm", Message(text="0987654321")).ask == "contact"
    assert "0987654321" not in str(summary(draft))
    for _ in range(3):
        outcome = intake.answer(draft, "contact", Message(text=answer))
        if outcome.ask == "confirm":
            break
    assert outcome.ask == "confirm"
    assert ("0987654321" in draft.get("contact", "")) is own
    assert ("0987654321" in draft["traces"]) is not own
    assert "owner" not in draft


def test_an_own_number_told_again_at_the_summary_replaces_the_wrong_one():
    draft = at_summary()
    draft["contact"] = N
    assert intake.answer(draft, "confirm", Message(text="số em sai rồi, số em là 0987654321")).ask == "confirm"
    assert draft["contact"] == "0987654321"
    assert draft["traces"] == ["0903112233"]


def test_pointing_back_to_the_number_told_before_moves_it_to_the_contact():
    draft = {
        "done": ["safe", "what", "where", "pick", "when", "who", "behind", "evidence"],
        "where": {"text": "chợ", "status": "none"},
    }
    draft |= {"what": f"nhà trọ giữ giấy tờ, {N}", "traces": [N]}
    intake.answer(draft, "reply", Message(choice="reply:contact"))
    assert intake.answer(draft, "contact", Message(text="ở trên rồi đó")).ask == "confirm"
    assert draft["contact"] == N
    assert N not in draft["what"]
    assert "traces" not in draft


@pytest.mark.parametrize("question", ["what", "where", "when", "who", "behind", "evidence"])
def test_under_every_question_the_own_number_goes_apart(question):
    draft = {"done": ["safe"], "what": "", "where": {}}
    intake.answer(draft, question, Message(text=f"ở chợ Bến Thành hôm qua có hai đứa bị anh Tuấn dụ, gọi em số {N}"))
    assert draft["contact"] == N
    assert N not in str({name: value for name, value in draft.items() if name != "contact"})


A, B = "0912000111", "0913000222"


@pytest.mark.parametrize(("text", "mine", "theirs"), [
    (f"bà Năm Hường, số bà là {A}, số tôi không cho", (), (A,)), (f"chị Thu Ba ở ấp 4, số {A}, số em thì thôi", (), (A,)),
    (f"số chủ {A} em là chị Vân {B}", (B,), (A,)), (f"bà Hạnh số điện thoại {A}, còn số của tôi {B} nhé", (B,), (A,)),
    (f"sdt chu quan {A}", (), (A,)), (f"{A} là số của bà Thu Ba chứ không phải số em", (), (A,)),
    (f"{A} la so cua Tuan, {B} moi la so cua em", (B,), (A,)), (f"số của bà là {A}", (A,), ()), (f"{A}", (A,), ()),
    (f"số thằng Tí {A}, số con {B}", (B,), (A,)),
])  # fmt: skip
def test_at_the_contact_question_each_number_goes_to_its_owner(text, mine, theirs):
    assert own_contact.sort_at_contact(text) == (mine, theirs)
    draft = at_summary()
    draft["reply"] = "contact"
    intake.answer(draft, "contact", Message(text=text))
    for number in mine:
        assert number in draft["contact"]
        assert number not in draft["what"]
    for number in theirs:
        assert number not in draft.get("contact", "")
        assert number in draft["traces"]


@pytest.mark.parametrize(("contact", "traces", "text", "mine", "theirs"), [
    (A, [], f"{A} là số của bà Thu Ba chứ không phải số em", "", [A]),
    (A, [B], f"sai roi, {A} la so cua Tuan, {B} moi la so cua em", B, [A]),
    ("", [A], f"bỏ số {A} ra khỏi chỗ số kẻ xấu, đó là số của em", A, []),
    ("", [A], "số đó là của o chớ không phải của thằng lừa", A, []),
    ("", [A, B], f"so chu la {A} do la so cua e de anh goi e, con {B} la cua Tuan", A, [B]),
    (A, [], "số đó không phải của tôi, của nó đó", "", [A]),
])  # fmt: skip
def test_numbers_are_moved_at_the_read_back(contact, traces, text, mine, theirs):
    draft = at_summary() | {"what": f"nó giữ giấy tờ {' '.join(traces)}", "traces": list(traces), "contact": contact}
    assert intake.answer(draft, "confirm", Message(text=text)).ask == "confirm"
    assert draft.get("contact", "") == mine
    assert draft.get("traces", []) == theirs
    assert not mine or mine not in draft["what"]


@pytest.mark.parametrize(
    "text",
    ["0987654321 số mình nè", "liên hệ 0987654321 gặp Hạnh là tui", "mấy chú gọi số ni cho tui 0987654321",
     "ai cần thì gọi má tui 0987654321", "0987654321 nha, gọi buổi tối thôi", "có gì alo cho em 0987654321",
     "nó gọi từ 0912345678, em để số em đây 0987654321", "sđt thằng đó 0912345678 nha, cần gì gọi tui 0987654321"],
)  # fmt: skip
def test_a_number_left_in_passing_is_the_reporters(text):
    found = extract(text)
    assert "0987654321" in found.own
    assert not any("0987654321" in trace for trace in found.traces)


@pytest.mark.parametrize(
    "text",
    ["nó gọi em bằng số 0912345678", "0912345678 gọi hoài đòi tiền", "0912345678 nhắn tin dọa em nha",
     "họ bắt gọi má tui 0912345678", "thằng Tí gọi số 0912345678 cho tui hoài", "gọi số 0912345678 gặp chị Hằng môi giới",
     "0912345678 số bà chủ nè", "số bà Tư 0912345678 gặp bả là biết"],
)  # fmt: skip
def test_a_number_of_who_is_behind_it_stays_a_trace(text):
    found = extract(text)
    assert "0912345678" in found.traces
    assert not found.own


@pytest.mark.parametrize(
    "text",
    ["có số con tôi gọi về 0912345678 là máy của quán", "số em tui nhắn 0912345678", "số con tôi xài là 0912345678",
     "0912345678 là số của tiệm", "0912345678 là điện thoại khách cho nó mượn"],
)  # fmt: skip
def test_a_number_my_child_called_from_is_a_trace(text):
    found = extract(text)
    assert "0912345678" in found.traces
    assert not found.own
