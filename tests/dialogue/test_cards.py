"""Which card comes to whom: 178 first messages by speaker, place, what they can and what it is about; and the steps after it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.support.golden import Answer, Stage, call_first, faults

pytestmark = pytest.mark.dialogue
GRID = yaml.safe_load((Path(__file__).parent / "cards" / "grid.yml").read_text(encoding="utf-8"))["rows"]
CONSULAR = "+84 981 84 84 84"
ABROAD = {"cambodia", "myanmar", "china", "taiwan", "laos", "abroad"}
OTHERS, SEEN = {"relative", "friend"}, {"witness", "professional", "took_part"}
LONGEST = 600  # characters of all bubbles of a card
ITEMS = {
    "missing": {"missing_person"}, "ransom": {"ransom_demand"}, "pictures": {"sextortion"}, "police": {"fake_police_call"},
    "despair": {"self_harm_distress", "still_here_friend"}, "surrender": {"turn_myself_in", "tip_intro"},
}  # fmt: skip
# What only somebody may be told who is there, and only whoever is not.
TO_ONESELF = re.compile(r"không phải lỗi của bạn|Bạn đang ở đâu|Tắt chuông|Không nói được thì nhắn mình|gần lối ra")
TO_ANOTHER = re.compile(r"tự xông vào|tự sang đó|để ý|[{]whom|[Nn]gười thân của bạn đang")
ASSERTED = re.compile(r"bị nhốt|bị đánh|bị bán|bị lừa|đang bị giữ", re.IGNORECASE)


def told(answer: Answer) -> str:
    return "\n".join(reply.text for reply in answer)


def items(speaker: str, topic: str) -> set[str]:
    if topic in ITEMS:
        also = {"still_here_child_told"} if topic == "missing" else set()
        return ITEMS[topic] | also
    if speaker in OTHERS | SEEN:
        return {"emergency_other_person", "still_here_child_told"}
    return {"child_in_danger"} if topic == "child" else {"emergency_in_danger", "child_in_danger"}


@pytest.mark.parametrize(("text", "speaker", "place", "hand", "topic"), GRID)
def test_the_card_is_for_who_writes_and_its_number_works_there(
    stage: Stage, text: str, speaker: str, place: str, hand: str, topic: str
) -> None:
    (answer,) = stage.play([text])
    words, first = told(answer), answer[0].text.split("\n")[0]
    assert answer[0].meta["item"] in items(speaker, topic)
    assert faults([answer]) == []
    assert len(words) <= LONGEST
    assert not ASSERTED.search(words), "no piece says what was not said"
    if topic == "danger" or topic == "child":
        assert not (TO_ONESELF if speaker in OTHERS | SEEN else TO_ANOTHER).search(words)
        numbers(first, place, hand, speaker)
    if speaker == "child":
        assert not re.search(r"\bbạn\b", words.replace("bạn bè", "")) or topic in {"despair", "pictures"}


def numbers(first: str, place: str, hand: str, speaker: str) -> None:
    """The number that works where the danger is comes first; who cannot call is told to write."""
    named = [found for found in (CONSULAR, "112", "113", "111") if found in first]
    if hand:
        assert first.startswith("Không cần gọi")
        assert not re.search(r"^Gọi|[.;] Gọi|bạn gọi", first)
    elif place in ABROAD:
        assert first.startswith(f"Gọi {CONSULAR}")
    elif place == "sea":
        assert named
        assert "112" in named
        assert CONSULAR not in named
    else:
        assert re.match(r"(?:Em gọi|Gọi) 113", first)
    if place == "viet_nam" and not hand and speaker != "child":
        assert CONSULAR not in first or speaker == "relative"


AFTER = {
    "con trai tôi bị giữ ở Campuchia": "Kể cho mình nghe về con bạn",
    "bạn em bị nhốt, nó nhắn cứu": "Kể cho mình nghe về bạn ấy",
    "chồng em bị giữ, họ đánh anh ấy": "Kể cho mình nghe về chồng bạn",
    "hàng xóm nhà tôi nhốt mấy cô gái": "Kể điều bạn thấy",
    "tôi lỡ chở mấy người qua biên giới, giờ họ bị nhốt bên đó, cứu họ với": "Kể để giúp họ",
}


@pytest.mark.parametrize(("cry", "offer"), AFTER.items())
def test_the_interview_is_offered_in_their_words(stage: Stage, cry: str, offer: str) -> None:
    card, asked = stage.play([cry, "!do:urgent_tip"])
    assert offer in [choice.title for choice in card[-1].choices]
    assert "bạn ở đâu" not in told(asked).lower()


@pytest.mark.parametrize(
    "cry",
    ["con tôi bị nhốt ở Campuchia, cứu nó", "bạn em bị nhốt, nó nhắn cứu", "có người đang bị lôi lên xe, la khóc",
     "em bị nhốt trong phòng, cứu em", "em bị đánh trên tàu cá ngoài khơi, cứu em", "con 11 tuổi, chú nhốt con",
     "tôi là lễ tân, khách phòng 5 bị nhốt, kêu cứu", "tôi lái xe cho họ, trên xe có mấy cô gái bị trói"],
)  # fmt: skip
def test_after_the_card_each_step_is_another_and_for_the_same_person(stage: Stage, cry: str) -> None:
    answers = stage.play([cry, "dạ", "ừ", "vâng", "dạ vâng"])
    texts = [told(answer) for answer in answers]
    assert len(set(texts)) == len(texts)
    other = not re.match(r"em bị|con 11", cry)
    for text in texts[1:]:
        assert not (other and TO_ONESELF.search(text))
    assert all(call_first(answer[0]) for answer in answers)


HINDERED = [
    ("em không biết đang ở đâu nữa", "still_here_lost", "biển hiệu"),
    ("khong biet day la dau", "still_here_lost", "biển hiệu"),
    ("nó giữ máy em rồi, em mượn máy", "still_here_phone_held", "Máy này của ai"),
    ("het tien dien thoai roi", "still_here_no_credit", "Máy còn nhắn được là đủ"),
    ("em không gọi được", "still_here_silent", "Nhắn ngay ở đây"),
    ("không có ai hết", "still_here_alone", "Mình ở đây"),
]


@pytest.mark.parametrize(("said", "item", "words"), HINDERED)
def test_what_hinders_is_answered_with_the_small_thing_that_helps(
    stage: Stage, said: str, item: str, words: str
) -> None:
    _, answer, again = stage.play(["em bị nhốt trong phòng, cứu em", said, said])
    assert answer[0].meta["item"] == item
    assert words in told(answer)
    assert told(answer) != told(again)
    assert told(answer).count("?") == 1


@pytest.mark.parametrize("said", ["không có ai", "mình ở một mình", "ko co ai ca", "em chỉ có một mình"])
def test_who_is_alone_in_despair_is_answered_and_asked_one_thing(stage: Stage, said: str) -> None:
    card, answer, again = stage.play(["em không muốn sống nữa", said, said])
    assert answer[0].meta["item"] == "still_here_distress_alone"
    assert told(answer).count("?") == 1
    assert len({told(card), told(answer), told(again)}) == 3


def test_who_says_it_was_the_same_is_told_sorry(stage: Stage) -> None:
    *_, answer = stage.play(["em không muốn sống nữa", "nãy giờ bạn nói y chang"])
    assert "xin lỗi" in told(answer)


def test_a_mother_does_not_know_where_and_looks_at_what_was_sent(stage: Stage) -> None:
    *_, answer = stage.play(["con tôi bị nhốt, nó nhắn cứu", "tôi không biết nó ở đâu"])
    assert answer[0].meta["item"] == "still_here_lost"
    assert "con bạn gửi" in told(answer)
