"""What an officer sees beside the answers of a tip: what was put right, what was asked in vain, what nobody asked."""

from __future__ import annotations

from bot.console import told
from bot.dialogue.interview import intake
from bot.dialogue.interview.draft import Message
from bot.dialogue.interview.editing import forget
from bot.dialogue.interview.left_open import left_open
from bot.dialogue.interview.traces import KINDS
from bot.presentation.words import words as console_words

AN_PHU = {"status": "commune", "code": "10645", "codes": ["10645"], "province": "31", "name": "xã An Phú, Hải Phòng"}


def draft() -> dict:
    return {
        "done": ["safe", "what", "where", "pick", "when", "who", "behind"], "people": 3, "what": "nó giữ giấy tờ ba đứa",
        "where": dict(AN_PHU, text="xã An Phú"), "when": "thứ sáu tuần trước",
    }  # fmt: skip


def test_what_was_asked_in_vain_and_what_nobody_asked_are_told_apart():
    assert left_open(draft()) == {"unanswered": ["behind"], "unasked": ["evidence"]}
    whole = draft() | {"done": [*draft()["done"], "evidence"], "traces": ["0912345678"], "files": ["a"]}
    assert left_open(whole) == {}
    assert left_open({"done": [], "where": {"status": "none", "text": ""}})["unasked"][0] == "what"


def test_sent_at_once_counts_as_not_asked():
    early = draft() | {"unasked": ["who", "behind", "evidence"]}
    assert left_open(early) == {"unasked": ["behind", "evidence"]}


def test_a_word_put_right_is_named_with_what_it_was():
    told_now = draft()
    intake.answer(told_now, "confirm", Message(text="thứ năm chứ không phải thứ sáu"))
    intake.answer(told_now, "confirm", Message(text="à nhầm, 4 đứa chứ không phải 3"))
    assert "thứ năm" in told_now["when"]
    assert told_now["people"] == 4
    shown = dict(told.notes(told_now | left_open(told_now), console_words()))
    assert "thứ sáu → thứ năm" in shown["Người báo sửa lại"]
    assert "3 người → 4 người" in shown["Người báo sửa lại"]
    assert shown["Đã hỏi nhưng không có lời đáp"] == "Ai đứng sau"
    assert shown["Chưa kịp hỏi"] == "Bằng chứng"


def test_nothing_is_noted_of_a_tip_that_says_everything():
    assert told.notes({"what": "chuyện"}, console_words()) == []


def test_what_is_taken_out_is_in_no_note_either():
    changed = draft() | {"said": [["when", "thứ sáu tuần trước"]]}
    intake.answer(changed, "confirm", Message(text="thứ năm chứ không phải thứ sáu"))
    assert changed["righted"]
    forget(changed, "when")
    assert "righted" not in changed
    counted = draft()
    intake.answer(counted, "confirm", Message(text="à nhầm, 4 đứa chứ không phải 3"))
    forget(counted, "who")
    assert "righted" not in counted


def test_an_own_number_put_right_is_in_no_note():
    changed = draft() | {"behind": "bà Ba 0903112233"}
    intake.answer(changed, "confirm", Message(text="số em là 0987654321 chứ không phải 0903112233"))
    assert "0987654321" not in str(told.notes(changed, console_words()))


def test_each_trace_is_shown_with_what_it_is():
    story = "nó tên Tân, gọi bằng 0912345678, bắt chuyển vô stk 0987654321 MB, xe 51F12345, vô t.me/viec_cam88"
    tip = {
        "said": [["what", story]],
        "traces": ["0912345678", "0987654321", "51F12345", "t.me/viec_cam88", "không rõ là gì"],
    }
    later = {"text": "mail hr@lua.example", "facts": {"traces": ["hr@lua.example"]}}
    assert told.labelled(tip, [later], console_words()["trace_kinds"]) == [
        ("Số điện thoại", "0912345678"), ("Số tài khoản", "0987654321"), ("Biển số, số hiệu", "51F12345"),
        ("Đường dẫn", "t.me/viec_cam88"), ("", "không rõ là gì"), ("Thư điện tử", "hr@lua.example"),
    ]  # fmt: skip


def test_every_kind_of_trace_has_a_name():
    assert set(console_words()["trace_kinds"]) == {*KINDS, told.UNCLEAR}


def test_numbers_in_later_messages_are_traces_and_the_reporters_own_is_none():
    kinds = console_words()["trace_kinds"]
    tip = {"said": [["what", "nó gọi bằng 0912345678"]], "traces": ["0912345678"]}
    wrote = [
        {"author": "reporter", "text": "nó đổi sang số 0977 111 222 rồi, xe 15A-123.45"},
        {"author": "reporter", "text": "số của em là 0966333444"},
        {"author": "reporter", "text": "0955444333"},
        {"author": "reporter", "text": "dạ nó vẫn xài 0912345678"},
        {"author": "9f", "text": "Gọi chúng tôi theo số 0225 3555 666"},
    ]
    found = told.labelled(tip, wrote, kinds)
    assert ("Số điện thoại", "0912345678") in found
    assert (kinds["unclear"], "0955444333") in found, "alone it may be anybody's"
    assert "0977 111 222" in {trace for _, trace in found}
    assert ("Biển số, số hiệu", "15A-123.45") in found
    assert not {"0966333444", "0225 3555 666"} & {trace for _, trace in found}
    assert len(found) == 4
