"""The interview after an urgent tip was sent: what is asked, what is let be, what each answer adds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console import told
from bot.content.documents import CONTENT_ROOT
from bot.content.phrasebooks import load_phrasebooks
from bot.dialogue.interview import added, afterwards
from bot.dialogue.interview.draft import Message, Outcome, next_question
from bot.presentation.words import words as console_words

PLACE = {"status": "commune", "code": "11629", "codes": ["11629"], "province": "31", "name": "Xã An Lão, Hải Phòng"}
_NAMES = ("behind", "when", "who", "evidence")


def draft(**more: Any) -> dict[str, Any]:
    return {
        "done": ["where", "what", "confirm"], "urgent": True, "short": True, "what": "em bị nhốt", "where": dict(PLACE, text="quán"),
        "said": [["what", "em bị nhốt"]], **more,
    }  # fmt: skip


def sent(**more: Any) -> dict[str, Any]:
    made = draft(**more)
    afterwards.begin(made, as_words=True, language="vi")
    made["sent"]["kept"] = True
    return made


def test_only_the_road_is_left_of_a_tip_that_is_sent() -> None:
    left = sent(contact="0987 001 122", traces=["0912 345 678"], files=["f"])
    assert "em bị nhốt" not in str(left)
    assert "quán" not in str(left["where"])
    assert not set(left) & {"contact", "traces", "files", "what", "said"}


def test_the_most_useful_comes_first_and_what_is_known_is_not_asked() -> None:
    assert next_question(sent()) == "behind"
    assert next_question(sent(traces=["0912 345 678"])) == "when"
    assert next_question(sent(traces=["0912 345 678"], when="tối qua", people=3, files=["f"])) == "receipt"
    assert (
        next_question(sent(done=["where", "what", "who", "behind", "when", "evidence", "confirm"], short=False))
        == "receipt"
    )


def test_a_tip_that_is_not_urgent_or_not_in_our_languages_is_asked_nothing_more() -> None:
    calm = draft(short=False, urgent=False)
    afterwards.begin(calm, as_words=False, language="vi")
    foreign = draft()
    afterwards.begin(foreign, as_words=False, language="km")
    assert next_question(calm) == next_question(foreign) == "receipt"


def test_what_was_let_be_to_send_at_once_is_asked_after() -> None:
    early = draft(
        short=False, other=True, unasked=["when", "evidence"], done=["where", "what", "when", "evidence", "confirm"]
    )
    afterwards.begin(early, as_words=False, language="vi")
    assert [q for q in _NAMES if q not in early["done"]] == ["when", "evidence"]


def test_a_tip_that_left_with_one_sentence_is_asked_what_happened_once() -> None:
    thin = sent(said=[["", "em bị nhốt"]])
    assert next_question(thin) == "what"
    step = afterwards.answer(thin, "what", Message(text="nó khóa cửa ngoài, lấy điện thoại, bắt tiếp khách mỗi đêm"))
    assert step.addition is not None
    assert (step.addition.question, step.outcome.ask) == ("what", "behind")
    assert "khách" not in str(thin)
    long = " ".join(["chuyện"] * 30)
    assert next_question(sent(what=long, said=[["", long]])) == "behind"


def test_of_somebody_abroad_the_town_is_asked_where_only_the_country_is_known() -> None:
    home = dict(PLACE, country="Campuchia")
    known = sent(where=dict(home, text="Campuchia; An Lão"))
    assert next_question(known) == "where"
    assert afterwards.asked_with(known, "where")["abroad"]
    step = afterwards.answer(known, "where", Message(text="tòa nhà vàng 5 tầng gần chợ Bavet"))
    assert step.addition is not None
    assert (step.addition.question, step.outcome.ask) == ("where", "behind")
    for known in (
        sent(where=dict(home, text="tòa nhà vàng gần chợ Bavet; An Lão")),
        sent(where=dict(home, text="Campuchia; An Lão"), said=[["where", "gần chợ Bavet"], ["what", "em bị nhốt"]]),
    ):
        assert next_question(known) == "behind"


def test_what_comes_to_mind_after_the_last_question_goes_with_the_tip() -> None:
    made = sent(traces=["0912 345 678"], when="tối qua", people=3)
    made["sent"]["begun"] = True
    step = afterwards.answer(made, "evidence", Message(choice="ans:skip"))
    assert step.outcome == Outcome("more", ("tip_after_thanks",))
    step = afterwards.answer(made, "more", Message(text="à nó đi xe biển 29A-123.45"))
    assert step.addition is not None
    assert (step.addition.facts["traces"], step.outcome) == (["29A-123.45"], Outcome("more", ("tip_sent_added",)))
    assert "29A" not in str(made)
    assert afterwards.answer(made, "more", Message(text="hết rồi")).outcome.ended == "finished"
    assert afterwards.takes_leave(Message(text="cảm ơn nha", intent="thank", confidence=0.95))
    assert not afterwards.takes_leave(Message(text="cảm ơn, xe 29A-123.45", intent="thank", confidence=0.95))


def at_the_end(**more: Any) -> dict[str, Any]:
    made = sent(traces=["0912 345 678"], when="tối qua", people=3, **more)
    made["sent"]["begun"] = True
    afterwards.answer(made, "evidence", Message(choice="ans:skip"))
    return made


def test_a_position_or_a_late_button_after_the_last_question_goes_along_and_a_thumb_does_not() -> None:
    other = dict(PLACE, code="10645", codes=["10645"], name="Xã An Phú, Hải Phòng")
    step = afterwards.answer(at_the_end(), "more", Message(place=other))
    assert step.addition is not None
    assert (step.addition.facts["where"], step.outcome.says) == ("Xã An Phú, Hải Phòng", ("tip_sent_added",))
    step = afterwards.answer(at_the_end(), "more", Message(choice="when:now"))
    assert step.addition is not None
    assert step.addition.facts == {"when": "when:now"}
    assert afterwards.answer(at_the_end(), "more", Message(text="👍")).addition is None


def test_on_a_watched_screen_nothing_names_the_tip() -> None:
    made = at_the_end()
    made["hands"] = "by"
    assert afterwards.answer(made, "more", Message(files=("packed",))).outcome.says == ("tip_after_told",)


def test_a_code_that_was_kept_is_not_asked_again() -> None:
    made = sent(traces=["0912 345 678"], when="tối qua", people=3)
    step = afterwards.answer(made, "evidence", Message(choice="ans:skip"))
    assert step.outcome == Outcome(None, ("tip_after_thanks",), ended="finished")


def test_an_answer_becomes_an_addition_and_leaves_no_words() -> None:
    made = sent()
    step = afterwards.answer(made, "behind", Message(text="bà Tư Thơm, số 0912 345 678, xe 29A-123.45"))
    assert step.addition is not None
    assert (step.addition.question, step.addition.facts["traces"]) == ("behind", ["0912 345 678", "29A-123.45"])
    assert step.outcome.ask == "when"
    assert "Thơm" not in str(made)
    assert "0912" not in str(made)


def test_the_reporters_own_number_is_no_trace() -> None:
    step = afterwards.answer(sent(), "behind", Message(text="số em là 0987 001 122"))
    assert step.addition is not None
    assert "0987 001 122" in step.addition.text
    assert "traces" not in step.addition.facts


def test_a_file_is_added_and_the_question_stays() -> None:
    made = sent()
    step = afterwards.answer(made, "when", Message(files=("packed",)))
    assert step.addition is not None
    assert (step.addition.files, step.outcome.ask, made["quiet"]) == (("packed",), "when", True)


def test_a_shared_position_is_added_whatever_was_asked() -> None:
    other = dict(PLACE, code="10645", codes=["10645"], name="Xã An Phú, Hải Phòng")
    step = afterwards.answer(sent(), "when", Message(place=other))
    assert step.addition is not None
    assert (step.addition.facts["where"], step.outcome.ask) == ("Xã An Phú, Hải Phòng", "when")


@pytest.mark.parametrize(
    "words", ["thôi", "vậy thôi ạ", "hết rồi", "để lúc khác", "dừng lại", "hủy tin", "thôi em bận rồi"]
)
def test_enough_is_enough(words: str) -> None:
    step = afterwards.answer(sent(), "when", Message(text=words))
    assert step.outcome.ended == "finished"
    assert step.outcome.says[0] in {"tip_after_done", "tip_after_stays"}


@pytest.mark.parametrize("words", ["hủy", "hủy tin", "xóa đi", "dừng lại"])
def test_what_was_sent_stays_sent_and_that_is_said(words: str) -> None:
    assert afterwards.answer(sent(), "who", Message(text=words)).outcome.says == ("tip_after_stays",)


@pytest.mark.parametrize(
    "words", ["bận rồi", "em đang bận", "giờ không tiện", "không tiện", "có người vào", "đợi xíu", "nó về"]
)
def test_who_cannot_type_now_is_waited_for(words: str) -> None:
    made = sent()
    step = afterwards.answer(made, "when", Message(text=words))
    assert step.outcome == Outcome("when", ("tip_after_wait",))
    assert made["quiet"]
    assert step.addition is None


@pytest.mark.parametrize("words", ["đúng", "đứng", "Dũng", "dung", "dũng"])
def test_a_yes_or_a_name_ends_nothing(words: str) -> None:
    assert not afterwards.answer(sent(), "behind", Message(text=words)).outcome.ended
    assert not afterwards.answer(sent(), "when", Message(text=words)).outcome.ended


def test_the_code_may_come_later() -> None:
    made = sent()
    made["sent"]["kept"] = False
    step = afterwards.answer(made, "when", Message(text="…", receipt="match"))
    assert step.outcome == Outcome("when", ("receipt_saved",))
    assert afterwards.answer(made, "when", Message(choice="ans:kept")).outcome == Outcome("when")


def test_a_code_nobody_kept_is_shown_once_more_at_the_end() -> None:
    made = sent()
    made["sent"]["kept"] = False
    assert "receipt_again_words" in afterwards.answer(made, "when", Message(choice="ans:enough")).outcome.says
    last = sent(people=2, traces=["a"], when="nay")
    last["sent"]["kept"] = False
    assert afterwards.answer(last, "evidence", Message(choice="ans:skip")).outcome.ask == "receipt"


def test_a_cry_is_added_and_nothing_is_asked_beside_it() -> None:
    made = sent()
    step = afterwards.answer(made, "behind", Message(text="nó đang đánh em, cứu em", emergency=True))
    assert step.addition is not None
    assert step.outcome.says == ("tip_after_cry",)
    assert made["quiet"]


def test_a_piece_of_something_else_is_no_miss() -> None:
    made = sent(short=False, other=True)
    made["done"] = [name for name in made["done"] if name not in _NAMES]
    made["done"].append("behind")
    for said, asked in (("fb tên @kenji.9x", ("tip_after_added",)), ("29A-123.45", ())):
        step = afterwards.answer(made, "when", Message(text=said))
        assert step.addition is not None
        assert step.outcome == Outcome("when", asked)
    assert afterwards.answer(made, "when", Message(text="0912 345 678")).outcome.ask == "who"


_SAID = st.sampled_from([
    "tối qua", "không biết", "bà Tư Thơm", "0912 345 678", "hai em 15 tuổi", "em run quá", "nói rồi", "dạ", "có người vào", "alo",
    "gửi đi", "quay lại", "không muốn nói", "", "?", "công an tới chưa", "số em là 0987 001 122", "dung",
])  # fmt: skip
_TAPS = st.sampled_from(
    ["", "", "ans:skip", "ans:back", "ans:send", "when:now", "who:child", "ans:kept", "ans:yes", "edit:what"]
)


@given(st.lists(st.tuples(_SAID, _TAPS, st.booleans()), max_size=14), st.booleans())
def test_no_question_is_put_twice_and_nothing_told_stays_behind(deeds: list[tuple[str, str, bool]], kept: bool) -> None:
    made = sent()
    made["sent"]["kept"] = kept
    asked, question = ["behind"], "behind"
    for text, choice, cry in deeds:
        step = afterwards.answer(
            made, question, Message(text="" if choice else text, choice=choice, emergency=cry and not choice)
        )
        told = step.addition is not None
        assert (
            told
            or choice
            or text not in {"tối qua", "bà Tư Thơm", "0912 345 678", "hai em 15 tuổi", "số em là 0987 001 122"}
        )
        assert not {"what", "said", "behind", "when", "who", "evidence", "traces", "contact", "files"} & set(made)
        if step.outcome.ended or step.outcome.ask == "receipt":
            return
        assert step.outcome.ask is not None
        if step.outcome.ask != question:
            asked.append(step.outcome.ask)
        question = step.outcome.ask
    assert len(asked) == len(set(asked))


def test_the_officers_see_the_label_and_what_was_read() -> None:
    book = load_phrasebooks(CONTENT_ROOT / "dialogue")["vi"]
    entry = {
        "text": "tối qua, xe 29A-123.45",
        "question": "when",
        "facts": {"when": "tối qua", "traces": ["29A-123.45"]},
    }
    title, rows = told.added(entry, console_words(), book)
    assert title == "Bổ sung · Khi nào"
    assert dict(rows) == {"Khi nào": "tối qua", "Số, tài khoản, đường dẫn": "29A-123.45"}
    tapped = {"text": "", "question": "when", "facts": {"when": "when:now"}}
    assert told.added(tapped, console_words(), book)[1] == [("Khi nào", "đang xảy ra")]
    assert told.added({"text": "dạ"}, console_words(), book) == ("", [])
    assert told.traces({"traces": ["a"]}, [entry, entry]) == ["a", "29A-123.45"]


def test_what_the_words_say_is_not_said_again() -> None:
    assert added.rows({"text": "tối qua", "facts": {"when": "tối qua"}}) == []
    assert added.rows({"text": "0912 345 678", "facts": {"traces": ["0912 345 678"]}}) == []


@pytest.mark.parametrize(
    ("said", "asked"),
    [({"who": "con nhỏ cháu tui"}, True), ({"who": "3 đứa", "people": 3, "people_sure": True}, False)],
)
def test_who_is_asked_after_sending_until_a_number_was_said(said, asked):
    made = draft(**said)
    afterwards.begin(made, as_words=False, language="vi")
    assert ("who" not in made["done"]) is asked


def test_who_was_asked_before_sending_is_not_asked_again():
    made = draft(who="con nhỏ cháu tui", done=["where", "what", "who", "confirm"])
    afterwards.begin(made, as_words=False, language="vi")
    assert "who" in made["done"]
