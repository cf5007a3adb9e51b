"""A story told to "what happened?" is kept, whatever topic the classifier sees in it. Real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.golden import Answer, Stage

pytestmark = pytest.mark.dialogue
STORIES = Path(__file__).with_name("stories.txt").read_text(encoding="utf-8").splitlines()
SKIPS = ["!ans:skip", "!place:unknown", "!ans:skip", "!ans:skip", "!ans:skip", "!ans:skip", "!reply:none"]


def names(answer: Answer) -> list[str]:
    return [str(reply.meta.get("item")) for reply in answer]


def read_back(answers: list[Answer]) -> str:
    return "\n".join(reply.text for answer in answers for reply in answer if reply.meta.get("item") == "tip_summary")


def test_there_are_many_stories() -> None:
    assert len(set(STORIES)) >= 40


# Each is a whole interview: every third here, all of them in the long form.
SOME = [pytest.param(story, marks=[pytest.mark.soak] if number % 3 else []) for number, story in enumerate(STORIES)]


@pytest.mark.parametrize("story", SOME)
def test_a_story_is_kept_whatever_its_topic(stage: Stage, story: str) -> None:
    answers = stage.play(["báo tin", "!ans:yes", story, *SKIPS])
    after = names(answers[2])
    assert "tip_what" not in after
    assert story in read_back(answers), [names(answer) for answer in answers]


@pytest.mark.parametrize(
    "text",
    [
        "nhà hàng xóm nhốt cô gái trẻ hai năm nay, cô ấy hay bị đánh, vậy báo tin có bị lộ tên không?",
        "quán đó giữ giấy tờ mấy chị em, em báo thì có được giữ bí mật không ạ",
    ],
)
def test_a_story_with_a_question_is_kept_and_answered(stage: Stage, text: str) -> None:
    answers = stage.play(["báo tin", "!ans:yes", text, *SKIPS])
    assert "tip_asked_known" in names(answers[2])
    assert text.split(", vậy")[0].split(", em báo")[0] in read_back(answers)


@pytest.mark.parametrize(
    "text",
    [
        "em chưa an toàn đâu chị",
        "không an toàn lắm",
        "hết an toàn rồi",
        "sao mà an toàn được",
        "tôi không thấy an toàn",
    ],
)
def test_danger_told_in_a_sentence_brings_the_numbers_first(stage: Stage, text: str) -> None:
    assert names(stage.play(["báo tin", text])[1]) == ["emergency_in_danger", "tip_urgent_intro", "tip_where"]


@pytest.mark.parametrize(
    "text",
    [
        "an toàn rồi, tôi ở nhà",
        "ổn",
        "bình thường",
        "e vẫn ổn",
        "tôi vẫn an toàn và khỏe mạnh",
        "đúng rồi ạ",
        "dung",
        "ok",
        "mình vẫn khỏe, cảm ơn",
    ],
)
def test_being_well_in_a_sentence_goes_straight_on(stage: Stage, text: str) -> None:
    assert names(stage.play(["báo tin", text])[1]) == ["tip_what"]


def test_yes_never_ends_anything(stage: Stage) -> None:
    opened = ["báo tin", "!ans:yes", "nhóm lạ tuyển thanh niên đi làm xa", *["!ans:skip"] * 5, "!reply:none"]
    assert names(stage.play([*opened, "đúng"])[-1]) == ["receipt_shown", "tip_receipt"]
    starts = (["!do:self_screening", "cho mình"], ["báo tin"], opened[:2], opened[:3], opened[:4])
    for number, word in enumerate(("đúng", "dung", "dũng", "đứng")):
        for start in starts if number < 2 else (starts[0], starts[number]):
            answers = stage.play([*start, word, word])
            told = {name for answer in answers for name in names(answer)}
            assert not told & {"tip_cancelled", "status_closed", "nothing_to_stop"}, (start, word)
            assert "screening_outcome" not in told or word in {"đúng", "dung"}
    for words in (["hủy", "đúng"], ["hủy", "dung"], ["em đổi ý rồi", "đúng", "đúng"]):
        told = {name for answer in stage.play([*opened[:3], *words]) for name in names(answer)}
        assert "tip_cancelled" not in told


def test_an_opened_tip_stays_open_on_a_yes(stage: Stage) -> None:
    sent = [
        "báo tin",
        "!ans:yes",
        "nhóm lạ tuyển thanh niên đi làm xa",
        *["!ans:skip"] * 5,
        "!reply:none",
        "!ans:send",
        "{code}",
        "{code}",
    ]
    answers = stage.play([*sent, "đúng", "họ vẫn còn rủ thêm người", "xong rồi"])
    assert names(answers[-3]) == ["status_message"]
    assert names(answers[-2]) == ["status_sent", "status_next"]
    assert names(answers[-1]) == ["status_closed"]


def test_a_yes_confirms_the_place(stage: Stage) -> None:
    for word in ("đúng rồi ạ", "vâng ạ", "oke", "ừm", "dung"):
        answers = stage.play(["báo tin", "!ans:yes", "nhóm lạ tuyển thanh niên", "xã trung phung", word])
        assert names(answers[3]) == ["tip_pick_confirm"]
        assert names(answers[4]) == ["tip_when"]


def test_a_place_question_is_no_trap_and_no_waste_paper(stage: Stage) -> None:
    for text in ("alo", "sai rồi", "em không nói chỗ đâu", "ok giờ nói được rồi", "đợi xíu"):
        answers = stage.play(["!do:urgent_tip", text, text, text, text, "nó giữ giấy tờ chị em"])
        assert text not in read_back(answers)
    answers = stage.play(["!do:urgent_tip", "đợi xíu", "xã An Phú, Hải Phòng"])
    assert [names(answer) for answer in answers[1:]] == [["tip_wait"], ["tip_what"]]


def test_pieces_of_a_story_belong_to_the_story(stage: Stage) -> None:
    pieces = ["ở chỗ em có quán karaoke", "nó bắt mấy đứa nhỏ tiếp khách", "hôm qua nó còn đánh 1 đứa"]
    told = read_back(stage.play(["báo tin", "!ans:yes", *pieces, *SKIPS]))
    assert "Chuyện gì: nó bắt mấy đứa nhỏ tiếp khách\nhôm qua nó còn đánh 1 đứa" in told
    assert "Ở đâu: ở chỗ em có quán karaoke" in told
    assert "Ở đâu: nó" not in told


def test_the_reporters_own_number_stays_out_of_the_open_part(stage: Stage) -> None:
    number = "0987654321"
    urgent = ["!do:urgent_tip", "xã An Phú, Hải Phòng", "nó giữ giấy tờ chị em, số nó 0912345678"]
    for words in (
        ["tôi muốn để lại số", number],
        [number, "đúng"],
        [f"gọi em số {number}"],
        [f"liên lạc với tôi qua {number} nha"],
    ):
        lines = read_back([stage.play([*urgent, *words])[-1]]).splitlines()
        assert any(line.startswith("Liên lạc của bạn") and number in line for line in lines), words
        assert not any(number in line for line in lines if not line.startswith("Liên lạc của bạn")), words


@pytest.mark.parametrize("text", ["đúng rồi, gửi giúp mình", "ok gui dum em voi a", "chuẩn rồi gửi hộ chị nha"])
def test_a_favour_asked_at_the_read_back_is_no_cry(stage: Stage, text: str) -> None:
    told = "xưởng may ở xã An Phú Hải Phòng thu căn cước của công nhân, trừ lương ba tháng nay rồi"
    answers = stage.play(["báo tin", "!ans:yes", told, *SKIPS, text])
    assert names(answers[-1])[0] == "receipt_shown"


def test_what_is_written_in_lines_is_read_line_by_line(stage: Stage) -> None:
    told = "tôi tuyển ở mỹ phước 3\nquán cà phê Ông Bầu gần chợ\nnó gom người rồi chở lên sân bay"
    answers = stage.play(["báo tin", "!ans:yes", STORIES[0], told, *SKIPS])
    where = next(line for line in read_back(answers).split("\n") if line.startswith("Ở đâu"))
    assert "mỹ phước 3" in where
    assert "quán cà phê Ông Bầu" in where
    assert "gom người" not in where
